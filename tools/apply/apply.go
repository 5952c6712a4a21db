// Package apply sends what was agreed and finds out what came of it: it writes the plan into the journal,
// sends its steps once each, looks in the account where an answer was lost or a route is inferred,
// and tells the outcome. An approved call comes in (tools/planning, and the word of who agreed), an answer goes out.
package apply

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/planning"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/tools/wait"
	"vpsnet-mcp/vpsapi"
)

// Sender sends what was agreed, and finds out what came of it.
type Sender struct {
	Store         state.Store
	Sealer        *consent.Sealer
	Kept          *account.ReplyCache // dropped around a change
	Log           zerolog.Logger
	Now           func() time.Time
	Pause         wait.Pause
	Recorder      *trail.Recorder
	AuditRequired bool // refuse a change that cannot be written to the audit
	Secrets       *Secrets
}

// ApprovedCall is a plan that may be sent, and by whose word.
type ApprovedCall struct {
	planning.PlannedCall
	Consent string // how it was given, for journal and audit
}

// Outcome is what came of sending an approved plan.
type Outcome struct {
	ApprovedCall
	entry   string    // of the journal
	begun   time.Time // by the server's clock
	done    int       // steps that were done
	last    vpsapi.Result
	secrets []vpsapi.FoundSecret
	seen    []proof.Finding // of the steps whose routes are inferred
	failed  error           // why the step after those that were done failed
	stopped error           // why it was not begun
	journal state.Outcome
}

// lastReply returns the decoded reply of the last step.
func (o Outcome) lastReply() any { return o.last.Out }

// Apply writes the plan into the journal, sends its steps in their order, and
// stops at the first that fails. The caller's cancel does not tear the step that
// is on its way; the next one is not sent.
func (s *Sender) Apply(ctx context.Context, t *trail.Trail, a ApprovedCall) (Outcome, *answer.Answer) {
	o := Outcome{ApprovedCall: a}
	name := a.Tool.Name
	if why := calls.CheckHalt(ctx); why != nil && (ctx.Err() != nil || len(a.Plan.Steps) > 1) {
		return o, answer.Refusal("%s: %v. Nothing was sent.", name, why)
	}
	waiting := ctx
	ctx = context.WithoutCancel(ctx)
	o.begun = s.Now()
	var err error
	if o.entry, err = s.Store.Begin(ctx, entryOf(a, t.Client), a.CheckAllowed); err != nil {
		return o, answer.Refusal("%s: refused: %v. Nothing was sent.", name, err)
	}
	if s.AuditRequired {
		if err := s.Recorder.Audit.Write(s.Recorder.AuditLine(t, "begun", "")); err != nil {
			s.writeOutcome(ctx, o.entry, state.Outcome{Result: "not sent", Error: err.Error()})
			return o, answer.Refusal("%s: refused: the audit cannot be written: %v. Nothing was sent.", name, err)
		}
	}
	s.Kept.Drop(a.Caller.Client)
	o = s.send(ctx, waiting, o)
	s.Kept.Drop(a.Caller.Client) // what others read meanwhile, too
	o.journal = s.finalOutcome(ctx, o)
	s.writeOutcome(ctx, o.entry, o.journal)
	return o, nil
}

// send sends the steps of a plan; waiting ends when the caller no longer waits.
func (s *Sender) send(ctx, waiting context.Context, o Outcome) Outcome {
	sending := vpsapi.UntilSent(ctx, waiting) // what waits for its turn is not on its way yet
	for i, step := range o.Plan.Steps {
		why := calls.CheckHalt(waiting)
		if why != nil && i > 0 {
			o.stopped = why
			return o
		}
		result, found, err := s.sendStep(sending, o, step)
		o.last, o.secrets, o.seen = result, append(o.secrets, result.Secrets...), append(o.seen, found...)
		if why := calls.CheckHalt(waiting); err != nil && why != nil && i > 0 && outcomeOf(err).Result == string(vpsapi.NotSent) {
			o.stopped = why
			return o
		}
		if err != nil {
			o.failed = err
			return o
		}
		o.done++
	}
	return o
}

// sendStep sends a step; one whose route is inferred is done when the account shows it.
func (s *Sender) sendStep(ctx context.Context, o Outcome, step plan.Step) (vpsapi.Result, []proof.Finding, error) {
	in, err := fillInPassword(ctx, o.Reader, step.In)
	if err != nil {
		return vpsapi.Result{}, nil, err
	}
	p, err := s.lookBefore(ctx, o, step, in)
	if err != nil {
		return vpsapi.Result{}, nil, err
	}
	result, err := step.Op.Do(ctx, o.Reader.Client, in)
	if p == nil || err != nil {
		return result, nil, err
	}
	found := s.lookAfter(ctx, o, p)
	if found.State != proof.Seen {
		unproved := &proof.UnprovedError{Tool: step.Op.Info().Name, List: p.expected.List, Finding: found}
		s.logUnproved(o, unproved)
		return result, nil, unproved
	}
	s.rememberProof(ctx, o, step.Op.Info())
	return result, []proof.Finding{found}, nil
}

