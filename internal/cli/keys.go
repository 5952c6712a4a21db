package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/vpsapi"
)

// keyringService is the name under which the system's keyring has our keys, one
// for each e-mail address.
const keyringService = "vpsnet-mcp"

// keyInKeyring is the one value of the option key.
const keyInKeyring = "keyring"

// setKey says where the key is. A value is never repeated: it may be the key.
func setKey(s *Settings, v string) error {
	if v != keyInKeyring {
		return errors.New("the only value is keyring, for a key that vpsnet-mcp setup has stored; the key itself does not belong here")
	}
	s.APIKey, s.APIKeyFile, s.KeyInKeyring = "", "", true
	return nil
}

// keyOf is the account's API key: from the environment, its file or the keyring.
func (p *program) keyOf(s *Settings) (string, error) {
	switch {
	case s.APIKey != "":
		return s.APIKey, nil
	case s.APIKeyFile != "":
		return p.readKey(s.APIKeyFile)
	case s.KeyInKeyring && s.Email != "":
		key, err := inKeyring(func() (string, error) { return keyring.Get(keyringService, s.Email) })
		if err != nil {
			return "", fmt.Errorf("the system's keyring does not give the API key of %s: %w; run vpsnet-mcp setup again, or set VPSNET_API_KEY_FILE", vpsapi.Quote(s.Email), err)
		}
		return key, nil
	}
	return "", nil
}

// keyringPatience is how long a keyring may ask its person to unlock it.
const keyringPatience = time.Minute

// inKeyring does something with the system's keyring, which may never answer
// where nobody sits before its window.
func inKeyring[T any](do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		value, err := do()
		done <- answer{value, err}
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-time.After(keyringPatience):
		var none T
		return none, fmt.Errorf("it did not answer within %s; is it locked?", keyringPatience)
	}
}

// configFile is the config file that is read, or that would be.
func (p *program) configFile(s *Settings) (string, error) {
	path, _ := configPath(sources{flags: s.given, env: p.env, configDir: p.configDir})
	if path == "" {
		return "", errors.New("no configuration directory; give --config FILE")
	}
	return filepath.Abs(path)
}

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

// keeping is that an account is kept for the server to find, when it is not yet:
// the key in the keyring or in a file beside the config file, and which of both
// in the config file.
func (p *program) keeping(s *Settings, c login, config string, file bool) keyChange {
	if s.Sandbox || c.kept && (!file || !s.KeyInKeyring) {
		return keyChange{}
	}
	says := "The key of " + c.email + " goes into the system's keyring, or into the file " + keyFile(config) + " where there is none; " + config + " will say so."
	if file {
		says = "The key of " + c.email + " goes into the file " + keyFile(config) + " (" + yoursAlone() + "); " + config + " will say so."
	}
	return keyChange{says, func() error { return p.keepKey(s, c, config, file) }}
}

func (p *program) keepKey(s *Settings, c login, config string, file bool) error {
	if !file {
		if err := setInKeyring(c); err != nil {
			p.warn("the system's keyring is not usable (" + err.Error() + "): a file keeps the key")
			file = true
		}
	}
	line, where := "key: "+keyInKeyring, "the system's keyring"
	if file {
		if err := writeKey(keyFile(config), c.key); err != nil {
			return failed("key file: %w", err)
		}
		line, where = "api_key_file: key", keyFile(config)+", "+yoursAlone()
	}
	if err := p.editConfig(config, []string{"email: " + yamlString(c.email), line}); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(p.err, plain("The key is in "+where+"; "+config+" says so."))
	if old := p.stored(s, config); old == storedFile && !file || old == storedKeyring && (file || s.Email != c.email) {
		p.drop(s, config, old)
	}
	return nil
}

func setInKeyring(c login) error {
	_, err := inKeyring(func() (struct{}, error) { return struct{}{}, keyring.Set(keyringService, c.email, c.key) })
	return err
}

// keyFile is where setup keeps a key that no keyring takes.
func keyFile(config string) string { return filepath.Join(filepath.Dir(config), "key") }

// writeKey replaces a key file at once; no backup of a key is kept.
func writeKey(path, key string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(key + "\n")
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// yoursAlone says what keeps others from a key file.
func yoursAlone() string {
	if runtime.GOOS == "windows" {
		return "as private as your user folder: Windows has no mode 0600, and its administrators can read it"
	}
	return "mode 0600"
}

// Where setup has stored a key before.
const (
	storedNowhere = iota
	storedKeyring
	storedFile
)

// stored is where a key lies that setup has stored; a file of the person's own
// is not one.
func (p *program) stored(s *Settings, config string) int {
	switch {
	case s.from["key"] == fromFile && s.KeyInKeyring:
		return storedKeyring
	case s.from["api-key-file"] == fromFile && s.APIKeyFile == keyFile(config):
		return storedFile
	}
	return storedNowhere
}

// drop deletes a stored key; one that stays is told.
func (p *program) drop(s *Settings, config string, where int) {
	var err error
	switch where {
	case storedKeyring:
		_, err = inKeyring(func() (struct{}, error) { return struct{}{}, keyring.Delete(keyringService, s.Email) })
	case storedFile:
		err = os.Remove(keyFile(config))
	}
	if err != nil && !errors.Is(err, keyring.ErrNotFound) && !errors.Is(err, fs.ErrNotExist) {
		p.warn("a stored key could not be deleted: " + err.Error())
	}
}

// forgetting is that keeping is taken back.
func (p *program) forgetting(s *Settings, config string) keyChange {
	where := p.stored(s, config)
	says := "The API key of " + s.Email + " goes out of the system's keyring, and the account out of " + config + "."
	switch where {
	case storedNowhere:
		return keyChange{}
	case storedFile:
		says = "The API key's file " + s.APIKeyFile + " is deleted, and the account goes out of " + config + "."
	}
	return keyChange{says, func() error {
		p.drop(s, config, where)
		return p.editConfig(config, nil)
	}}
}

// accountLine is a line of the config file that setup writes.
var accountLine = regexp.MustCompile(`^(email|key|api_key_file|api-key-file)[ \t]*:`)

// editConfig replaces the lines of the config file that speak of the account;
// all others stay. What it makes must be readable.
func (p *program) editConfig(path string, put []string) error {
	before, err := setup.Read(path)
	if err != nil {
		return failed("config: %w", err)
	}
	var kept []string
	for _, line := range strings.SplitAfter(string(before), "\n") {
		if !accountLine.MatchString(line) && line != "" {
			kept = append(kept, line)
		}
	}
	text := strings.Join(kept, "")
	if len(put) > 0 {
		text = strings.Join(put, "\n") + "\n" + text
	}
	if text == string(before) || (text == "" && len(before) == 0) {
		return nil
	}
	if err := readConfigText(newSettings(), path, []byte(text)); err != nil {
		return failed("%w; the config file was not changed: write %s into it", err, strings.Join(put, " and "))
	}
	after := []byte(text)
	if text == "" {
		after = nil // it had nothing else
	}
	if _, err := setup.Write(path, before, after, time.Now()); err != nil {
		return failed("config: %w", err)
	}
	return nil
}

// yamlString quotes what YAML could take for something else.
func yamlString(s string) string {
	if regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+@-]*$`).MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
