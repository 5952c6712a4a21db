package state

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// bounded gives a store a journal that may become this long.
func bounded(s Store, bytes int64) Store {
	switch s := s.(type) {
	case *redisStore:
		s.bound = bytes
	case *store:
		s.bound = bytes
	}
	return s
}

// pastOf fills a journal with a change of each kind that compacting tells apart, and
// with many that are settled.
func pastOf(t *testing.T, s Store, c *clock, settled int) (kept map[string]string) {
	t.Helper()
	inverse := &Inverse{Tool: "edit_cloud_server", Arguments: json.RawMessage(`{"server_id":"7","label":"old"}`)}
	entry := func(caller string, e Entry, o *Outcome) string {
		e.Account, e.Caller, e.Tool, e.Effects, e.Words, e.Requests = "a", caller, "edit_cloud_server", []string{"change"}, []string{strings.Repeat("word ", 40)}, []string{"digest " + caller}
		id := begin(t, s, e)
		if o != nil {
			if err := s.End(t.Context(), id, *o); err != nil {
				t.Fatal(err)
			}
		}
		return id
	}
	past := c.now().Add(-time.Hour)
	kept = map[string]string{}
	kept["reversible"] = entry("reversible", Entry{}, &Outcome{Result: "done", Inverse: inverse})
	kept["broken off"] = entry("broken off", Entry{Inverse: inverse}, &Outcome{Result: "partly done, then refused"})
	kept["unknown"] = entry("unknown", Entry{}, &Outcome{Result: "unknown", Lost: "digest unknown"})
	kept["under way"] = entry("under way", Entry{Inverse: inverse}, nil)
	undone := entry("undone", Entry{}, &Outcome{Result: "done", Inverse: inverse})
	entry("undo", Entry{UndoOf: undone}, &Outcome{Result: "done"})
	entry("too late", Entry{}, &Outcome{Result: "done", Inverse: &Inverse{Tool: "recover_cloud_server", Deadline: &past}})
	for range settled {
		entry("settled", Entry{Buys: 1, Cost: 2}, &Outcome{Result: "done"})
	}
	return kept
}

// seenAfter looks at what compacting must have kept, and at the number of the rest.
func seenAfter(t *testing.T, s Store, kept map[string]string, settled int) {
	t.Helper()
	list := entries(t, s, "a")
	buys := 0
	for _, e := range list {
		buys += e.Buys
		if id, named := kept[e.Caller]; named && (e.ID != id || len(e.Words) == 0 || len(e.Requests) == 0) {
			t.Errorf("%s lost something: %+v", e.Caller, e)
		}
		switch hasInverse := e.Inverse != nil || (e.Outcome != nil && e.Outcome.Inverse != nil); {
		case hasInverse != (e.Caller == "reversible" || e.Caller == "broken off" || e.Caller == "under way"):
			t.Errorf("%s has an inverse: %v", e.Caller, hasInverse)
		}
	}
	if len(list) != settled+7 || buys != settled {
		t.Errorf("%d entries with %d purchases, of %d", len(list), buys, settled)
	}
}

// TestJournalIsBounded: a journal that has become long keeps what can be reversed,
// what is unknown, what limits count and which codes were used; what is settled loses
// its words. Other stores on the same medium see the same, and go on.
func TestJournalIsBounded(t *testing.T) {
	const settled, bound = 120, 40_000
	media := map[string]func(t *testing.T) (open func(now func() time.Time) Store, size func() int64){
		"file": func(t *testing.T) (func(func() time.Time) Store, func() int64) {
			dir := t.TempDir()
			return func(now func() time.Time) Store { return must(t)(OpenFile(dir, now)) }, func() int64 {
				info, err := os.Stat(filepath.Join(dir, "journal.jsonl"))
				if err != nil || info.Mode().Perm() != 0o600 {
					t.Fatal(info, err)
				}
				return info.Size()
			}
		},
		"redis": func(t *testing.T) (func(func() time.Time) Store, func() int64) {
			url, _ := startRedis(t)
			prefix := rand.Text() + ":"
			return func(now func() time.Time) Store { return must(t)(OpenRedis(url, prefix, now)) }, nil
		},
		"memory": func(*testing.T) (func(func() time.Time) Store, func() int64) {
			var one Store
			return func(now func() time.Time) Store {
				if one == nil {
					one = NewMemory(now)
				}
				return one
			}, nil
		},
	}
	for name, medium := range media {
		t.Run(name, func(t *testing.T) {
			c := newClock()
			open, size := medium(t)
			s, other := bounded(open(c.now), bound), bounded(open(c.now), bound)
			if _, err := s.Use(t.Context(), "code", c.now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
			kept := pastOf(t, s, c, settled)
			if got := s.(interface{ journalBytes() int64 }).journalBytes(); got > 2*bound {
				t.Errorf("the journal has %d bytes, bound %d", got, bound)
			}
			if size != nil && size() > 2*bound {
				t.Errorf("the file has %d bytes, bound %d", size(), bound)
			}
			for _, each := range []Store{s, other, open(c.now)} {
				seenAfter(t, each, kept, settled)
				if first, err := each.Use(t.Context(), "code", c.now().Add(time.Hour)); first || err != nil {
					t.Errorf("a used code is good again: %v, %v", first, err)
				}
			}
			begin(t, other, Entry{Account: "a", Tool: "t"})
			if n := len(entries(t, s, "a")); n != settled+8 {
				t.Errorf("%d entries after another store went on", n)
			}
			if u, err := s.Unreadable(t.Context()); err != nil || len(u.Lines) > 0 {
				t.Error(u, err)
			}
		})
	}
}

// TestOldLinesGo: what nobody looks at any more leaves the file.
func TestOldLinesGo(t *testing.T) {
	c, dir := newClock(), t.TempDir()
	s := must(t)(OpenFile(dir, c.now))
	begin(t, s, Entry{Account: "a", Tool: "old_tool"})
	c.pass(maxJournalAge + time.Hour)
	begin(t, s, Entry{Account: "a", Tool: "new_tool"})
	text, err := os.ReadFile(filepath.Join(dir, "journal.jsonl"))
	if err != nil || strings.Contains(string(text), "old_tool") || !strings.Contains(string(text), "new_tool") {
		t.Errorf("%s %v", text, err)
	}
}

// TestTwoProcessesCompact: stores that write at once, each compacting, lose nothing and
// count every change once.
func TestTwoProcessesCompact(t *testing.T) {
	const each = 60
	c, dir := newClock(), t.TempDir()
	done := make(chan error, 2)
	for who := range 2 {
		s := bounded(must(t)(OpenFile(dir, c.now)), 3000)
		go func() {
			for i := range each {
				id, err := s.Begin(t.Context(), Entry{Account: "a", Caller: fmt.Sprint(who, " ", i), Words: []string{strings.Repeat("w", 50)}}, nil)
				if err == nil {
					err = s.End(t.Context(), id, Outcome{Result: "done"})
				}
				if err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for _, e := range entries(t, must(t)(OpenFile(dir, c.now)), "a") {
		if e.Outcome == nil {
			t.Errorf("%s has no end", e.Caller)
		}
		seen[e.Caller]++
	}
	want := map[string]int{}
	for who := range 2 {
		for i := range each {
			want[fmt.Sprint(who, " ", i)] = 1
		}
	}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*"+replacementSuffix+"*"))
	if err != nil || len(left) > 0 {
		t.Error(left, err)
	}
}

// journalBytes is how long the journal is, as the store knows it.
func (s *store) journalBytes() int64 { return s.ledger.bytes }
