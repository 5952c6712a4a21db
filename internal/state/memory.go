package state

import (
	"context"
	"maps"
	"slices"
	"time"
)

// NewMemory makes a store that lives as long as its process, for one process
// alone. It forgets entries after Window.
func NewMemory(now func() time.Time) Store { return newStore(memoryMedium{}, now) }

// memoryMedium is the medium that keeps plans alone: the store's ledger is its journal.
type memoryMedium map[string]Pending

func (m memoryMedium) lock(context.Context) (func(), error) { return func() {}, nil }
func (m memoryMedium) read(*ledger) error                   { return nil }
func (m memoryMedium) append([]byte) error                  { return nil }
func (m memoryMedium) replace([][]byte) error               { return nil }
func (m memoryMedium) ready() error                         { return nil }

func (m memoryMedium) plans() ([]Pending, []string, error) {
	return slices.Collect(maps.Values(m)), nil, nil
}

func (m memoryMedium) put(p Pending) error {
	m[p.ID] = p
	return nil
}

func (m memoryMedium) remove(id string) error {
	delete(m, id)
	return nil
}
