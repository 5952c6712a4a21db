package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
)

// Explain says what a call would do, what the policy makes of it, and who would
// be asked. It sends reads only.
func (s *Server) Explain(ctx context.Context, name string, raw json.RawMessage) (string, error) {
	t, ok := s.tools[name]
	if !ok {
		return "", errors.New(s.unknownTool(s.caller(ctx), name).Text)
	}
	c := &call{tool: t, name: name, caller: s.caller(ctx), exchanges: &exchanges{}, policy: s.policy.Load()}
	r := s.reader(c.caller.Client)
	in, refused := s.prepare(ctx, c, r, raw)
	if refused != nil {
		return "", errors.New(refused.Text)
	}
	if t.plan == nil {
		return name + " changes nothing: no policy asks about it.", nil
	}
	plan, err := t.plan(ctx, r, in)
	if err != nil {
		return "", err
	}
	c.plan = plan
	if plan.Nothing != "" {
		return "Nothing to do: " + plan.Nothing + ".", nil
	}
	query, err := s.query(ctx, c, r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nEffects: %s.\n", plan.Text(), strings.Join(query.Effects, ", "))
	for _, thing := range query.Things {
		fmt.Fprintf(&b, "Touches: %s %s %s\n", thing.Kind, thing.ID, vpsapi.Quote(thing.Label))
	}
	fmt.Fprintf(&b, "Policy: %s.\n", verdictText(c.policy.Judge(query), plan))
	past, err := s.store.Entries(ctx, plan.Account, s.now().Add(-state.Window))
	if err == nil {
		err = c.policy.Within(query, pastOf(past))
	}
	if err != nil {
		fmt.Fprintf(&b, "Limits: refused: %v.", err)
	} else {
		b.WriteString("Limits: there is room.")
	}
	return b.String(), nil
}

func verdictText(v policy.Verdict, p *Plan) string {
	switch {
	case v.Action == policy.Deny:
		return "denied: " + v.Why
	case v.Action == policy.Allow:
		return "allowed without asking: " + v.Why
	case v.Action == policy.Ask:
		return "consent is asked for: " + v.Why
	case p.Worst() > vpsapi.Changes:
		return "no rule speaks; consent is asked for because it is " + p.Worst().String()
	default:
		return "no rule speaks; no consent is needed"
	}
}
