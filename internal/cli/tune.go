package cli

import (
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// Memory: how far the heap may grow before it is collected, in per cent of what
// lives, and the limits near which it is collected more often.
const (
	heapGrowthPercent = 400
	stdioMemoryLimit  = 128 << 20 // serving one client over stdio
	hostedMemoryLimit = 512 << 20
)

// TuneMemory trades some memory for less work of the garbage collector. What the user set with GOGC or GOMEMLIMIT is
// kept. A hosted server respects its container's limit.
func TuneMemory(hosted bool) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	limit := uint64(stdioMemoryLimit)
	if hosted {
		limit = boundMemory(hostedMemoryLimit, memlimit.FromCgroup)
	}
	debug.SetGCPercent(heapGrowthPercent)
	debug.SetMemoryLimit(int64(limit))
}

// boundMemory returns limit, or nine tenths of what the container allows where that is less: the rest is for what the
// runtime does not count. Without a container limit that can be read, it returns limit.
func boundMemory(limit uint64, container memlimit.Provider) uint64 {
	allowed, err := container()
	if err != nil {
		return limit
	}
	return min(limit, allowed/10*9)
}
