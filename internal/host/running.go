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

// runningCalls counts the calls under way.
type runningCalls struct {
	mu   sync.Mutex
	n    int
	none chan struct{} // closed when a server that ends has none left
}

// begin counts a call as running until done is called.
func (r *runningCalls) begin() (done func()) {
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

// count returns how many calls are under way.
func (r *runningCalls) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.n
}

// Running returns how many calls are under way.
func (h *Host) Running() int { return h.running.count() }

// answerDrainTime is how long the library may take to write a call's answer to its
// stream once the call has ended.
const answerDrainTime = 200 * time.Millisecond

// end waits until no call is under way, or for as long as it may, and says how
// many are left.
func (r *runningCalls) end(most time.Duration) (left int) {
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
		time.Sleep(answerDrainTime)
	case <-time.After(most):
	}
	return r.count()
}

// errEnding is why calls are cancelled that do not end by themselves.
var errEnding = errors.New("the server is shutting down; call again")

// overSSEKey is the key that marks the context of a call over SSE.
type overSSEKey struct{}

// withSSE returns the context of a call over SSE.
func withSSE(ctx context.Context) context.Context { return context.WithValue(ctx, overSSEKey{}, true) }

// countCall counts a call while it runs. One that came over SSE takes its caller's
// place here: the request that brought it was answered at once.
func (h *Host) countCall(next server.ToolHandlerFunc) server.ToolHandlerFunc {
	return func(ctx context.Context, request mcp.CallToolRequest) (*mcp.CallToolResult, error) {
		defer h.running.begin()()
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		defer context.AfterFunc(h.calls, func() { cancel(errEnding) })()
		ctx = calls.WithHalt(ctx, h.halt)
		if ctx.Value(overSSEKey{}) != nil {
			leave, none := h.limits.acquire(callerOf(ctx).name, callSlot)
			if none != nil {
				h.countRefusal(none)
				return mcp.NewToolResultErrorf("%s: too many calls of this caller are under way. Nothing was sent; wait %d seconds and try again.", request.Params.Name, none.wait), nil
			}
			defer leave()
			ctx = calls.WithPlace(ctx, h.limits.restFunc(callerOf(ctx).name, callSlot))
		}
		return next(ctx, request)
	}
}

// sessionIDFilter keeps session ids out of the library's own log lines.
type sessionIDFilter struct{ slog.Handler }

// Handle logs a record without its sessions.
func (d sessionIDFilter) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, r.Message, r.PC)
	r.Attrs(func(a slog.Attr) bool {
		if !strings.HasPrefix(strings.ToLower(a.Key), "session") {
			clean.AddAttrs(a)
		}
		return true
	})
	return d.Handler.Handle(ctx, clean)
}
