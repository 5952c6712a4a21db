package cli

import (
	"fmt"
	"os"

	"vpsnet-mcp/internal/settings"
)

// keyChange is what setup does with the key: how it is said, and what it is. The
// zero one is nothing.
type keyChange struct {
	says string
	do   func() error
}

func (c keyChange) done() error {
	if c.do == nil {
		return nil
	}
	return c.do()
}

// drop deletes a kept key; one that stays is told.
func (p *program) drop(k settings.KeptKey) {
	if err := k.Drop(); err != nil {
		p.warn("a stored key could not be deleted: " + err.Error())
	}
}

// keeping is that an account is kept for the server to find, when it is not yet:
// the key in the keyring or in a file beside the config file, and which of both
// in the config file. What speaks against it is an error before anything is kept.
func (p *program) keeping(s *settings.Settings, c login, config string, file bool) (keyChange, error) {
	if s.Sandbox || c.kept && (!file || !s.KeyInKeyring) {
		return keyChange{}, nil
	}
	old, err := settings.Kept(config)
	if err != nil {
		return keyChange{}, err
	}
	says := "The key of " + c.email + " goes into the system's keyring, or into the file " + settings.KeyFile(config) + " where there is none; " + config + " will say so."
	if file {
		says = "The key of " + c.email + " goes into the file " + settings.KeyFile(config) + " (" + settings.YoursAlone() + "); " + config + " will say so."
	}
	if _, err := keepingEdit(c, config, old, file); err != nil {
		return keyChange{}, err
	}
	return keyChange{says, func() error { return p.keepKey(c, config, old, file) }}, nil
}

// keepingEdit is what the config file says of an account that is kept. It refuses
// to keep a key in a file that is there and not setup's own.
func keepingEdit(c login, config string, old settings.KeptKey, file bool) (settings.ConfigEdit, error) {
	line := "key: " + settings.KeyInKeyring
	if file {
		line = "api_key_file: key"
		if _, err := os.Lstat(settings.KeyFile(config)); err == nil && old.File == "" {
			return settings.ConfigEdit{}, failed("%s is there already, and is not named by %s as setup's: move it away, or write %s and %s there yourself; the key was not kept",
				settings.KeyFile(config), config, emailLine(c.email), line)
		}
	}
	lines := []string{emailLine(c.email), line}
	if c.url != "" {
		lines = append(lines, "api_url: "+settings.YAMLString(c.url))
	}
	edit, err := settings.EditConfig(config, lines)
	if err != nil {
		return edit, failure{err}
	}
	return edit, nil
}

func emailLine(email string) string { return "email: " + settings.YAMLString(email) }

func (p *program) keepKey(c login, config string, old settings.KeptKey, file bool) error {
	if !file {
		if err := settings.SetInKeyring(c.email, c.url, c.key); err != nil {
			p.warn("the system's keyring is not usable (" + err.Error() + "): a file keeps the key")
			file = true
		}
	}
	edit, err := keepingEdit(c, config, old, file)
	if err != nil {
		return err
	}
	now, where := settings.KeptKey{Email: c.email, URL: c.url}, "the system's keyring"
	if file {
		now, where = settings.KeptKey{File: settings.KeyFile(config)}, settings.KeyFile(config)+", "+settings.YoursAlone()
		if err := settings.WriteKey(settings.KeyFile(config), c.key); err != nil {
			return failed("key file: %w", err)
		}
	}
	if err := edit.Write(); err != nil {
		return failure{err}
	}
	_, _ = fmt.Fprintln(p.err, plain("The key is in "+where+"; "+config+" says so."))
	if old != now {
		p.drop(old)
	}
	return nil
}

// forgetting is that keeping is taken back.
func (p *program) forgetting(config string) (keyChange, error) {
	old, err := settings.Kept(config)
	if err != nil || old == (settings.KeptKey{}) {
		return keyChange{}, err
	}
	edit, err := settings.EditConfig(config, nil)
	if err != nil {
		return keyChange{}, failure{err}
	}
	says := "The API key of " + old.Email + " goes out of the system's keyring, and the account out of " + config + "."
	if old.File != "" {
		says = "The API key's file " + old.File + " is deleted, and the account goes out of " + config + "."
	}
	return keyChange{says, func() error {
		if err := edit.Write(); err != nil {
			return failure{err}
		}
		p.drop(old)
		return nil
	}}, nil
}
