//go:build !windows

package state

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestRootGivesFilesToTheirDirectorysOwner: what root writes into a user's state,
// such as an approval, the user can go on with.
func TestRootGivesFilesToTheirDirectorysOwner(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root can give a file away")
	}
	const user = 65532
	c, home := newClock(), t.TempDir()
	noError(t, os.Chown(home, user, user))
	dir := filepath.Join(home, "state", "vpsnet-mcp")
	s := must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a"})
	id := hold(t, s, plan(c, "d"))
	noError(t, s.Decide(t.Context(), id, "root", true))
	for _, name := range []string{"", "journal.jsonl", "journal.jsonl.lock", "pending", "pending/" + id + ".json", "../"} {
		info, err := os.Lstat(filepath.Join(dir, name))
		noError(t, err)
		if owner := info.Sys().(*syscall.Stat_t).Uid; owner != user {
			t.Errorf("%q is user %d's", name, owner)
		}
	}
}

// TestOneUnreadablePlanStopsNothing: neither other plans nor the rest of the state.
func TestOneUnreadablePlanStopsNothing(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	id := hold(t, s, plan(c, "d"))
	bad := []string{filepath.Join(dir, "pending", "away.json"), filepath.Join(dir, "pending", "torn.json")}
	noError(t, os.Symlink("nowhere", bad[0]))
	write(t, bad[1], `{"digest":`)
	for _, s := range []Store{s, must(t)(OpenFile(dir, c.now))} {
		if _, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrWaiting) {
			t.Errorf("taken: %v", err)
		}
		if got, err := s.AllHeld(t.Context()); len(got) != 1 || got[0].ID != id || err != nil {
			t.Errorf("listed %v, %v", got, err)
		}
		noError(t, s.Ready(t.Context()))
		got, err := s.Unreadable(t.Context())
		if err != nil || strings.Join(got.Plans, " ") != strings.Join(bad, " ") {
			t.Errorf("told of %q, %v", got.Plans, err)
		}
	}
}

// TestLinksAreNotFollowed: a journal is the file that is named, and nothing that a
// link in its place leads to.
func TestLinksAreNotFollowed(t *testing.T) {
	dir := t.TempDir()
	other := filepath.Join(dir, "other")
	write(t, other, "mine\n")
	path := filepath.Join(dir, "journal.jsonl")
	noError(t, os.Symlink(other, path))
	if _, err := OpenFile(dir, time.Now); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("opened: %v", err)
	}
	noError(t, os.Remove(path))
	s := must(t)(OpenFile(dir, time.Now))
	begin(t, s, Entry{Account: "a"})
	noError(t, os.Remove(path))
	noError(t, os.Symlink(other, path))
	if _, err := s.Begin(t.Context(), Entry{Account: "a"}, nil); err == nil || !strings.Contains(err.Error(), "symbolic link") {
		t.Errorf("begun: %v", err)
	}
	if text := read(t, other); text != "mine\n" {
		t.Errorf("the other file is now %q", text)
	}
}
