package tools

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// outcome is what came of sending an approved plan.
type outcome struct {
	approved
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
func (o outcome) lastReply() any { return o.last.Out }

// apply writes the plan into the journal, sends its steps in their order, and
// stops at the first that fails. The caller's cancel does not tear the step that
// is on its way; the next one is not sent.
func (s *Server) apply(ctx context.Context, t *callTrail, a approved) (outcome, *answer.Answer) {
	o := outcome{approved: a}
	name := a.tool.name
	if why := calls.CheckHalt(ctx); why != nil && (ctx.Err() != nil || len(a.plan.Steps) > 1) {
		return o, answer.Refusal("%s: %v. Nothing was sent.", name, why)
	}
	waiting := ctx
	ctx = context.WithoutCancel(ctx)
	o.begun = s.now()
	var err error
	if o.entry, err = s.store.Begin(ctx, entryOf(a, clientInfo(waiting)), a.checkAllowed); err != nil {
		return o, answer.Refusal("%s: refused: %v. Nothing was sent.", name, err)
	}
	if s.options.AuditRequired {
		if err := s.options.Audit.Write(s.auditLine(t, "begun", "")); err != nil {
			s.writeOutcome(ctx, o.entry, state.Outcome{Result: "not sent", Error: err.Error()})
			return o, answer.Refusal("%s: refused: the audit cannot be written: %v. Nothing was sent.", name, err)
		}
	}
	s.kept.Drop(a.caller.Client)
	o = s.send(ctx, waiting, o)
	s.kept.Drop(a.caller.Client) // what others read meanwhile, too
	o.journal = s.finalOutcome(ctx, o)
	s.writeOutcome(ctx, o.entry, o.journal)
	return o, nil
}

// send sends the steps of a plan; waiting ends when the caller no longer waits.
func (s *Server) send(ctx, waiting context.Context, o outcome) outcome {
	sending := vpsapi.UntilSent(ctx, waiting) // what waits for its turn is not on its way yet
	for i, step := range o.plan.Steps {
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
func (s *Server) sendStep(ctx context.Context, o outcome, step plan.Step) (vpsapi.Result, []proof.Finding, error) {
	in, err := fillInPassword(ctx, o.reader, step.In)
	if err != nil {
		return vpsapi.Result{}, nil, err
	}
	p, err := s.lookBefore(ctx, o, step, in)
	if err != nil {
		return vpsapi.Result{}, nil, err
	}
	result, err := step.Op.Do(ctx, o.reader.Client, in)
	if p == nil || err != nil {
		return result, nil, err
	}
	found := s.lookAfter(ctx, o, p)
	if found.State != proof.Seen {
		unproved := &unprovedError{step.Op.Info().Name, p.expected.List, found}
		s.logUnproved(o, unproved)
		return result, nil, unproved
	}
	s.rememberProof(ctx, o, step.Op.Info())
	return result, []proof.Finding{found}, nil
}

// partlyPrefix begins the outcome of a plan that broke off.
const partlyPrefix = "partly done, then "

// finalOutcome returns the outcome as the journal keeps it. It looks where an answer was lost.
func (s *Server) finalOutcome(ctx context.Context, o outcome) state.Outcome {
	switch {
	case o.stopped != nil:
		return state.Outcome{Result: partlyPrefix + "not sent", Error: fmt.Sprintf("%v after %d of %d steps", o.stopped, o.done, len(o.plan.Steps))}
	case o.failed != nil:
		journal := outcomeOf(o.failed)
		if journal.IsUnknown() {
			journal.Lost = o.past.requests[o.done]
			if journal.Found == "" {
				journal.Found = s.lookForLost(ctx, o)
			}
		}
		if o.done > 0 {
			journal.Result = partlyPrefix + journal.Result
		}
		return journal
	}
	journal := state.Outcome{Result: "done", Seen: seenText(o.seen)}
	if o.plan.Inverse != nil && o.hasTrustedID() {
		journal.Inverse = o.plan.Inverse(o.lastReply())
	}
	return journal
}

// maxKeptFields bounds the fields of a change that the journal keeps, old and new.
const maxKeptFields = 20

// entryOf is the plan as the journal keeps it; client is the program that called.
func entryOf(a approved, client string) state.Entry {
	var also, parts []state.Function
	for _, f := range a.query.Also {
		also = append(also, state.Function(f))
	}
	for _, f := range a.query.Parts {
		if f.Tool != a.query.Tool {
			parts = append(parts, state.Function(f))
		}
	}
	words := make([]string, len(a.plan.Words.Does))
	for i, does := range a.plan.Words.Does {
		words[i] = a.caller.Client.Clean(does)
	}
	changes := make([]state.Change, 0, min(len(a.plan.Words.Changes), maxKeptFields))
	for _, c := range a.plan.Words.Changes[:cap(changes)] {
		changes = append(changes, state.Change{Field: c.Field, Before: a.caller.Client.Clean(c.Before), After: a.caller.Client.Clean(c.After)})
	}
	return state.Entry{
		Client: client, Changes: changes,
		Requests: a.past.requests, Also: also, Parts: parts, Account: a.plan.Account, Caller: a.caller.Name, Tool: a.query.Tool, Group: a.query.Group,
		Thing: a.caller.Client.Clean(a.plan.Thing.String()), Subject: a.plan.Subject(a.caller.Client.Clean), Effects: a.query.Effects, Words: words,
		Cost: a.query.Cost, Buys: a.query.Buys, Creates: a.query.Creates, Consent: a.consent, UndoOf: a.plan.UndoOf,
		Inverse: a.plan.Restore, Renamed: a.plan.Renames(a.caller.Client.Clean),
	}
}

// writeOutcome writes an outcome. The change has happened by now: a journal that fails
// here is told to the log, not to the caller as a failure of the change.
func (s *Server) writeOutcome(ctx context.Context, entry string, o state.Outcome) {
	o.Time = s.now()
	if err := s.store.End(ctx, entry, o); err != nil {
		s.options.Log.Error().Err(err).Str("request", entry).Msg("the outcome of a change could not be written to the journal")
	}
}

func outcomeOf(err error) state.Outcome {
	var unproved *unprovedError
	if errors.As(err, &unproved) {
		return unproved.journal()
	}
	var e *vpsapi.Error
	if !errors.As(err, &e) {
		return state.Outcome{Result: "not sent", Error: err.Error()}
	}
	return state.Outcome{Result: string(e.Outcome), Error: string(e.Kind)}
}
