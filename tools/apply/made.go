package apply

import (
	"reflect"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// maxMade bounds how many things of a reply the journal keeps.
const maxMade = 10

// madeThings are the things that a change made, by the ids that its reply gives, for the journal: by these they are found in
// the history, and taken back.
func (o Outcome) madeThings() []state.Subject {
	kind, name := o.madeKind()
	if kind == "" {
		return nil
	}
	clean := o.Caller.Client.Clean
	var made []state.Subject
	if ips, ok := o.lastReply().([]vpsapi.IP); ok {
		for _, ip := range ips {
			made = append(made, state.Subject{Kind: kind, ID: clean(string(ip.ID)), Name: clean(string(ip.Address))})
		}
		return made[:min(len(made), maxMade)]
	}
	for _, t := range proof.Read(o.lastReply()).Things {
		if id := t.ID; id != "" && len(made) < maxMade && len(vpsapi.Check(vpsapi.GetServerIn{ServerID: vpsapi.ServerID(id)})) == 0 {
			made = append(made, state.Subject{Kind: kind, ID: clean(id), Name: clean(name)})
		}
	}
	if !o.hasTrustedID() && len(made) == 1 {
		made[0].ID = o.seen[0].ID
	}
	return made
}

// madeKind returns what kind of thing the plan makes, and its name; empty for a change of what is there. It is what
// the plan is about and has no id yet; else what the function takes that ends it.
func (o Outcome) madeKind() (kind, name string) {
	subject := o.Plan.Subject(func(text string) string { return text })
	if subject != nil && subject.ID == "" {
		return subject.Kind, subject.Name
	}
	op, ok := vpsapi.Find(journal.FirstWord(o.Plan.Words.Undo))
	if !ok || o.Plan.Buys == 0 || op.Info().Name == o.Plan.Tool { // an edit that is edited back made nothing
		return "", ""
	}
	for _, f := range reflect.VisibleFields(op.Info().In) {
		if of, isID := plan.Kinds[f.Type]; isID && f.Type != reflect.TypeFor[vpsapi.TemplateID]() && (subject == nil || of != subject.Kind) {
			return of, ""
		}
	}
	return "", ""
}
