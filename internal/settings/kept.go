package settings

import (
	"errors"
	"io/fs"
	"os"

	"github.com/zalando/go-keyring"
)

// KeptKey is where setup has kept a key, as the config file alone says: what the
// environment says beside it is another account. The zero one is nowhere.
type KeptKey struct {
	Email string // whose key is in the keyring
	URL   string // that the key in the keyring is for
	File  string // that has the key
}

// Kept reads a config file for the key that setup has kept. A file of the person's
// own is not one.
func Kept(config string) (KeptKey, error) {
	own := newSettings()
	if err := readConfig(own, config, false); err != nil {
		return KeptKey{}, err
	}
	switch {
	case own.KeyInKeyring && own.Email != "":
		return KeptKey{Email: own.Email, URL: own.APIURL}, nil
	case own.APIKeyFile == KeyFile(config):
		return KeptKey{File: own.APIKeyFile}, nil
	}
	return KeptKey{}, nil
}

// Drop deletes a kept key; one that is gone already is no error.
func (k KeptKey) Drop() (err error) {
	if k.Email != "" {
		_, err = inKeyring(func() (struct{}, error) {
			return struct{}{}, keyring.Delete(keyringService, keyringUser(k.Email, k.URL))
		})
	}
	if k.File != "" {
		err = os.Remove(k.File)
	}
	if errors.Is(err, keyring.ErrNotFound) || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
