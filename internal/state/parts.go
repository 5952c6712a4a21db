package state

// Parts are what the text of a plan says, part by part, for a page that sets
// them apart. An empty part is not there. They hold no secret.
type Parts struct {
	Verb    string `json:"verb"`              // such as "Delete"
	Name    string `json:"name,omitempty"`    // of the thing it happens to, as the account has it
	Worst   string `json:"worst"`             // the worst effect's safety word: change, disruptive, commit, destructive
	Sandbox bool   `json:"sandbox,omitempty"` // nothing is real

	Doubt    string   `json:"doubt,omitempty"` // why it may be the repetition of one that happened
	Does     []string `json:"does,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
	Changes  []Change `json:"changes,omitempty"`
	Loses    []string `json:"loses,omitempty"`
	Keeps    []string `json:"keeps,omitempty"` // what survives, and keeps billing
	Downtime string   `json:"downtime,omitempty"`
	Cost     string   `json:"cost,omitempty"`
	Undo     string   `json:"undo,omitempty"`
	Requests []string `json:"requests,omitempty"`
}

// Change is a field or a DNS record before and after. An empty side means that
// there is none: the other one comes, or goes.
type Change struct {
	Field  string `json:"field,omitempty"`
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// Each puts another text in the place of each.
func (p *Parts) Each(change func(string) string) {
	for _, text := range []*string{&p.Name, &p.Doubt, &p.Downtime, &p.Cost, &p.Undo} {
		*text = change(*text)
	}
	for _, list := range [][]string{p.Does, p.Warnings, p.Loses, p.Keeps, p.Requests} {
		for i := range list {
			list[i] = change(list[i])
		}
	}
	for i, c := range p.Changes {
		p.Changes[i] = Change{change(c.Field), change(c.Before), change(c.After)}
	}
}
