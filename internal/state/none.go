package state

import (
	"context"
	"time"
)

// noStore is a store where nothing can be kept: whatever would rely on it is refused.
type noStore struct{ why error }

// NewNone gives a store that keeps nothing and refuses with why all that would rely
// on it: reads go on, and no change is planned.
func NewNone(why error) Store { return noStore{why} }

// WhyNone says why a store keeps nothing; nil for one that keeps what it is given.
func WhyNone(s Store) error {
	if n, ok := s.(noStore); ok {
		return n.why
	}
	return nil
}

// Begin implements Store: it fails, so that no change is made.
func (n noStore) Begin(context.Context, Entry, func([]Entry) error) (string, error) { return "", n.why }

// End implements Store: it fails.
func (n noStore) End(context.Context, string, Outcome) error { return n.why }

// Unreadable implements Store: it fails.
func (n noStore) Unreadable(context.Context) (Unreadable, error) { return Unreadable{}, n.why }

// Use implements Store: it fails.
func (n noStore) Use(context.Context, string, time.Time) (bool, error) { return false, n.why }

// Used implements Store: it fails.
func (n noStore) Used(context.Context, string) ([]time.Time, error) { return nil, n.why }

// Marks implements Store: it fails.
func (n noStore) Marks(context.Context, string) ([]string, error) { return nil, n.why }

// Hold implements Store: it fails.
func (n noStore) Hold(context.Context, Pending) (string, error) { return "", n.why }

// Held implements Store: it fails.
func (n noStore) Held(context.Context, string) (Pending, error) { return Pending{}, n.why }

// AllHeld implements Store: it fails.
func (n noStore) AllHeld(context.Context) ([]Pending, error) { return nil, n.why }

// Decide implements Store: it fails.
func (n noStore) Decide(context.Context, string, string, bool) error { return n.why }

// Take implements Store: it fails.
func (n noStore) Take(context.Context, string) (Pending, error) { return Pending{}, n.why }

// Ready implements Store: it says why there is no state.
func (n noStore) Ready(context.Context) error { return n.why }

// Close implements Store.
func (n noStore) Close() error { return nil }

// Entries implements Store: it fails.
func (n noStore) Entries(context.Context, string, time.Time) ([]Entry, error) { return nil, n.why }
