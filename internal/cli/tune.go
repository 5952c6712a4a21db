package cli

import (
	"os"
	"runtime/debug"
)

// Memory of a server for others: how far the heap may grow before it is
// collected, and the limit near which it is collected more often.
const (
	hostedGC     = 400
	hostedMemory = 512 << 20
)

// TuneForHosting trades some memory for less work of the collector, which counts
// where one process serves many. What the user set with GOGC or GOMEMLIMIT stays.
func TuneForHosting() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(hostedGC)
	debug.SetMemoryLimit(hostedMemory)
}
