package host

import "errors"

// Check reports what New would refuse of a configuration, and gives the accounts that
// its tokens file names. It opens no port.
func Check(c Config) (accounts []string, err error) {
	a := &authenticator{config: c}
	err = errors.Join(c.check(), a.reload(), a.reloadGroups())
	for _, e := range a.entries {
		if e.Account != "" {
			accounts = append(accounts, e.Account)
		}
	}
	return accounts, err
}
