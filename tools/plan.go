package tools

import (
	"context"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// planner makes the plan of a call by reads alone.
type planner func(ctx context.Context, r *reader, in any) (*plan.Plan, error)

// planned ties a planner to its function, and every plan to its words: when the
// words would differ, it is another plan.
func planned[In, Out any](op vpsapi.Op[In, Out], made func(ctx context.Context, r *reader, in In) (*plan.Plan, error)) entry {
	return entry{op, func(ctx context.Context, r *reader, in any) (*plan.Plan, error) {
		p, err := made(ctx, r, in.(In))
		if err == nil {
			p.State = append(p.State, p.Words.Facts()...)
		}
		return p, err
	}}
}

// entry is a function and what plans it.
type entry struct {
	op   vpsapi.Operation
	plan planner
}

// planOne is the plan of a function that needs no look at the account: one
// request, taken at the function's worst.
func planOne(op vpsapi.Operation) planner {
	return func(_ context.Context, r *reader, in any) (*plan.Plan, error) { return plan.Of(r.client, op, in) }
}
