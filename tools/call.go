package tools

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// call is one call on its way: what is known of it so far, for the answer, the
// log and the audit.
type call struct {
	id        string
	tool      *tool // nil when the name is unknown
	name      string
	gate      string // that led to the tool; empty when it was called by itself
	caller    Caller
	start     time.Time
	exchanges *exchanges
	argument  []string // the names of the arguments
	besides   besides
	named     []plan.Thing // what stood in the arguments by name
	plan      *plan.Plan
	policy    *policy.Policy                            // the rules when the call began
	replan    func(context.Context) (*plan.Plan, error) // makes the plan anew from the present state
	begun     time.Time                                 // when its changes began, by the server's clock
	before    string                                    // the digest of the plan as it was carried out
	requests  []string                                  // a digest of each of the plan's
	doubtFrom time.Time                                 // what was sent before then is in doubt no more
	doubted   []string                                  // what doubt adds to the plan's state
	past      []state.Entry                             // the journal as the plan knows it
	over      []string                                  // the limits that the plan goes past, if somebody agrees
	verdict   policy.Verdict
	consent   string // how it was given
	outcome   string
}

// Call runs one tool the way that every call takes. A gate of the search surface
// leads to the function that it names: the call is that function's in every way.
func (s *Server) Call(ctx context.Context, name string, raw json.RawMessage) (answer Answer) {
	c := &call{id: rand.Text(), name: name, caller: s.caller(ctx), start: time.Now(), exchanges: &exchanges{}, policy: s.policy.Load()}
	ctx = vpsapi.WithCaller(vpsapi.WithRequestID(withExchanges(ctx, c.exchanges), c.id), c.caller.Name)
	defer func() {
		if p := recover(); p != nil {
			s.options.Log.Error().Str("tool", clip(c.name)).Str("request", c.id).Str("panic", c.caller.Client.Clean(fmt.Sprint(p))).
				Bytes("stack", debug.Stack()).Msg("internal error")
			answer = *refusal("%s: internal error %s; the log has the details. Whether anything was sent is unknown: look before trying again.", c.name, c.id)
		}
		answer = answer.withoutCredentials(c.caller.Client)
		s.report(ctx, c, answer)
	}()
	raw, refused := s.meant(c, raw)
	if refused != nil {
		return *refused
	}
	t, r := c.tool, newReader(c.caller.Client, s.now)
	in, refused := s.prepare(ctx, c, r, raw)
	if refused != nil {
		return *refused.unsent(t)
	}
	if t.read == nil {
		return *s.change(ctx, c, r, in)
	}
	got, err := t.read(ctx, r, in, c.besides.shaping)
	if err != nil {
		return *failure(r, err)
	}
	for _, thing := range c.named {
		got.Text = thing.String() + ".\n" + got.Text
	}
	if t.op != nil {
		got.Text += s.deliver(c.name, plan.Subject(t.op, in), got.secrets)
	}
	return *got
}

// meant finds the tool that a call is for, through a gate too, and gives the tool's
// arguments; or it gives the refusal.
func (s *Server) meant(c *call, raw json.RawMessage) (arguments json.RawMessage, refused *Answer) {
	t, ok := s.tools[c.name]
	if !ok || !c.caller.allows(t) {
		return nil, s.unknownTool(c.caller, c.name)
	}
	c.tool = t
	if t.gate != nil {
		return s.through(c, raw)
	}
	return raw, nil
}

// prepare reads a call's arguments, puts ids in the place of names, and checks
// the whole; or it gives the refusal.
func (s *Server) prepare(ctx context.Context, c *call, r *reader, raw json.RawMessage) (in any, refused *Answer) {
	in, faults := c.input(raw)
	if len(faults) == 0 {
		var err error
		if in, c.named, faults, err = resolve(ctx, r, in, c.tool.safety != vpsapi.Reads); err != nil {
			return nil, failure(r, fmt.Errorf("%s: %w", c.name, err))
		}
		unnamed := faults // of names that nothing has: they are no ids either, and once is enough
		for _, f := range vpsapi.Check(in) {
			if !slices.ContainsFunc(unnamed, func(told vpsapi.Fault) bool { return told.Field == f.Field }) {
				faults = append(faults, f)
			}
		}
	}
	if len(faults) > 0 {
		return nil, refusal("%s: %s. Nothing was sent; correct the arguments and call again.", c.name, joinFaults(faults))
	}
	return in, nil
}

// besides are the arguments that are no part of a function's input.
type besides struct {
	confirm string
	shaping shaping
	wait    bool
}

// input reads a call's arguments: coerced, then checked, every fault at once.
func (c *call) input(raw json.RawMessage) (in any, faults []vpsapi.Fault) {
	canonical, wrong := c.tool.arguments().Read(raw)
	for _, f := range wrong {
		faults = append(faults, vpsapi.Fault{Field: f.Path, Message: f.Message})
	}
	if len(faults) > 0 {
		return nil, faults
	}
	if string(canonical) == "{}" {
		return reflect.Zero(c.tool.in).Interface(), nil
	}
	for _, m := range membersOf(canonical) {
		c.argument = append(c.argument, m.name)
	}
	value := reflect.New(c.tool.in)
	if err := json.Unmarshal(canonical, value.Interface()); err != nil {
		return nil, []vpsapi.Fault{{Message: err.Error()}}
	}
	vpsapi.Tidy(value.Interface())
	in = value.Elem().Interface()
	if c.tool.asks {
		var a confirmArgument
		if err := json.Unmarshal(canonical, &a); err != nil {
			return nil, []vpsapi.Fault{{Message: err.Error()}}
		}
		c.besides.confirm = a.Confirm
	}
	if len(c.tool.more) > 0 {
		var err error
		if c.besides.shaping, err = shapingOf(canonical); err != nil {
			return nil, []vpsapi.Fault{{Message: err.Error()}}
		}
		var w waitArgument
		if err := json.Unmarshal(canonical, &w); err != nil {
			return nil, []vpsapi.Fault{{Message: err.Error()}}
		}
		c.besides.wait = w.Wait != nil && bool(*w.Wait)
	}
	return in, nil
}

func joinFaults(faults []vpsapi.Fault) string {
	texts := make([]string, len(faults))
	for i, f := range faults {
		texts[i] = f.String()
	}
	return strings.Join(texts, "; ")
}
