package state

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// store is the one logic of a Store; its medium says where lines and plans lie.
type store struct {
	now    func() time.Time
	medium medium
	turn   chan struct{} // holds one token: whoever has it may use the fields below and the medium
	ledger *ledger
	failed error     // why the medium could not be locked
	retry  time.Time // before it nobody tries again
	closed atomic.Bool
	bound  int64     // MaxJournal
	tidyAt time.Time // before it nobody tries to compact
}

// lockFailureTTL is how long everybody is told at once that the medium could not be
// locked: who waits for that in turn, each as long as it takes, waits for minutes.
const lockFailureTTL = time.Second

// medium is where lines and plans lie. The store uses it from one goroutine at
// a time.
type medium interface {
	// lock keeps other processes out until unlock. When the caller ends its wait, the
	// error is the context's.
	lock(ctx context.Context) (unlock func(), err error)
	// read teaches the ledger the lines that it has not seen.
	read(l *ledger) error
	// append adds a line that ends in no newline, durably or not at all.
	append(text []byte) error
	// replace puts these lines in the place of all that were read and appended, all of
	// them or none.
	replace(lines [][]byte) error

	// plans gives the plans, and names those that cannot be read.
	plans() (plans []Pending, unreadable []string, err error)
	put(p Pending) error
	remove(id string) error

	ready() error
}

// newStore returns a store over a medium; now tells the time.
func newStore(m medium, now func() time.Time) *store {
	s := &store{now: now, medium: m, turn: make(chan struct{}, 1), ledger: newLedger(), bound: MaxJournal}
	s.turn <- struct{}{}
	return s
}

// exclusively runs do while no other goroutine and no other process can.
func (s *store) exclusively(ctx context.Context, do func() error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-s.turn:
	}
	defer func() { s.turn <- struct{}{} }()
	if s.closed.Load() {
		return ErrClosed
	}
	if s.now().Before(s.retry) {
		return s.failed
	}
	unlock, err := s.medium.lock(ctx)
	if err != nil {
		if !errors.Is(err, ctx.Err()) { // else it was the caller who did not wait
			s.failed, s.retry = err, s.now().Add(lockFailureTTL)
		}
		return err
	}
	defer unlock()
	return do()
}

// withLedger runs do as exclusively does, with a ledger that knows every line.
func (s *store) withLedger(ctx context.Context, do func() error) error {
	return s.exclusively(ctx, func() error {
		if err := s.medium.read(s.ledger); err != nil {
			return err
		}
		s.ledger.forget(s.now())
		return do()
	})
}

// write writes a line to the journal and takes it into the ledger.
func (s *store) write(n journalLine) error {
	text, err := json.Marshal(n)
	if err != nil {
		return fmt.Errorf("journal: this line cannot be written as JSON: %w", err)
	}
	if len(text) > maxLine {
		return fmt.Errorf("journal: a line of %d bytes is too long, at most %d are taken: do it in smaller parts", len(text), maxLine)
	}
	if err := s.medium.append(text); err != nil {
		return err
	}
	s.ledger.readLine(text)
	s.compact()
	return nil
}

// Begin implements Store.
func (s *store) Begin(ctx context.Context, e Entry, allow func(past []Entry) error) (id string, err error) {
	err = s.withLedger(ctx, func() error {
		now := s.now()
		if allow != nil {
			if err := allow(s.ledger.entriesSince(e.Account, now.Add(-Window))); err != nil {
				return err
			}
		}
		id = newID(func(id string) bool { return s.ledger.byID[id] != nil })
		e.ID, e.Time, e.Outcome = id, now.UTC(), nil
		return s.write(journalLine{Begin: &e})
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// End implements Store.
func (s *store) End(ctx context.Context, id string, o Outcome) error {
	return s.withLedger(ctx, func() error {
		if s.ledger.byID[id] == nil {
			return fmt.Errorf("%w: %q", ErrNoEntry, id)
		}
		if o.Time.IsZero() {
			o.Time = s.now()
		}
		o.Time = o.Time.UTC()
		return s.write(journalLine{End: &endLine{ID: id, Outcome: o}})
	})
}

// Entries implements Store.
func (s *store) Entries(ctx context.Context, account string, since time.Time) (list []Entry, err error) {
	err = s.withLedger(ctx, func() error {
		list = s.ledger.entriesSince(account, since)
		return nil
	})
	return list, err
}

// Unreadable implements Store.
func (s *store) Unreadable(ctx context.Context) (u Unreadable, err error) {
	err = s.withLedger(ctx, func() error {
		u.Lines = slices.Clone(s.ledger.bad)
		_, u.Plans, err = s.medium.plans()
		return err
	})
	return u, err
}

// Use implements Store.
func (s *store) Use(ctx context.Context, key string, until time.Time) (first bool, err error) {
	err = s.withLedger(ctx, func() error {
		first, err = s.use(key, until)
		return err
	})
	return first, err
}

// use is Use without taking the lock, which the caller holds.
func (s *store) use(key string, until time.Time) (first bool, err error) {
	if _, used := s.ledger.used[key]; used {
		return false, nil
	}
	err = s.write(journalLine{Use: &useLine{Key: key, Until: until.UTC()}})
	return err == nil, err
}

// Used implements Store.
func (s *store) Used(ctx context.Context, prefix string) (until []time.Time, err error) {
	err = s.withLedger(ctx, func() error {
		now := s.now()
		for key, end := range s.ledger.used {
			if strings.HasPrefix(key, prefix) && now.Before(end) {
				until = append(until, end)
			}
		}
		return nil
	})
	slices.SortFunc(until, time.Time.Compare)
	return until, err
}

// Ready implements Store.
func (s *store) Ready(ctx context.Context) error { return s.withLedger(ctx, s.medium.ready) }

// Close implements Store: what is called afterwards fails.
func (s *store) Close() error {
	s.closed.Store(true)
	return nil
}

// newID makes an id that a person can type, and that is not taken.
func newID(taken func(string) bool) string {
	for {
		if id := strings.ToLower(rand.Text()[:8]); !taken(id) {
			return id
		}
	}
}
