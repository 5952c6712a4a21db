package cli

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Memory: how far the heap may grow before it is collected, in per cent of what
// lives, and the limits near which it is collected more often.
const (
	growth       = 400
	ownMemory    = 128 << 20 // serving one client over stdio
	hostedMemory = 512 << 20
)

// Tune trades some memory for less work of the collector. What the user set with
// GOGC or GOMEMLIMIT stays. A hosted server heeds its container's limit.
func Tune(hosted bool) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	limit := uint64(ownMemory)
	if hosted {
		limit = within(hostedMemory, memlimit.FromCgroup)
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(int64(limit))
}

// within is limit, or nine tenths of what the container allows where that is
// less: the rest is for what the runtime does not count. Where there is no
// container limit, or none that can be read, limit stands.
func within(limit uint64, container memlimit.Provider) uint64 {
	allowed, err := container()
	if err != nil {
		return limit
	}
	return min(limit, allowed/10*9)
}
