package tools

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/trace"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
)

// callTrail is what the log and the audit are told of one call.
type callTrail struct {
	id        string
	caller    confirm.Caller
	start     time.Time
	name      string // that was called; the function's where a gate led to it
	gate      string
	tool      *tool // nil when the name is unknown
	arguments []string
	effects   []string
	policy    string // why the policy decided so
	consent   string // how it was given
	nothing   bool   // there was nothing to do
	exchanges *exchangeList
}

// newTrail begins the record of one call, for the log and the audit.
func newTrail(name string, c confirm.Caller) *callTrail {
	return &callTrail{id: rand.Text(), caller: c, start: time.Now(), name: name, exchanges: &exchangeList{}}
}

// withTrail returns a context whose requests to the service are recorded as the call's.
func (t *callTrail) withTrail(ctx context.Context) context.Context {
	return vpsapi.WithCaller(vpsapi.WithRequestID(withExchanges(ctx, t.exchanges), t.id), t.caller.Name)
}

// recordPreparation records which tool is called, by which gate and with which arguments.
func (t *callTrail) recordPreparation(p preparedCall) {
	if p.tool != nil {
		t.tool, t.name = p.tool, p.tool.name
	}
	t.gate, t.arguments = p.gate, p.arguments
}

// recordPlan records the plan's effects and what the policy says of it.
func (t *callTrail) recordPlan(w plannedCall) {
	if w.plan != nil {
		t.effects, t.nothing = w.plan.EffectWords(), w.plan.Nothing != ""
	}
	t.policy = w.verdict.Why
}

// logPanic logs a panic and returns the answer to the call in which it happened.
func (s *Server) logPanic(t *callTrail, cause any) *answer.Answer {
	s.options.Log.Error().Str("tool", clipName(t.name)).Str("request", t.id).Str("panic", t.caller.Client.Clean(fmt.Sprint(cause))).
		Bytes("stack", debug.Stack()).Msg("internal error")
	return answer.Refusal("%s: internal error %s; the log has the details. Whether anything was sent is unknown: look before trying again.", t.name, t.id)
}

// exchangeList collects the exchanges with the service that one call makes.
type exchangeList struct {
	mu   sync.Mutex
	list []vpsapi.Exchange
}

// exchangesKey is the key of a context's exchangeList.
type exchangesKey struct{}

// withExchanges returns a context whose requests to the service are recorded in x.
func withExchanges(ctx context.Context, x *exchangeList) context.Context {
	return context.WithValue(ctx, exchangesKey{}, x)
}

// Observe is what a client's Config.Observe must be, so that each call's log
// line can name the exchanges that it made.
func Observe(e vpsapi.Exchange) {
	if t, ok := e.Context.Value(exchangesKey{}).(*exchangeList); ok {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.list = append(t.list, e)
	}
}

// all returns a copy of the requests that were recorded so far.
func (x *exchangeList) all() []vpsapi.Exchange {
	x.mu.Lock()
	defer x.mu.Unlock()
	return append([]vpsapi.Exchange(nil), x.list...)
}

// report writes the call's line to the log and to the audit.
func (s *Server) report(ctx context.Context, t *callTrail, a answer.Answer) {
	outcome, fault := t.outcomeAndFault(a)
	s.logCall(t, a, outcome)
	line := s.auditLine(t, outcome, fault)
	if info := clientInfo(ctx); info != "" {
		line.Client = info
	}
	known := ""
	if t.tool != nil {
		known = t.tool.name
	}
	trace.Report(ctx, known, line, a.IsError && !a.NeedsConsent)
	if s.options.Told != nil {
		s.options.Told(line)
	}
	if err := s.options.Audit.Write(line); err != nil {
		s.options.Log.Error().Err(err).Str("request", t.id).Msg("a call could not be written to the audit")
	}
}

// outcomeAndFault says how the call ended, and whose fault it was when it did not end well.
func (t *callTrail) outcomeAndFault(a answer.Answer) (outcome, fault string) {
	exchanges := t.exchanges.all()
	var e *vpsapi.Error
	var unproved *unprovedError
	switch {
	case errors.As(a.Cause, &unproved):
		return unproved.outcome(), "upstream"
	case t.nothing:
		return "nothing to do", ""
	case a.NeedsConsent:
		return "needs consent", ""
	case !a.IsError:
		return "ok", ""
	case errors.As(a.Cause, &e): // a call that was not sent made no exchange, and what was read after a lost answer is not an end
		return endOfCall(e)
	case len(exchanges) == 0 || exchanges[len(exchanges)-1].Err == nil:
		return "refused", "client"
	}
	if !errors.As(exchanges[len(exchanges)-1].Err, &e) {
		return "error", "server"
	}
	return endOfCall(e)
}

