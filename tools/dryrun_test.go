package tools

import (
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// TestDryRun: of every function the very request is printed that a call then sends, and nothing that changes anything is sent.
func TestDryRun(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous(), Pause: noPause}, nil)
	for _, c := range drive {
		arguments := f.fill(c.arguments)
		f.tap.take()
		dry := f.server.DryRun(t.Context(), c.tool, json.RawMessage(arguments))
		if sent := changing(f.tap.take()); len(sent) > 0 || dry.IsError {
			t.Errorf("%s: sent %v: %s", c.tool, sent, dry.Text)
		}
		op, _ := vpsapi.Find(c.tool)
		if op.Info().Safety > vpsapi.Changes {
			arguments = withConfirm(arguments, "yes")
		}
		if a := f.call(c.tool, arguments); a.IsError {
			t.Errorf("%s: %s", c.tool, a.Text)
		}
		if sent := changing(f.tap.take()); len(sent) == 1 {
			method, path, _ := strings.Cut(sent[0], " ")
			if !strings.HasPrefix(dry.Text, method+" https://api.vps.net"+path+"\n") {
				t.Errorf("%s: sent %s, and printed %s", c.tool, sent[0], dry.Text)
			}
			changes := f.sb.Changes()
			if body := string(vpsapi.HideSecrets([]byte(changes[len(changes)-1].Body))); !strings.Contains(dry.Text, body) {
				t.Errorf("%s: sent %s, and printed %s", c.tool, body, dry.Text)
			}
		}
		if c.tool != "create_instant_cloud_server" {
			f.now = f.now.Add(looksApart)
		}
	}
}

// TestDryRunHides: what is secret is not printed, and what has no request of its own says so.
func TestDryRunHides(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Code}, nil)
	for _, c := range []struct{ tool, arguments, want, never string }{
		{"open_ticket", `{"department":"5","subject":"reboot","vm_id":"1384","body":"It does not come up","root_password":"hunter22"}`, vpsapi.Redacted, "hunter22"},
		{"edit_cloud_server", `{"server_id":"1384","label":"Web Server 01"}`, "nothing to do", "PUT"},
		{"fleet_report", `{}`, "no request of its own", "GET"},
		{"delete_cloud_server", `{"server_id":"nobody"}`, "nobody", "DELETE /"},
		{"remove_dotdefender_license", `{"server_id":"web01"}`, "DELETE https://api.vps.net/dotdefender_licenses/1384.api10json\n(remove_dotdefender_license, route: inferred)", "confirm"},
	} {
		a := f.server.DryRun(t.Context(), c.tool, json.RawMessage(c.arguments))
		if text := a.Text + string(a.Structured); !strings.Contains(text, c.want) || strings.Contains(text, c.never) {
			t.Errorf("%s: %s", c.tool, text)
		}
	}
}
