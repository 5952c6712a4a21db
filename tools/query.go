package tools

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"sync"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// query is what the policy is told of a call's plan.
func (s *Server) query(ctx context.Context, w weighed) (policy.Query, error) {
	p := w.plan
	q := policy.Query{
		Function: w.actingTool(), Also: w.otherFunctions(), Parts: partFunctions(p), Effects: p.EffectWords(), Things: p.Touches, Moves: p.Moves, Changed: p.Changed,
		Cost: p.Cost, Buys: p.Buys, Creates: p.Creates, Now: s.now(),
	}
	if !w.rules.NeedsThings() {
		return q, nil
	}
	for _, step := range p.Steps {
		touched, err := account.Touches(ctx, w.reader, step.In, w.rules.Domains())
		if err != nil {
			return q, fmt.Errorf("%s: the policy has rules about servers or domains, and what this touches cannot be looked up: %w; nothing was sent", w.tool.name, err)
		}
		q.Things = append(q.Things, touched...)
	}
	return q, nil
}

// actingTool returns the tool whose rules hold for the call's plan.
func (w weighed) actingTool() policy.Function {
	return cmp.Or(w.plan.Acts, w.tool.function())
}

// otherFunctions names the functions whose rules hold for the call's plan beside what acts:
// the tool that was called, and those that its steps are.
func (w weighed) otherFunctions() []policy.Function {
	var all []policy.Function
	acts := w.actingTool()
	add := func(f policy.Function) {
		if f.Tool != acts.Tool && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	add(w.tool.function())
	for _, step := range w.plan.Steps {
		name := step.Op.Info().Name
		add(policy.Function{Tool: name, Group: groups()[name]})
	}
	return all
}

// partFunctions names the functions that do parts of a plan too.
func partFunctions(p *plan.Plan) []policy.Function {
	var all []policy.Function
	for _, part := range p.Singles {
		name := part.Op.Info().Name
		if f := (policy.Function{Tool: name, Group: groups()[name]}); !slices.Contains(all, f) {
			all = append(all, f)
		}
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

// function is the tool as the policy knows it.
func (t *tool) function() policy.Function { return policy.Function{Tool: t.name, Group: t.group} }

// pastChanges gives what limits count of the journal: every change that was or may
// have been made.
func pastChanges(entries []state.Entry) []policy.Past {
	var past []policy.Past
	for _, e := range entries {
		if e.DidNotHappen() {
			continue
		}
		var also, parts []policy.Function
		for _, f := range e.Also {
			also = append(also, policy.Function(f))
		}
		for _, f := range e.Parts {
			parts = append(parts, policy.Function(f))
		}
		past = append(past, policy.Past{
			Function: policy.Function{Tool: e.Tool, Group: e.Group}, Also: also, Parts: parts, Time: e.Time, Effects: e.Effects, Cost: e.Cost, Buys: e.Buys, Creates: e.Creates,
		})
	}
	return past
}

// addFormerName says of the plan's server what it was called before this server
// renamed it, as far back as the journal goes: whoever decides knows it by that name.
func addFormerName(p *plan.Plan, entries []state.Entry) {
	t := &p.Thing
	kind, renamed := renamedKinds[t.Kind]
	if !renamed || t.ID == "" {
		return
	}
	for e, r := range renamesIn(entries, kind) {
		if r.ID != t.ID || t.Was != "" || r.Before == t.Label || r.Before == "" {
			continue
		}
		t.Was = r.Before
		p.AddSay("It was called %s before this server renamed it at %s.", vpsapi.Quote(r.Before), renamedAt(e))
	}
	p.State = append(p.State, t.FormerLabel()...)
}

// renamedKinds are what the journal calls the things that can be renamed, by what plans do.
var renamedKinds = map[string]string{
	plan.Kinds[reflect.TypeFor[vpsapi.ServerID]()]: "server", plan.Kinds[reflect.TypeFor[vpsapi.SSHKeyID]()]: "SSH key",
}

// renamesIn goes through the renames of things of a kind that were or may have been made.
func renamesIn(entries []state.Entry, kind string) iter.Seq2[state.Entry, state.Renaming] {
	return func(yield func(state.Entry, state.Renaming) bool) {
		for _, e := range entries {
			if e.DidNotHappen() {
				continue
			}
			for _, r := range e.Renamed {
				if r.Kind == kind && !yield(e, r) {
					return
				}
			}
		}
	}
}

func renamedAt(e state.Entry) string { return e.Time.UTC().Format("2006-01-02 15:04 MST") }

// tellRenamedKeys says of the SSH key by which a plan's new server is entered what it
// was called, and which other key had its label: a label alone says nothing of who enters.
func tellRenamedKeys(p *plan.Plan, entries []state.Entry) {
	for _, t := range p.Touches {
		if t.Kind != "SSH key" || t.ID == "" {
			continue
		}
		for e, r := range renamesIn(entries, t.Kind) {
			switch {
			case r.ID == t.ID && r.Before != t.Label:
				p.AddSay("The SSH key was called %s before this server renamed it at %s.", vpsapi.Quote(r.Before), renamedAt(e))
			case r.ID != t.ID && r.Before == t.Label:
				p.AddSay("Another SSH key (id %s) was called %s before this server renamed it at %s.", words.IDText(vpsapi.SSHKeyID(r.ID)), vpsapi.Quote(r.Before), renamedAt(e))
			}
		}
	}
}
