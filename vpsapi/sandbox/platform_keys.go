package sandbox

import (
	"net/http"

	"vpsnet-mcp/vpsapi"
)

// platformKeyHandlers returns the handlers of the functions for the newer API's SSH keys.
func platformKeyHandlers() []handler {
	return []handler{
		handle(vpsapi.ListPlatformSSHKeys, func(a *account, _ vpsapi.ListPlatformSSHKeysIn) ([]vpsapi.SSHKey, error) {
			return copyValues(a.sshKeys), nil
		}),
		handle(vpsapi.GetPlatformSSHKey, func(a *account, in vpsapi.GetPlatformSSHKeyIn) (vpsapi.SSHKey, error) {
			k, err := a.sshKey(in.ID)
			if err != nil {
				return vpsapi.SSHKey{}, err
			}
			return *k, nil
		}),
		handle(vpsapi.CreatePlatformSSHKey, createPlatformSSHKey),
		handle(vpsapi.RenamePlatformSSHKey, func(a *account, in vpsapi.RenamePlatformSSHKeyIn) (vpsapi.Done, error) {
			k, err := a.sshKey(in.ID)
			if err == nil {
				k.Label, k.UpdatedAt = vpsapi.Text(in.Label), vpsapi.Int(a.now.Unix())
			}
			return vpsapi.Done{}, err
		}),
		handle(vpsapi.DeletePlatformSSHKey, func(a *account, in vpsapi.DeletePlatformSSHKeyIn) (vpsapi.Done, error) {
			k, err := a.sshKey(in.ID)
			if err == nil {
				a.sshKeys = removeFirst(a.sshKeys, func(other *vpsapi.SSHKey) bool { return other == k })
			}
			return vpsapi.Done{}, err
		}),
	}
}

// createPlatformSSHKey answers create_platform_ssh_key from the account in memory.
func createPlatformSSHKey(a *account, in vpsapi.CreatePlatformSSHKeyIn) (vpsapi.NewSSHKey, error) {
	now := vpsapi.Int(a.now.Unix())
	k := &vpsapi.SSHKey{ID: newID[vpsapi.SSHKey](a), Label: vpsapi.Text(in.Label), Key: vpsapi.Text(in.PublicKey), CreatedAt: now, UpdatedAt: now}
	a.sshKeys = append(a.sshKeys, k)
	return vpsapi.NewSSHKey{ID: k.ID}, nil
}

// sshKey finds an SSH key.
func (a *account) sshKey(id vpsapi.SSHKeyID) (*vpsapi.SSHKey, error) {
	for _, k := range a.sshKeys {
		if k.ID == id {
			return k, nil
		}
	}
	return nil, platformRefusal(http.StatusNotFound, "ssh key not found")
}
