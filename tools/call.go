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
	"sync"
	"time"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
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
	named     []Thing // what stood in the arguments by name
	plan      *Plan
	policy    *policy.Policy                       // the rules when the call began
	replan    func(context.Context) (*Plan, error) // makes the plan anew from the present state
	begun     time.Time                            // when its changes began, by the server's clock
	before    string                               // the digest of the plan as it was carried out
	requests  []string                             // a digest of each of the plan's
	doubtFrom time.Time                            // what was sent before then is in doubt no more
	doubted   []string                             // what doubt adds to the plan's state
	verdict   policy.Verdict
	consent   string // how it was given
	outcome   string
}

// Call runs one tool the way that every call takes. A gate of the search surface
// leads to the function that it names: the call is that function's in every way.
func (s *Server) Call(ctx context.Context, name string, raw json.RawMessage) (answer Answer) {
	c := &call{id: rand.Text(), name: name, caller: s.caller(ctx), start: time.Now(), exchanges: &exchanges{}, policy: s.policy.Load()}
	ctx = vpsapi.WithRequestID(withExchanges(ctx, c.exchanges), c.id)
	defer func() {
		if p := recover(); p != nil {
			s.options.Log.Error().Str("tool", clip(c.name)).Str("request", c.id).Str("panic", c.caller.Client.Clean(fmt.Sprint(p))).
				Bytes("stack", debug.Stack()).Msg("internal error")
			answer = *refusal("%s: internal error %s; the log has the details. Whether anything was sent is unknown: look before trying again.", c.name, c.id)
		}
		s.report(ctx, c, answer)
	}()
	t, ok := s.tools[name]
	if !ok || !c.caller.allows(t) {
		return *s.unknownTool(c.caller, name)
	}
	c.tool = t
	if t.gate != nil {
		var refused *Answer
		if raw, refused = s.through(c, raw); refused != nil {
			return *refused
		}
		t = c.tool
	}
	r := s.reader(c.caller.Client)
	in, refused := s.prepare(ctx, c, r, raw)
	if refused != nil {
		return *refused.unsent(t)
	}
	if t.read == nil {
		return *s.change(ctx, c, r, in)
	}
	got, err := t.read(ctx, r, in)
	if err != nil {
		return *failure(r, err)
	}
	for _, thing := range c.named {
		got.Text = thing.String() + ".\n" + got.Text
	}
	if t.op != nil {
		got.Text += s.deliver(c.name, subject(t.op, in), r.found)
	}
	return *got
}

