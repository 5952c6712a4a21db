package journal

import (
	"iter"
	"reflect"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// AddFormerNameFact says of the plan's server what it was called before this server
// renamed it, as far back as the journal goes: whoever decides knows it by that name.
func AddFormerNameFact(p *plan.Plan, entries []state.Entry) {
	t := &p.Thing
	kind, renamed := renamedKinds[t.Kind]
	if !renamed || t.ID == "" {
		return
	}
	for e, r := range renamesIn(entries, kind) {
		if r.ID != t.ID || t.Was != "" || r.Before == t.Label || r.Before == "" {
			continue
		}
		t.Was = r.Before
		p.AddSay("It was called %s before vpsnet-mcp renamed it at %s.", vpsapi.Quote(r.Before), words.MomentText(e.Time))
	}
	p.State = append(p.State, t.FormerLabel()...)
}

// renamedKinds are the words by which the journal names the kinds of things that can be renamed.
var renamedKinds = map[string]string{
	plan.Kinds[reflect.TypeFor[vpsapi.ServerID]()]: "server", plan.Kinds[reflect.TypeFor[vpsapi.SSHKeyID]()]: "SSH key",
}

// renamesIn yields the renames of things of a kind that were made, or may have been.
func renamesIn(entries []state.Entry, kind string) iter.Seq2[state.Entry, state.Renaming] {
	return func(yield func(state.Entry, state.Renaming) bool) {
		for _, e := range entries {
			if e.DidNotHappen() {
				continue
			}
			for _, r := range e.Renamed {
				if r.Kind == kind && !yield(e, r) {
					return
				}
			}
		}
	}
}

// AddRenamedKeyFacts says of the SSH key by which a plan's new server is entered what it
// was called, and which other key had its label: a label alone says nothing of who enters.
func AddRenamedKeyFacts(p *plan.Plan, entries []state.Entry) {
	for _, t := range p.Touches {
		if t.Kind != "SSH key" || t.ID == "" {
			continue
		}
		for e, r := range renamesIn(entries, t.Kind) {
			switch {
			case r.ID == t.ID && r.Before != t.Label:
				p.AddSay("The SSH key was called %s before vpsnet-mcp renamed it at %s.", vpsapi.Quote(r.Before), words.MomentText(e.Time))
			case r.ID != t.ID && r.Before == t.Label:
				p.AddSay("Another SSH key (id %s) was called %s before vpsnet-mcp renamed it at %s.", words.IDText(vpsapi.SSHKeyID(r.ID)), vpsapi.Quote(r.Before), words.MomentText(e.Time))
			}
		}
	}
}
