package consent

import (
	"sync"
	"testing"
	"time"
)

func TestTenWrongCodesCloseConsent(t *testing.T) {
	clock := &at{start}
	g := NewGuesses(clock.now)
	if _, closed := g.Closed("ann"); closed {
		t.Error("closed before any guess")
	}
	for i := range MaxGuesses {
		if until, closed := g.Closed("ann"); closed {
			t.Fatalf("closed after %d guesses, until %v", i, until)
		}
		clock.Time = start.Add(time.Duration(i) * time.Second)
		g.Wrong("ann")
	}
	until, closed := g.Closed("ann")
	if !closed || !until.Equal(start.Add(Lifetime)) {
		t.Errorf("closed %v, until %v", closed, until)
	}
	if _, closed := g.Closed("bob"); closed {
		t.Error("another caller pays for it")
	}
	clock.Time = start.Add(Lifetime - time.Nanosecond)
	if _, closed := g.Closed("ann"); !closed {
		t.Error("open before the window's end")
	}
	clock.Time = until
	if _, closed := g.Closed("ann"); closed {
		t.Error("closed at the window's end")
	}
	// The other nine still count: one more closes it again, until the second was
	// a window ago.
	g.Wrong("ann")
	if until, closed := g.Closed("ann"); !closed || !until.Equal(start.Add(Lifetime+time.Second)) {
		t.Errorf("after one more: closed %v, until %v", closed, until)
	}
}

func TestOldGuessesAreForgotten(t *testing.T) {
	clock := &at{start}
	g := NewGuesses(clock.now)
	for range 5 * MaxGuesses {
		g.Wrong("ann")
		clock.Time = clock.Add(Lifetime/(MaxGuesses-1) + time.Second)
		if _, closed := g.Closed("ann"); closed {
			t.Fatal("closed for guesses that never were too many in one window")
		}
	}
	clock.Time = clock.Add(Lifetime)
	if _, closed := g.Closed("ann"); closed || len(g.bad) != 0 {
		t.Errorf("closed %v, %d callers kept", closed, len(g.bad))
	}
}

func TestGuessesAtOnce(t *testing.T) {
	g := NewGuesses((&at{start}).now)
	var all sync.WaitGroup
	for i := range 2 * MaxGuesses {
		all.Go(func() {
			g.Wrong([]string{"ann", "bob"}[i%2])
			g.Closed("ann")
		})
	}
	all.Wait()
	for _, caller := range []string{"ann", "bob"} {
		if _, closed := g.Closed(caller); !closed {
			t.Errorf("%s: a guess was not counted", caller)
		}
	}
}