// prepare reads a call's arguments, puts ids in the place of names, and checks
// the whole; or it gives the refusal.
func (s *Server) prepare(ctx context.Context, c *call, r *reader, raw json.RawMessage) (in any, refused *Answer) {
	in, faults := c.input(raw)
	if len(faults) == 0 {
		r.shaping = c.besides.shaping
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

// change plans, asks for consent, and sends.
func (s *Server) change(ctx context.Context, c *call, r *reader, in any) *Answer {
	query, instead := s.weigh(ctx, c, r, in)
	if instead == nil {
		instead = s.agree(ctx, c, query)
	}
	if instead != nil {
		return instead
	}
	return s.carryOut(ctx, c, r, query)
}

// weigh plans, and finds what the server's start and the policy make of the plan,
// and whether it was sent before; or it gives the answer, where there is nothing to
// ask anybody.
func (s *Server) weigh(ctx context.Context, c *call, r *reader, in any) (q policy.Query, instead *Answer) {
	c.replan = func(ctx context.Context) (*Plan, error) { return c.tool.plan(ctx, s.reader(c.caller.Client), in) }
	plan, err := c.tool.plan(ctx, r, in)
	if err != nil {
		return q, failure(r, err).unsent(c.tool)
	}
	plan.Sandbox = s.options.Sandbox
	c.plan = plan
	if err := fillable(ctx, r, plan); err != nil {
		return q, failure(r, fmt.Errorf("%s: %w", c.name, err))
	}
	if plan.Nothing != "" {
		c.outcome = "nothing to do"
		return q, &Answer{Text: fmt.Sprintf("%s: nothing to do: %s. Nothing was sent.", c.name, plan.Nothing)}
	}
	c.before = s.consent.sealer.Digest(claimOf(c.caller, plan))
	if err := s.doubt(ctx, c, r); err != nil {
		return q, failure(r, err)
	}
	if q, err = s.query(ctx, c, r); err != nil {
		return q, failure(r, err)
	}
	c.verdict = c.policy.Judge(q)
	if flag := s.forbidden(plan); flag != "" {
		return q, refusal("%s: this server was started with %s, and the plan would do that. Nothing was sent; do not retry.", c.name, flag)
	}
	if c.verdict.Action == policy.Deny {
		return q, refusal("%s: the policy denies it: %s. Nothing was sent; do not retry.", c.name, c.verdict.Why)
	}
	return q, nil
}

// within refuses a plan that the past leaves no room for.
func (c *call) within(q policy.Query, past []state.Entry) error {
	if id := c.plan.UndoOf; id != "" {
		if by := reversalOf(id, past); by != "" {
			return fmt.Errorf("entry %s was reversed already, by entry %s", id, by)
		}
	}
	if err := c.unforeseen(past); err != nil {
		return err
	}
	return c.policy.Within(q, pastOf(past))
}

// forbidden names the flag of the server's start that rules a plan out, by what it
// does or by a function that it would call.
func (s *Server) forbidden(p *Plan) string {
	for _, e := range p.Effects {
		switch {
		case e.Safety == vpsapi.Destroys && s.options.NoDestroy:
			return "--no-destroy"
		case e.Safety == vpsapi.Commits && s.options.NoCommit:
			return "--no-commit"
		}
	}
	for _, step := range p.Steps {
		if name := step.Op.Info().Name; slices.Contains(s.options.Exclude, name) {
			return "--exclude-tools " + name
		}
	}
	return ""
}

// agree obtains consent where the plan's effects or the policy ask for it. Nobody
// is asked for what the limits would refuse.
func (s *Server) agree(ctx context.Context, c *call, q policy.Query) *Answer {
	if c.consent = c.unasked(); c.consent != "" {
		return nil
	}
	if refused := s.full(ctx, c, q); refused != nil {
		return refused
	}
	how, instead := s.consent.obtain(ctx, c.bid())
	c.consent = how
	return instead
}

// unasked says why nobody need be asked; empty when somebody must.
func (c *call) unasked() string {
	switch {
	case c.plan.Doubt != "":
	case c.verdict.Action == policy.Allow:
		return "policy: " + c.verdict.Why
	case c.plan.Worst() <= vpsapi.Changes && c.verdict.Action != policy.Ask:
		return "none needed"
	}
	return ""
}

// full refuses a plan that the past leaves no room for.
func (s *Server) full(ctx context.Context, c *call, q policy.Query) *Answer {
	past, err := s.store.Entries(ctx, c.plan.Account, s.now().Add(-state.Window))
	if err == nil {
		err = c.within(q, past)
	}
	if err != nil {
		return refusal("%s: refused: %v. Nothing was sent.", c.name, err)
	}
	return nil
}

func (c *call) bid() bid {
	return bid{c.caller, c.plan, c.besides.confirm, c.tool.asks, func(ctx context.Context) (*Plan, error) {
		fresh, err := c.replan(ctx)
		if err == nil {
			fresh.State = append(fresh.State, c.doubted...)
		}
		return fresh, err
	}}
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
	words := make([]string, len(faults))
	for i, f := range faults {
		words[i] = f.String()
	}
	return strings.Join(words, "; ")
}

// query is what the policy is told of the call's plan.
func (s *Server) query(ctx context.Context, c *call, r *reader) (policy.Query, error) {
	p := c.plan
	q := policy.Query{
		Function: policy.Function{Tool: c.acts(), Group: c.actsGroup()}, Also: c.also(), Effects: p.effectWords(), Things: p.Touches, Moves: p.Moves,
		Cost: p.Cost, Buys: p.Buys, Creates: p.Creates, Now: s.now(),
	}
	if !c.policy.NeedsThings() {
		return q, nil
	}
	for _, step := range p.Steps {
		touched, err := touches(ctx, r, step.In)
		if err != nil {
			return q, fmt.Errorf("%s: the policy speaks of things, and what this touches cannot be looked up: %w; nothing was sent", c.name, err)
		}
		q.Things = append(q.Things, touched...)
	}
	return q, nil
}

// acts is the tool whose rules hold for the call's plan.
func (c *call) acts() string {
	if c.plan.Acts != "" {
		return c.plan.Acts
	}
	return c.name
}

func (c *call) actsGroup() string {
	if c.plan.Acts != "" {
		return c.plan.ActsGroup
	}
	return c.tool.group
}

// also names the functions whose rules hold for the call's plan beside what acts:
// the tool that was called, and those that its steps are.
func (c *call) also() []policy.Function {
	var all []policy.Function
	add := func(f policy.Function) {
		if f.Tool != c.acts() && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	add(policy.Function{Tool: c.name, Group: c.tool.group})
	for _, step := range c.plan.Steps {
		name := step.Op.Info().Name
		add(policy.Function{Tool: name, Group: groups()[name]})
	}
	return all
}

// groups are the groups of the functions, by name, those that are not offered too.
var groups = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, g := range vpsapi.All() {
		for _, op := range g.Operations {
			all[op.Info().Name] = g.Name
		}
	}
	return all
})

// effectWords names the plan's effects, each once, the mildest first.
func (p *Plan) effectWords() []string {
	var effects []vpsapi.Safety
	for _, e := range p.Effects {
		effects = append(effects, e.Safety)
	}
	slices.Sort(effects)
	words := make([]string, 0, len(effects))
	for _, e := range slices.Compact(effects) {
		words = append(words, e.String())
	}
	return words
}
