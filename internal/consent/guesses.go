package consent

import (
	"sync"
	"time"
)

// MaxGuesses is how many wrong codes a caller may give within Lifetime before
// consent closes for it.
const MaxGuesses = 10

// Guesses counts wrong codes by caller. It is safe for concurrent use.
type Guesses struct {
	now func() time.Time
	mu  sync.Mutex
	bad map[string][]time.Time
}

// NewGuesses makes an empty count.
func NewGuesses(now func() time.Time) *Guesses {
	return &Guesses{now: now, bad: map[string][]time.Time{}}
}

// Wrong counts one wrong code.
func (g *Guesses) Wrong(caller string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bad[caller] = append(g.recent(caller), g.now())
}

// Closed reports that a caller has guessed too often, and until when.
func (g *Guesses) Closed(caller string) (until time.Time, closed bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	bad := g.recent(caller)
	if len(bad) == 0 {
		delete(g.bad, caller)
		return time.Time{}, false
	}
	g.bad[caller] = bad
	return bad[0].Add(Lifetime), len(bad) >= MaxGuesses
}

func (g *Guesses) recent(caller string) []time.Time {
	start := g.now().Add(-Lifetime)
	bad := g.bad[caller]
	for len(bad) > 0 && !bad[0].After(start) {
		bad = bad[1:]
	}
	return bad
}
