package tools

import (
	"context"
	"encoding/json"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// The way of a call, from one value to the next:
//
//	raw arguments -> preparedCall -> plannedCall -> approvedCall -> outcome -> Answer
//
// Each stage is a function that gives the next value, or the answer that the caller
// gets instead. None writes into the value of another. The trail goes along for the
// log and the audit, and only dispatch writes to it.

// Call runs one tool the way that every call takes. A gate of the search surface
// leads to the function that it names: the call is that function's in every way.
func (s *Server) Call(ctx context.Context, name string, raw json.RawMessage) (got answer.Answer) {
	t := newTrail(name, s.caller(ctx))
	ctx = t.withTrail(ctx)
	defer func() {
		if cause := recover(); cause != nil {
			got = *s.logPanic(t, cause)
		}
		got = got.WithoutCredentials(t.caller.Client)
		s.report(ctx, t, got)
	}()
	return *s.dispatch(ctx, t, raw)
}

// dispatch takes a call through its stages, in order. An answer that a stage gives instead ends the call.
func (s *Server) dispatch(ctx context.Context, t *callTrail, raw json.RawMessage) *answer.Answer {
	call, refused := s.prepare(ctx, t.name, raw)
	t.recordPreparation(call)
	if refused != nil {
		return refused
	}
	if call.tool.read != nil {
		return s.answerRead(ctx, call)
	}
	planned, instead := s.planCall(ctx, call)
	t.recordPlan(planned)
	if instead != nil {
		return instead
	}
	approved, instead := s.approve(ctx, planned)
	t.consent = approved.consent
	if instead != nil {
		return instead
	}
	outcome, instead := s.apply(ctx, t, approved)
	if instead != nil {
		return instead
	}
	return s.render(ctx, outcome)
}

// answerRead answers a call that changes nothing.
func (s *Server) answerRead(ctx context.Context, call preparedCall) *answer.Answer {
	if calls.WantsAllKeys(ctx) && call.tool.op != nil {
		call.options.shaping.Fields = []string{"all"}
	}
	got, err := call.tool.read(ctx, call.reader, call.in, call.options.shaping)
	if vpsapi.IsNotFound(err) { // digits may be a label
		named, things, faults, failed := account.Resolve(ctx, call.reader, call.in, account.AsNames)
		if failed == nil && len(faults) > 0 {
			return argumentRefusal(call.tool, faults)
		}
		if failed == nil && len(things) > 0 {
			call.in, call.named = named, append(call.named, things...)
			got, err = call.tool.read(ctx, call.reader, call.in, call.options.shaping)
		}
	}
	if err != nil {
		return answer.Failure(call.reader.Client, err)
	}
	for _, thing := range call.named {
		got.Text = thing.String() + ".\n" + got.Text
	}
	for _, why := range call.reader.Overlooked() {
		got.Text = "By name among some servers alone: " + why + ".\n" + got.Text
	}
	if call.tool.op != nil {
		got.Text += s.deliverSecrets(call.tool.name, plan.Subject(call.tool.op, call.in), got.Secrets)
	}
	return got
}
