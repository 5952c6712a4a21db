//go:build !windows

package state

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestFilesAreTheUsersAlone(t *testing.T) {
	c := newClock()
	top := filepath.Join(t.TempDir(), "state")
	dir := filepath.Join(top, "vpsnet-mcp")
	s := must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a"})
	id := hold(t, s, plan(c, "d"))
	noError(t, s.Decide(t.Context(), id, "ann", true))
	for path, mode := range map[string]os.FileMode{
		top: 0o700, dir: 0o700, dir + "/pending": 0o700, dir + "/journal.jsonl": 0o600,
		dir + "/journal.jsonl.lock": 0o600, dir + "/pending/" + id + ".json": 0o600,
	} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestWhatOthersCanWriteIsRefused(t *testing.T) {
	for name, loose := range map[string]struct {
		path string
		mode os.FileMode
	}{
		"directory, by its group": {".", 0o770},
		"directory, by everyone":  {".", 0o707},
		"pending":                 {"pending", 0o777},
		"journal":                 {"journal.jsonl", 0o620},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			noError(t, must(t)(OpenFile(dir, time.Now)).Close())
			path := filepath.Join(dir, loose.path)
			noError(t, os.Chmod(path, loose.mode))
			_, err := OpenFile(dir, time.Now)
			if err == nil || !strings.Contains(err.Error(), "chmod") || !strings.Contains(err.Error(), path) {
				t.Errorf("got %v", err)
			}
		})
	}
	t.Run("others may read", func(t *testing.T) {
		dir := t.TempDir()
		noError(t, os.Chmod(dir, 0o755))
		must(t)(OpenFile(dir, time.Now))
	})
}
