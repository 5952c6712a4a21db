package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// Call runs one tool the way that every call takes.
func (s *Server) Call(ctx context.Context, name string, raw json.RawMessage) (answer Answer) {
	start := time.Now()
	ctx, trace := withTrace(ctx)
	t, ok := s.tools[name]
	defer func() {
		if p := recover(); p != nil {
			s.options.Log.Error().Str("tool", name).Str("panic", s.options.Client.Clean(fmt.Sprint(p))).
				Bytes("stack", debug.Stack()).Msg("internal error")
			answer = *refusal("%s: internal error; the log has the details. Whether anything was sent is unknown: look before trying again.", name)
		}
		s.logCall(t, name, trace, answer, time.Since(start))
	}()
	if !ok {
		return *s.unknownTool(name)
	}
	return *s.run(ctx, t, raw)
}

func (s *Server) run(ctx context.Context, t *tool, raw json.RawMessage) *Answer {
	in, confirm, faults := t.input(raw)
	if len(faults) > 0 {
		return refusal("%s: %s. Nothing was sent; correct the arguments and call again.", t.name, joinFaults(faults))
	}
	caller := s.caller(ctx)
	r := &reader{client: caller.Client}
	if t.read != nil {
		answer, err := t.read(ctx, r, in)
		if err != nil {
			return failure(r, err)
		}
		return answer
	}
	replan := func() (*Plan, error) { return t.plan(ctx, &reader{client: caller.Client}, in) }
	plan, err := t.plan(ctx, r, in)
	if err != nil {
		return failure(r, err)
	}
	if plan.Nothing != "" {
		return &Answer{Text: fmt.Sprintf("%s: nothing to do: %s. Nothing was sent.", t.name, plan.Nothing)}
	}
	how := "none needed"
	if plan.Worst() > vpsapi.Changes {
		var instead *Answer
		if how, instead = s.consent.obtain(ctx, bid{caller, plan, confirm, replan}); instead != nil {
			return instead
		}
	}
	return s.carryOut(ctx, r, plan, how)
}

// input reads a call's arguments: coerced, then checked, every fault at once.
func (t *tool) input(raw json.RawMessage) (in any, confirm string, faults []vpsapi.Fault) {
	canonical, wrong := t.arguments.Read(raw)
	for _, f := range wrong {
		faults = append(faults, vpsapi.Fault{Field: f.Path, Message: f.Message})
	}
	if len(faults) > 0 {
		return nil, "", faults
	}
	value := reflect.New(t.in)
	if err := json.Unmarshal(canonical, value.Interface()); err != nil {
		return nil, "", []vpsapi.Fault{{Message: err.Error()}}
	}
	var c confirmArgument
	if err := json.Unmarshal(canonical, &c); err != nil {
		return nil, "", []vpsapi.Fault{{Field: "confirm", Message: err.Error()}}
	}
	return value.Elem().Interface(), c.Confirm, vpsapi.Check(value.Elem().Interface())
}

func joinFaults(faults []vpsapi.Fault) string {
	words := make([]string, len(faults))
	for i, f := range faults {
		words[i] = f.String()
	}
	return strings.Join(words, "; ")
}

// carryOut sends a plan's steps in their order and stops at the first that
// fails. A change that is on its way is not torn by the caller's cancel.
func (s *Server) carryOut(ctx context.Context, r *reader, plan *Plan, how string) *Answer {
	if err := ctx.Err(); err != nil {
		return refusal("%s: the call was cancelled. Nothing was sent.", plan.Tool)
	}
	var answer *Answer
	for _, step := range plan.Steps {
		result, err := step.Op.Do(context.WithoutCancel(ctx), r.client, step.In)
		if err != nil {
			return failure(r, err)
		}
		answer = answerOf(step.Op, step.In, result)
	}
	return answer
}
