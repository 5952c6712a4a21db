package cli

import (
	"errors"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// TestWithin: a container that allows less than the program would take is heeded
// with room to spare.
func TestWithin(t *testing.T) {
	unlimited := func() (uint64, error) { return 0, memlimit.ErrNoLimit }
	broken := func() (uint64, error) { return 0, errors.New("no such file") }
	for name, c := range map[string]struct {
		container memlimit.Provider
		want      uint64
	}{
		"a small container": {memlimit.Limit(200 << 20), 200 << 20 / 10 * 9},
		"one just as large": {memlimit.Limit(hostedMemoryLimit), hostedMemoryLimit / 10 * 9},
		"a large one":       {memlimit.Limit(8 << 30), hostedMemoryLimit},
		"one without limit": {unlimited, hostedMemoryLimit},
		"one not readable":  {broken, hostedMemoryLimit},
	} {
		if got := boundMemory(hostedMemoryLimit, c.container); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}
