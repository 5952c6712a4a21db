package tools

import (
	"reflect"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// renamed says of the plan's server what it was called before this server renamed
// it, as far back as the journal goes: whoever decides knows it by that name.
func (c *call) renamed() {
	t := &c.plan.Thing
	if t.Kind != plan.Kinds[reflect.TypeFor[vpsapi.ServerID]()] || t.ID == "" {
		return
	}
	for _, e := range c.past {
		if e.Outcome != nil && (e.Outcome.Result == "refused" || e.Outcome.Result == "not sent") {
			continue
		}
		for _, r := range e.Renamed {
			if r.Kind != "server" || r.ID != t.ID || t.Was != "" || r.Before == t.Label || r.Before == "" {
				continue
			}
			t.Was = r.Before
			c.plan.Also("It was called %s before this server renamed it at %s.", vpsapi.Quote(r.Before), e.Time.UTC().Format("2006-01-02 15:04 MST"))
		}
	}
	c.plan.State = append(c.plan.State, t.FormerLabel()...)
}
