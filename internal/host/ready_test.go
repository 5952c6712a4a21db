package host

import (
	"context"
	"sync"
	"testing"
	"time"

	"vpsnet-mcp/internal/state"
)

// TestReadinessIsAskedOnceASecond, however many want to know it.
func TestReadinessIsAskedOnceASecond(t *testing.T) {
	store := state.NewMemory(time.Now)
	now := time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)
	asked := 0
	r := readiness{now: func() time.Time { return now }, ask: func(ctx context.Context) error {
		asked++
		return store.Ready(ctx)
	}}
	everybody := func(ready bool) {
		t.Helper()
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, err := r.check(); (err == nil) != ready {
					t.Errorf("ready: %v", err)
				}
			})
		}
		all.Wait()
	}
	everybody(true)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(readyLasts - 1)
	everybody(true)
	if asked != 1 {
		t.Errorf("asked %d times within a second", asked)
	}
	now = now.Add(1)
	everybody(false)
	everybody(false)
	if asked != 2 {
		t.Errorf("asked %d times in two seconds", asked)
	}
}
