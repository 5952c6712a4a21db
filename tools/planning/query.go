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
		Function: w.actingTool(), Also: w.otherFunctions(), Parts: partFunctions(p), Effects: p.EffectWords(), Things: p.Touches, Moves: p.Moves, Changed: p.Changed,
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
