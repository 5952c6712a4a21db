package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/go-cmp/cmp"
)

func TestFile(t *testing.T) {
	testStore(t, func(now func() time.Time) Store { return must(t)(OpenFile(t.TempDir(), now)) })
}

func TestJournalFile(t *testing.T) {
	testStore(t, func(now func() time.Time) Store { return must(t)(OpenJournal(t.TempDir()+"/changes.jsonl", now)) })
}

func TestStoresShareADirectory(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	a, b := must(t)(OpenFile(dir, c.now)), must(t)(OpenFile(dir, c.now))
	id := begin(t, a, Entry{Account: "a", Tool: "reboot_cloud_server"})
	_, err := b.Begin(t.Context(), Entry{Account: "a"}, atMost(1))
	if err != errLimit {
		t.Errorf("what one began was not counted by the other: %v", err)
	}
	noError(t, b.End(t.Context(), id, Outcome{Result: "done"}))
	if got := entries(t, a, "a"); len(got) != 1 || got[0].Outcome == nil {
		t.Errorf("what one ended goes on for the other: %+v", got)
	}
	for i, s := range []Store{a, b} {
		first, err := s.Use(t.Context(), "key", c.now().Add(time.Hour))
		if first != (i == 0) || err != nil {
			t.Errorf("use %d: %v, %v", i, first, err)
		}
	}
	held := hold(t, a, plan(c, "d"))
	noError(t, b.Decide(t.Context(), held, "ann", true))
	if p, err := a.Take(t.Context(), "d"); err != nil || p.By != "ann" {
		t.Errorf("took %+v, %v", p, err)
	}
	if _, err := b.Take(t.Context(), "d"); !errors.Is(err, ErrNoPlan) {
		t.Errorf("taken twice: %v", err)
	}
}

func TestStateOutlivesItsProcess(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	id := begin(t, s, Entry{Account: "a"})
	noError(t, s.End(t.Context(), id, Outcome{Result: "done"}))
	held := hold(t, s, plan(c, "d"))
	_, err := s.Use(t.Context(), "key", c.now().Add(time.Hour))
	noError(t, err)
	noError(t, s.Close())

	s = must(t)(OpenFile(dir, c.now))
	if got := entries(t, s, "a"); len(got) != 1 || got[0].ID != id || got[0].Outcome.Result != "done" {
		t.Errorf("entries: %+v", got)
	}
	if first, err := s.Use(t.Context(), "key", c.now().Add(time.Hour)); first || err != nil {
		t.Errorf("the key can be used again: %v, %v", first, err)
	}
	if _, err := s.Held(t.Context(), held); err != nil {
		t.Errorf("the plan: %v", err)
	}
}

// TestJournalOfBeforeThereWereDigests: its entries count as before.
func TestJournalOfBeforeThereWereDigests(t *testing.T) {
	c, path := newClock(), t.TempDir()+"/changes.jsonl"
	at := c.now().Format(time.RFC3339)
	old := `{"begin":{"id":"old1","time":"` + at + `","same":"5f3a","account":"a","caller":"local","tool":"create_backup","group":"backups","effects":["change"],"consent":"none needed"}}
{"end":{"id":"old1","time":"` + at + `","result":"unknown","error":"timeout"}}
`
	noError(t, os.WriteFile(path, []byte(old), 0o600))
	s := must(t)(OpenJournal(path, c.now))
	got := entries(t, s, "a")
	if len(got) != 1 || got[0].Tool != "create_backup" || got[0].Requests != nil || got[0].Outcome.Result != "unknown" || got[0].Outcome.Lost != "" {
		t.Errorf("got %+v", got)
	}
	if bad, err := s.Unreadable(t.Context()); len(bad.Lines) > 0 || err != nil {
		t.Errorf("unreadable: %v, %v", bad, err)
	}
}

func TestJournalByTwoPathsIsOneJournal(t *testing.T) {
	c, dir, other := newClock(), t.TempDir(), t.TempDir()
	a := must(t)(OpenFile(dir, c.now))
	link := filepath.Join(other, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip(err)
	}
	b := must(t)(OpenJournal(filepath.Join(link, "journal.jsonl"), c.now))
	allowed := together(12, func(i int) bool {
		_, err := []Store{a, b}[i%2].Begin(t.Context(), Entry{Account: "a"}, atMost(5))
		return err == nil
	})
	if allowed != 5 {
		t.Errorf("a limit of 5 allowed %d", allowed)
	}
}

