package host

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"vpsnet-mcp/internal/state"
)

// readiness is whether the state can be kept. Anybody may ask that as often as
// they like, and it takes a turn at the state: so one asks for all, once a second.
type readiness struct {
	ask func(context.Context) (note string, err error)
	now func() time.Time

	mu   sync.Mutex
	last time.Time // of the answer
	note string    // what cannot be read, though the state can be kept
	err  error
}

const (
	// readyTTL is how long an answer of the state is taken for every question.
	readyTTL     = time.Second
	readyTimeout = 5 * time.Second // what takes longer is not ready
)

// check gives the answer of the last second, or the next one. fresh says that
// this call is the one that asked.
func (r *readiness) check() (fresh bool, note string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.last.IsZero() && r.now().Sub(r.last) < readyTTL {
		return false, r.note, r.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyTimeout) // no one client's: the answer is everybody's
	defer cancel()
	r.note, r.err = r.ask(ctx)
	r.last = r.now()
	return true, r.note, r.err
}

// stateChecker asks a state whether it can be kept, and what of it cannot be read.
func stateChecker(s state.Store) func(context.Context) (string, error) {
	return func(ctx context.Context) (string, error) {
		if err := s.Ready(ctx); err != nil {
			return "", err
		}
		unreadable, err := s.Unreadable(ctx)
		if err != nil || len(unreadable.Plans) == 0 {
			return "", err
		}
		return fmt.Sprintf("%d waiting plans that cannot be read; vpsnet-mcp doctor names them", len(unreadable.Plans)), nil
	}
}

// serveReady answers /readyz: 200 when the state can be written, 503 when not or at shutdown.
func (h *Host) serveReady(w http.ResponseWriter, _ *http.Request) {
	if h.closing.Load() {
		writeRefusal(w, http.StatusServiceUnavailable, "shutting down")
		return
	}
	fresh, note, err := h.readiness.check()
	if err != nil {
		if fresh {
			h.config.Log.Warn().Err(err).Msg("not ready: the state cannot be stored")
		}
		writeRefusal(w, http.StatusServiceUnavailable, "changes are refused: the state cannot be stored; the log has the details")
		return
	}
	if note != "" {
		if fresh {
			h.config.Log.Warn().Msg("ready, but for " + note)
		}
		note = "but for " + note + "\n"
	}
	_, _ = io.WriteString(w, "ready\n"+note)
}
