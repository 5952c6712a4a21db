package tools

import (
	"context"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// planner makes the plan of a call by reads alone.
type planner func(ctx context.Context, r *reader, in any) (*plan.Plan, error)

// planOne is the plan of a function that needs no look at the account: one
// request, taken at the function's worst.
func planOne(op vpsapi.Operation) planner {
	return func(_ context.Context, r *reader, in any) (*plan.Plan, error) { return plan.Of(r.client, op, in) }
}
