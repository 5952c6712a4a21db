package consent

import (
	"context"
	"crypto/rand"
	"strconv"
	"time"
)

// MaxGuesses is how many wrong codes a caller may give within Lifetime before
// consent closes for it.
const MaxGuesses = 10

// Uses is where wrong codes are kept: each uses a key of its caller up. A
// state.Store is one, and those who share it count together.
type Uses interface {
	Use(ctx context.Context, key string, until time.Time) (first bool, err error)
	Used(ctx context.Context, prefix string) ([]time.Time, error)
}

// Guesses counts wrong codes by caller. It is safe for concurrent use.
type Guesses struct {
	now  func() time.Time
	uses Uses
}

// NewGuesses counts in a state.
func NewGuesses(uses Uses, now func() time.Time) *Guesses {
	return &Guesses{now: now, uses: uses}
}

// Wrong counts one wrong code.
func (g *Guesses) Wrong(ctx context.Context, caller string) error {
	_, err := g.uses.Use(ctx, guessesOf(caller)+rand.Text(), g.now().Add(Lifetime))
	return err
}

// Closed reports that a caller has guessed too often, and until when.
func (g *Guesses) Closed(ctx context.Context, caller string) (until time.Time, closed bool, err error) {
	wrong, err := g.uses.Used(ctx, guessesOf(caller))
	if err != nil || len(wrong) < MaxGuesses {
		return time.Time{}, false, err
	}
	return wrong[len(wrong)-MaxGuesses], true, nil
}

// guessesOf begins the keys of one caller: quoted, none begins another's.
func guessesOf(caller string) string { return "wrong code of " + strconv.Quote(caller) + " " }
