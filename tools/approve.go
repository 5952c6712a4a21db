package tools

import (
	"context"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/tools/planning"
)

// approve obtains consent where the plan's effects, the policy or a limit ask for it.
func (s *Server) approve(ctx context.Context, w planning.PlannedCall) (apply.ApprovedCall, *answer.Answer) {
	if why := w.WhyFree(); why != "" {
		return apply.ApprovedCall{PlannedCall: w, Consent: why}, nil
	}
	how, instead := s.consent.Obtain(ctx, w.ApprovalRequest())
	return apply.ApprovedCall{PlannedCall: w, Consent: how}, instead
}
