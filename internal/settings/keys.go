package settings

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/zalando/go-keyring"

	"vpsnet-mcp/vpsapi"
)

// keyringService is the name under which the system's keyring has our keys, one
// for each e-mail address and host.
const keyringService = "vpsnet-mcp"

// KeyInKeyring is the one value of the option key.
const KeyInKeyring = "keyring"

// setKeyPlace says where the key is. A value is never repeated: it may be the key.
func setKeyPlace(s *Settings, v string) error {
	if v != KeyInKeyring {
		return errors.New("the only value is keyring, for a key that vpsnet-mcp setup has stored; the key itself does not belong here")
	}
	s.APIKey, s.APIKeyFile, s.KeyInKeyring = "", "", true
	return nil
}

// setToken takes the token of the newer API, or says that the keyring has it. The
// config file may say the latter alone. A value is never repeated.
func setToken(s *Settings, v string) error {
	v = strings.TrimSpace(v)
	kept := v == KeyInKeyring
	if s.From["platform-token"] == FromFile && !kept {
		return errors.New("the only value here is keyring, for a token that vpsnet-mcp setup has stored; put the token itself into a file of its own and name that with platform_token_file")
	}
	s.Token, s.TokenFile, s.TokenInKeyring = v, "", kept
	if kept {
		s.Token = ""
	}
	return nil
}

// tokenUser is under what name the keyring has the token of the newer API, which
// knows no e-mail address: the host's, so that it is found for that host alone.
func tokenUser(base string) string { return hostOf(cmp.Or(base, vpsapi.DefaultPlatformURL)) }

// checkTokenSource holds that a token goes only to the host that it was given for,
// as checkSources does for a key.
func (s *Settings) checkTokenSource() error {
	from := s.From["platform-token-file"]
	if s.Token != "" {
		from = s.From["platform-token"]
	}
	if meant := tokenUser(s.platformURLs[from]); from != "" && meant != tokenUser(s.PlatformURL) {
		return fmt.Errorf("the token (by the %s) is for %s, and platform-url (by the %s) leads to %s: a token goes only to the host that it was given for; "+
			"give the URL where the token is given, or none; nothing was sent", from, meant, cmp.Or(s.From[platformURL], "default"), tokenUser(s.PlatformURL))
	}
	return nil
}

// HasToken reports that a token of the newer API is named.
func (s *Settings) HasToken() bool { return s.Token != "" || s.TokenFile != "" || s.TokenInKeyring }

// PlatformToken is the account's token of the newer API: from the environment,
// its file or the keyring; empty when none is named.
func (s *Settings) PlatformToken() (string, error) {
	if err := s.checkTokenSource(); err != nil && !s.TokenInKeyring {
		return "", err
	}
	switch {
	case s.TokenFile != "":
		return s.readKey("token file", s.TokenFile)
	case s.TokenInKeyring:
		token, err := inKeyring(func() (string, error) { return keyring.Get(keyringService, tokenUser(s.PlatformURL)) })
		if err != nil {
			return "", fmt.Errorf("the system's keyring does not give the token of platform.vps.net: %w; run vpsnet-mcp setup again, or set VPSNET_PLATFORM_TOKEN_FILE", err)
		}
		return token, nil
	}
	return s.Token, nil
}

// Key is the account's API key: from the environment, its file or the keyring.
func (s *Settings) Key() (string, error) {
	if err := s.checkSources(); err != nil {
		return "", err
	}
	switch {
	case s.APIKey != "":
		return s.APIKey, nil
	case s.APIKeyFile != "":
		return s.readKey("API key file", s.APIKeyFile)
	case s.KeyInKeyring && s.Email != "":
		key, err := inKeyring(func() (string, error) { return keyring.Get(keyringService, keyringUser(s.Email, s.APIURL)) })
		if err != nil {
			return "", fmt.Errorf("the system's keyring does not give the API key of %s for %s: %w; run vpsnet-mcp setup again, or set VPSNET_API_KEY_FILE", vpsapi.Quote(s.Email), hostOf(s.APIURL), err)
		}
		return key, nil
	}
	return "", nil
}

// keyringTimeout is how long a keyring may ask its person to unlock it.
const keyringTimeout = time.Minute

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
	case <-time.After(keyringTimeout):
		var none T
		return none, fmt.Errorf("it did not answer within %s; is it locked?", keyringTimeout)
	}
}

// ConfigFile is the config file that is read, or that would be.
func (s *Settings) ConfigFile() (string, error) {
	path, _ := configPath(s.sources)
	if path == "" {
		return "", errors.New("no configuration directory; give --config FILE")
	}
	return filepath.Abs(path)
}

// SetInKeyring keeps the key of an account in the system's keyring.
func SetInKeyring(email, url, key string) error {
	_, err := inKeyring(func() (struct{}, error) { return struct{}{}, keyring.Set(keyringService, keyringUser(email, url), key) })
	return err
}

// SetTokenInKeyring keeps the token of the newer API in the system's keyring.
func SetTokenInKeyring(url, token string) error {
	_, err := inKeyring(func() (struct{}, error) { return struct{}{}, keyring.Set(keyringService, tokenUser(url), token) })
	return err
}

// TokenFile is where setup keeps a token that no keyring takes.
func TokenFile(config string) string { return filepath.Join(filepath.Dir(config), "token") }

// KeyFile is where setup keeps a key that no keyring takes.
func KeyFile(config string) string { return filepath.Join(filepath.Dir(config), "key") }

// WriteKey replaces a key file at once; no backup of a key is kept.
func WriteKey(path, key string) error {
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

// DescribePrivate says what keeps others from a key file.
func DescribePrivate() string {
	if runtime.GOOS == "windows" {
		return "as private as your user folder: Windows has no mode 0600, and its administrators can read it"
	}
	return "mode 0600"
}
