package journal

import (
	"time"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
)

// PartlyPrefix begins the outcome of a plan that broke off.
const PartlyPrefix = "partly done, then "

// DoubtTTL is how long a change whose answer was lost may not be repeated
// without consent to the repetition.
const DoubtTTL = 10 * time.Minute

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
