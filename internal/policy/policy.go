// Package policy holds the operator's rules: what may be done, to what, when
// and how often, and which things nothing may touch.
package policy

import (
	"fmt"
	"slices"
	"time"
)

// Policy is a checked policy file.
type Policy struct {
	Rules   []Rule   `yaml:"rules"`
	Protect []Target `yaml:"protect"`
}

// Rule says what to do with the plans that it matches. An empty condition
// matches everything; several conditions must all hold. A plan has effects,
// things and functions: deny and ask match where one of them fits, allow where
// every effect, and every server and domain does.
type Rule struct {
	Action  Action   `yaml:"action"`
	Tools   []string `yaml:"tools"`   // names, with * for any characters
	Groups  []string `yaml:"groups"`  // servers, dns, ...
	Effects []string `yaml:"effects"` // change, disruptive, commit, destructive
	Servers []string `yaml:"servers"` // ids
	Labels  []string `yaml:"labels"`  // with * for any characters
	Clouds  []string `yaml:"clouds"`  // ids
	Domains []string `yaml:"domains"` // names; one covers what is below it
	Hours   *Hours   `yaml:"hours"`   // when the rule is in force
	Limit   *Limit   `yaml:"limit"`   // past it a person is asked; by a deny rule, which then denies nothing else, the plan is denied

	// ApprovedBy are the people, or the groups of them, of whom one must say yes;
	// with ask alone.
	ApprovedBy []string `yaml:"approved_by"`

	line int
}

// Action is what a rule says of a plan.
type Action string

// The actions. Deny beats ask beats allow, in any order of rules.
const (
	None Action = "" // no policy rule matches: consent follows the plan's effects
	// Allow is the action that lets a call through without asking.
	Allow Action = "allow"
	// Ask is the action that asks a person.
	Ask Action = "ask"
	// Deny is the action that refuses a call.
	Deny Action = "deny"
)

// Target is a protected thing: every given field must fit.
type Target struct {
	Server string `yaml:"server"` // id
	Label  string `yaml:"label"`  // with * for any characters
	Cloud  string `yaml:"cloud"`  // id
	Domain string `yaml:"domain"` // name; it covers what is below it

	line int
}

// Function is a tool with its group.
type Function struct {
	Tool  string
	Group string
}

// Count is how many changes of one kind a plan makes.
type Count struct {
	Functions []Function // each of which does such a change
	Effects   []string   // safety words
	Times     int
}

// Query is what a policy knows of a plan.
type Query struct {
	Function            // what acts
	Also     []Function // the tool that was called, and what its steps are
	Parts    []Function // what of it single functions do too, by whichever calls
	Counts   []Count    // its changes that limits count each, such as those of a zone's records
	Effects  []string   // safety words: change, disruptive, commit, destructive
	Things   []Thing    // everything that the plan touches, owners included, freshly read
	Taken    []Thing    // things whose names it gives to others
	Moves    bool       // it renames or moves a thing
	Changed  []Change   // what of the things will be another to the rules
	Cost     float64    // at once, where known
	Buys     int        // purchases that the plan makes
	Creates  int        // servers, IPs, nodes and the like that it makes
	Now      time.Time
}

// Thing is something on the account that a plan touches.
type Thing struct {
	Kind   string // server, domain, ip, backup, cloud, ...
	ID     string
	Label  string
	Cloud  string // id of the cloud that it is in
	Domain string // name of the domain that it is, or belongs to
	Below  bool   // all names below Domain go with it
}

// Past is a change of the past, for limits.
type Past struct {
	Function
	Also    []Function
	Parts   []Function
	Counts  []Count
	Time    time.Time
	Effects []string
	Cost    float64
	Buys    int
	Creates int
}

// Verdict is what a policy says of a plan.
type Verdict struct {
	Action Action
	Why    string    // the rule that decided, for the refusal and the audit
	Until  time.Time // when the hours of the rule that denies end; zero where that is not known

	ApprovedBy []string // whose yes is asked for; empty for the caller's own person's
}

