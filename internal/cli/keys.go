package cli

import (
	"bytes"
	"context"
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
	"golang.org/x/term"

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
		key, err := keyring.Get(keyringService, s.Email)
		if err != nil {
			return "", fmt.Errorf("the system's keyring does not give the API key of %s: %w; run vpsnet-mcp setup again, or set VPSNET_API_KEY_FILE", vpsapi.Quote(s.Email), err)
		}
		return key, nil
	}
	return "", nil
}

// hidden reads a line from the terminal without showing it. When ctx ends first,
// the terminal shows again what is typed.
func (p *program) hidden(ctx context.Context) (string, error) {
	f, ok := p.in.(*os.File)
	if !ok {
		return "", errors.New("the key can only be typed at a terminal")
	}
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return "", err
	}
	defer func() { _, _ = fmt.Fprintln(p.err) }()
	type answer struct {
		line []byte
		err  error
	}
	typed := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		typed <- answer{line, err}
	}()
	select {
	case a := <-typed:
		return strings.TrimSpace(string(a.line)), a.err
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		return "", ctx.Err()
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

// storeKey keeps an account for the server to find: the key in the keyring or in
// a file beside the config file, and which of both in the config file.
func (p *program) storeKey(c login, config string, file bool) error {
	lines := []string{"email: " + yamlString(c.email), "key: " + keyInKeyring}
	where := "the system's keyring"
	if !file {
		if err := keyring.Set(keyringService, c.email, c.key); err != nil {
			p.warn("the system's keyring is not usable (" + err.Error() + "): a file keeps the key")
			file = true
		}
	}
	if file {
		path := keyFile(config)
		before, err := setup.Read(path)
		if err != nil {
			return failed("key file: %w", err)
		}
		if string(bytes.TrimSpace(before)) != c.key {
			if err := writeKey(path, c.key); err != nil {
				return failed("key file: %w", err)
			}
		}
		where, lines[1] = path+", "+yoursAlone(), "api_key_file: key"
	}
	if err := p.editConfig(config, lines); err != nil {
		return err
	}
	_, _ = fmt.Fprintln(p.err, plain("The key is in "+where+"; "+config+" says so."))
	return nil
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

// forgets says what forgetKey would do; empty when there is nothing.
func (p *program) forgets(s *Settings, config string) string {
	switch {
	case s.from["key"] == fromFile && s.KeyInKeyring:
		return "The API key of " + s.Email + " goes out of the system's keyring, and the account out of " + config + "."
	case s.from["api-key-file"] == fromFile && s.APIKeyFile == keyFile(config):
		return "The API key's file " + s.APIKeyFile + " is deleted, and the account goes out of " + config + "."
	}
	return ""
}

// forgetKey takes back what storeKey did.
func (p *program) forgetKey(s *Settings, config string) error {
	if s.KeyInKeyring {
		if err := keyring.Delete(keyringService, s.Email); err != nil && !errors.Is(err, keyring.ErrNotFound) {
			p.warn("the key could not be taken out of the system's keyring: " + err.Error())
		}
	} else if err := os.Remove(keyFile(config)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return failed("key file: %w", err)
	}
	return p.editConfig(config, nil)
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
	if err := readConfigText(&Settings{from: map[string]string{}}, path, []byte(text)); err != nil {
		return failed("%w; the config file was not changed: write %s into it", err, strings.Join(put, " and "))
	}
	if _, err := setup.Write(path, before, []byte(text), time.Now()); err != nil {
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
