package state

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Hold implements Store.
func (s *store) Hold(ctx context.Context, p Pending) (id string, err error) {
	if p.Digest == "" || p.Expires.IsZero() {
		return "", errors.New("a plan to hold needs a digest and a moment at which it expires")
	}
	err = s.exclusively(ctx, func() error {
		held, err := s.held()
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(held, func(h Pending) bool { return h.Digest == p.Digest }); i >= 0 {
			id = held[i].ID
			return nil
		}
		waiting := 0
		for _, h := range held {
			if h.Caller == p.Caller && h.Account == p.Account && !h.Decided {
				waiting++
			}
		}
		if waiting >= MaxHeld {
			return ErrTooManyHeld
		}
		id = newID(func(id string) bool {
			return slices.ContainsFunc(held, func(h Pending) bool { return h.ID == id })
		})
		p.ID, p.Decided, p.Yes, p.By = id, false, false, ""
		if p.Made.IsZero() {
			p.Made = s.now()
		}
		p.Made, p.Expires = p.Made.UTC(), p.Expires.UTC()
		return s.medium.put(p)
	})
	if err != nil {
		return "", err
	}
	return id, nil
}

// Held implements Store.
func (s *store) Held(ctx context.Context, id string) (p Pending, err error) {
	err = s.exclusively(ctx, func() error {
		p, err = s.findHeld(func(h Pending) bool { return sameID(h.ID, id) })
		return err
	})
	return p, err
}

// AllHeld implements Store.
func (s *store) AllHeld(ctx context.Context) (list []Pending, err error) {
	err = s.exclusively(ctx, func() error {
		list, err = s.held()
		return err
	})
	return slices.DeleteFunc(list, func(h Pending) bool { return h.Decided }), err
}

// Decide implements Store.
func (s *store) Decide(ctx context.Context, id, by string, yes bool) error {
	return s.exclusively(ctx, func() error {
		p, err := s.findHeld(func(h Pending) bool { return sameID(h.ID, id) })
		if err != nil {
			return err
		}
		if p.Decided && !p.Yes && yes {
			return fmt.Errorf("%w: it stays declined; make the call again for a new plan", ErrDeclined)
		}
		p.Decided, p.Yes, p.By = true, yes, by
		return s.medium.put(p)
	})
}

// Take implements Store.
func (s *store) Take(ctx context.Context, digest string) (p Pending, err error) {
	err = s.withLedger(ctx, func() error {
		p, err = s.findHeld(func(h Pending) bool { return h.Digest == digest })
		switch {
		case err != nil:
			return err
		case !p.Decided:
			return ErrWaiting
		}
		// A medium that loses what was done last may bring the plan back: that its
		// decision was taken stands in the journal too, and in what processes know of it.
		first, err := s.use("decision "+p.ID, p.Expires)
		if err != nil {
			return err
		}
		if err := s.medium.remove(p.ID); err != nil {
			return err
		}
		switch {
		case !first:
			p = Pending{}
			return ErrNoPlan
		case !p.Yes:
			return ErrDeclined
		}
		return nil
	})
	return p, err
}

// held reads the plans, oldest first, and removes those that have expired.
func (s *store) held() ([]Pending, error) {
	all, _, err := s.medium.plans()
	if err != nil {
		return nil, err
	}
	now := s.now()
	var list []Pending
	for _, p := range all {
		if now.Before(p.Expires) {
			list = append(list, p)
			continue
		}
		_ = s.medium.remove(p.ID) // one that stays has expired all the same
	}
	slices.SortFunc(list, func(a, b Pending) int {
		return cmp.Or(a.Made.Compare(b.Made), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}

// findHeld returns the held plan that is meant; ErrNoPlan for none or an expired one.
func (s *store) findHeld(is func(Pending) bool) (Pending, error) {
	list, err := s.held()
	if err != nil {
		return Pending{}, err
	}
	if i := slices.IndexFunc(list, is); i >= 0 {
		return list[i], nil
	}
	return Pending{}, ErrNoPlan
}

// sameID compares an id as a person types it.
func sameID(id, typed string) bool { return strings.EqualFold(id, strings.TrimSpace(typed)) }
