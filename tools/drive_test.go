package tools

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// driven is a call, and part of the text that comes back.
type driven struct{ tool, arguments, answer string }

// drive is one call of each function, in an order that a real account allows:
// the sandbox holds the document's examples, and time passes between calls.
var drive = []driven{
	{"list_cloud_servers", `{}`, "web01"},
	{"get_cloud_server", `{"server_id":1384}`, "Web Server 01"},
	{"search_cloud_servers", `{"search":"mysql"}`, "mysql01"},
	{"create_cloud_server", `{"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"1","backups_enabled":false,"rsync_backups_enabled":"false","slices_required":"2"}`, "New 1"},
	{"create_instant_cloud_server", `{"country":2}`, "Instant Server"},
	{"rebuild_cloud_server", `{"server_id":"$building"}`, ""},
	{"shutdown_cloud_server", `{"server_id":"1384"}`, "1384"},
	{"start_cloud_server", `{"server_id":"1384"}`, "1384"},
	{"reboot_cloud_server", `{"server_id":"1384"}`, "1384"},
	{"power_off_cloud_server", `{"server_id":"1384"}`, "1384"},
	{"restore_cloud_server", `{"server_id":"1384","backup_id":"3774"}`, ""},
	{"start_cloud_server", `{"server_id":"1384"}`, "1384"},
	{"rebuild_cloud_server_network", `{"server_id":"1384"}`, ""},
	{"edit_cloud_server", `{"server_id":"1384","label":"Web Server 1"}`, "Web Server 1"},
	{"get_rsync_backup_info", `{"server_id":"1384"}`, "1000"},
	{"create_template_from_server", `{"server_id":"1384"}`, ""},
	{"create_backup", `{"server_id":"1384","label":"before"}`, ""},
	{"list_backups", `{"server_id":"1384"}`, "before"},
	{"convert_backup_to_template", `{"server_id":"1384","backup_id":"3774"}`, ""},
	{"list_scheduled_upgrades", `{"server_id":"1384"}`, ""},
	{"create_scheduled_upgrade", `{"server_id":"1384","label":"burst","extra_slices":1,"temporary":true,"days":2,"run_at":"2027-05-08 12:00"}`, ""},
	{"delete_scheduled_upgrade", `{"server_id":"1384","schedule_id":"$schedule"}`, ""},
	{"get_bandwidth_utilisation", `{"server_id":"1384"}`, "GB in all, mean"},
	{"get_cpu_utilisation", `{"server_id":"1384"}`, "CPU: mean"},
	{"add_dotdefender_license", `{"virtual_machine_id":"1384"}`, ""},
	{"remove_dotdefender_license", `{"server_id":"1384"}`, ""},
	{"list_available_licenses", `{}`, "cPanel"},
	{"get_cloud_server_licenses", `{"server_id":"1384"}`, ""},
	{"get_autoscaling", `{"server_id":"1384"}`, "permanent"},
	{"edit_autoscaling", `{"server_id":"1384","max_nodes":{"enabled":1,"nodes":1}}`, ""},
	{"get_activity_log", `{"server_id":"1384"}`, "reboot"},
	{"deploy_all_storage", `{"server_id":"1384"}`, ""},
	{"reset_root_password", `{"server_id":"1385"}`, "[redacted]"},
	{"reinstall_cloud_server", `{"server_id":"1385","system_template_id":"92"}`, "1385"},
	{"clone_cloud_server", `{"server_id":"1384"}`, ""},
	{"list_clones", `{"server_id":"1384"}`, "test_clone_machine"},
	{"delete_clone", `{"server_id":"1384","clone_id":"86"}`, ""},
	{"delete_cloud_server", `{"server_id":"1385"}`, ""},
	{"list_recoverable_cloud_servers", `{}`, "mysql01"},
	{"recover_cloud_server", `{"server_id":"1385"}`, "1385"},
	{"list_nodes", `{"type":"vps"}`, "vps"},
	{"create_nodes", `{"quantity":1,"upgrade_option":"ram"}`, ""},
	{"edit_node", `{"node_id":"$node","consumer_id":"58"}`, ""},
	{"delete_node", `{"node_id":"$node"}`, ""},
	{"list_ips", `{}`, "68.169.23.153"},
	{"add_ips", `{"quantity":1,"type":"external","virtual_machine_id":"1384"}`, "192.0.2."},
	{"edit_ip", `{"ip_id":"$ip","notes":"spare one"}`, ""},
	{"reassign_ip", `{"ip_id":"$ip","virtual_machine_id":"1384"}`, ""},
	{"delete_ip", `{"ip_id":"$ip"}`, ""},
	{"request_justified_ips", `{"virtual_machine_id":"1384","ip_justification":[{"justification_type":"3","justification_reason":"shop"}]}`, ""},
	{"list_justified_ips", `{}`, "shop"},
	{"check_ip_exists", `{"ip_address":"68.169.23.153"}`, "true"},
	{"delete_backup", `{"server_id":"1384","backup_id":"$backup"}`, ""},
	{"create_ssd_server", `{"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`, "Fast 1"},
	{"list_ssd_servers", `{}`, "Fast 1"},
	{"get_ssd_server", `{"ssd_server_id":"Fast 1"}`, "Fast 1"},
	{"shutdown_ssd_server", `{"ssd_server_id":"Fast 1"}`, ""},
	{"start_ssd_server", `{"ssd_server_id":"fast1.example.com"}`, ""},
	{"reboot_ssd_server", `{"ssd_server_id":"Fast 1"}`, ""},
	{"power_off_ssd_server", `{"ssd_server_id":"Fast 1"}`, ""},
	{"delete_ssd_server", `{"ssd_server_id":"Fast 1"}`, ""},
	{"list_clouds", `{}`, "test cloud"},
	{"list_ssd_clouds", `{}`, "test SSD cloud"},
	{"get_cloud", `{"cloud_id":"3"}`, "Test Cloud"},
	{"list_cloud_groups", `{}`, "SSD"},
	{"list_domains", `{}`, "demodomain.com"},
	{"create_domain", `{"name":"sub.demodomain.com","ip_address":"192.0.2.7"}`, "sub.demodomain.com"},
	{"get_domain", `{"domain_id":"demodomain.com"}`, "51"},
	{"list_domain_records", `{"domain_id":"51"}`, "127.0.0.1"},
	{"create_domain_record", `{"domain_id":"51","type":"a","host":"www","data":"192.0.2.9","ttl":86400}`, ""},
	{"edit_domain_record", `{"domain_id":"51","record_id":"2315958","data":"192.0.2.10"}`, ""},
	{"get_domain_record", `{"domain_id":"51","record_id":"2315958"}`, "192.0.2.10"},
	{"delete_domain_record", `{"domain_id":"51","record_id":"2315958"}`, ""},
	{"update_domain_records", `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"ns","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"a","host":"@","data":"127.0.0.1"}]}`, ""},
	{"delete_domain", `{"domain_id":"52"}`, ""},
	{"list_service_types", `{}`, "icmp.ping"},
	{"list_dns_hosts", `{}`, "dns1.vps.net"},
	{"list_dns_templates", `{}`, "demotemplate1"},
	{"create_dns_template", `{"template_name":"mine"}`, ""},
	{"list_dns_template_records", `{"dns_template_id":"55"}`, ""},
	{"create_dns_template_record", `{"dns_template_id":"51","type":"ns","host":"@","data":"dns1.vps.net.","ttl":86400}`, ""},
	{"edit_dns_template_record", `{"dns_template_id":"55","record_id":"$template_record","target":"192.0.2.5","ttl":900}`, ""},
	{"delete_dns_template_record", `{"dns_template_id":"55","record_id":"$template_record"}`, ""},
	{"delete_dns_template", `{"dns_template_id":"52"}`, ""},
	{"list_tickets", `{"status":"open"}`, "API test subject"},
	{"open_ticket", `{"department":1,"body":"A question about an invoice"}`, ""},
	{"get_ticket", `{"ticket_id":979}`, "API test subject"},
	{"reply_to_ticket", `{"ticket_id":"979","body":"Thank you"}`, ""},
	{"close_ticket", `{"ticket_id":"979"}`, ""},
	{"list_managed_services", `{}`, "520"},
	{"list_custom_templates", `{}`, "test_cus_temp"},
	{"edit_custom_template", `{"system_template_id":"115","description":"Base image"}`, ""},
	{"delete_custom_template", `{"system_template_id":"115"}`, ""},
	{"list_templates", `{}`, "CentOS 5.5 x64 LAMP"},
	{"get_system_template", `{"cloud_id":"3","system_template_id":"1899"}`, "Windows"},
	{"list_cloudlinux_templates", `{}`, "106"},
	{"add_cloudlinux_template", `{"system_template_id":"106"}`, ""},
	{"edit_cloudlinux_template", `{"commercial_template_id":"25","system_template_id":"107"}`, ""},
	{"delete_cloudlinux_template", `{"commercial_template_id":"25"}`, ""},
	{"list_windows_templates", `{}`, "10"},
	{"add_windows_template", `{"system_template_id":"11"}`, ""},
	{"edit_windows_template", `{"windows_template_id":"15","system_template_id":"12"}`, ""},
	{"delete_windows_template", `{"windows_template_id":"15"}`, ""},
	{"list_invoices", `{}`, "9130"},
	{"get_billing_info", `{}`, "USD"},
	{"get_invoice", `{"invoice_no":"9130"}`, "PDF"},
	{"get_profile", `{}`, "Sandbox"},
}

