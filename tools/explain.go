package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/vpsapi"
)

// Explain says what a call would do, what the policy makes of it, and who would
// be asked. It sends reads only, and judges as Call does.
func (s *Server) Explain(ctx context.Context, name string, raw json.RawMessage) (string, error) {
	call, refused := s.prepare(ctx, name, raw)
	if refused != nil {
		return "", errors.New(refused.Text)
	}
	if call.tool.plan == nil {
		return call.tool.name + " changes nothing: no policy asks about it.", nil
	}
	w, instead := s.weigh(ctx, call)
	switch {
	case w.plan != nil && w.plan.Nothing != "":
		return "Nothing to do: " + w.plan.Nothing + ".", nil
	case w.query.Tool == "": // it came to no judgement
		return "", errors.New(instead.Text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nEffects: %s.\n", w.plan.Text(), strings.Join(w.query.Effects, ", "))
	for _, thing := range w.query.Things {
		fmt.Fprintf(&b, "Touches: %s %s %s\n", thing.Kind, thing.ID, vpsapi.Quote(thing.Label))
	}
	if instead != nil {
		return b.String() + "Refused: " + instead.Text, nil
	}
	if len(w.plan.Over) == 0 {
		b.WriteString("Limits: there is room.\n")
	}
	b.WriteString("Policy: " + s.describeAsker(w) + ".")
	return b.String(), nil
}

// describeAsker says whether anybody is, and why.
func (s *Server) describeAsker(w weighed) string {
	if w.whyFree() != "" {
		if w.verdict.Action == policy.Allow {
			return "allowed without asking: " + w.verdict.Why
		}
		return "no policy rule matches; no consent is needed"
	}
	if s.consent.ModeFor(w.approvalRequest()) == consent.Deny {
		return "consent would be needed, and this server's consent mode is deny: refused"
	}
	switch {
	case len(w.plan.Loosens) > 0:
		return "a person is asked, because it loosens the policy"
	case len(w.plan.Over) > 0:
		return "a person is asked, because it exceeds a limit"
	case w.plan.Doubt != "":
		return "consent is asked for: " + w.plan.Doubt
	case len(w.plan.Unproved) > 0:
		return "consent is asked for, because it is the first use of an inferred route"
	case len(w.plan.Skips) > 0:
		return "consent is asked for, because newer changes are passed over"
	case w.verdict.Action == policy.Ask:
		return "consent is asked for: " + w.verdict.Why
	default:
		return "no policy rule matches; consent is asked for because it is " + w.plan.Worst().String()
	}
}
