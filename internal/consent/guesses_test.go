package consent

import (
	"errors"
	"sync"
	"testing"
	"time"

	"vpsnet-mcp/internal/state"
)

func guesses(clock *at) *Guesses { return NewGuesses(state.NewMemory(clock.now), clock.now) }

func wrong(t *testing.T, g *Guesses, caller string) {
	t.Helper()
	if err := g.Wrong(t.Context(), caller); err != nil {
		t.Error(err)
	}
}

func isClosed(t *testing.T, g *Guesses, caller string) (until time.Time, closed bool) {
	t.Helper()
	until, closed, err := g.Closed(t.Context(), caller)
	if err != nil {
		t.Error(err)
	}
	return until, closed
}

func TestTenWrongCodesCloseConsent(t *testing.T) {
	clock := &at{start}
	g := guesses(clock)
	if _, closed := isClosed(t, g, "ann"); closed {
		t.Error("closed before any guess")
	}
	for i := range MaxGuesses {
		if until, closed := isClosed(t, g, "ann"); closed {
			t.Fatalf("closed after %d guesses, until %v", i, until)
		}
		clock.Time = start.Add(time.Duration(i) * time.Second)
		wrong(t, g, "ann")
	}
	until, closed := isClosed(t, g, "ann")
	if !closed || !until.Equal(start.Add(Lifetime)) {
		t.Errorf("closed %v, until %v", closed, until)
	}
	for _, other := range []string{"bob", "an", "ann at https://issuer.example.com", ""} {
		if _, closed := isClosed(t, g, other); closed {
			t.Errorf("another caller pays for it: %q", other)
		}
	}
	clock.Time = start.Add(Lifetime - time.Nanosecond)
	if _, closed := isClosed(t, g, "ann"); !closed {
		t.Error("open before the window's end")
	}
	clock.Time = until
	if _, closed := isClosed(t, g, "ann"); closed {
		t.Error("closed at the window's end")
	}
	// The other nine still count: one more closes it again, until the second was
	// a window ago.
	wrong(t, g, "ann")
	if until, closed := isClosed(t, g, "ann"); !closed || !until.Equal(start.Add(Lifetime+time.Second)) {
		t.Errorf("after one more: closed %v, until %v", closed, until)
	}
}

func TestOldGuessesAreForgotten(t *testing.T) {
	clock := &at{start}
	g := guesses(clock)
	for range 5 * MaxGuesses {
		wrong(t, g, "ann")
		clock.Time = clock.Add(Lifetime/(MaxGuesses-1) + time.Second)
		if _, closed := isClosed(t, g, "ann"); closed {
			t.Fatal("closed for guesses that never were too many in one window")
		}
	}
	clock.Time = clock.Add(Lifetime)
	if _, closed := isClosed(t, g, "ann"); closed {
		t.Error("closed for guesses of a window ago")
	}
}

func TestGuessesAtOnce(t *testing.T) {
	g := guesses(&at{start})
	var all sync.WaitGroup
	for i := range 2 * MaxGuesses {
		all.Go(func() {
			wrong(t, g, []string{"ann", "bob"}[i%2])
			isClosed(t, g, "ann")
		})
	}
	all.Wait()
	for _, caller := range []string{"ann", "bob"} {
		if _, closed := isClosed(t, g, caller); !closed {
			t.Errorf("%s: a guess was not counted", caller)
		}
	}
}

// Who cannot look up what was guessed does not take it for nothing.
func TestGuessesThatCannotBeCounted(t *testing.T) {
	clock := &at{start}
	store := state.NewMemory(clock.now)
	g := NewGuesses(store, clock.now)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := g.Wrong(t.Context(), "ann"); !errors.Is(err, state.ErrClosed) {
		t.Errorf("Wrong = %v", err)
	}
	if _, _, err := g.Closed(t.Context(), "ann"); !errors.Is(err, state.ErrClosed) {
		t.Errorf("Closed = %v", err)
	}
}
