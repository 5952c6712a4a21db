package cli

import (
	"os"
	"runtime/debug"
)

// Memory: how far the heap may grow before it is collected, in per cent of what
// lives, and the limits near which it is collected more often.
const (
	growth       = 400
	ownMemory    = 128 << 20 // serving one client over stdio
	hostedMemory = 512 << 20
)

// Tune trades some memory for less work of the collector. What the user set with
// GOGC or GOMEMLIMIT stays.
func Tune(hosted bool) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	limit := int64(ownMemory)
	if hosted {
		limit = hostedMemory
	}
	debug.SetGCPercent(growth)
	debug.SetMemoryLimit(limit)
}
