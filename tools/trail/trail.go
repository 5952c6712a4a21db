// Package trail records what happens to a call, for the log and the audit: which tool was called and how it
// ended, with the requests to the service that it made. No argument's value is recorded.
package trail

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/trace"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/planning"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// Recorder tells the log and the audit of calls.
type Recorder struct {
	Log   zerolog.Logger
	Audit *audit.Log       // nil for none
	Told  func(audit.Line) // is told each call when it ends; nil for nobody
	Now   func() time.Time
}

// Trail is what the log and the audit are told of one call.
type Trail struct {
	id        string
	Caller    confirm.Caller
	start     time.Time
	Client    string // the program that called
	Name      string // that was called; the function's where a gate led to it
	gate      string
	tool      *offer.Tool // nil when the name is unknown
	arguments []string
	effects   []string
	policy    string // why the policy decided so
	Consent   string // how it was given
	nothing   bool   // there was nothing to do
	exchanges *exchangeList
}

// New begins the record of one call, for the log and the audit.
func New(name string, c confirm.Caller, client string) *Trail {
	return &Trail{id: rand.Text(), Caller: c, Client: clipName(client), start: time.Now(), Name: name, exchanges: &exchangeList{}}
}

// With returns a context whose requests to the service are recorded as the call's.
func (t *Trail) With(ctx context.Context) context.Context {
	return vpsapi.WithCaller(vpsapi.WithRequestID(withExchanges(ctx, t.exchanges), t.id), t.Caller.Name)
}

// RecordPreparation records which tool is called, by which gate and with which arguments.
func (t *Trail) RecordPreparation(p offer.PreparedCall) {
	if p.Tool != nil {
		t.tool, t.Name = p.Tool, p.Tool.Name
	}
	t.gate, t.arguments = p.Gate, p.Arguments
}

// RecordPlan records the plan's effects and what the policy says of it.
func (t *Trail) RecordPlan(w planning.PlannedCall) {
	if w.Plan != nil {
		t.effects, t.nothing = w.Plan.EffectWords(), w.Plan.Nothing != ""
	}
	t.policy = w.Verdict.Why
}

// ReportPanic logs a panic and returns the answer to the call in which it happened.
func (r *Recorder) ReportPanic(t *Trail, cause any) *answer.Answer {
	r.Log.Error().Str("tool", clipName(t.Name)).Str("request", t.id).Str("panic", t.Caller.Client.Clean(fmt.Sprint(cause))).
		Bytes("stack", debug.Stack()).Msg("internal error")
	return answer.Refusal("%s: internal error %s; the log has the details. Whether anything was sent is unknown: look before trying again.", t.Name, t.id)
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

// Report writes the call's line to the log and to the audit.
func (r *Recorder) Report(ctx context.Context, t *Trail, a answer.Answer) {
	outcome, fault := t.outcomeAndFault(a)
	r.logCall(t, a, outcome)
	line := r.AuditLine(t, outcome, fault)
	line.Client = t.Client
	known := ""
	if t.tool != nil {
		known = t.tool.Name
	}
	trace.Report(ctx, known, line, a.IsError && !a.NeedsConsent)
	if r.Told != nil {
		r.Told(line)
	}
	if err := r.Audit.Write(line); err != nil {
		r.Log.Error().Err(err).Str("request", t.id).Msg("a call could not be written to the audit")
	}
}

// outcomeAndFault says how the call ended, and whose fault it was when it did not end well.
func (t *Trail) outcomeAndFault(a answer.Answer) (outcome, fault string) {
	exchanges := t.exchanges.all()
	var e *vpsapi.Error
	var unproved *proof.UnprovedError
	switch {
	case errors.As(a.Cause, &unproved):
		return unproved.Outcome(), "upstream"
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

// endOfCall returns a call's outcome and the kind of its fault, from the error of its last request. A read's outcome is always known.
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
func (r *Recorder) logCall(t *Trail, a answer.Answer, outcome string) {
	level := zerolog.InfoLevel
	if a.IsError && !a.NeedsConsent {
		level = zerolog.WarnLevel
	}
	line := r.Log.WithLevel(level).Str("tool", clipName(t.Name)).Str("outcome", outcome).Str("request", t.id)
	if t.Caller.Name != "" {
		line = line.Str("caller", t.Caller.Name)
	}
	if t.gate != "" {
		line = line.Str("gate", t.gate)
	}
	if t.tool != nil && t.tool.Op != nil {
		line = line.Str("route", string(t.tool.Op.Info().Route))
	}
	exchanges := t.exchanges.all()
	if n := len(exchanges); n > 0 {
		line = line.Int("upstream", n)
		if !slices.Contains([]string{"refused", "needs consent", "nothing to do"}, outcome) { // then what was read answers well, and says nothing of the call
			line = line.Int("upstream_status", exchanges[n-1].Status)
		}
	}
	if waited := totalWait(exchanges); waited > 0 {
		line = line.Dur("waited_ms", waited)
	}
	line.Dur("ms", time.Since(t.start)).Msg("call")
	for _, e := range exchanges {
		r.Log.Debug().Str("function", e.Request.Op).Str("route", string(e.Request.Route)).Str("request", t.id).
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

// AuditLine returns the call as the audit keeps it.
func (r *Recorder) AuditLine(t *Trail, outcome, fault string) audit.Line {
	line := audit.Line{
		Time: r.Now().UTC(), Request: t.id, Caller: t.Caller.Name, Account: t.Caller.Client.Account(),
		Tool: clipName(t.Name), Gate: t.gate, Arguments: t.arguments, Effects: t.effects, Consent: t.Consent, Policy: t.policy, Outcome: outcome, Fault: fault,
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

// clipName bounds a name that came from outside, for the log.
func clipName(name string) string {
	if len(name) > 64 {
		return name[:64]
	}
	return name
}
