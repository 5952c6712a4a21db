package tools

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/journal"
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
			f.now = f.now.Add(journal.DoubtTTL + time.Minute)
		}
		said, happened := lose(sandbox.FaultResetAfter, c.tool, arguments)
		if unseen := strings.Contains(said, "did not happen"); !happened || (unseen && c.tool != "rebuild_cloud_server") { // a server that was being built goes on being built
			t.Errorf("%s: it happened (%v), and it says: %s", c.tool, happened, said)
		}
		t.Logf("%s: %s", c.tool, said)
		if c.tool != "create_instant_cloud_server" {
			f.now = f.now.Add(journal.DoubtTTL + time.Minute)
		}
	}
}

// TestNotTheOneThatWasMadeBefore: what an earlier call has made is not told as what
// the lost one probably made, however the two clocks differ.
func TestNotTheOneThatWasMadeBefore(t *testing.T) {
	for name, c := range map[string]struct {
		between   time.Duration
		skew      time.Duration // by which the service's clock is ahead
		elsewhere bool          // the earlier one is in another's journal
	}{
		"3 minutes before":             {between: 3 * time.Minute},
		"by somebody else":             {between: 3 * time.Minute, elsewhere: true},
		"the service's clock is ahead": {between: time.Minute, skew: 3 * time.Minute},
		"behind":                       {between: time.Minute, skew: -2 * time.Minute},
	} {
		f := newFleet(t, Options{}, nil)
		f.sb = sandbox.New(sandbox.Options{Now: func() time.Time { return f.now.Add(c.skew) }})
		f.tap.up = f.sb
		maker := f.server
		if c.elsewhere {
			var err error
			if maker, err = New(Options{Client: f.server.options.Client, Now: f.server.now, Store: state.NewMemory(f.server.now)}); err != nil {
				t.Fatal(err)
			}
		}
		const backup = `{"server_id":"1384","label":"weekly"}`
		if a := maker.Call(t.Context(), "create_backup", json.RawMessage(backup)); a.IsError {
			t.Fatal(a.Text)
		}
		f.now = f.now.Add(c.between)
		f.sb.Break(sandbox.Fault{Kind: sandbox.FaultReset, Ops: []string{"create_backup"}})
		_, said, _ := strings.Cut(f.call("create_backup", backup).Text, "Looked at it: ")
		if strings.Contains(said, "happened") || !strings.Contains(said, "has one that matches (id ") || !strings.Contains(said, "it may be from an earlier call") {
			t.Errorf("%s: %s", name, said)
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
