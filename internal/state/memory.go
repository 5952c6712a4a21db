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

// lock implements medium: one process needs no lock beside the store's own.
func (m memoryMedium) lock(context.Context) (func(), error) { return func() {}, nil }

// read implements medium: there is nothing that another process wrote.
func (m memoryMedium) read(*ledger) error { return nil }

// append implements medium: the store's ledger keeps the line.
func (m memoryMedium) append([]byte) error { return nil }

// replace implements medium.
func (m memoryMedium) replace([][]byte) error { return nil }

// ready implements medium: memory can always be written.
func (m memoryMedium) ready() error { return nil }

// plans implements medium.
func (m memoryMedium) plans() ([]Pending, []string, error) {
	return slices.Collect(maps.Values(m)), nil, nil
}

// put implements medium.
func (m memoryMedium) put(p Pending) error {
	m[p.ID] = p
	return nil
}

// remove implements medium.
func (m memoryMedium) remove(id string) error {
	delete(m, id)
	return nil
}
