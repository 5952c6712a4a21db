package tools

import (
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi/sandbox"
)

// The requests by which a plan knows its server.
const (
	allServers = "GET /virtual_machines.api10json"
	oneServer  = "GET /virtual_machines/1384.api10json"
)

// TestPlansServerIsOfTheList: a plan whose id may be a label, or that is given a name, lists the servers for that, and takes its own
// from there. Where the list shows less than a server is, the server is read too, and the plan is the same. Who gives the id as one, or
// the code of a plan, has the server read alone.
func TestPlansServerIsOfTheList(t *testing.T) {
	reboot := func(server string, lacking ...string) (plan string, sent []string) {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
		for _, key := range lacking {
			f.sb.Break(sandbox.Fault{Kind: sandbox.FaultMissing, Text: key, Ops: []string{"list_cloud_servers"}})
		}
		a := f.call("reboot_cloud_server", `{"server_id":"`+server+`"}`)
		if !a.NeedsConsent {
			t.Fatalf("%s: %s", server, a.Text)
		}
		sent = f.tap.take()
		code := codeIn.FindStringSubmatch(a.Text)[1]
		if a := f.call("reboot_cloud_server", withConfirm(`{"server_id":"`+server+`"}`, code)); a.IsError {
			t.Errorf("%s with the code: %s", server, a.Text)
		}
		_, text, _ := strings.Cut(a.Text, "Account:")
		text, _, _ = strings.Cut(text, "\n</")
		text, _, _ = strings.Cut(text, code)
		return text, sent
	}
	byList, sent := reboot("1384")
	if !slices.Equal(sent, []string{allServers}) || !strings.Contains(byList, "Request: POST /virtual_machines/1384/reboot") {
		t.Errorf("by digits: %q: %s", sent, byList)
	}
	if text, sent := reboot("Web Server 01"); !slices.Equal(sent, []string{allServers}) || text != byList {
		t.Errorf("by name: %q\n%s\nnot\n%s", sent, text, byList)
	}
	if text, sent := reboot("id:1384"); !slices.Equal(sent, []string{oneServer}) || text != byList {
		t.Errorf("by id: %q\n%s\nnot\n%s", sent, text, byList)
	}
	for _, key := range []string{"running", "built", "power_action_pending", "primary_ip_address", "regular_nodes_count"} {
		if text, sent := reboot("1384", key); !slices.Equal(sent, []string{allServers, oneServer}) || text != byList {
			t.Errorf("a list without %s: %q\n%s\nnot\n%s", key, sent, text, byList)
		}
	}
}

// TestFusionNodesWhereThereMayBe: the report asks for nodes of type fusion unless servers and clouds say that there are none.
func TestFusionNodesWhereThereMayBe(t *testing.T) {
	for edit, want := range map[string]bool{
		"": false,
		`"fusion_nodes_count":0|"fusion_nodes_count":1`: true,
		`"fusion_nodes_count":0|"fusion":0`:             true,
		`"fusion_io":false|"fusion_io":true`:            true,
		`"fusion_io":false,|`:                           true,
	} {
		before, after, _ := strings.Cut(edit, "|")
		f := newFleet(t, Options{}, func(_ int, body []byte) []byte {
			if edit == "" {
				return body
			}
			return []byte(strings.ReplaceAll(string(body), before, after))
		})
		a := f.call("fleet_report", `{}`)
		if n := len(f.tap.take()); a.IsError || (n == 11) != want || n < 10 {
			t.Errorf("%q: %d requests: %s", edit, n, a.Text)
		}
	}
}
