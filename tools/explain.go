package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/planning"
	"vpsnet-mcp/vpsapi"
)

// Explain says what a call would do, what the policy makes of it, and who would
// be asked. It sends reads only, and judges as Call does.
func (s *Server) Explain(ctx context.Context, name string, raw json.RawMessage) (string, error) {
	if rule := s.deniedTool(name); rule != "" {
		return "Policy: denied, whatever the arguments: " + rule + ". So the tool is not offered to anybody.", nil
	}
	call, refused := s.prepare(ctx, name, raw)
	if refused != nil {
		return "", errors.New(refused.Text)
	}
	if call.Tool.Plan == nil {
		return call.Tool.Name + " only reads: the policy does not apply to it.", nil
	}
	w, instead := s.planner.PlanCall(ctx, call)
	switch {
	case w.Plan != nil && w.Plan.Nothing != "":
		return "Nothing to do: " + w.Plan.Nothing + ".", nil
	case w.Query.Tool == "": // it came to no judgement
		return "", errors.New(instead.Text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nEffects: %s.\n", w.Plan.Text(), strings.Join(w.Query.Effects, ", "))
	for _, thing := range w.Query.Things {
		fmt.Fprintf(&b, "Touches: %s %s %s\n", thing.Kind, thing.ID, vpsapi.Quote(thing.Label))
	}
	if instead != nil {
		return b.String() + "Refused: " + instead.Text, nil
	}
	if len(w.Plan.Over) == 0 {
		b.WriteString("Limits: there is room.\n")
	}
	b.WriteString("Policy: " + s.describeAsker(w) + ".")
	return b.String(), nil
}

// deniedTool names the rule that leaves a tool out; empty where there is none.
func (s *Server) deniedTool(name string) string {
	if _, offered := s.findTool(name); offered {
		return ""
	}
	for _, t := range s.catalog() {
		if t.Name == strings.ToLower(strings.TrimSpace(name)) {
			return s.options.Policy.DeniedTool(t.Name, t.Group)
		}
	}
	return ""
}

// describeAsker says whether a person would be asked to agree, and why.
func (s *Server) describeAsker(w planning.PlannedCall) string {
	if w.WhyFree() != "" {
		if w.Verdict.Action == policy.Allow {
			return "allowed without asking: " + w.Verdict.Why
		}
		return "no policy rule matches; no consent is needed"
	}
	if s.consent.ModeFor(w.ApprovalRequest()) == consent.Deny {
		return "consent would be needed, and this server's consent mode is deny: refused"
	}
	switch {
	case len(w.Plan.Loosens) > 0:
		return "a person is asked, because it loosens the policy"
	case len(w.Plan.Over) > 0:
		return "a person is asked, because it exceeds a limit"
	case w.Plan.Doubt != "":
		return "consent is asked for: " + w.Plan.Doubt
	case len(w.Plan.Unproved) > 0:
		return "consent is asked for, because it is the first use of an inferred route"
	case w.Verdict.Action == policy.Ask:
		return "consent is asked for: " + w.Verdict.Why
	default:
		return "no policy rule matches; consent is asked for because it is " + w.Plan.Worst().String()
	}
}
