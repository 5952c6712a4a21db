package tools

import (
	"fmt"
	"reflect"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
)

// renames lists the labels that the call's plan changes, for the journal.
func (c *call) renames() []state.Renamed {
	var all []state.Renamed
	clean := c.caller.Client.Clean
	for _, change := range c.plan.Changed {
		if before, after := change.Before, change.After; before.Label != after.Label {
			all = append(all, state.Renamed{Kind: before.Kind, ID: before.ID, Before: clean(before.Label), After: clean(after.Label)})
		}
	}
	return all
}

// renamed says of the plan's server what it was called before this server renamed
// it, as far back as the journal goes: whoever decides knows it by that name.
func (c *call) renamed() {
	t := &c.plan.Thing
	if t.Kind != kinds[reflect.TypeFor[vpsapi.ServerID]()] || t.ID == "" {
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
			c.plan.also("It was called %s before this server renamed it at %s.", vpsapi.Quote(r.Before), e.Time.UTC().Format("2006-01-02 15:04 MST"))
		}
	}
	c.plan.State = append(c.plan.State, t.was()...)
}

// was is the former label as a yes is bound to it.
func (t Thing) was() []string {
	if t.Was == "" {
		return nil
	}
	return []string{fmt.Sprintf("it was called %q", t.Was)}
}
