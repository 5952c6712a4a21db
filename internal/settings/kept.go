package settings

import (
	"errors"
	"io/fs"
	"os"

	"github.com/zalando/go-keyring"
)

// KeptKey is where setup has kept a key and a token, as the config file alone
// says: what the environment says beside it is another account. The zero one is
// nowhere.
type KeptKey struct {
	Email     string // whose key is in the keyring
	URL       string // that the key in the keyring is for
	File      string // that has the key
	Token     bool   // the token is in the keyring
	TokenURL  string // that the token in the keyring is for
	TokenFile string // that has the token
}

// ReadKept reads a config file for the key that setup has kept. A file of the person's
// own is not one.
func ReadKept(config string) (KeptKey, error) {
	own := newSettings()
	if err := readConfig(own, config, false); err != nil {
		return KeptKey{}, err
	}
	var k KeptKey
	switch {
	case own.KeyInKeyring && own.Email != "":
		k.Email, k.URL = own.Email, own.APIURL
	case own.APIKeyFile == KeyFile(config):
		k.File = own.APIKeyFile
	}
	if own.TokenInKeyring {
		k.Token, k.TokenURL = true, own.PlatformURL
	}
	if own.TokenFile == TokenFile(config) {
		k.TokenFile = own.TokenFile
	}
	return k, nil
}

// NotIn gives what of a kept key another one does not have: what may be dropped
// once the other is kept.
func (k KeptKey) NotIn(other KeptKey) KeptKey {
	if keyringUser(k.Email, k.URL) == keyringUser(other.Email, other.URL) {
		k.Email, k.URL = "", ""
	}
	if k.File == other.File {
		k.File = ""
	}
	if k.TokenFile == other.TokenFile {
		k.TokenFile = ""
	}
	k.Token = k.Token && (!other.Token || tokenUser(k.TokenURL) != tokenUser(other.TokenURL))
	return k
}

// Drop deletes a kept key; one that is gone already is not an error.
func (k KeptKey) Drop() error {
	var faults []error
	drop := func(err error) {
		if !errors.Is(err, keyring.ErrNotFound) && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, err)
		}
	}
	var names []string
	if k.Email != "" {
		names = append(names, keyringUser(k.Email, k.URL))
	}
	if k.Token {
		names = append(names, tokenUser(k.TokenURL))
	}
	for _, name := range names {
		_, err := inKeyring(func() (struct{}, error) { return struct{}{}, keyring.Delete(keyringService, name) })
		drop(err)
	}
	for _, file := range []string{k.File, k.TokenFile} {
		if file != "" {
			drop(os.Remove(file))
		}
	}
	return errors.Join(faults...)
}
