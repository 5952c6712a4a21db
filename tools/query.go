package tools

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/vpsapi"
)

// query is what the policy is told of the call's plan.
func (s *Server) query(ctx context.Context, c *call, r *reader) (policy.Query, error) {
	p := c.plan
	q := policy.Query{
		Function: c.acts(), Also: c.also(), Effects: p.EffectWords(), Things: p.Touches, Moves: p.Moves, Changed: p.Changed,
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
func (c *call) acts() policy.Function {
	if c.plan.Acts != "" {
		return policy.Function{Tool: c.plan.Acts, Group: c.plan.ActsGroup}
	}
	return policy.Function{Tool: c.name, Group: c.tool.group}
}

// also names the functions whose rules hold for the call's plan beside what acts:
// the tool that was called, and those that its steps are.
func (c *call) also() []policy.Function {
	var all []policy.Function
	acts := c.acts()
	add := func(f policy.Function) {
		if f.Tool != acts.Tool && !slices.Contains(all, f) {
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
