package catalog

import (
	"context"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// Planner makes the plan of a call by reads alone.
type Planner func(ctx context.Context, r *account.Reader, in any) (*plan.Plan, error)

// PlanRequest returns the plan of a function that needs no look at the account: one
// request, taken at the function's worst.
func PlanRequest(op vpsapi.Operation) Planner {
	return func(_ context.Context, r *account.Reader, in any) (*plan.Plan, error) {
		return plan.New(r.Client, op, in)
	}
}
