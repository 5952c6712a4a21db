package journal

import (
	"time"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
)

// PartlyPrefix begins the outcome of a plan that broke off.
const PartlyPrefix = "partly done, then "

// DoubtTTL is how long a change whose answer was lost may not be repeated
// without consent to the repetition.
const DoubtTTL = 10 * time.Minute

// repeatTTL is how long what is done once more to the same thing counts as a creation.
const repeatTTL = time.Hour

// CountRepeat counts a plan as a creation where it repeats what was done to the same thing lately, or may have been.
func CountRepeat(p *plan.Plan, entries []state.Entry, now time.Time) {
	if !p.Repeats {
		return
	}
	thing := p.Thing.String()
	for _, e := range entries {
		same := e.Thing == thing || kindAndIDIn(thing) != "" && kindAndIDIn(e.Thing) == kindAndIDIn(thing) // whatever it was called then
		if same && e.Tool == p.Tool && now.Sub(e.Time) < repeatTTL && !e.DidNotHappen() {
			p.Creates = 1
		}
	}
}

// PastChanges returns the changes of the journal that the policy's limits count: those that were made, or may have been.
func PastChanges(entries []state.Entry) []policy.Past {
	var past []policy.Past
	for _, e := range entries {
		if e.DidNotHappen() {
			continue
		}
		var counts []policy.Count
		for _, c := range e.Counts {
			counts = append(counts, policy.Count{Functions: policyFunctions(c.Functions), Effects: c.Effects, Times: c.Times})
		}
		past = append(past, policy.Past{
			Function: policy.Function{Tool: e.Tool, Group: e.Group}, Also: policyFunctions(e.Also), Parts: policyFunctions(e.Parts), Counts: counts, Time: e.Time, Effects: e.Effects, Cost: e.Cost, Buys: e.Buys, Creates: e.Creates,
		})
	}
	return past
}

// policyFunctions returns functions of the journal as the policy knows them.
func policyFunctions(list []state.Function) []policy.Function {
	var all []policy.Function
	for _, f := range list {
		all = append(all, policy.Function(f))
	}
	return all
}
