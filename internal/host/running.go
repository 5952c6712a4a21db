package host

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/tools/calls"
)

// running counts the calls under way.
type running struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when a server that ends has none left
}

func (r *running) begin() (done func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	return sync.OnceFunc(func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.n--
		if r.n == 0 && r.none != nil {
			close(r.none)
			r.none = nil
		}
	})
}

// now is how many calls are under way.
func (r *running) now() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// Running is how many calls are under way.
func (h *Host) Running() int { return h.running.now() }

// answering is how long the library may take to write a call's answer to its
// stream once the call has ended.
const answering = 200 * time.Millisecond

// end waits until no call is under way, or for as long as it may, and says how
// many are left.
func (r *running) end(most time.Duration) (left int) {
	r.mu.Lock()
	if r.n == 0 {
		r.mu.Unlock()
		return 0
	}
	none := make(chan struct{})
	r.none = none
	r.mu.Unlock()
	select {
	case <-none:
		time.Sleep(answering)
	case <-time.After(most):
	}
	return r.now()
}

// errEnding is why calls are cancelled that do not end by themselves.
var errEnding = errors.New("the server is shutting down; call again")

type sseKey struct{}

func overSSE(ctx context.Context) context.Context { return context.WithValue(ctx, sseKey{}, true) }

// counted counts a call while it runs. One that came over SSE takes its caller's
// place here: the request that brought it was answered at once.
func (h *Host) counted(next server.ToolHandlerFunc) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		defer h.running.begin()()
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(h.calls, func() { cancel(errEnding) })()
		ctx = calls.WithHalt(ctx, h.halt)
		if ctx.Value(sseKey{}) != nil {
			leave, none := h.limits.place(callerOf(ctx).name, call)
			if none != nil {
				h.refused(none)
				return mcp.NewToolResultErrorf("%s: too many calls of this caller are under way. Nothing was sent; wait %d seconds and try again.", request.Params.Name, none.wait), nil
			}
			defer leave()
			ctx = calls.WithRest(ctx, h.limits.resting(callerOf(ctx).name, call))
		}
		return next(ctx, request)
	}
}

// discreet keeps session ids out of the library's own log lines.
type discreet struct{ slog.Handler }

// Handle logs a record without its sessions.
func (d discreet) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if !strings.HasPrefix(strings.ToLower(a.Key), "session") {
			clean.AddAttrs(a)
		}
		return true
	})
	return d.Handler.Handle(ctx, clean)
}
