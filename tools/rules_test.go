package tools

import (
	"bytes"
	"strings"
	"testing"
)

// TestRulesOfTheDocument: what the account's reads can tell is refused before anybody
// is asked, or said in the plan.
func TestRulesOfTheDocument(t *testing.T) {
	replace := func(from, to string) func(int, []byte) []byte {
		return func(_ int, body []byte) []byte { return bytes.ReplaceAll(body, []byte(from), []byte(to)) }
	}
	licenses := func(list string) string { return `{"server_id":"1384","licenses":` + list + `}` }
	for _, c := range []struct {
		name, tool, arguments string
		edit                  func(int, []byte) []byte
		before                []string
		want                  string
		asks                  bool
	}{
		{name: "panel", tool: "edit_cloud_server", arguments: licenses(`[{"license_id":"2","action":"buy"}]`), want: `license 2 "DirectAdmin"`, asks: true},
		{name: "the document's form", tool: "edit_cloud_server", arguments: licenses(`{"2":1}`), want: `license 2 "DirectAdmin"`, asks: true},
		{name: "a second panel", tool: "edit_cloud_server", arguments: licenses(`{"2":1}`), before: []string{licenses(`{"1":1}`)}, want: "one control panel at most"},
		{name: "another panel", tool: "edit_cloud_server", arguments: licenses(`{"2":1,"1":0}`), before: []string{licenses(`{"1":1}`)}, want: "bought", asks: true},
		{name: "an add-on alone", tool: "edit_cloud_server", arguments: licenses(`{"4":1}`), want: "add-ons need a control panel"},
		{name: "an add-on with its panel", tool: "edit_cloud_server", arguments: licenses(`{"1":1,"4":1}`), want: "Warning: the document asks for the control panel before", asks: true},
		{name: "a panel that leaves add-ons", tool: "edit_cloud_server", arguments: licenses(`{"1":0}`), before: []string{licenses(`{"1":1}`), licenses(`{"4":1}`)}, want: "add-ons need a control panel"},
		{name: "unknown", tool: "edit_cloud_server", arguments: licenses(`{"77":1}`), want: "whether license 77 is a control panel", asks: true},
		{name: "a new server", tool: "create_cloud_server", arguments: `{"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1,"licenses":{"4":1}}`, want: "add-ons need a control panel"},
		{name: "PayPal", tool: "create_nodes", arguments: `{"quantity":1}`, edit: replace(`"paypal_address":null`, `"paypal_address":"a@example.com"`), want: "Warning: the profile has a PayPal address", asks: true},
		{name: "a backup that is not whole", tool: "restore_cloud_server", arguments: `{"server_id":"1384","backup_id":"3774"}`, edit: replace(`"built":true`, `"built":false`), want: "still being made"},
		{name: "a locked backup", tool: "convert_backup_to_template", arguments: `{"server_id":"1384","backup_id":"3774"}`, edit: replace(`"locked":false`, `"locked":true`), want: "Warning: the backup is locked", asks: true},
		{name: "no bandwidth nodes", tool: "edit_cloud_server", arguments: `{"server_id":"1384","bandwidth_nodes_required":1}`, edit: replace(`"system_templates":`, `"bandwidth_nodes_enabled":false,"system_templates":`), want: "has no bandwidth nodes"},
		{name: "a fraction", tool: "edit_autoscaling", arguments: `{"server_id":"1384","load_average":{"enabled":true,"average":2.5,"period":10,"nodes":1,"node_type":1}}`, want: "2.5", asks: true},
		{name: "the ticket's address", tool: "open_ticket", arguments: `{"department":"5","subject":"assisted","vm_id":"1384","body":"Hello","ip_address":"68.169.23.153"}`, want: `"ip_address":"68.169.23.153"`, asks: true},
	} {
		f := newFleet(t, Options{Consent: "flag", Policy: generous()}, c.edit)
		for _, before := range c.before {
			if a := f.call("edit_cloud_server", withConfirm(before, "yes")); a.IsError {
				t.Fatalf("%s: %s", c.name, a.Text)
			}
		}
		changes := len(f.sb.Changes())
		if a := f.call(c.tool, c.arguments); !strings.Contains(a.Text, c.want) || a.NeedsConsent != c.asks || len(f.sb.Changes()) != changes {
			t.Errorf("%s: %s", c.name, a.Text)
		}
	}
}
