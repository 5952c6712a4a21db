package host

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strings"
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
	r := readiness{now: func() time.Time { return now }, ask: func(ctx context.Context) (string, error) {
		asked++
		return stateChecker(store)(ctx)
	}}
	everybody := func(ready bool) {
		t.Helper()
		var all sync.WaitGroup
		for range 16 {
			all.Go(func() {
				if _, _, err := r.check(); (err == nil) != ready {
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
	now = now.Add(readyTTL - 1)
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

// TestReadyTellsOfUnreadablePlans: one plan that cannot be read stops nothing, and
// is told.
func TestReadyTellsOfUnreadablePlans(t *testing.T) {
	dir := t.TempDir()
	store, err := state.OpenFile(dir, time.Now)
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, func(c *Config) { c.Store = store })
	if text := s.status("whole", http.StatusOK, http.MethodGet, "/readyz", ""); text != "ready\n" {
		t.Errorf("whole: %q", text)
	}
	if err := os.WriteFile(filepath.Join(dir, "pending", "torn.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.host.readiness.last = time.Time{}
	if text := s.status("one torn", http.StatusOK, http.MethodGet, "/readyz", ""); !strings.HasPrefix(text, "ready\n") || !strings.Contains(text, "1 waiting plans that cannot be read") || !strings.Contains(s.log.String(), "1 waiting plans that cannot be read") {
		t.Errorf("one torn: %q, and the log %s", text, s.log)
	}
}
