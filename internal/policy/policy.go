// Package policy holds the operator's rules: what may be done, to what, when,
// how often, and what needs a person whatever an argument says.
package policy

import "time"

// Action is what a rule says of a plan.
type Action string

// The actions. Deny beats ask beats allow, in any order of rules.
const (
	None  Action = ""      // no rule speaks: consent follows the plan's effects
	Allow Action = "allow" // without asking
	Ask   Action = "ask"   // also what would need no consent
	Deny  Action = "deny"
)

// Query is what a policy knows of a plan.
type Query struct {
	Tool    string
	Group   string
	Effects []string // safety words: change, disruptive, commit, destructive
	Things  []Thing  // everything that the plan touches, owners included, freshly read
	Cost    float64  // where known
	Buys    int      // purchases that the plan makes
	Creates int      // servers, IPs, nodes, domains and the like that it makes
	Now     time.Time
}

// Thing is something on the account that a plan touches.
type Thing struct {
	Kind   string // server, domain, ip, backup, cloud, ...
	ID     string
	Label  string
	Cloud  string // id of the cloud that it is in
	Domain string // name of the domain that it belongs to
}

// Verdict is what a policy says of a plan.
type Verdict struct {
	Action Action
	Rule   string // the rule that decided, for the refusal and the audit
}

// Past is a change of the past, for limits.
type Past struct {
	Time    time.Time
	Tool    string
	Group   string
	Effects []string
	Cost    float64
	Buys    int
	Creates int
}
