package tools

import (
	"context"
	"slices"

	"vpsnet-mcp/internal/policy"
)

// room finds what the past leaves for the plan, and what of it only a person can
// agree to; or it refuses what nobody can.
func (c *call) room(q policy.Query) *Answer {
	if err := c.possible(c.past); err != nil {
		return refusal("%s: refused: %v. Nothing was sent.", c.name, err)
	}
	for _, room := range c.policy.Rooms(q, pastOf(c.past)) {
		switch {
		case room.Over == "":
			c.plan.Limits = append(c.plan.Limits, room.Words)
		case room.Wall:
			return refusal("%s: refused: %s. Nothing was sent; do not retry before.", c.name, room.Over)
		default:
			c.plan.Over, c.over = append(c.plan.Over, room.Over), append(c.over, room.Limit)
		}
	}
	c.plan.State = append(c.plan.State, c.plan.Over...)
	return nil
}

// agreedPast reports a limit that the plan was known to go past when a person
// agreed to it.
func (c *call) agreedPast(room policy.Room) bool { return slices.Contains(c.over, room.Limit) }

// byPerson lets a plan that only a person can agree to wait for one, where there is
// a way to them.
func (c *consenter) byPerson(ctx context.Context, b bid) (string, *Answer) {
	if b.caller.Approve == "" && c.people.approve == "" {
		return "", refusal("%s: refused: %s. Only a person can agree to that, and there is no way to ask one. Nothing was sent.", b.plan.Tool, slices.Concat(b.plan.Loosens, b.plan.Over)[0])
	}
	return c.person(ctx, b)
}
