//go:build !windows

package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"vpsnet-mcp/internal/files"
)

// TestSecret: a file of one's own is read when it is one's own alone; root reads no other user's.
func TestSecret(t *testing.T) {
	for _, c := range []struct {
		mode  os.FileMode
		other bool
		want  bool
	}{{0o600, false, true}, {0o400, false, true}, {0o640, false, false}, {0o604, false, false}, {0o440, true, false}, {0o400, true, false}, {0o444, true, false}, {0o460, true, false}} {
		file := filepath.Join(t.TempDir(), "tokens.yaml")
		if err := os.WriteFile(file, []byte("tokens"), 0o600); err != nil {
			t.Fatal(err)
		}
		if c.other {
			if os.Geteuid() != 0 {
				continue // only root can give a file away
			}
			if err := os.Chown(file, 65532, 65532); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Chmod(file, c.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := files.ReadSecret(file); (err == nil) != c.want {
			t.Errorf("mode %o, another's %v: %v", c.mode, c.other, err)
		}
	}
}

// heldFile is what the system says of a file, with another owner.
type heldFile struct {
	os.FileInfo
	owner uint32
	mode  os.FileMode
}

func (f heldFile) Mode() os.FileMode { return f.mode }
func (f heldFile) Sys() any          { return &syscall.Stat_t{Uid: f.owner} }

// TestHandedIn: who is not root may be handed in a secret that its group can read; root believes no file
// of another user, who can change it.
func TestHandedIn(t *testing.T) {
	for mode, good := range map[os.FileMode]bool{0o440: true, 0o400: true, 0o444: false, 0o460: false} {
		want := good && os.Geteuid() != 0
		if err := files.CheckSecret("tokens.yaml", heldFile{owner: 65532, mode: mode}); (err == nil) != want {
			t.Errorf("mode %o as user %d: %v", mode, os.Geteuid(), err)
		}
	}
	err := files.CheckTrusted("policy.yaml", heldFile{owner: 65532, mode: 0o644})
	if isRoot := os.Geteuid() == 0; (err != nil) != isRoot || isRoot && !strings.Contains(err.Error(), "chown root policy.yaml") {
		t.Errorf("a policy as user %d: %v", os.Geteuid(), err)
	}
	if err := files.CheckTrusted("policy.yaml", heldFile{owner: 0, mode: 0o644}); err != nil {
		t.Errorf("root's policy: %v", err)
	}
}
