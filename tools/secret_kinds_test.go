package tools

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// teach hands the staff a password that equals a text of the account.
func teach(f *fleet, text string) {
	f.Helper()
	raw, err := json.Marshal(map[string]string{"ticket_id": "979", "body": "Please look at this.", "root_password": text, "confirm": "yes"})
	if err != nil {
		f.Fatal(err)
	}
	if a := f.call("reply_to_ticket", string(raw)); a.IsError {
		f.Fatalf("%s: %s", text, a.Text)
	}
}

// rulesOfKinds protect a label and a domain, and deny what is called MySQL.
const rulesOfKinds = webProtected + "  - domain: demodomain.com\nrules:\n  - {action: deny, tools: [shutdown_cloud_server], labels: [\"MySQL*\"]}\n"

// TestNoTextBecomesASecret: whatever passwords a caller hands to the staff, names,
// rules and protections go by what the service says.
func TestNoTextBecomesASecret(t *testing.T) {
	rules, err := policy.Parse([]byte(rulesOfKinds), namesOfPolicy())
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ taught, tool, arguments, says string }{
		{"Web Server 01", "delete_cloud_server", `{"server_id":"1384","confirm":"yes"}`, "protect"},
		{"Web Se", "delete_cloud_server", `{"server_id":"Web Server 01","confirm":"yes"}`, "protect"},
		{"MySQL S", "shutdown_cloud_server", `{"server_id":"1385","confirm":"yes"}`, "policy"},
		{"demodomain.com", "delete_domain", `{"domain_id":"51","confirm":"yes"}`, "protect"},
		{"demodo", "delete_domain", `{"domain_id":"demodomain.com","confirm":"yes"}`, "protect"},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: rules}, nil)
		teach(f, c.taught)
		if a := f.call(c.tool, c.arguments); !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, c.says) || strings.Contains(a.Text, vpsapi.Redacted) || len(f.sb.Changes()) != 1 {
			t.Errorf("%q, then %s %s: %s", c.taught, c.tool, c.arguments, a.Text)
		}
	}
}

// TestUndoWritesWhatWasThere: an inverse has the old values as the service sent
// them, and plans and answers show them.
func TestUndoWritesWhatWasThere(t *testing.T) {
	for _, c := range []struct{ taught, tool, arguments, back string }{
		{"MySQL Server 01", "edit_cloud_server", `{"server_id":"1385","label":"Attic","confirm":"yes"}`, `"label":"MySQL Server 01"`},
		{"mysql01", "edit_cloud_server", `{"server_id":"1385","public_fqdn":"attic.example.com","confirm":"yes"}`, `mysql01`},
		{"v=spf1 mx", "edit_domain_record", `{"domain_id":"51","record_id":"2315961","data":"v=spf1 -all","confirm":"yes"}`, `"data":"v=spf1 mx -all"`},
		{"spare one", "edit_ip", `{"ip_id":"5011","notes":"another","confirm":"yes"}`, `"notes":"spare one"`},
	} {
		f := newFleet(t, Options{Consent: consent.Flag}, nil)
		if c.tool == "edit_ip" {
			f.call("edit_ip", `{"ip_id":"5011","notes":"spare one"}`)
			f.now = f.now.Add(20 * time.Minute)
		}
		teach(f, c.taught)
		for _, call := range []struct{ tool, arguments string }{{c.tool, c.arguments}, {"undo", `{"confirm":"yes"}`}} {
			if a := f.call(call.tool, call.arguments); a.IsError || strings.Contains(a.Text+string(a.Structured), vpsapi.Redacted) && call.tool == "edit_domain_record" {
				t.Fatalf("%s %s: %s", call.tool, call.arguments, a.Text)
			}
			f.now = f.now.Add(20 * time.Minute)
		}
		sent := f.sb.Changes()
		if last := string(sent[len(sent)-1].Body); !strings.Contains(last, c.back) || strings.Contains(last, vpsapi.Redacted) {
			t.Errorf("%s: undo wrote %s", c.tool, last)
		}
	}
}

// TestOwnKeyLeavesNowhere: the key by which an account is read may stand in any of
// its texts; it leaves by no answer, question, log, audit or journal.
func TestOwnKeyLeavesNowhere(t *testing.T) {
	const key = "OwnKey/7hq2x9+=="
	f := newFleet(t, Options{Consent: consent.Code}, nil)
	f.tap.edit = func(status int, body []byte) []byte {
		return []byte(strings.ReplaceAll(string(body), "Web Server 01", `OwnKey\/7hq2x9+\u003d= 01`))
	}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: "owner@example.com", APIKey: key, Transport: signedAsSandbox{f.tap}, PerSecond: -1, Attempts: 1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	f.server.options.Client = client
	var out strings.Builder
	for _, c := range []struct{ tool, arguments string }{
		{"list_cloud_servers", `{}`}, {"list_cloud_servers", `{"fields":["all"]}`}, {"get_cloud_server", `{"server_id":"1384","fields":["all"]}`},
		{"shutdown_cloud_server", `{"server_id":"1384"}`}, {"edit_cloud_server", `{"server_id":"1384","label":"Attic"}`}, {"fleet_report", `{}`},
	} {
		a := f.call(c.tool, c.arguments)
		out.WriteString(a.Text + string(a.Structured))
	}
	entries, err := f.store.Entries(t.Context(), "owner@example.com", time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range entries {
		entries[i].Outcome = nil // an inverse is as it was
	}
	kept, err := json.Marshal(entries)
	if err != nil {
		t.Fatal(err)
	}
	all := out.String() + f.log.String() + f.audited.String() + string(kept)
	if strings.Contains(all, "OwnKey") || !strings.Contains(all, vpsapi.Redacted+" 01") {
		t.Errorf("%s", all)
	}
}

// signedAsSandbox signs requests in to the sandbox, whatever they come with.
type signedAsSandbox struct{ to http.RoundTripper }

func (s signedAsSandbox) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.SetBasicAuth(sandbox.Email, sandbox.APIKey)
	return s.to.RoundTrip(r)
}
