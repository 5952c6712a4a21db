package state

import (
	"context"
	"maps"
	"slices"
	"time"
)

// NewMemory makes a store that lives as long as its process, for one process
// alone. It forgets entries after Window.
func NewMemory(now func() time.Time) Store { return newStore(memory{}, now) }

// memory is the medium that keeps plans alone: the store's ledger is its journal.
type memory map[string]Pending

func (m memory) lock(context.Context) (func(), error) { return func() {}, nil }
func (m memory) read(*ledger) error                   { return nil }
func (m memory) append([]byte) error                  { return nil }
func (m memory) replace([][]byte) error               { return nil }
func (m memory) ready() error                         { return nil }

func (m memory) plans() ([]Pending, []string, error) {
	return slices.Collect(maps.Values(m)), nil, nil
}

func (m memory) put(p Pending) error {
	m[p.ID] = p
	return nil
}

func (m memory) remove(id string) error {
	delete(m, id)
	return nil
}
