package tools

import (
	"context"
	"fmt"
	"slices"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// change plans, asks for consent, and sends.
func (s *Server) change(ctx context.Context, c *call, r *reader, in any) *Answer {
	query, instead := s.weigh(ctx, c, r, in)
	if instead == nil {
		instead = s.agree(ctx, c)
	}
	if instead != nil {
		return instead
	}
	return s.carryOut(ctx, c, r, query)
}

// weigh plans, and finds what the server's start and the policy make of the plan,
// and whether it was sent before; or it gives the answer, where there is nothing to
// ask anybody.
func (s *Server) weigh(ctx context.Context, c *call, r *reader, in any) (q policy.Query, instead *Answer) {
	c.replan = func(ctx context.Context) (*plan.Plan, error) {
		return c.tool.plan(ctx, newReader(c.caller.Client, s.now), in)
	}
	made, err := c.tool.plan(ctx, r, in)
	if err != nil {
		return q, failure(r, err).unsent(c.tool)
	}
	made.Sandbox = s.options.Sandbox
	c.plan = made
	if err := fillable(ctx, r, made); err != nil {
		return q, failure(r, fmt.Errorf("%s: %w", c.name, err))
	}
	if made.Nothing != "" {
		c.outcome = "nothing to do"
		return q, &Answer{Text: fmt.Sprintf("%s: nothing to do: %s. Nothing was sent.", c.name, made.Nothing)}
	}
	c.before = s.consent.sealer.Digest(claimOf(c.caller, made))
	if err := s.doubt(ctx, c, r); err != nil {
		return q, failure(r, err)
	}
	if q, err = s.query(ctx, c, r); err != nil {
		return q, failure(r, err)
	}
	c.verdict = c.policy.Judge(q)
	if flag := s.forbidden(made); flag != "" {
		return q, refusal("%s: this server was started with %s, and the plan would do that. Nothing was sent; do not retry.", c.name, flag)
	}
	if s.consent.mode == consent.Deny && changesDNS(made) {
		return q, refusal("%s: refused: this server's consent mode is deny, in which no DNS change is sent: a record can send mail and traffic elsewhere. Nothing was sent; do not retry.", c.name)
	}
	if c.verdict.Action == policy.Deny {
		return q, refusal("%s: the policy denies it: %s. Nothing was sent; do not retry.", c.name, c.verdict.Why)
	}
	c.renamed()
	made.Loosens = c.policy.Loosens(q)
	made.State = append(made.State, made.Loosens...)
	return q, c.room(q)
}

// within refuses a plan that the past leaves no room for.
func (c *call) within(q policy.Query, past []state.Entry) error {
	if err := c.possible(past); err != nil {
		return err
	}
	return c.policy.Within(q, pastOf(past), c.agreedPast)
}

// possible refuses a plan that the past has overtaken.
func (c *call) possible(past []state.Entry) error {
	if id := c.plan.UndoOf; id != "" {
		if by := reversalOf(id, past); by != "" {
			return fmt.Errorf("entry %s was reversed already, by entry %s", id, by)
		}
	}
	return c.unforeseen(past)
}

// forbidden names the flag of the server's start that rules a plan out, by what it
// does or by a function that it would call.
func (s *Server) forbidden(p *plan.Plan) string {
	for _, e := range p.Effects {
		switch {
		case e.Safety == vpsapi.Destroys && s.options.NoDestroy:
			return "--no-destroy"
		case e.Safety == vpsapi.Commits && s.options.NoCommit:
			return "--no-commit"
		}
	}
	for _, step := range p.Steps {
		if name := step.Op.Info().Name; slices.Contains(s.options.Exclude, name) {
			return "--exclude-tools " + name
		}
	}
	return ""
}

// changesDNS reports a plan that changes domains, their records or what new ones
// begin with.
func changesDNS(p *plan.Plan) bool {
	return slices.ContainsFunc(p.Steps, func(step plan.Step) bool {
		info := step.Op.Info()
		return info.Safety > vpsapi.Reads && groups()[info.Name] == vpsapi.DNS.Name
	})
}

// agree obtains consent where the plan's effects, the policy or a limit ask for it.
func (s *Server) agree(ctx context.Context, c *call) *Answer {
	if c.consent = c.unasked(); c.consent != "" {
		return nil
	}
	how, instead := s.consent.obtain(ctx, c.bid())
	c.consent = how
	return instead
}

// unasked says why nobody need be asked; empty when somebody must.
func (c *call) unasked() string {
	switch {
	case c.plan.Doubt != "", c.plan.NeedsPerson():
	case c.verdict.Action == policy.Allow:
		return "policy: " + c.verdict.Why
	case c.plan.Worst() <= vpsapi.Changes && c.verdict.Action != policy.Ask:
		return "none needed"
	}
	return ""
}

func (c *call) bid() bid {
	return bid{caller: c.caller, plan: c.plan, confirm: c.besides.confirm, asks: c.tool.asks, replan: func(ctx context.Context) (*plan.Plan, error) {
		fresh, err := c.replan(ctx)
		if err == nil {
			fresh.State = slices.Concat(fresh.State, c.doubted, c.plan.Thing.FormerLabel(), c.plan.Loosens, c.plan.Over)
		}
		return fresh, err
	}, demands: c.verdict.ApprovedBy}
}
