package state

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func newClock() *clock { return &clock{t: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)} }

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

func TestMemory(t *testing.T) { testStore(t, NewMemory) }

func must(t *testing.T) func(Store, error) Store {
	return func(s Store, err error) Store {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = s.Close() })
		return s
	}
}

// testStore says what every store does.
func testStore(t *testing.T, open func(now func() time.Time) Store) {
	for name, test := range behaviours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			test(t, open(c.now), c)
		})
	}
}

var behaviours = map[string]func(t *testing.T, s Store, c *clock){
	"entries come back as they were begun, in their order": func(t *testing.T, s Store, c *clock) {
		deadline := c.now().Add(12 * time.Hour)
		full := Entry{
			Account: "a@example.com", Caller: "ann", Tool: "delete_cloud_server", Thing: `cloud server "web1" (id 7)`,
			Effects: []string{"destructive"}, Words: []string{"Deletes it.", "Zürich <&> \u2028"}, Cost: 12.5, Creates: 1, Buys: 2,
			Consent: "person: ann", UndoOf: "other",
			Inverse: &Inverse{Tool: "recover_cloud_server", Arguments: json.RawMessage(`{"server_id":"7"}`), Deadline: &deadline, Note: "not its backups"},
		}
		first := begin(t, s, full)
		c.pass(time.Minute)
		second := begin(t, s, Entry{Account: "a@example.com", Tool: "edit_cloud_server"})
		if first == second {
			t.Fatalf("two entries of one id, %s", first)
		}
		got := entries(t, s, "a@example.com")
		full.ID, full.Time = first, c.now().Add(-time.Minute)
		want := []Entry{full, {ID: second, Time: c.now(), Account: "a@example.com", Tool: "edit_cloud_server"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("entries (-want +got):\n%s", diff)
		}
	},
	"an entry is what it was when it was begun": func(t *testing.T, s Store, _ *clock) {
		words := []string{"true"}
		begin(t, s, Entry{Account: "a", Words: words, Outcome: &Outcome{Result: "done"}})
		words[0] = "changed"
		got := entries(t, s, "a")[0]
		if got.Words[0] != "true" || got.Outcome != nil {
			t.Errorf("got %+v", got)
		}
	},
	"accounts do not see each other": func(t *testing.T, s Store, _ *clock) {
		begin(t, s, Entry{Account: "a"})
		_, err := s.Begin(t.Context(), Entry{Account: "b"}, func(past []Entry) error {
			if len(past) != 0 {
				return fmt.Errorf("saw %v", past)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if a, b, none := entries(t, s, "a"), entries(t, s, "b"), entries(t, s, ""); len(a) != 1 || len(b) != 1 || len(none) != 0 {
			t.Errorf("a %v, b %v, empty %v", a, b, none)
		}
	},
	"allow sees what was done and how it ended": func(t *testing.T, s Store, _ *clock) {
		done := begin(t, s, Entry{Account: "a"})
		begun := begin(t, s, Entry{Account: "a"})
		noError(t, s.End(t.Context(), done, Outcome{Result: "done"}))
		called := false
		_, err := s.Begin(t.Context(), Entry{Account: "a"}, func(past []Entry) error {
			called = true
			if len(past) != 2 || past[0].ID != done || past[0].Outcome.Result != "done" || past[1].ID != begun || past[1].Outcome != nil {
				t.Errorf("saw %+v", past)
			}
			return nil
		})
		if err != nil || !called {
			t.Errorf("called %v, error %v", called, err)
		}
	},
	"a refusal comes back as it is and nothing is written": func(t *testing.T, s Store, _ *clock) {
		refusal := errors.New("5 purchases a day are enough")
		id, err := s.Begin(t.Context(), Entry{Account: "a"}, func([]Entry) error { return refusal })
		if err != refusal || id != "" {
			t.Errorf("got %q, %v", id, err)
		}
		if got := entries(t, s, "a"); len(got) != 0 {
			t.Errorf("written: %v", got)
		}
	},
	"allow looks back over the window": func(t *testing.T, s Store, c *clock) {
		begin(t, s, Entry{Account: "a", Tool: "old"})
		c.pass(time.Second)
		begin(t, s, Entry{Account: "a", Tool: "edge"})
		c.pass(Window)
		_, err := s.Begin(t.Context(), Entry{Account: "a"}, func(past []Entry) error {
			if len(past) != 1 || past[0].Tool != "edge" {
				return fmt.Errorf("saw %v", past)
			}
			return nil
		})
		noError(t, err)
	},
	"entries are told for the window, and forgotten after it": func(t *testing.T, s Store, c *clock) {
		begin(t, s, Entry{Account: "a", Tool: "old"})
		c.pass(Window)
		edge := begin(t, s, Entry{Account: "a", Tool: "edge"})
		if got := entries(t, s, "a"); len(got) != 2 {
			t.Errorf("at the window's end: %v", got)
		}
		c.pass(time.Second)
		if got := ids(entries(t, s, "a")); len(got) != 1 || got[0] != edge {
			t.Errorf("after it: %v", got)
		}
	},
	"entries since a moment": func(t *testing.T, s Store, c *clock) {
		begin(t, s, Entry{Account: "a"})
		c.pass(time.Hour)
		second := begin(t, s, Entry{Account: "a"})
		got, err := s.Entries(t.Context(), "a", c.now())
		noError(t, err)
		if len(got) != 1 || got[0].ID != second {
			t.Errorf("got %v", got)
		}
	},
	"an outcome is filled in, and a later one replaces it": func(t *testing.T, s Store, c *clock) {
		id := begin(t, s, Entry{Account: "a"})
		before := entries(t, s, "a")
		noError(t, s.End(t.Context(), id, Outcome{Result: "unknown", Error: "the reply was lost"}))
		c.pass(time.Minute)
		inverse := &Inverse{Tool: "delete_cloud_server", Arguments: json.RawMessage(`{"server_id":"9"}`)}
		noError(t, s.End(t.Context(), id, Outcome{Result: "done", Inverse: inverse}))
		want := &Outcome{Time: c.now(), Result: "done", Inverse: inverse}
		if diff := cmp.Diff(want, entries(t, s, "a")[0].Outcome); diff != "" {
			t.Errorf("outcome (-want +got):\n%s", diff)
		}
		if before[0].Outcome != nil {
			t.Error("an entry given before its end has changed")
		}
	},
	"what was sent, and what of it was lost, is kept": func(t *testing.T, s Store, _ *clock) {
		id := begin(t, s, Entry{Account: "a", Requests: []string{"first", "second"}})
		noError(t, s.End(t.Context(), id, Outcome{Result: "unknown", Lost: "second"}))
		got := entries(t, s, "a")[0]
		if diff := cmp.Diff([]string{"first", "second"}, got.Requests); diff != "" || got.Outcome.Lost != "second" {
			t.Errorf("lost %q, requests (-want +got):\n%s", got.Outcome.Lost, diff)
		}
	},
	"what was never begun cannot end": func(t *testing.T, s Store, _ *clock) {
		if err := s.End(t.Context(), "nothere", Outcome{Result: "done"}); !errors.Is(err, ErrNoEntry) {
			t.Errorf("got %v", err)
		}
	},
	"an entry that is not JSON or too long is refused": func(t *testing.T, s Store, _ *clock) {
		for _, e := range []Entry{
			{Account: "a", Inverse: &Inverse{Arguments: json.RawMessage(`{`)}},
			{Account: "a", Thing: strings.Repeat("x", maxLine)},
		} {
			if _, err := s.Begin(t.Context(), e, nil); err == nil {
				t.Error("taken")
			}
		}
		begin(t, s, Entry{Account: "a"})
		if got := entries(t, s, "a"); len(got) != 1 {
			t.Errorf("got %d entries", len(got))
		}
	},
	"a limit is exact however many begin at once": func(t *testing.T, s Store, _ *clock) {
		const limit, callers = 10, 25
		allowed := together(callers, func(int) bool {
			_, err := s.Begin(t.Context(), Entry{Account: "a"}, atMost(limit))
			if err != nil && err != errLimit {
				t.Error(err)
			}
			return err == nil
		})
		if allowed != limit || len(entries(t, s, "a")) != limit {
			t.Errorf("allowed %d, written %d", allowed, len(entries(t, s, "a")))
		}
	},
	"a key is used once": func(t *testing.T, s Store, c *clock) {
		until := c.now().Add(10 * time.Minute)
		firsts := together(10, func(int) bool {
			first, err := s.Use(t.Context(), "key", until)
			if err != nil {
				t.Error(err)
			}
			return first
		})
		if firsts != 1 {
			t.Errorf("%d first uses", firsts)
		}
		if first, err := s.Use(t.Context(), "other", until); !first || err != nil {
			t.Errorf("another key: %v, %v", first, err)
		}
		c.pass(11 * time.Minute)
		if first, err := s.Use(t.Context(), "key", until); first || err != nil {
			t.Errorf("just after its moment, for a process whose clock is behind: %v, %v", first, err)
		}
	},
	"used keys of a beginning are told until their moments": func(t *testing.T, s Store, c *clock) {
		start := c.now()
		for key, minutes := range map[string]time.Duration{"ann 1": 3, "ann 2": 1, "ann 3": 2, "bob 1": 5} {
			_, err := s.Use(t.Context(), key, start.Add(minutes*time.Minute))
			noError(t, err)
		}
		want := []time.Time{start.Add(time.Minute), start.Add(2 * time.Minute), start.Add(3 * time.Minute)}
		for left := 3; left >= 0; left-- {
			got, err := s.Used(t.Context(), "ann ")
			noError(t, err)
			if !slices.EqualFunc(want[3-left:], got, time.Time.Equal) {
				t.Errorf("with %d left: %v", left, got)
			}
			c.pass(time.Minute)
		}
		if none, err := s.Used(t.Context(), "ann"+"a"); len(none) != 0 || err != nil {
			t.Errorf("of nobody: %v, %v", none, err)
		}
	},
	"a plan is held once a digest": func(t *testing.T, s Store, c *clock) {
		p := plan(c, "d1")
		id := hold(t, s, p)
		c.pass(time.Minute)
		if again := hold(t, s, p); again != id {
			t.Errorf("held again as %s, not %s", again, id)
		}
		if other := hold(t, s, plan(c, "d2")); other == id {
			t.Error("another digest has the same id")
		}
		p.ID = id
		got, err := s.Held(t.Context(), "  "+strings.ToUpper(id)+" ")
		noError(t, err)
		if diff := cmp.Diff(p, got); diff != "" {
			t.Errorf("held (-want +got):\n%s", diff)
		}
	},
	"nobody holds a plan that was decided before": func(t *testing.T, s Store, c *clock) {
		p := plan(c, "d")
		p.ID, p.Decided, p.Yes, p.By, p.Made = "mine", true, true, "the model", time.Time{}
		id := hold(t, s, p)
		got, err := s.Held(t.Context(), id)
		noError(t, err)
		if id == "mine" || got.Decided || got.Yes || got.By != "" || !got.Made.Equal(c.now()) {
			t.Errorf("held %+v", got)
		}
		if _, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrWaiting) {
			t.Errorf("taken: %v", err)
		}
	},
	"a plan needs a digest and an end": func(t *testing.T, s Store, c *clock) {
		for _, p := range []Pending{{Expires: c.now().Add(time.Hour)}, {Digest: "d"}} {
			if id, err := s.Hold(t.Context(), p); err == nil {
				t.Errorf("held as %s", id)
			}
		}
	},
	"there is no other plan": func(t *testing.T, s Store, c *clock) {
		hold(t, s, plan(c, "d"))
		for _, id := range []string{"", "nothere", "../journal", "*", "."} {
			if _, err := s.Held(t.Context(), id); !errors.Is(err, ErrNoPlan) {
				t.Errorf("held %q: %v", id, err)
			}
			if err := s.Decide(t.Context(), id, "ann", true); !errors.Is(err, ErrNoPlan) {
				t.Errorf("decided %q: %v", id, err)
			}
			if _, err := s.Take(t.Context(), id); !errors.Is(err, ErrNoPlan) {
				t.Errorf("took %q: %v", id, err)
			}
		}
	},
	"a yes is taken once": func(t *testing.T, s Store, c *clock) {
		id := hold(t, s, plan(c, "d"))
		if p, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrWaiting) || p.ID != id || p.Yes {
			t.Errorf("before: %+v, %v", p, err)
		}
		noError(t, s.Decide(t.Context(), id, "ann", true))
		noError(t, s.Decide(t.Context(), id, "ann", true))
		if again := hold(t, s, plan(c, "d")); again != id {
			t.Errorf("a decided plan was held anew as %s", again)
		}
		taken := together(8, func(int) bool {
			p, err := s.Take(t.Context(), "d")
			if err != nil && !errors.Is(err, ErrNoPlan) {
				t.Error(err)
			}
			return err == nil && p.Yes && p.By == "ann"
		})
		if taken != 1 {
			t.Errorf("taken %d times", taken)
		}
		if _, err := s.Held(t.Context(), id); !errors.Is(err, ErrNoPlan) {
			t.Errorf("still held: %v", err)
		}
	},
	"a no is taken once and is an error": func(t *testing.T, s Store, c *clock) {
		id := hold(t, s, plan(c, "d"))
		noError(t, s.Decide(t.Context(), id, "ann", false))
		if p, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrDeclined) || p.By != "ann" {
			t.Errorf("got %+v, %v", p, err)
		}
		if _, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrNoPlan) {
			t.Errorf("again: %v", err)
		}
	},
	"a yes may be withdrawn, a no stands": func(t *testing.T, s Store, c *clock) {
		id := hold(t, s, plan(c, "d"))
		noError(t, s.Decide(t.Context(), id, "ann", true))
		noError(t, s.Decide(t.Context(), id, "bob", false))
		if err := s.Decide(t.Context(), id, "eve", true); !errors.Is(err, ErrDeclined) {
			t.Errorf("a no was turned: %v", err)
		}
		if p, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrDeclined) || p.By != "bob" {
			t.Errorf("got %+v, %v", p, err)
		}
	},
	"plans that wait are listed, oldest first": func(t *testing.T, s Store, c *clock) {
		third, first, second := plan(c, "d3"), plan(c, "d1"), plan(c, "d2")
		second.Made = second.Made.Add(time.Second)
		third.Made = third.Made.Add(time.Minute)
		hold(t, s, third)
		hold(t, s, first)
		hold(t, s, second)
		noError(t, s.Decide(t.Context(), hold(t, s, plan(c, "decided")), "ann", true))
		list, err := s.AllHeld(t.Context())
		noError(t, err)
		var digests []string
		for _, p := range list {
			digests = append(digests, p.Digest)
		}
		if diff := cmp.Diff([]string{"d1", "d2", "d3"}, digests); diff != "" {
			t.Errorf("listed (-want +got):\n%s", diff)
		}
	},
	"an expired plan is none, approved or not": func(t *testing.T, s Store, c *clock) {
		waits, approved := hold(t, s, plan(c, "waits")), hold(t, s, plan(c, "approved"))
		noError(t, s.Decide(t.Context(), approved, "ann", true))
		c.pass(10 * time.Minute)
		if err := s.Decide(t.Context(), waits, "ann", true); !errors.Is(err, ErrNoPlan) {
			t.Errorf("decided: %v", err)
		}
		for _, digest := range []string{"waits", "approved"} {
			if _, err := s.Take(t.Context(), digest); !errors.Is(err, ErrNoPlan) {
				t.Errorf("took %s: %v", digest, err)
			}
		}
		if list, err := s.AllHeld(t.Context()); len(list) != 0 || err != nil {
			t.Errorf("listed %v, %v", list, err)
		}
		if again := hold(t, s, plan(c, "waits")); again == waits {
			t.Error("the expired plan was kept")
		}
	},
	"one caller cannot bury the others' plans": func(t *testing.T, s Store, c *clock) {
		for i := range MaxHeld {
			hold(t, s, plan(c, fmt.Sprint(i)))
		}
		if _, err := s.Hold(t.Context(), plan(c, "one more")); !errors.Is(err, ErrTooManyHeld) {
			t.Errorf("held: %v", err)
		}
		other := plan(c, "another caller's")
		other.Caller = "bob"
		hold(t, s, other)
		other = plan(c, "on another account")
		other.Account = "another"
		hold(t, s, other)
		hold(t, s, plan(c, "0")) // waits already
		noError(t, s.Decide(t.Context(), hold(t, s, plan(c, "1")), "ann", true))
		hold(t, s, plan(c, "in the place of the decided one"))
		c.pass(10 * time.Minute)
		hold(t, s, plan(c, "one more"))
	},
	"a cancelled call does nothing": func(t *testing.T, s Store, c *clock) {
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		_, began := s.Begin(gone, Entry{Account: "a"}, nil)
		_, used := s.Use(gone, "key", c.now().Add(time.Hour))
		_, held := s.Hold(gone, plan(c, "d"))
		for _, err := range []error{began, used, held} {
			if !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		}
		first, err := s.Use(t.Context(), "key", c.now().Add(time.Hour))
		if len(entries(t, s, "a")) != 0 || !first || err != nil {
			t.Errorf("something was done: %v, %v", first, err)
		}
	},
	"a call that is cancelled while it waits for its turn does nothing": func(t *testing.T, s Store, _ *clock) {
		waiting, cancel := context.WithCancel(t.Context())
		result := make(chan error, 1)
		_, err := s.Begin(t.Context(), Entry{Account: "a"}, func([]Entry) error {
			go func() {
				_, err := s.Begin(waiting, Entry{Account: "a"}, nil)
				result <- err
			}()
			cancel()
			if err := <-result; !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
			return nil
		})
		noError(t, err)
		if got := entries(t, s, "a"); len(got) != 1 {
			t.Errorf("got %v", got)
		}
	},
	"a panic in allow leaves the store usable": func(t *testing.T, s Store, _ *clock) {
		func() {
			defer func() { _ = recover() }()
			_, _ = s.Begin(t.Context(), Entry{Account: "a"}, func([]Entry) error { panic("a bad rule") })
		}()
		begin(t, s, Entry{Account: "a"})
		if got := entries(t, s, "a"); len(got) != 1 {
			t.Errorf("got %v", got)
		}
	},
	"it is ready until it is closed": func(t *testing.T, s Store, _ *clock) {
		begin(t, s, Entry{Account: "a"})
		noError(t, s.Ready(t.Context()))
		if bad, err := s.Unreadable(t.Context()); len(bad.Lines)+len(bad.Plans) != 0 || err != nil {
			t.Errorf("unreadable: %v, %v", bad, err)
		}
		noError(t, s.Close())
		noError(t, s.Close())
		if _, err := s.Begin(t.Context(), Entry{Account: "a"}, nil); !errors.Is(err, ErrClosed) {
			t.Errorf("begun after close: %v", err)
		}
		if err := s.Ready(t.Context()); !errors.Is(err, ErrClosed) {
			t.Errorf("ready after close: %v", err)
		}
	},
}

var errLimit = errors.New("the limit is reached")

func atMost(n int) func([]Entry) error {
	return func(past []Entry) error {
		if len(past) >= n {
			return errLimit
		}
		return nil
	}
}

// together runs do n times at once and counts the times it says yes.
func together(n int, do func(i int) bool) (yes int) {
	var all sync.WaitGroup
	var mu sync.Mutex
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			if do(i) {
				mu.Lock()
				defer mu.Unlock()
				yes++
			}
		})
	}
	close(start)
	all.Wait()
	return yes
}

func plan(c *clock, digest string) Pending {
	return Pending{
		Digest: digest, Made: c.now(), Expires: c.now().Add(10 * time.Minute), Caller: "ann", Account: "a@example.com",
		Tool: "delete_cloud_server", Plan: "Deletes \"web1\".\nIts backups go with it.", Typed: "web1",
	}
}

func begin(t *testing.T, s Store, e Entry) string {
	t.Helper()
	id, err := s.Begin(t.Context(), e, nil)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func hold(t *testing.T, s Store, p Pending) string {
	t.Helper()
	id, err := s.Hold(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func entries(t *testing.T, s Store, account string) []Entry {
	t.Helper()
	list, err := s.Entries(t.Context(), account, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func noError(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}
