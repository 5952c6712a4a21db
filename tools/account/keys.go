package account

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// SSHKey returns an SSH key of the newer API; GoneError when there is none of that id.
func (r *Reader) SSHKey(ctx context.Context, id vpsapi.SSHKeyID) (vpsapi.SSHKey, error) {
	all, err := Read(ctx, r, vpsapi.ListPlatformSSHKeys, vpsapi.ListPlatformSSHKeysIn{})
	if err != nil {
		return vpsapi.SSHKey{}, err
	}
	return FindOne(all, func(k vpsapi.SSHKey) bool { return k.ID == id }, "SSH key "+string(id), vpsapi.ListPlatformSSHKeys.Name)
}

// SSHKeyTouched is an SSH key as the policy sees it.
func SSHKeyTouched(k vpsapi.SSHKey) policy.Thing {
	return policy.Thing{Kind: "SSH key", ID: string(k.ID), Label: string(k.Label)}
}

// sshKey adds an SSH key: who enters a new server depends on what its label means.
func (t *touchedThings) sshKey(ctx context.Context, id vpsapi.SSHKeyID) error {
	k, err := t.r.SSHKey(ctx, id)
	if err == nil {
		t.add(SSHKeyTouched(k))
	}
	return err
}

// SSHKeyText describes a key by what no label changes: its fingerprint, as ssh-keygen
// shows it, and when it was stored.
func SSHKeyText(k vpsapi.SSHKey) string {
	parts := []string{"id " + words.IDText(k.ID)}
	if fields := strings.Fields(string(k.Key)); len(fields) > 1 {
		if blob, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(fields[1], "=")); err == nil {
			sum := sha256.Sum256(blob)
			parts = append(parts, "SHA256:"+base64.RawStdEncoding.EncodeToString(sum[:]))
		}
	}
	if k.CreatedAt > 0 {
		parts = append(parts, "stored "+words.MomentText(time.Unix(int64(k.CreatedAt), 0)))
	}
	return "the SSH key " + vpsapi.Quote(string(k.Label)) + " (" + strings.Join(parts, ", ") + ")"
}
