package state

import (
	"context"
	"time"
)

// none is a store where nothing can be kept: whatever would rely on it is refused.
type none struct{ why error }

// NewNone gives a store that keeps nothing and refuses with why all that would rely
// on it: reads go on, and no change is planned.
func NewNone(why error) Store { return none{why} }

// WhyNone says why a store keeps nothing; nil for one that keeps what it is given.
func WhyNone(s Store) error {
	if n, ok := s.(none); ok {
		return n.why
	}
	return nil
}

func (n none) Begin(context.Context, Entry, func([]Entry) error) (string, error) { return "", n.why }
func (n none) End(context.Context, string, Outcome) error                        { return n.why }
func (n none) Unreadable(context.Context) (Unreadable, error)                    { return Unreadable{}, n.why }
func (n none) Use(context.Context, string, time.Time) (bool, error)              { return false, n.why }
func (n none) Used(context.Context, string) ([]time.Time, error)                 { return nil, n.why }
func (n none) Marks(context.Context, string) ([]string, error)                   { return nil, n.why }
func (n none) Hold(context.Context, Pending) (string, error)                     { return "", n.why }
func (n none) Held(context.Context, string) (Pending, error)                     { return Pending{}, n.why }
func (n none) AllHeld(context.Context) ([]Pending, error)                        { return nil, n.why }
func (n none) Decide(context.Context, string, string, bool) error                { return n.why }
func (n none) Take(context.Context, string) (Pending, error)                     { return Pending{}, n.why }
func (n none) Ready(context.Context) error                                       { return n.why }
func (n none) Close() error                                                      { return nil }

func (n none) Entries(context.Context, string, time.Time) ([]Entry, error) { return nil, n.why }