// drivePlatform is the same for the newer API.
var drivePlatform = []driven{
	{"list_platform_servers", `{}`, "117-4107"},
	{"get_platform_server", `{"platform_server_id":"117-4107"}`, "203.0.113.10"},
	{"get_platform_server_status", `{"platform_server_id":"shop.example.com"}`, "status: 1"},
	{"list_platform_plans", `{}`, "V3"},
	{"list_platform_locations", `{}`, "London - M"},
	{"list_platform_systems", `{"location_id":"London - M"}`, "SSDVPSDEBIAN9"},
	{"list_platform_templates", `{"location_id":117}`, "8817"},
	{"list_platform_status_updates", `{}`, ""},
	{"list_platform_ssh_keys", `{}`, "laptop"},
	{"create_platform_ssh_key", `{"public_key":"ssh-ed25519 AAAA","label":"desk"}`, "desk"},
	{"get_platform_ssh_key", `{"ssh_key_id":"desk"}`, "ssh-ed25519 AAAA"},
	{"rename_platform_ssh_key", `{"ssh_key_id":"desk","label":"old desk"}`, "desk"},
	{"delete_platform_ssh_key", `{"ssh_key_id":"old desk"}`, ""},
	{"create_platform_server", `{"location_id":"117","label":"new","hostname":"new.example.com","product_name":"V4","custom_template_id":"base"}`, "new.example.com"},
	{"power_off_platform_server", `{"platform_server_id":"new"}`, ""},
	{"start_platform_server", `{"platform_server_id":"new.example.com"}`, ""},
	{"reboot_platform_server", `{"platform_server_id":"new"}`, ""},
	{"recovery_reboot_platform_server", `{"platform_server_id":"new"}`, ""},
	{"reset_platform_password", `{"platform_server_id":"new","new_password":"correct horse"}`, ""},
	{"delete_platform_server", `{"platform_server_id":"new"}`, ""},
}

