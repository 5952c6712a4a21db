package cli

import (
	"fmt"
	"os"
	"strings"

	"vpsnet-mcp/internal/settings"
)

// keyUpdate is what setup does with the key: how it is said, and what it is. The
// zero one is nothing.
type keyUpdate struct {
	says string
	do   func() error
}

// apply makes the change; one without anything to do is fine.
func (c keyUpdate) apply() error {
	if c.do == nil {
		return nil
	}
	return c.do()
}

// deleteKey deletes a kept key; one that cannot be deleted is reported.
func (p *program) deleteKey(k settings.KeptKey) {
	if err := k.Drop(); err != nil {
		p.warn("a stored key could not be deleted: " + err.Error())
	}
}

// planKeep returns the change that keeps an account for the server to find: the key in the keyring or in a file beside
// the config file, and in the config file which of the two. A reason against it is an error before anything is kept.
func (p *program) planKeep(s *settings.Settings, c login, config string, file bool) (keyUpdate, error) {
	if s.Sandbox || c.kept && (!file || !s.KeyInKeyring) {
		return keyUpdate{}, nil
	}
	old, err := settings.ReadKept(config)
	if err != nil {
		return keyUpdate{}, err
	}
	var says []string
	for _, secret := range c.storedSecrets(config) {
		where := "the system's keyring, or into the file " + secret.file + " where there is none"
		if file {
			where = "the file " + secret.file + " (" + settings.DescribePrivate() + ")"
		}
		says = append(says, secret.what+" goes into "+where+"; "+config+" will refer to it.")
	}
	if _, err := planConfigEdit(c, config, old, file); err != nil {
		return keyUpdate{}, err
	}
	return keyUpdate{strings.Join(says, "\n"), func() error { return p.keepKey(c, config, old, file) }}, nil
}

// loginSecret is a key or a token that is kept.
type loginSecret struct {
	what, value    string
	file           string       // where it goes when no keyring takes it
	inRing, inFile []string     // the lines of the config file
	keep           func() error // in the keyring
	kept           func(k *settings.KeptKey, file bool)
}

// storedSecrets returns the key and the token of a login, as far as it has them.
func (c login) storedSecrets(config string) []loginSecret {
	var list []loginSecret
	if c.hasOlderAPI() {
		list = append(list, loginSecret{
			"The key of " + c.email, c.key, settings.KeyFile(config),
			append([]string{formatEmail(c.email), "key: " + settings.KeyInKeyring}, urlLine("api_url", c.url)...),
			append([]string{formatEmail(c.email), "api_key_file: key"}, urlLine("api_url", c.url)...),
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

// planConfigEdit returns what the config file says of a kept account. It refuses to keep a key in a file that exists
// and is not setup's own.
func planConfigEdit(c login, config string, old settings.KeptKey, file bool) (settings.ConfigEdit, error) {
	var lines []string
	for _, secret := range c.storedSecrets(config) {
		if !file {
			lines = append(lines, secret.inRing...)
			continue
		}
		lines = append(lines, secret.inFile...)
		if _, err := os.Lstat(secret.file); err == nil && secret.file != old.File && secret.file != old.TokenFile {
			return settings.ConfigEdit{}, failuref("%s exists already, and %s does not name it as written by setup: move it away, or write %s into it yourself; the key was not stored",
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

// formatEmail returns the line of the config file with the e-mail address.
func formatEmail(email string) string { return "email: " + settings.YAMLString(email) }

// keepKey stores a login's secrets, in the keyring or in files, and writes the config file.
func (p *program) keepKey(c login, config string, old settings.KeptKey, file bool) error {
	secrets := c.storedSecrets(config)
	for _, secret := range secrets {
		if file {
			break
		}
		if err := secret.keep(); err != nil {
			p.warn("the system's keyring cannot be used (" + err.Error() + "): the key goes into a file")
			file = true
		}
	}
	edit, err := planConfigEdit(c, config, old, file)
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
			return failuref("key file: %w", err)
		}
	}
	if err := edit.Write(); err != nil {
		return failure{err}
	}
	for _, secret := range secrets {
		where := "the system's keyring"
		if file {
			where = secret.file + ", " + settings.DescribePrivate()
		}
		_, _ = fmt.Fprintln(p.err, stripControls(secret.storedName()+" is in "+where+"; "+config+" says so."))
	}
	p.deleteKey(old.NotIn(now))
	return nil
}

// storedName returns what the secret is called once it is kept.
func (s loginSecret) storedName() string {
	if strings.HasPrefix(s.what, "The key") {
		return "The key"
	}
	return s.what
}

// planForget returns the change that deletes the kept key.
func (p *program) planForget(config string) (keyUpdate, error) {
	old, err := settings.ReadKept(config)
	if err != nil || old == (settings.KeptKey{}) {
		return keyUpdate{}, err
	}
	edit, err := settings.EditConfig(config, nil)
	if err != nil {
		return keyUpdate{}, failure{err}
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
	return keyUpdate{says, func() error {
		if err := edit.Write(); err != nil {
			return failure{err}
		}
		p.deleteKey(old)
		return nil
	}}, nil
}
