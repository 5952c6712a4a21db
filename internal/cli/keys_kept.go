package cli

import (
	"fmt"
	"os"
	"strings"

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
	var says []string
	for _, secret := range c.secrets(config) {
		where := "the system's keyring, or into the file " + secret.file + " where there is none"
		if file {
			where = "the file " + secret.file + " (" + settings.YoursAlone() + ")"
		}
		says = append(says, secret.what+" goes into "+where+"; "+config+" will refer to it.")
	}
	if _, err := keepingEdit(c, config, old, file); err != nil {
		return keyChange{}, err
	}
	return keyChange{strings.Join(says, "\n"), func() error { return p.keepKey(c, config, old, file) }}, nil
}

// loginSecret is a key or a token that is kept.
type loginSecret struct {
	what, value    string
	file           string       // where it goes when no keyring takes it
	inRing, inFile []string     // the lines of the config file
	keep           func() error // in the keyring
	kept           func(k *settings.KeptKey, file bool)
}

// secrets are the key and the token of a login, as far as it has them.
func (c login) secrets(config string) []loginSecret {
	var list []loginSecret
	if c.older() {
		list = append(list, loginSecret{
			"The key of " + c.email, c.key, settings.KeyFile(config),
			append([]string{emailLine(c.email), "key: " + settings.KeyInKeyring}, urlLine("api_url", c.url)...),
			append([]string{emailLine(c.email), "api_key_file: key"}, urlLine("api_url", c.url)...),
			func() error { return settings.SetInKeyring(c.email, c.url, c.key) },
			func(k *settings.KeptKey, file bool) {
				if k.Email, k.URL = c.email, c.url; file {
					k.Email, k.URL, k.File = "", "", settings.KeyFile(config)
				}
			},
		})
	}
	if c.token != "" {
		list = append(list, loginSecret{
			"The token of platform.vps.net", c.token, settings.TokenFile(config),
			append([]string{"platform_token: " + settings.KeyInKeyring}, urlLine("platform_url", c.tokenURL)...),
			append([]string{"platform_token_file: token"}, urlLine("platform_url", c.tokenURL)...),
			func() error { return settings.SetTokenInKeyring(c.tokenURL, c.token) },
			func(k *settings.KeptKey, file bool) {
				if k.Token, k.TokenURL = !file, c.tokenURL; file {
					k.TokenFile = settings.TokenFile(config)
				}
			},
		})
	}
	return list
}

// keepingEdit is what the config file says of an account that is kept. It refuses
// to keep a key in a file that is there and not setup's own.
func keepingEdit(c login, config string, old settings.KeptKey, file bool) (settings.ConfigEdit, error) {
	var lines []string
	for _, secret := range c.secrets(config) {
		if !file {
			lines = append(lines, secret.inRing...)
			continue
		}
		lines = append(lines, secret.inFile...)
		if _, err := os.Lstat(secret.file); err == nil && secret.file != old.File && secret.file != old.TokenFile {
			return settings.ConfigEdit{}, failed("%s is there already, and is not named by %s as setup's: move it away, or write %s there yourself; the key was not kept",
				secret.file, config, strings.Join(secret.inFile, " and "))
		}
	}
	edit, err := settings.EditConfig(config, lines)
	if err != nil {
		return edit, failure{err}
	}
	return edit, nil
}

// urlLine says where a key or a token is for; nothing for the service's own address.
func urlLine(key, url string) []string {
	if url == "" {
		return nil
	}
	return []string{key + ": " + settings.YAMLString(url)}
}

func emailLine(email string) string { return "email: " + settings.YAMLString(email) }

func (p *program) keepKey(c login, config string, old settings.KeptKey, file bool) error {
	secrets := c.secrets(config)
	for _, secret := range secrets {
		if file {
			break
		}
		if err := secret.keep(); err != nil {
			p.warn("the system's keyring is not usable (" + err.Error() + "): a file keeps the key")
			file = true
		}
	}
	edit, err := keepingEdit(c, config, old, file)
	if err != nil {
		return err
	}
	var now settings.KeptKey
	for _, secret := range secrets {
		secret.kept(&now, file)
		if !file {
			continue
		}
		if err := settings.WriteKey(secret.file, secret.value); err != nil {
			return failed("key file: %w", err)
		}
	}
	if err := edit.Write(); err != nil {
		return failure{err}
	}
	for _, secret := range secrets {
		where := "the system's keyring"
		if file {
			where = secret.file + ", " + settings.YoursAlone()
		}
		_, _ = fmt.Fprintln(p.err, plain(secret.done()+" is in "+where+"; "+config+" says so."))
	}
	p.drop(old.Without(now))
	return nil
}

// done is what the secret is called once it is kept.
func (s loginSecret) done() string {
	if strings.HasPrefix(s.what, "The key") {
		return "The key"
	}
	return s.what
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
	says := "The account is removed from " + config + "."
	switch {
	case old.Email != "":
		says = "The API key of " + old.Email + " is removed from the system's keyring, and the account from " + config + "."
	case old.File != "":
		says = "The API key's file " + old.File + " is deleted, and the account is removed from " + config + "."
	}
	switch {
	case old.Token:
		says += " The token of platform.vps.net is removed from the system's keyring."
	case old.TokenFile != "":
		says += " The token's file " + old.TokenFile + " is deleted."
	}
	return keyChange{says, func() error {
		if err := edit.Write(); err != nil {
			return failure{err}
		}
		p.drop(old)
		return nil
	}}, nil
}