// TestEveryTool drives each function of both APIs through tool, client, wire and
// sandbox, and sees by the sandbox's own list that each change arrived once.
func TestEveryTool(t *testing.T) {
	now := testStart
	sb := sandbox.New(sandbox.Options{Now: func() time.Time { return now }})
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Token: sandbox.Token, Transport: sb, PerSecond: -1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	free := noneReached()
	s, err := New(Options{Client: client, Consent: consent.Flag, Policy: free, Store: state.NewMemory(func() time.Time { return now }), Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	proveRoutes(t, s)
	call := func(tool string, arguments string) answer.Answer {
		t.Helper()
		if op, _ := vpsapi.Find(tool); op.Info().Safety > vpsapi.Changes {
			arguments = strings.Replace(arguments, "{", `{"confirm":"yes",`, 1)
		}
		return s.Call(context.Background(), tool, json.RawMessage(strings.Replace(arguments, ",}", "}", 1)))
	}
	called := map[string]bool{}
	calls := slices.Concat(drive, drivePlatform)
	for _, c := range append(undriven(t, everyOperation(), calls), calls...) {
		called[c.tool] = true
		before := len(sb.Changes())
		answer := call(c.tool, fill(t, call, c.arguments))
		if answer.IsError || !strings.Contains(answer.Text, c.answer) {
			t.Errorf("%s %s: error %v, want %q in: %.400s", c.tool, c.arguments, answer.IsError, c.answer, answer.Text)
		}
		op, _ := vpsapi.Find(c.tool)
		changed := sb.Changes()[before:]
		if wants := op.Info().Safety != vpsapi.Reads; wants != (len(changed) == 1) || (wants && changed[0].Op != c.tool) {
			t.Errorf("%s: the sandbox changed by %+v", c.tool, changed)
		}
		if c.tool != "create_instant_cloud_server" {
			now = now.Add(10 * time.Minute) // what was begun is done
		}
	}
	for _, op := range everyOperation() {
		if !called[op.Info().Name] {
			t.Errorf("%s is not driven", op.Info().Name)
		}
	}
}

// fill puts ids that only the account knows into arguments.
func fill(t *testing.T, call func(tool, arguments string) answer.Answer, arguments string) string {
	t.Helper()
	for _, w := range []struct {
		name, tool, arguments string
		fits                  func(item map[string]any) bool
	}{
		{"$schedule", "list_scheduled_upgrades", `{"server_id":"1384"}`, func(map[string]any) bool { return true }},
		{"$building", "list_cloud_servers", `{}`, func(i map[string]any) bool { return i["built"] == false }},
		{"$node", "list_nodes", `{"type":"vps"}`, func(i map[string]any) bool { return i["virtual_machine_id"] == nil }},
		{"$ip", "list_ips", `{}`, func(i map[string]any) bool { return i["virtual_machine_id"] == nil || i["description"] == "spare one" }},
		{"$backup", "list_backups", `{"server_id":"1384"}`, func(i map[string]any) bool { return i["label"] == "before" }},
		{"$template_record", "list_dns_template_records", `{"dns_template_id":"55"}`, func(i map[string]any) bool { return i["type"] == "a" }},
	} {
		if !strings.Contains(arguments, w.name) {
			continue
		}
		var list struct{ Items []map[string]any }
		if err := json.Unmarshal(call(w.tool, w.arguments).Structured, &list); err != nil {
			t.Fatal(err)
		}
		for _, item := range list.Items {
			if len(item) == 1 {
				for _, inner := range item {
					item, _ = inner.(map[string]any)
				}
			}
			if w.fits(item) {
				id, _ := json.Marshal(item["id"])
				return strings.Replace(arguments, `"`+w.name+`"`, string(id), 1)
			}
		}
		t.Errorf("%s: nothing fits in %v", w.name, list.Items)
	}
	return arguments
}

// everyOperation lists the functions of both APIs.
func everyOperation() []vpsapi.Operation {
	var all []vpsapi.Operation
	for _, g := range vpsapi.All() {
		all = append(all, g.Operations...)
	}
	return all
}

// useStore puts another store in the place of the server's.
func (s *Server) useStore(store state.Store) {
	s.journal.Store, s.planner.Store, s.sender.Store = store, store, store
}