// The clock goes on between a caller's look at it and the store's own: what is
// asked of the last Window is in memory for all that.
func TestTheWindowIsAnsweredFromMemory(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a", Tool: "first"})
	path := filepath.Join(dir, "journal.jsonl")
	write(t, path, strings.Repeat("x", len(read(t, path))-1)+"\n") // what read it again would find nothing
	since := c.now().Add(-Window)
	c.pass(time.Minute)
	list, err := s.Entries(t.Context(), "a", since)
	if err != nil || len(list) != 1 || list[0].Tool != "first" {
		t.Errorf("got %+v, %v", list, err)
	}
}

func TestOnlyTheNewPartIsRead(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s, other := must(t)(OpenFile(dir, c.now)), must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a", Tool: "first"})
	// Nothing reads these bytes again, so that it does not matter what they become.
	path := filepath.Join(dir, "journal.jsonl")
	text := read(t, path)
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(strings.Repeat("x", len(text)-1))
	noError(t, errors.Join(err, f.Close()))
	begin(t, other, Entry{Account: "a", Tool: "second"})
	if got := recent(t, s, c); len(got) != 2 || got[0].Tool != "first" || got[1].Tool != "second" {
		t.Errorf("got %+v", got)
	}
}

// However far a line got before its process died, it is survived, and so is
// every line around it.
func TestTornLine(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	first := begin(t, s, Entry{Account: "a", Tool: "first", Words: []string{"Zürich"}})
	path := filepath.Join(dir, "journal.jsonl")
	before := read(t, path)
	torn := begin(t, s, Entry{Account: "a", Tool: "torn", Words: []string{"Zürich"}})
	last := strings.TrimPrefix(read(t, path), before)
	for cut := range len(last) {
		dir := t.TempDir()
		path := filepath.Join(dir, "journal.jsonl")
		write(t, path, before+last[:cut])
		s, other := must(t)(OpenFile(dir, c.now)), must(t)(OpenFile(dir, c.now))
		_ = entries(t, other, "a") // has read the torn line before it is ended
		next := begin(t, s, Entry{Account: "a", Tool: "next"})
		want, bad := []string{first, next}, []int(nil)
		switch cut {
		case 0:
		case len(last) - 1: // only its newline is missing: it says all it had to
			want = []string{first, torn, next}
		default:
			bad = []int{2}
		}
		for _, s := range []Store{s, other, must(t)(OpenFile(dir, c.now))} {
			if diff := cmp.Diff(want, ids(entries(t, s, "a"))); diff != "" {
				t.Fatalf("cut at %d (-want +got):\n%s", cut, diff)
			}
			got, err := s.Unreadable(t.Context())
			noError(t, err)
			if diff := cmp.Diff(bad, got.Lines); diff != "" {
				t.Fatalf("cut at %d: unreadable lines (-want +got):\n%s", cut, diff)
			}
		}
		if text := read(t, path); !strings.HasPrefix(text, before+last[:cut]) || !strings.HasSuffix(text, "\n") {
			t.Fatalf("cut at %d: something was lost:\n%s", cut, text)
		}
	}
}

func TestJournalMovedAwayLiftsNoLimit(t *testing.T) {
	for name, move := range map[string]func(t *testing.T, path string){
		"renamed": func(t *testing.T, path string) { noError(t, os.Rename(path, path+".1")) },
		"removed": func(t *testing.T, path string) { noError(t, os.Remove(path)) },
		"cut":     func(t *testing.T, path string) { noError(t, os.Truncate(path, 0)) },
		"replaced": func(t *testing.T, path string) {
			noError(t, os.Remove(path))
			write(t, path, "\n\n{\"begin\":{\"id\":\"theirs\",\"account\":\"a\",\"time\":\"2026-11-24T09:00:00Z\"}}\n# a note")
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, dir := newClock(), t.TempDir()
			path := filepath.Join(dir, "journal.jsonl")
			s := must(t)(OpenFile(dir, c.now))
			first := begin(t, s, Entry{Account: "a"})
			move(t, path)
			if _, err := s.Begin(t.Context(), Entry{Account: "a"}, atMost(1)); err != errLimit {
				t.Errorf("got %v", err)
			}
			second := begin(t, s, Entry{Account: "a"})
			third := begin(t, s, Entry{Account: "a"})
			got := ids(recent(t, s, c))
			for _, id := range []string{first, second, third} {
				if !slices.Contains(got, id) {
					t.Errorf("%s is missing in %v", id, got)
				}
			}
			fresh := ids(entries(t, must(t)(OpenFile(dir, c.now)), "a"))
			if !slices.Contains(fresh, second) || !slices.Contains(fresh, third) {
				t.Errorf("the new journal holds %v", fresh)
			}
		})
	}
}

