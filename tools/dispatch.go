package tools

import (
	"context"
	"encoding/json"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
)

// The way of a call, from one value to the next:
//
//	raw arguments -> offer.PreparedCall -> planning.PlannedCall -> apply.ApprovedCall -> apply.Outcome -> answer.Answer
//
// Each stage is a function that gives the next value, or the answer that the caller
// gets instead. None writes into the value of another; a plan is complete once it is planned. The trail goes along for the
// log and the audit, and only dispatch writes to it.

// Call runs one tool the way that every call takes. A gate of the search surface
// leads to the function that it names: the call is that function's in every way.
func (s *Server) Call(ctx context.Context, name string, raw json.RawMessage) (got answer.Answer) {
	t := trail.New(name, s.caller(ctx), clientInfo(ctx))
	ctx = t.With(ctx)
	defer func() {
		if cause := recover(); cause != nil {
			got = *s.recorder.ReportPanic(t, cause)
		}
		got = got.WithoutCredentials(t.Caller.Client)
		s.recorder.Report(ctx, t, got)
	}()
	return *s.dispatch(ctx, t, raw)
}

// dispatch takes a call through its stages, in order. An answer that a stage gives instead ends the call.
func (s *Server) dispatch(ctx context.Context, t *trail.Trail, raw json.RawMessage) *answer.Answer {
	call, refused := s.prepare(ctx, t.Name, raw)
	t.RecordPreparation(call)
	if refused != nil {
		return refused
	}
	if call.Tool.Read != nil {
		return s.answerRead(ctx, call)
	}
	planned, instead := s.planner.PlanCall(ctx, call)
	t.RecordPlan(planned)
	if instead != nil {
		return instead
	}
	approved, instead := s.approve(ctx, planned)
	t.Consent = approved.Consent
	if instead != nil {
		return instead
	}
	outcome, instead := s.sender.Apply(ctx, t, approved)
	if instead != nil {
		return instead
	}
	return s.sender.Render(ctx, outcome)
}

// answerRead answers a call that changes nothing.
func (s *Server) answerRead(ctx context.Context, call offer.PreparedCall) *answer.Answer {
	if calls.WantsAllKeys(ctx) && call.Tool.Op != nil {
		call.Options.Shaping.Fields = []string{"all"}
	}
	got, err := call.Tool.Read(ctx, call.Reader, call.In, call.Options.Shaping)
	if vpsapi.IsNotFound(err) { // digits may be a label
		named, things, faults, failed := account.Resolve(ctx, call.Reader, call.In, account.AsNames)
		if failed == nil && len(faults) > 0 {
			return offer.ArgumentRefusal(call.Tool, faults)
		}
		if failed == nil && len(things) > 0 {
			call.In, call.Named = named, append(call.Named, things...)
			got, err = call.Tool.Read(ctx, call.Reader, call.In, call.Options.Shaping)
		}
	}
	if err != nil {
		return answer.Failure(call.Reader.Client, err)
	}
	for _, thing := range call.Named {
		got.Text = thing.String() + ".\n" + got.Text
	}
	for _, why := range call.Reader.Overlooked() {
		got.Text = "The name was looked up among some of the servers only: " + why + ".\n" + got.Text
	}
	if call.Tool.Op != nil {
		got.Text += s.sender.Secrets.Deliver(call.Tool.Name, plan.Subject(call.Tool.Op, call.In), got.Secrets)
	}
	return got
}
