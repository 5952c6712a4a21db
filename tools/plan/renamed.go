package plan

import (
	"fmt"

	"vpsnet-mcp/internal/state"
)

// Renames lists the labels that a plan changes, for the journal. clean takes our own
// credentials out of a label.
func (p *Plan) Renames(clean func(string) string) []state.Renaming {
	var all []state.Renaming
	for _, c := range p.Changed {
		if c.Before.Label != c.After.Label {
			all = append(all, state.Renaming{Kind: c.Before.Kind, ID: c.Before.ID, Before: clean(c.Before.Label), After: clean(c.After.Label)})
		}
	}
	return all
}

// FormerLabel is the former label as a yes is bound to it.
func (t Thing) FormerLabel() []string {
	if t.Was == "" {
		return nil
	}
	return []string{fmt.Sprintf("it was called %q", t.Was)}
}

// NeedsPerson reports a plan that only a person can agree to.
func (p *Plan) NeedsPerson() bool { return len(p.Over)+len(p.Loosens) > 0 }
