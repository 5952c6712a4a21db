//go:build !windows

package state

import (
	"errors"
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

// TestWhatBecomesLooseIsRefused: a file that others can write counts for nothing from then on, also while the
// program runs, and again once it is this user's alone.
func TestWhatBecomesLooseIsRefused(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a"})
	id := hold(t, s, plan(c, "d"))
	noError(t, s.Decide(t.Context(), id, "ann", true))
	for _, loose := range []struct {
		path        string
		mode, tight os.FileMode
	}{{"journal.jsonl", 0o666, 0o600}, {"journal.jsonl", 0o620, 0o600}, {"pending", 0o777, 0o700}, {"pending/" + id + ".json", 0o666, 0o600}} {
		path := filepath.Join(dir, loose.path)
		noError(t, os.Chmod(path, loose.mode))
		if _, err := s.Take(t.Context(), "d"); err == nil {
			t.Errorf("%s of mode %o: the yes was taken", loose.path, loose.mode)
		}
		if strings.HasPrefix(loose.path, "journal") {
			if _, err := s.Begin(t.Context(), Entry{Account: "a"}, nil); err == nil || !strings.Contains(err.Error(), "chmod") {
				t.Errorf("%s of mode %o: begun: %v", loose.path, loose.mode, err)
			}
			if err := s.Ready(t.Context()); err == nil {
				t.Errorf("%s of mode %o: ready", loose.path, loose.mode)
			}
		}
		noError(t, os.Chmod(path, loose.tight))
	}
	if p, err := s.Take(t.Context(), "d"); err != nil || p.By != "ann" {
		t.Errorf("taken in the end: %+v, %v", p, err)
	}
}

// TestAnothersFilesAreRefused: the mode of a file keeps its owner from nothing.
func TestAnothersFilesAreRefused(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a"})
	id := hold(t, s, plan(c, "d"))
	noError(t, s.Decide(t.Context(), id, "ann", true))
	path := filepath.Join(dir, "pending", id+".json")
	noError(t, os.Chown(path, 65532, 65532))
	if _, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrNoPlan) {
		t.Errorf("another's yes: %v", err)
	}
	if got, err := s.Unreadable(t.Context()); err != nil || len(got.Plans) != 1 {
		t.Errorf("told of %+v, %v", got, err)
	}
	noError(t, os.Chown(path, 0, 0))
	journal := filepath.Join(dir, "journal.jsonl")
	noError(t, os.Chown(journal, 65532, 65532))
	if _, err := s.Entries(t.Context(), "a", time.Time{}); err == nil || !strings.Contains(err.Error(), "belongs to user 65532") {
		t.Errorf("another's journal is read: %v", err)
	}
	if _, err := OpenFile(dir, c.now); err == nil || !strings.Contains(err.Error(), "belongs to user 65532") {
		t.Errorf("another's journal is opened: %v", err)
	}
}