// finalOutcome returns the outcome as the journal keeps it. It looks where an answer was lost.
func (s *Sender) finalOutcome(ctx context.Context, o Outcome) state.Outcome {
	switch {
	case o.stopped != nil:
		return state.Outcome{Result: journal.PartlyPrefix + "not sent", Error: fmt.Sprintf("%v after %d of %d steps", o.stopped, o.done, len(o.Plan.Steps))}
	case o.failed != nil:
		kept := outcomeOf(o.failed)
		if kept.IsUnknown() {
			kept.Lost = o.Past.Requests[o.done]
			if kept.Found == "" {
				kept.Found = s.lookForLost(ctx, o)
			}
		}
		if o.done > 0 {
			kept.Result = journal.PartlyPrefix + kept.Result
		}
		return kept
	}
	kept := state.Outcome{Result: "done", Seen: proofText(o.seen)}
	if o.isUnseen() {
		kept.Result = "sent"
	}
	if o.Plan.Inverse != nil && o.hasTrustedID() {
		kept.Inverse = o.Plan.Inverse(o.lastReply())
	}
	kept.Made = o.madeThings()
	return kept
}

// maxKeptFields bounds how many fields of a change the journal keeps, each with its old and new value.
const maxKeptFields = 20

// entryOf returns the plan as the journal keeps it; client is the program that called.
func entryOf(a ApprovedCall, client string) state.Entry {
	var also, parts []state.Function
	for _, f := range a.Query.Also {
		also = append(also, state.Function(f))
	}
	for _, f := range a.Query.Parts {
		if f.Tool != a.Query.Tool {
			parts = append(parts, state.Function(f))
		}
	}
	words := make([]string, len(a.Plan.Words.Does))
	for i, does := range a.Plan.Words.Does {
		words[i] = a.Caller.Client.Clean(does)
	}
	changes := make([]state.Change, 0, min(len(a.Plan.Words.Changes), maxKeptFields))
	for _, c := range a.Plan.Words.Changes[:cap(changes)] {
		changes = append(changes, state.Change{Field: c.Field, Before: a.Caller.Client.Clean(c.Before), After: a.Caller.Client.Clean(c.After)})
	}
	return state.Entry{
		Client: client, Changes: changes,
		Requests: a.Past.Requests, Also: also, Parts: parts, Counts: countsOf(a), Account: a.Plan.Account, Caller: a.Caller.Name, Tool: a.Query.Tool, Group: a.Query.Group,
		Thing: a.Caller.Client.Clean(a.Plan.Thing.String()), Subject: a.Plan.Subject(a.Caller.Client.Clean), Effects: a.Query.Effects, Words: words,
		Undo: a.Caller.Client.Clean(a.Plan.Words.Undo),
		Cost: a.Query.Cost, Buys: a.Query.Buys, Creates: a.Query.Creates, Consent: a.Consent, UndoOf: a.Plan.UndoOf,
		Inverse: a.Plan.Restore, ByHand: functionIn(a.Plan.Words.Undo), Renamed: a.Plan.Renames(a.Caller.Client.Clean),
	}
}

// namedFunction finds what may be a function's name.
var namedFunction = regexp.MustCompile(`\b[a-z]+(?:_[a-z]+)+\b`)

// functionIn returns the function by which a text says that a change is reversed; empty where it says that it is not.
func functionIn(undo string) string {
	name := namedFunction.FindString(undo)
	if _, ok := vpsapi.Find(name); !ok || strings.HasPrefix(undo, "no") {
		return ""
	}
	return name
}

// writeOutcome writes what came of a change into the journal. The change has happened by now: where the journal cannot be
// written, the log is told, and the caller's answer stays what it is.
func (s *Sender) writeOutcome(ctx context.Context, entry string, o state.Outcome) {
	o.Time = s.Now()
	if err := s.Store.End(ctx, entry, o); err != nil {
		s.Log.Error().Err(err).Str("request", entry).Msg("the outcome of a change could not be written to the journal")
	}
}

// outcomeOf returns what the journal writes of a step that failed with err.
func outcomeOf(err error) state.Outcome {
	var unproved *proof.UnprovedError
	if errors.As(err, &unproved) {
		return state.Outcome{Result: string(vpsapi.Unknown), Error: string(unproved.Finding.State), Found: unproved.Finding.Words}
	}
	var e *vpsapi.Error
	if !errors.As(err, &e) {
		return state.Outcome{Result: "not sent", Error: err.Error()}
	}
	return state.Outcome{Result: string(e.Outcome), Error: string(e.Kind)}
}

// countsOf returns the changes of the plan that limits count, as the journal keeps them.
func countsOf(a ApprovedCall) []state.Count {
	var counts []state.Count
	for _, c := range a.Query.Counts {
		kept := state.Count{Effects: c.Effects, Times: c.Times}
		for _, f := range c.Functions {
			kept.Functions = append(kept.Functions, state.Function(f))
		}
		counts = append(counts, kept)
	}
	return counts
}
