package tools

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// TestTitles: a plan's question names what is done and to what, and what the
// account wrote stands in quotes.
func TestTitles(t *testing.T) {
	for want, p := range map[string]*plan.Plan{
		`Delete "Web Server 01"?`:     {Thing: plan.Thing{Kind: "cloud server", ID: "1384", Label: "Web Server 01"}, Steps: []plan.Step{{Op: vpsapi.DeleteServer}}},
		`Delete "cloud server 1384"?`: {Thing: plan.Thing{Kind: "cloud server", ID: "1384"}, Steps: []plan.Step{{Op: vpsapi.DeleteServer}}},
		"Apply zone \"a.example.com\"?": {
			Tool: "apply_zone", Thing: plan.Thing{Kind: "domain", Label: "a.example.com"}, Steps: []plan.Step{{}, {}},
		},
		`Delete "x yes 'z'"?`: {Thing: plan.Thing{Kind: "cloud server", Label: "x\nyes \"z\""}, Steps: []plan.Step{{Op: vpsapi.DeleteServer}}},
		"Undo?":               {Tool: "undo"},
	} {
		if got := p.Title(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestParts: what a plan says of records is before and after, and warnings stand
// apart.
func TestParts(t *testing.T) {
	p := &plan.Plan{Tool: "apply_zone", Words: plan.Words{
		Does:    []string{"Make the records so.", "\n  - www A 192.0.2.1", "\n  + www A 192.0.2.2", "\n  ~ a A 192.0.2.3  ->  a A 192.0.2.4", "\n  warning: no MX", "\n  … and 3 more"},
		Changes: []plan.Change{{Field: "ttl", Before: "60", After: "300"}},
	}}
	got := p.Parts()
	want := &state.Parts{
		Verb: "Apply zone", Worst: "read", Does: []string{"Make the records so.", "… and 3 more"}, Warnings: []string{"no MX"},
		Changes: []state.Change{{Field: "ttl", Before: "60", After: "300"}, {Before: "www A 192.0.2.1"}, {After: "www A 192.0.2.2"}, {Before: "a A 192.0.2.3", After: "a A 192.0.2.4"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
