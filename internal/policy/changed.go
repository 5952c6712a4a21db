package policy

import (
	"fmt"
	"slices"
)

// Change is a thing that a plan makes another to the rules: its label, cloud or
// domain is a new one.
type Change struct {
	Before, After Thing
}

// Judge says what the rules and the protections make of a plan. What it changes of
// a thing that they read is judged as it is and as it will be: the stricter holds.
func (p *Policy) Judge(q Query) Verdict {
	v := p.judge(q)
	if len(q.Changed) == 0 {
		return v
	}
	then := q
	then.Things = slices.Clone(q.Things)
	for _, c := range q.Changed {
		then.Things = slices.DeleteFunc(then.Things, func(t Thing) bool { return t == c.Before })
		then.Things = append(then.Things, c.After)
	}
	if after := p.judge(then); strictness(after.Action) > strictness(v.Action) {
		return after
	}
	return v
}

// strictness orders verdicts: without one, consent follows the plan's effects.
func strictness(a Action) int { return slices.Index([]Action{Allow, None, Ask, Deny}, a) }

// Loosened lists the rules and protections that a plan would take a thing out of, and
// the rules that would allow what they do not allow now.
func (p *Policy) Loosened(q Query) []string {
	var loosened []string
	for _, c := range q.Changed {
		what := fmt.Sprintf("%s %s", c.Before.Kind, nameOf(c.Before))
		for _, t := range p.Protect {
			if t.matches(c.Before) && !t.matches(c.After) {
				loosened = append(loosened, fmt.Sprintf("%s would no longer be protected (line %d)", what, t.line))
			}
		}
		for _, r := range p.Rules {
			if !r.dependsOnThings() {
				continue
			}
			switch before, after := r.matchesThing(c.Before), r.matchesThing(c.After); {
			case r.Action == Allow && !before && after:
				loosened = append(loosened, fmt.Sprintf("the %s would apply to %s", r, what))
			case r.Action != Allow && before && !after:
				loosened = append(loosened, fmt.Sprintf("the %s would no longer apply to %s", r, what))
			}
		}
	}
	return loosened
}
