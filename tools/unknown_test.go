package tools

import (
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestWhatIsSaidOfALostAnswer loses the answer of every change, once after it was
// made and once before: what is said of it is never the contrary of what happened.
func TestWhatIsSaidOfALostAnswer(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	lose := func(kind sandbox.FaultKind, tool, arguments string) (said string, happened bool) {
		t.Helper()
		f.sb.Break(sandbox.Fault{Kind: kind, Ops: []string{tool}})
		defer f.sb.Break()
		before := len(f.sb.Changes())
		a := f.call(tool, arguments)
		_, said, looked := strings.Cut(a.Text, "Looked at it: ")
		if !a.IsError || !looked {
			t.Errorf("%s: nobody looked: %.300s", tool, a.Text)
		}
		return said, len(f.sb.Changes()) > before
	}
	for _, c := range drive {
		op, _ := vpsapi.Find(c.tool)
		arguments := fill(t, f.call, c.arguments)
		if op.Info().Safety > vpsapi.Changes {
			arguments = strings.Replace(strings.Replace(arguments, "{", `{"confirm":"yes",`, 1), ",}", "}", 1)
		}
		if op.Info().Safety == vpsapi.Reads {
			continue
		}
		if c.tool != "rebuild_cloud_server" { // the server is built by the second time
			if said, happened := lose(sandbox.FaultReset, c.tool, arguments); happened || strings.Contains(said, "so it") {
				t.Errorf("%s: nothing happened, and it says: %s", c.tool, said)
			}
			f.now = f.now.Add(doubtLasts + time.Minute)
		}
		said, happened := lose(sandbox.FaultResetAfter, c.tool, arguments)
		if unseen := strings.Contains(said, "did not happen"); !happened || (unseen && c.tool != "rebuild_cloud_server") { // a server that was being built goes on being built
			t.Errorf("%s: it happened (%v), and it says: %s", c.tool, happened, said)
		}
		t.Logf("%s: %s", c.tool, said)
		if c.tool != "create_instant_cloud_server" {
			f.now = f.now.Add(doubtLasts + time.Minute)
		}
	}
}

// TestLostAnswerInAPlanOfMany: what was done before the step whose answer is lost
// does not pass for it.
func TestLostAnswerInAPlanOfMany(t *testing.T) {
	for kind, want := range map[sandbox.FaultKind]string{
		sandbox.FaultReset:      "it is still to do",
		sandbox.FaultResetAfter: "no longer among what is left to do, so it happened",
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		f.sb.Break(sandbox.Fault{Kind: kind, Ops: []string{"create_domain_record"}, After: 1})
		a := f.call("apply_zone", `{"domain_id":"51","confirm":"yes","zone":"$TTL 3600\none IN A 192.0.2.1\ntwo IN A 192.0.2.2\nthree IN A 192.0.2.3\n"}`)
		if !a.IsError || !strings.Contains(a.Text, want) {
			t.Errorf("%s: no %q in %s", kind, want, a.Text)
		}
	}
}
