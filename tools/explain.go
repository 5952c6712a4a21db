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
	c := &call{name: name, caller: s.caller(ctx), exchanges: &exchanges{}, policy: s.policy.Load()}
	raw, refused := s.meant(c, raw)
	if refused != nil {
		return "", errors.New(refused.Text)
	}
	r := newReader(c.caller.Client, s.now)
	in, refused := s.prepare(ctx, c, r, raw)
	if refused != nil {
		return "", errors.New(refused.Text)
	}
	if c.tool.plan == nil {
		return c.name + " changes nothing: no policy asks about it.", nil
	}
	query, instead := s.weigh(ctx, c, r, in)
	switch {
	case c.plan != nil && c.plan.Nothing != "":
		return "Nothing to do: " + c.plan.Nothing + ".", nil
	case query.Tool == "": // it came to no judgement
		return "", errors.New(instead.Text)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\nEffects: %s.\n", c.plan.Text(), strings.Join(query.Effects, ", "))
	for _, thing := range query.Things {
		fmt.Fprintf(&b, "Touches: %s %s %s\n", thing.Kind, thing.ID, vpsapi.Quote(thing.Label))
	}
	if instead != nil {
		return b.String() + "Refused: " + instead.Text, nil
	}
	if len(c.plan.Over) == 0 {
		b.WriteString("Limits: there is room.\n")
	}
	b.WriteString("Policy: " + s.whoIsAsked(c) + ".")
	return b.String(), nil
}

// whoIsAsked says whether anybody is, and why.
func (s *Server) whoIsAsked(c *call) string {
	if c.unasked() != "" {
		if c.verdict.Action == policy.Allow {
			return "allowed without asking: " + c.verdict.Why
		}
		return "no rule speaks; no consent is needed"
	}
	if s.consent.modeFor(c.bid()) == consent.Deny {
		return "consent would be needed, and this server's consent mode is deny: refused"
	}
	switch {
	case len(c.plan.Loosens) > 0:
		return "a person is asked, as it loosens the policy"
	case len(c.plan.Over) > 0:
		return "a person is asked, as it goes past a limit"
	case c.plan.Doubt != "":
		return "consent is asked for: " + c.plan.Doubt
	case c.verdict.Action == policy.Ask:
		return "consent is asked for: " + c.verdict.Why
	default:
		return "no rule speaks; consent is asked for because it is " + c.plan.Worst().String()
	}
}
