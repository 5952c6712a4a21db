//go:build !windows

package files_test

import (
	"os"
	"path/filepath"
	"testing"

	"vpsnet-mcp/internal/files"
)

// TestSecret: a file of one's own is read when it is one's own alone; one that
// another user handed in, when it is for the group at most.
func TestSecret(t *testing.T) {
	for _, c := range []struct {
		mode  os.FileMode
		other bool
		want  bool
	}{{0o600, false, true}, {0o400, false, true}, {0o640, false, false}, {0o604, false, false}, {0o440, true, true}, {0o400, true, true}, {0o444, true, false}, {0o460, true, false}} {
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
