package planning

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// policyQuery returns what the policy is asked of a call's plan.
func (s *Planner) policyQuery(ctx context.Context, w PlannedCall) (policy.Query, error) {
	p := w.Plan
	q := policy.Query{
		Function: w.actingTool(), Also: w.otherFunctions(), Parts: partFunctions(p), Counts: countChanges(p), Effects: p.EffectWords(), Things: p.Touches, Moves: p.Moves, Changed: p.Changed,
		Cost: p.Cost, Buys: p.Buys, Creates: p.Creates, Now: s.Now(),
	}
	if !w.Rules.NeedsThings() {
		return q, nil
	}
	for _, step := range p.Steps {
		touched, err := account.Touches(ctx, w.Reader, step.In, w.Rules.Domains())
		if err != nil {
			return q, fmt.Errorf("%s: the policy has rules about servers or domains, and what this touches cannot be looked up: %w; nothing was sent", w.Tool.Name, err)
		}
		q.Things = append(q.Things, touched...)
		taken, err := account.TakenNames(ctx, w.Reader, step.In)
		if err != nil {
			return q, fmt.Errorf("%s: the policy has rules about servers or domains, and whose names these are cannot be looked up: %w; nothing was sent", w.Tool.Name, err)
		}
		q.Taken = append(q.Taken, taken...)
	}
	return q, nil
}

// actingTool returns the tool whose rules hold for the call's plan.
func (w PlannedCall) actingTool() policy.Function {
	return cmp.Or(w.Plan.Acts, w.Tool.Function())
}

// otherFunctions names the functions whose rules hold for the call's plan beside what acts:
// the tool that was called, and those that its steps are.
func (w PlannedCall) otherFunctions() []policy.Function {
	var all []policy.Function
	acts := w.actingTool()
	add := func(f policy.Function) {
		if f.Tool != acts.Tool && !slices.Contains(all, f) {
			all = append(all, f)
		}
	}
	add(w.Tool.Function())
	for _, step := range w.Plan.Steps {
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

// countChanges counts the changes of a plan that consists of several, those of one kind together.
func countChanges(p *plan.Plan) []policy.Count {
	var changes []policy.Count
	last := 0
	for _, single := range p.Singles {
		if single.Nth == 0 {
			continue
		}
		if single.Nth != last {
			last = single.Nth
			changes = append(changes, policy.Count{Times: 1})
		}
		c, name := &changes[len(changes)-1], single.Op.Info().Name
		c.Functions = append(c.Functions, policy.Function{Tool: name, Group: groups()[name]})
		if effect := single.Safety.String(); !slices.Contains(c.Effects, effect) {
			c.Effects = append(c.Effects, effect)
		}
	}
	var kinds []policy.Count
	for _, c := range changes {
		if among := p.EffectWords(); !slices.ContainsFunc(c.Effects, func(e string) bool { return slices.Contains(among, e) }) {
			c.Effects = among // what comes of it is milder than its function may be
		}
		i := slices.IndexFunc(kinds, func(k policy.Count) bool {
			return slices.Equal(k.Functions, c.Functions) && slices.Equal(k.Effects, c.Effects)
		})
		if i < 0 {
			kinds = append(kinds, c)
			continue
		}
		kinds[i].Times++
	}
	return kinds
}

// groups are the functions' groups by function name, also of functions that are not offered.
var groups = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, g := range vpsapi.All() {
		for _, op := range g.Operations {
			all[op.Info().Name] = g.Name
		}
	}
	return all
})
