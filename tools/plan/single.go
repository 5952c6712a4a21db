package plan

import (
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Single is what a plan does that a single function does too, by whichever calls: rules
// and a person's no that speak of that function hold for it.
type Single struct {
	Op     vpsapi.Operation
	Says   string        // what comes of it, the same by whichever calls; empty where only the function and the thing are compared
	Whole  string        // the larger one that it belongs to; empty where there is none
	Thing  Thing         // what the function would do it to; zero for the account
	Safety vpsapi.Safety // of it alone
	Nth    int           // which of the plan's changes it is of, from 1; 0 where limits count it with the plan
}

// Does adds what only its function is compared by, and the thing that this would be called with.
func (p *Plan) Does(op vpsapi.Operation, thing Thing) {
	p.Singles = append(p.Singles, Single{Op: op, Thing: thing, Safety: op.Info().Safety})
}

// BeginChange begins a further change of the plan, whose singles are added by AddSingle and counted as one.
func (p *Plan) BeginChange() { p.changes++ }

// AddSingle adds what a single function does too to the change that was begun last.
func (p *Plan) AddSingle(s Single) {
	s.Safety, s.Nth = s.Op.Info().Safety, p.changes
	p.Singles = append(p.Singles, s)
}

// Deed is what a function does to a thing, as it is compared with what a person declined: by the effect, and by the
// thing's id, or by the name that is all there is of a domain before it is made.
func Deed(op vpsapi.Operation, effect string, t Thing) string {
	id := t.ID
	if id == "" && t.Kind == "domain" {
		id = strings.ToLower(strings.TrimSuffix(t.Label, "."))
	}
	if id == "" {
		t.Kind = ""
	}
	return strings.Join([]string{"does", op.Info().Name, effect, t.Kind, id}, "\x00")
}

// Deeds lists what the plan does to which thing, as far as somebody must agree to it. Records of a domain have their
// own words, which are compared instead.
func (p *Plan) Deeds() []string {
	if slices.ContainsFunc(p.Singles, func(s Single) bool { return s.Says != "" }) {
		return nil
	}
	var deeds []string
	for _, step := range p.Steps {
		thing := Subject(step.Op, step.In)
		if thing.ID == "" {
			thing = p.Thing
		}
		for _, e := range p.Effects {
			if e.Safety > vpsapi.Changes {
				deeds = append(deeds, Deed(step.Op, e.Text, thing))
			}
		}
	}
	return deeds
}
