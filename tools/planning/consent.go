package planning

import (
	"context"
	"slices"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// WhyFree says why the call needs no consent; empty when somebody must be asked.
func (w PlannedCall) WhyFree() string {
	switch {
	case w.Plan.NeedsKnowing(), w.Plan.NeedsPerson():
	case w.Verdict.Action == policy.Allow:
		return "policy: " + w.Verdict.Why
	case w.Plan.Worst() <= vpsapi.Changes && w.Verdict.Action != policy.Ask:
		return "none needed"
	}
	return ""
}

// WordToType returns what a person types to agree.
func (w PlannedCall) WordToType(ctx context.Context) string {
	return WordToType(ctx, w.Reader, *w.Plan)
}

// WordToType returns what a person types to agree to a plan. Whether a server's label is its
// own is read for that alone.
func WordToType(ctx context.Context, r *account.Reader, p plan.Plan) string {
	if account.IsServer(p.Thing) && p.Worst() == vpsapi.Destroys {
		p.Thing.Shared = r.SharesLabel(ctx, p.Thing)
	}
	return p.Typed()
}

// ApprovalRequest returns what the call brings to the question of consent.
func (w PlannedCall) ApprovalRequest() confirm.Request {
	return confirm.Request{Caller: w.Caller, Plan: w.Plan, Confirm: w.Options.Confirm, Asks: w.Tool.Asks, Gate: w.Gate, Typed: w.WordToType, Replan: func(ctx context.Context) (*plan.Plan, error) {
		fresh, err := w.Replan(ctx)
		if err == nil {
			fresh.State = slices.Concat(fresh.State, w.Past.doubted, w.Plan.Unproved, w.Plan.Thing.FormerLabel(), w.Plan.Loosens, w.Plan.Over)
		}
		return fresh, err
	}, Demands: w.Verdict.ApprovedBy}
}