func TestJournalThatCannotBeWritten(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	path := filepath.Join(dir, "journal.jsonl")
	s := must(t)(OpenFile(dir, c.now))
	noError(t, os.Remove(path))
	noError(t, os.Mkdir(path, 0o700)) // not even root can write it
	_, began := s.Begin(t.Context(), Entry{Account: "a"}, nil)
	_, opened := OpenFile(dir, c.now)
	for _, err := range []error{began, s.Ready(t.Context()), opened} {
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "give this user the right") {
			t.Errorf("got %v", err)
		}
	}
	noError(t, os.Remove(path))
	begin(t, s, Entry{Account: "a"})
	noError(t, s.Ready(t.Context()))
}

func TestOpenNamesWhatCannotBe(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	write(t, file, "")
	for _, path := range []string{file, filepath.Join(file, "below")} {
		if _, err := OpenFile(path, time.Now); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("opened %s: %v", path, err)
		}
	}
	missing := filepath.Join(dir, "pending-is-a-file")
	noError(t, os.Mkdir(missing, 0o700))
	write(t, filepath.Join(missing, "pending"), "")
	if _, err := OpenFile(missing, time.Now); err == nil || !strings.Contains(err.Error(), "pending") {
		t.Errorf("opened: %v", err)
	}
}

func TestLockThatHangs(t *testing.T) {
	dir := t.TempDir()
	s := must(t)(OpenFile(dir, time.Now))
	other := flock.New(filepath.Join(dir, "journal.jsonl.lock"))
	noError(t, other.Lock())
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		_, err := s.Begin(t.Context(), Entry{Account: "a"}, nil)
		if err == nil || !strings.Contains(err.Error(), other.Path()) || time.Since(start) != lockTimeout {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		start = time.Now()
		if _, again := s.Begin(t.Context(), Entry{Account: "a"}, nil); again == nil || again.Error() != err.Error() || time.Since(start) != 0 {
			t.Errorf("the next one, after %v: %v", time.Since(start), again)
		}
		time.Sleep(lockFailureTTL)
		soon, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := s.Begin(soon, Entry{Account: "a"}, nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
	noError(t, other.Unlock())
	begin(t, s, Entry{Account: "a"})
}

func TestPendingDirectory(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	pending := filepath.Join(dir, "pending")
	kept, expired := plan(c, "kept"), plan(c, "expired")
	kept.Expires = c.now().Add(time.Hour)
	id := hold(t, s, kept)
	hold(t, s, expired)
	write(t, filepath.Join(pending, ".new-123"), "{")
	write(t, filepath.Join(pending, "notes.txt"), "a person's")
	write(t, filepath.Join(pending, "broken.json"), "{")
	write(t, filepath.Join(pending, "other.json"), `{"id":"../../outside","expires":"2020-01-01T00:00:00Z"}`)
	c.pass(10 * time.Minute)
	if list, err := s.AllHeld(t.Context()); err != nil || len(list) != 1 || list[0].ID != id {
		t.Errorf("listed %+v, %v", list, err)
	}
	want := []string{"broken.json", id + ".json", "notes.txt", "other.json"}
	slices.Sort(want)
	if diff := cmp.Diff(want, names(t, pending)); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	noError(t, s.Ready(t.Context()))
	if diff := cmp.Diff(want, names(t, pending)); diff != "" {
		t.Errorf("files after the question whether it is ready (-want +got):\n%s", diff)
	}
	noError(t, os.RemoveAll(pending))
	if _, err := s.Hold(t.Context(), plan(c, "d")); err == nil || !strings.Contains(err.Error(), pending) {
		t.Errorf("held: %v", err)
	}
	if err := s.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), pending) {
		t.Errorf("ready: %v", err)
	}
}

// A decision that cannot be taken away is not given.
func TestYesThatCannotBeRemoved(t *testing.T) {
	c := newClock()
	m := stuck{memoryMedium{}}
	s := newStore(m, c.now)
	noError(t, s.Decide(t.Context(), hold(t, s, plan(c, "d")), "ann", true))
	if _, err := s.Take(t.Context(), "d"); err == nil {
		t.Error("taken")
	}
}

type stuck struct{ memoryMedium }

func (stuck) remove(id string) error { return fmt.Errorf("%s: the disk is read-only", id) }

// recent lists what the store's memory holds and the file adds.
func recent(t *testing.T, s Store, c *clock) []Entry {
	t.Helper()
	list, err := s.Entries(t.Context(), "a", c.now().Add(-Window))
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func ids(list []Entry) []string {
	var ids []string
	for _, e := range list {
		ids = append(ids, e.ID)
	}
	return ids
}

func read(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range files {
		names = append(names, f.Name())
	}
	return names
}
