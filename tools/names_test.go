package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/tools/answer"
)

func TestNames(t *testing.T) {
	s, _ := newSandboxServer(t, Options{Consent: "flag"})
	for _, c := range []struct {
		tool, arguments string
		want            string
		isError         bool
	}{
		{"get_cloud_server", `{"server_id":"web01"}`, `cloud server "Web Server 01" (id 1384)`, false},
		{"get_cloud_server", `{"server_id":"WEB01.demodomain.com"}`, "(id 1384)", false},
		{"get_cloud_server", `{"server_id":"Web Server 01"}`, "(id 1384)", false},
		{"get_cloud_server", `{"server_id":"68.169.23.153"}`, "(id 1384)", false},
		{"get_cloud_server", `{"server_id":"web server 01"}`, `cloud server "Web Server 01" (id 1384)`, false},
		{"get_cloud_server", `{"server_id":"webb1"}`, `similar: cloud server "Web Server 01" (id 1384)`, true},
		{"get_cloud_server", `{"server_id":"Web Sever 01"}`, `similar: cloud server "Web Server 01" (id 1384)`, true},
		{"list_domain_records", `{"domain_id":"demodomian.com"}`, `similar: domain "demodomain.com" (id 51)`, true},
		{"list_domain_records", `{"domain_id":"demodomain"}`, `similar: domain "demodomain.com" (id 51), domain "demodomain2.com"`, true},
		{"get_domain", `{"domain_id":"exmaple.net"}`, "list_domains", true},
		{"get_ssd_server", `{"ssd_server_id":"fast"}`, "list_ssd_servers lists them", true},
		{"edit_ip", `{"ip_id":"192.0.2.250","notes":"x"}`, "list_ips lists them", true},
		{"get_ticket", `{"ticket_id":"api test subject"}`, "API test subject", false},
		{"get_ticket", `{"ticket_id":"no such"}`, "list_tickets lists them", true},
		{"delete_node", `{"node_id":"web01"}`, "list_nodes lists them", true},
		{"get_invoice", `{"invoice_no":"last"}`, "list_invoices lists them", true},
		{"delete_scheduled_upgrade", `{"server_id":"1384","schedule_id":"tonight"}`, `no scheduled upgrade is called "tonight"; list_scheduled_upgrades lists them`, true},
		{"edit_cloud_server", `{"server_id":"1384","licenses":[{"license_id":"cPanel","action":"buy"}],"confirm":"yes"}`, `"license_id":"1"`, false},
		{"edit_cloud_server", `{"server_id":"1384","licenses":[{"license_id":"Plusk","action":"buy"}]}`, `no license is called "Plusk"`, true},
		{"delete_cloud_server", `{"server_id":"999999"}`, "delete_cloud_server: get_cloud_server: not found", true},
		{"delete_cloud_server", `{"server_id":"999999"}`, "list_cloud_servers shows which there are", true},
		{"create_backup", `{"server_id":"99999"}`, "list_cloud_servers shows which there are", true},
		{"get_cloud_server", `{"server_id":"server"}`, `similar: cloud server "Web Server 01" (id 1384), cloud server "MySQL Server 01" (id 1385). Nothing was sent`, true},
		{"get_cloud_server", `{"server_id":"web"}`, "no cloud server is called", true},
		{"get_cloud_server", `{"server_id":"shop"}`, `called "shop"; list_cloud_servers lists them. Nothing was sent`, true},
		{"get_cloud_server", `{"server_id":"../1384"}`, "no cloud server is called", true},
		{"list_backups", `{"server_id":"mysql01"}`, "(id 1385)", false},
		{"list_domain_records", `{"domain_id":"demodomain.com"}`, `domain "demodomain.com" (id 51)`, false},
		{"list_domain_records", `{"domain_id":"DemoDomain.com."}`, "(id 51)", false},
		{"list_domain_records", `{"domain_id":"nowhere.example"}`, "no domain is called", true},
		{"get_cloud", `{"cloud_id":"Test Cloud"}`, "(id 3)", false},
		{"get_system_template", `{"cloud_id":"Test Cloud","system_template_id":"Ubuntu 8.04 x64"}`, "(id 78)", false},
		{"add_windows_template", `{"system_template_id":"Windows Server 2008 x64 - Standard"}`, "(id 12)", true},
		{"edit_ip", `{"ip_id":"68.169.23.153","notes":"web","confirm":"yes"}`, "IP address", false},
		{"edit_cloud_server", `{"server_id":"mysql server 01","label":"DB"}`, "label: DB", false},
	} {
		a := s.Call(context.Background(), c.tool, json.RawMessage(c.arguments))
		if a.IsError != c.isError || !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: error %v, want %q in %.300s", c.tool, c.arguments, a.IsError, c.want, a.Text)
		}
	}
}

// TestNamesOfDeletedServers: who brings a server back names it as it was called.
func TestNamesOfDeletedServers(t *testing.T) {
	s, sb := newSandboxServer(t, Options{Consent: "flag"})
	for _, c := range []struct{ tool, arguments string }{
		{"delete_cloud_server", `{"server_id":"web01","confirm":"yes"}`},
		{"recover_cloud_server", `{"server_id":"Web Server 01"}`},
	} {
		if a := s.Call(context.Background(), c.tool, json.RawMessage(c.arguments)); a.IsError {
			t.Fatalf("%s: %s", c.tool, a.Text)
		}
	}
	if n := len(sb.Changes()); n != 2 {
		t.Errorf("%d changes were sent", n)
	}
}

// Two things of one name, and digits that are an id and a name: the candidates
// are listed, nothing is sent.
func TestNamesAreNeverAGuess(t *testing.T) {
	s, sb := newSandboxServer(t, Options{Consent: "flag"})
	call := func(tool, arguments string) answer.Answer {
		t.Helper()
		return s.Call(context.Background(), tool, json.RawMessage(arguments))
	}
	create := func(label, fqdn string) {
		t.Helper()
		a := call("create_cloud_server", `{"label":"`+label+`","fqdn":"`+fqdn+`","system_template_id":"9","cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1,"confirm":"yes"}`)
		if a.IsError {
			t.Fatal(a.Text)
		}
	}
	create("Twin", "a.example.com")
	create("Twin", "b.example.com")
	create("1385", "c.example.com")
	before := len(sb.Changes())
	for arguments, want := range map[string]string{
		`{"server_id":"Twin","confirm":"yes"}`: `"Twin" can mean cloud server "Twin" (id `,
		`{"server_id":"1385","confirm":"yes"}`: `"1385" can mean cloud server "MySQL Server 01" (id 1385) or cloud server "1385" (id `,
	} {
		a := call("delete_cloud_server", arguments)
		if !a.IsError || !strings.Contains(a.Text, want) || !strings.Contains(a.Text, "Nothing was sent") {
			t.Errorf("%s: %s", arguments, a.Text)
		}
	}
	if n := len(sb.Changes()); n != before {
		t.Errorf("%d changes were sent", n-before)
	}
}
