package host

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"
)

// readiness is whether the state can be kept. Anybody may ask that as often as
// they like, and it takes a turn at the state: so one asks for all, once a second.
type readiness struct {
	ask func(context.Context) error
	now func() time.Time

	mu   sync.Mutex
	last time.Time // of the answer
	err  error
}

const (
	readyLasts = time.Second
	readyWait  = 5 * time.Second // what takes longer is not ready
)

// check gives the answer of the last second, or the next one. fresh says that
// this call is the one that asked.
func (r *readiness) check() (fresh bool, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.last.IsZero() && r.now().Sub(r.last) < readyLasts {
		return false, r.err
	}
	ctx, cancel := context.WithTimeout(context.Background(), readyWait) // no one client's: the answer is everybody's
	defer cancel()
	r.err = r.ask(ctx)
	r.last = r.now()
	return true, r.err
}

func (h *Host) ready(w http.ResponseWriter, _ *http.Request) {
	if h.closing.Load() {
		refuse(w, http.StatusServiceUnavailable, "shutting down")
		return
	}
	if fresh, err := h.readiness.check(); err != nil {
		if fresh {
			h.config.Log.Warn().Err(err).Msg("not ready: the state cannot be kept")
		}
		refuse(w, http.StatusServiceUnavailable, "changes are refused: the state cannot be kept; the log has the details")
		return
	}
	_, _ = io.WriteString(w, "ready\n")
}
