package tools

import (
	"context"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/vpsapi"
)

// trace collects the exchanges with the service that one call makes.
type trace struct {
	mu        sync.Mutex
	exchanges []vpsapi.Exchange
}

type traceKey struct{}

func withTrace(ctx context.Context) (context.Context, *trace) {
	t := &trace{}
	return context.WithValue(ctx, traceKey{}, t), t
}

// Observe is what a client's Config.Observe must be, so that each call's log
// line can name the exchanges that it made.
func Observe(e vpsapi.Exchange) {
	if t, ok := e.Context.Value(traceKey{}).(*trace); ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.exchanges = append(t.exchanges, e)
	}
}

// logCall writes one line a call. It holds no argument's value.
func (s *Server) logCall(t *tool, name string, tr *trace, a Answer, took time.Duration) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	level, outcome := zerolog.InfoLevel, "ok"
	switch {
	case a.NeedsConsent:
		outcome = "needs consent"
	case a.IsError:
		level, outcome = zerolog.WarnLevel, "error"
	}
	line := s.options.Log.WithLevel(level).Str("tool", clip(name)).Str("outcome", outcome)
	if t != nil && t.op != nil {
		line = line.Str("route", string(t.op.Info().Route))
	}
	if n := len(tr.exchanges); n > 0 {
		line = line.Int("status", tr.exchanges[n-1].Status).Int("upstream", n)
	}
	line.Dur("ms", took).Msg("call")
	for _, e := range tr.exchanges {
		s.options.Log.Debug().Str("function", e.Request.Op).Str("route", string(e.Request.Route)).
			Int("status", e.Status).Dur("ms", e.Duration).Msg("exchange")
	}
}

// clip bounds a name that came from outside, for the log.
func clip(name string) string {
	if len(name) > 64 {
		return name[:64]
	}
	return name
}
