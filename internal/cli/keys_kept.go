package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/zalando/go-keyring"
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

// keptKey is where setup has kept a key, as the config file alone says: what the
// environment says beside it is another account. The zero one is nowhere.
type keptKey struct {
	email string // whose key is in the keyring
	file  string // that has the key
}

// kept reads a config file for the key that setup has kept. A file of the person's
// own is not one.
func kept(config string) (keptKey, error) {
	own := newSettings()
	if err := readConfig(own, config, false); err != nil {
		return keptKey{}, err
	}
	switch {
	case own.KeyInKeyring && own.Email != "":
		return keptKey{email: own.Email}, nil
	case own.APIKeyFile == keyFile(config):
		return keptKey{file: own.APIKeyFile}, nil
	}
	return keptKey{}, nil
}

// drop deletes a kept key; one that stays is told.
func (p *program) drop(k keptKey) {
	var err error
	if k.email != "" {
		_, err = inKeyring(func() (struct{}, error) { return struct{}{}, keyring.Delete(keyringService, k.email) })
	}
	if k.file != "" {
		err = os.Remove(k.file)
	}
	if err != nil && !errors.Is(err, keyring.ErrNotFound) && !errors.Is(err, fs.ErrNotExist) {
		p.warn("a stored key could not be deleted: " + err.Error())
	}
}

// keeping is that an account is kept for the server to find, when it is not yet:
// the key in the keyring or in a file beside the config file, and which of both
// in the config file. What speaks against it is an error before anything is kept.
func (p *program) keeping(s *Settings, c login, config string, file bool) (keyChange, error) {
	if s.Sandbox || c.kept && (!file || !s.KeyInKeyring) {
		return keyChange{}, nil
	}
	old, err := kept(config)
	if err != nil {
		return keyChange{}, err
	}
	says := "The key of " + c.email + " goes into the system's keyring, or into the file " + keyFile(config) + " where there is none; " + config + " will say so."
	if file {
		says = "The key of " + c.email + " goes into the file " + keyFile(config) + " (" + yoursAlone() + "); " + config + " will say so."
	}
	if _, err := keepingEdit(c, config, old, file); err != nil {
		return keyChange{}, err
	}
	return keyChange{says, func() error { return p.keepKey(c, config, old, file) }}, nil
}

// keepingEdit is what the config file says of an account that is kept. It refuses
// to keep a key in a file that is there and not setup's own.
func keepingEdit(c login, config string, old keptKey, file bool) (configEdit, error) {
	line := "key: " + keyInKeyring
	if file {
		line = "api_key_file: key"
		if _, err := os.Lstat(keyFile(config)); err == nil && old.file == "" {
			return configEdit{}, failed("%s is there already, and is not named by %s as setup's: move it away, or write %s and %s there yourself; the key was not kept",
				keyFile(config), config, emailLine(c.email), line)
		}
	}
	return editConfig(config, []string{emailLine(c.email), line})
}

func emailLine(email string) string { return "email: " + yamlString(email) }

func (p *program) keepKey(c login, config string, old keptKey, file bool) error {
	if !file {
		if err := setInKeyring(c); err != nil {
			p.warn("the system's keyring is not usable (" + err.Error() + "): a file keeps the key")
			file = true
		}
	}
	edit, err := keepingEdit(c, config, old, file)
	if err != nil {
		return err
	}
	now, where := keptKey{email: c.email}, "the system's keyring"
	if file {
		now, where = keptKey{file: keyFile(config)}, keyFile(config)+", "+yoursAlone()
		if err := writeKey(keyFile(config), c.key); err != nil {
			return failed("key file: %w", err)
		}
	}
	if err := edit.write(); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(p.err, plain("The key is in "+where+"; "+config+" says so."))
	if old != now {
		p.drop(old)
	}
	return nil
}

// forgetting is that keeping is taken back.
func (p *program) forgetting(config string) (keyChange, error) {
	old, err := kept(config)
	if err != nil || old == (keptKey{}) {
		return keyChange{}, err
	}
	edit, err := editConfig(config, nil)
	if err != nil {
		return keyChange{}, err
	}
	says := "The API key of " + old.email + " goes out of the system's keyring, and the account out of " + config + "."
	if old.file != "" {
		says = "The API key's file " + old.file + " is deleted, and the account goes out of " + config + "."
	}
	return keyChange{says, func() error {
		if err := edit.write(); err != nil {
			return err
		}
		p.drop(old)
		return nil
	}}, nil
}