// Default is the policy without a file: limits alone.
func Default() *Policy { return &Policy{} }

// judge returns the verdict of the rules and the protections on the things that a plan touches.
func (p *Policy) judge(q Query) Verdict {
	if v := p.checkProtected(q); v.Action == Deny {
		return v
	}
	best := Verdict{}
	for _, r := range p.Rules {
		if !r.matches(q) {
			continue
		}
		if actionRank(r.Action) > actionRank(best.Action) {
			best.Action, best.Why = r.Action, r.String()
			if r.Action == Deny {
				best.Why, best.Until = r.denialText(q.Now)
			}
		}
		if len(r.ApprovedBy) == 0 {
			continue
		}
		if best.ApprovedBy = intersectNames(best.ApprovedBy, r.ApprovedBy); len(best.ApprovedBy) == 0 {
			return Verdict{Action: Deny, Why: r.String() + " and an earlier rule ask different people to approve, and no person is named by both"}
		}
	}
	return best
}

// intersectNames returns the names that are in both lists; all of the second where there is no first.
func intersectNames(a, b []string) []string {
	if len(a) == 0 {
		return b
	}
	return slices.DeleteFunc(slices.Clone(b), func(name string) bool { return !slices.Contains(a, name) })
}

// actionRank orders actions: the stricter one is higher.
func actionRank(a Action) int { return slices.Index([]Action{None, Allow, Ask, Deny}, a) }

// String names a rule by its action and its line in the policy file, such as "deny rule at line 3".
func (r Rule) String() string { return fmt.Sprintf("%s rule at line %d", r.Action, r.line) }

// checkProtected refuses what would harm, rename or move a protected thing, or give its name to another.
func (p *Policy) checkProtected(q Query) Verdict {
	for _, target := range p.Protect {
		for _, thing := range q.Taken {
			if target.matches(thing) {
				return Verdict{Action: Deny, Why: fmt.Sprintf("the name of %s %s is protected (line %d): no other may take it", thing.Kind, nameOf(thing), target.line)}
			}
		}
	}
	if !q.Moves && !slices.ContainsFunc(q.Effects, func(e string) bool { return e != "read" && e != "change" }) {
		return Verdict{}
	}
	for _, target := range p.Protect {
		for _, thing := range q.Things {
			if target.matches(thing) {
				return Verdict{Action: Deny, Why: fmt.Sprintf("%s %s is protected (line %d)", thing.Kind, nameOf(thing), target.line)}
			}
		}
	}
	return Verdict{}
}

// nameOf returns a thing's label, quoted, or else its id.
func nameOf(t Thing) string {
	if t.Label != "" {
		return fmt.Sprintf("%q", t.Label)
	}
	return t.ID
}

// NeedsThings reports that verdicts depend on what a plan touches.
func (p *Policy) NeedsThings() bool {
	return len(p.Protect) > 0 || slices.ContainsFunc(p.Rules, Rule.dependsOnThings)
}

// Domains lists the names of domains that rules and protections speak of.
func (p *Policy) Domains() []string {
	var names []string
	for _, t := range p.Protect {
		if t.Domain != "" {
			names = append(names, t.Domain)
		}
	}
	for _, r := range p.Rules {
		names = append(names, r.Domains...)
	}
	return names
}

// MayAsk reports a tool that a rule may ask consent for, whatever its effects.
func (p *Policy) MayAsk(tool, group string) bool {
	return slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.Action == Ask && r.matchesTool(Function{tool, group}) })
}

// DeniedTool names the rule by which no plan of a tool could ever pass; empty where there is none.
func (p *Policy) DeniedTool(tool, group string) string {
	for _, r := range p.Rules {
		if r.Action == Deny && r.Hours == nil && r.Limit == nil && len(r.Effects) == 0 && !r.dependsOnThings() && r.matchesTool(Function{tool, group}) {
			says, _ := r.denialText(time.Time{})
			return says
		}
	}
	return ""
}
