package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// writtenOut are, for each documented default of a function that changes something,
// a call, what writes the default out, and what says something else.
var writtenOut = map[string]struct{ arguments, same, other string }{
	"clone_cloud_server cloud_id":             {`{"server_id":"1384","confirm":"yes"}`, `{"cloud_id":"3",`, `{"cloud_id":"1",`},
	"rebuild_cloud_server system_template_id": {`{"server_id":"1384","confirm":"yes"}`, `{"system_template_id":"41",`, `{"system_template_id":"9",`},
	"edit_node type":                          {`{"node_id":"5005","consumer_id":"58","confirm":"yes"}`, `{"type":"vps",`, ""},
	"delete_node type":                        {`{"node_id":"5005","confirm":"yes"}`, `{"type":"vps",`, ""},
	"create_nodes upgrade_option":             {}, // the schema has no word for its default, which is none of its choices
}

// TestDefaultWrittenOut: a call whose answer was lost is the same call when it
// says what it had left to a default, and the other way round. Each default that
// a schema's description names is tried.
func TestDefaultWrittenOut(t *testing.T) {
	tried := 0
	for _, op := range vpsapi.Operations() {
		info := op.Info()
		for i := range info.In.NumField() {
			field := info.In.Field(i)
			if info.Safety == vpsapi.Reads || !strings.Contains(strings.ToLower(field.Tag.Get("jsonschema_description")), "default") {
				continue
			}
			argument, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			c, ok := writtenOut[info.Name+" "+argument]
			if !ok {
				t.Errorf("%s: the default of %s is not tried", info.Name, argument)
			}
			tried++
			if c.arguments == "" {
				continue
			}
			said := func(argument string) string { return strings.Replace(c.arguments, "{", argument, 1) }
			checkRepeated(t, info.Name, c.arguments, said(c.same), true)
			checkRepeated(t, info.Name, said(c.same), c.arguments, true)
			if c.other != "" {
				checkRepeated(t, info.Name, c.arguments, said(c.other), false)
			}
		}
	}
	if tried != len(writtenOut) {
		t.Errorf("%d of %d are defaults", tried, len(writtenOut))
	}
}

// checkRepeated loses a call, and holds whether another is taken for the same.
func checkRepeated(t *testing.T, tool, lost, then string, same bool) {
	t.Helper()
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.sb.Break(sandbox.Fault{Kind: sandbox.FaultReset, Ops: []string{tool}})
	if a := f.call(tool, lost); !strings.Contains(a.Text, "unknown") {
		t.Errorf("%s %s: the lost answer: %s", tool, lost, a.Text)
	}
	f.sb.Break()
	a := f.call(tool, then)
	if told, sent := strings.Contains(a.Text, "second time"), len(f.sb.Changes()); told != same || (sent == 0) != same {
		t.Errorf("%s %s after %s: %d changes: %s", tool, then, lost, sent, a.Text)
	}
}

// TestDefaultThatTheLostChangeMoved: a lost rebuild may have made its template the
// server's present one. It is the same change all the more.
func TestDefaultThatTheLostChangeMoved(t *testing.T) {
	const arguments = `{"server_id":"1384","system_template_id":"9","confirm":"yes"}`
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.sb.Break(sandbox.Fault{Kind: sandbox.FaultResetAfter, Ops: []string{"rebuild_cloud_server"}})
	f.call("rebuild_cloud_server", arguments)
	f.sb.Break()
	if a := f.call("get_cloud_server", `{"server_id":"1384"}`); !strings.Contains(a.Text, "system_template_id: 9") {
		t.Fatalf("the rebuild did not happen: %s", a.Text)
	}
	for _, again := range []string{arguments, strings.Replace(arguments, `"system_template_id":"9",`, "", 1)} {
		if a := f.call("rebuild_cloud_server", again); !strings.Contains(a.Text, "second time") || len(f.sb.Changes()) != 1 {
			t.Errorf("%s: %s", again, a.Text)
		}
	}
}