// endOfCall says how a call ended, by what its last request came to. For a read it is never unknown whether it happened.
func endOfCall(e *vpsapi.Error) (outcome, fault string) {
	switch {
	case e.Request.Safety != vpsapi.Reads || e.Outcome != vpsapi.Unknown:
		return string(e.Outcome), faultOf(e.Kind)
	case errors.Is(e, context.Canceled): // by its client, or by the server's end
		return "cancelled", ""
	default:
		return "error", faultOf(e.Kind)
	}
}

// faultOf says whose fault an error is, as the audit names it: auth, unreachable, client or upstream.
func faultOf(k vpsapi.Kind) string {
	switch k {
	case vpsapi.BadKey:
		return "auth"
	case vpsapi.NoConnection:
		return "unreachable"
	case vpsapi.NotFound, vpsapi.Invalid, vpsapi.Declined:
		return "client"
	default:
		return "upstream"
	}
}

// logCall writes one line a call. It holds no argument's value.
func (s *Server) logCall(t *callTrail, a answer.Answer, outcome string) {
	level := zerolog.InfoLevel
	if a.IsError && !a.NeedsConsent {
		level = zerolog.WarnLevel
	}
	line := s.options.Log.WithLevel(level).Str("tool", clipName(t.name)).Str("outcome", outcome).Str("request", t.id)
	if t.caller.Name != "" {
		line = line.Str("caller", t.caller.Name)
	}
	if t.gate != "" {
		line = line.Str("gate", t.gate)
	}
	if t.tool != nil && t.tool.op != nil {
		line = line.Str("route", string(t.tool.op.Info().Route))
	}
	exchanges := t.exchanges.all()
	if n := len(exchanges); n > 0 {
		line = line.Int("status", exchanges[n-1].Status).Int("upstream", n)
	}
	if waited := totalWait(exchanges); waited > 0 {
		line = line.Dur("waited_ms", waited)
	}
	line.Dur("ms", time.Since(t.start)).Msg("call")
	for _, e := range exchanges {
		s.options.Log.Debug().Str("function", e.Request.Op).Str("route", string(e.Request.Route)).Str("request", t.id).
			Int("status", e.Status).Int("attempt", e.Attempt).Dur("waited_ms", e.Waited).Dur("ms", e.Duration).Msg("exchange")
	}
}

// totalWait returns how long exchanges waited for their turns and between attempts, as
// far as it is worth a word.
func totalWait(exchanges []vpsapi.Exchange) time.Duration {
	var sum time.Duration
	for _, e := range exchanges {
		sum += e.Waited
	}
	return sum.Truncate(time.Millisecond)
}

// auditLine returns the call as the audit keeps it.
func (s *Server) auditLine(t *callTrail, outcome, fault string) audit.Line {
	line := audit.Line{
		Time: s.now().UTC(), Request: t.id, Caller: t.caller.Name, Account: t.caller.Client.Account(),
		Tool: clipName(t.name), Gate: t.gate, Arguments: t.arguments, Effects: t.effects, Consent: t.consent, Policy: t.policy, Outcome: outcome, Fault: fault,
	}
	var above time.Duration
	exchanges := t.exchanges.all()
	for _, e := range exchanges {
		above += e.Duration
	}
	line.Upstream, line.MSAbove = len(exchanges), milliseconds(above)
	line.MSOwn = milliseconds(max(0, time.Since(t.start)-above))
	return line
}

// milliseconds returns a duration in ms, with a fraction, for the log.
func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// clientInfo returns the MCP client's own name and version.
func clientInfo(ctx context.Context) string {
	if p := server.RequestProtocolInfoFromContext(ctx); p != nil && p.ClientInfo != nil {
		return clipName(p.ClientInfo.Name + "/" + p.ClientInfo.Version)
	}
	if s, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		if info := s.GetClientInfo(); info.Name != "" {
			return clipName(info.Name + "/" + info.Version)
		}
	}
	return ""
}

// clipName bounds a name that came from outside, for the log.
func clipName(name string) string {
	if len(name) > 64 {
		return name[:64]
	}
	return name
}
