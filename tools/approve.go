package tools

import (
	"context"
	"slices"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// approved is a plan that may be sent, and by whose word.
type approved struct {
	weighed
	consent string // how it was given, for journal and audit
}

// approve obtains consent where the plan's effects, the policy or a limit ask for it.
func (s *Server) approve(ctx context.Context, w weighed) (approved, *answer.Answer) {
	if why := w.whyFree(); why != "" {
		return approved{w, why}, nil
	}
	how, instead := s.consent.Obtain(ctx, w.approvalRequest())
	return approved{w, how}, instead
}

// whyFree says why nobody need be asked; empty when somebody must.
func (w weighed) whyFree() string {
	switch {
	case w.plan.NeedsKnowing(), w.plan.NeedsPerson():
	case w.verdict.Action == policy.Allow:
		return "policy: " + w.verdict.Why
	case w.plan.Worst() <= vpsapi.Changes && w.verdict.Action != policy.Ask:
		return "none needed"
	}
	return ""
}

// wordToType returns what a person types to agree.
func (w weighed) wordToType(ctx context.Context) string { return wordToType(ctx, w.reader, *w.plan) }

// wordToType returns what a person types to agree to a plan. Whether a server's label is its
// own is read for that alone.
func wordToType(ctx context.Context, r *account.Reader, p plan.Plan) string {
	if account.IsServer(p.Thing) && p.Worst() == vpsapi.Destroys {
		p.Thing.Shared = r.SharesLabel(ctx, p.Thing)
	}
	return p.Typed()
}

// approvalRequest returns what the call brings to the question of consent.
func (w weighed) approvalRequest() confirm.Request {
	return confirm.Request{Caller: w.caller, Plan: w.plan, Confirm: w.options.confirm, Asks: w.tool.asks, Gate: w.gate, Typed: w.wordToType, Replan: func(ctx context.Context) (*plan.Plan, error) {
		fresh, err := w.replan(ctx)
		if err == nil {
			fresh.State = slices.Concat(fresh.State, w.past.doubted, w.plan.Unproved, w.plan.Thing.FormerLabel(), w.plan.Loosens, w.plan.Over)
		}
		return fresh, err
	}, Demands: w.verdict.ApprovedBy}
}
