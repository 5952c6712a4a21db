package tools

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// TestPlansThatCannotSucceed: what the account's reads can tell is refused before
// anybody is asked, with the cause and the step that helps; a yes changes nothing.
func TestPlansThatCannotSucceed(t *testing.T) {
	replace := func(from, to string) func(int, []byte) []byte {
		return func(_ int, body []byte) []byte { return bytes.ReplaceAll(body, []byte(from), []byte(to)) }
	}
	const create = `{"label":"New 1","fqdn":"new1.example.com","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1,`
	busy := replace(`"power_action_pending":false`, `"power_action_pending":true`)
	for _, c := range []struct {
		tool, arguments string
		edit            func(int, []byte) []byte // of what the service answers
		before          string                   // a call that comes first
		want, next      string
	}{
		{tool: "create_cloud_server", arguments: create + `"system_template_id":9999,"cloud_id":"3"}`, want: `"Test Cloud" (id 3) has no template 9999`, next: "list_templates"},
		{tool: "create_cloud_server", arguments: create + `"system_template_id":9,"cloud_id":"77"}`, want: "no cloud 77", next: "list_clouds"},
		{tool: "create_cloud_server", arguments: create + `"system_template_id":9,"cloud_id":"3"}`, edit: replace(`"available":true`, `"available":false`), want: "takes no new servers", next: "list_clouds"},
		{tool: "clone_cloud_server", arguments: `{"server_id":"1384","cloud_id":"77"}`, want: "no cloud 77", next: "list_clouds"},
		{tool: "create_ssd_server", arguments: `{"ssd_vps_plan":"3","fqdn":"a.example.com","system_template_id":78,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false}`, want: "is not an SSD cloud", next: "list_ssd_clouds"},
		{tool: "create_ssd_server", arguments: `{"ssd_vps_plan":"3","fqdn":"a.example.com","system_template_id":9999,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`, want: "has no template 9999", next: "list_ssd_clouds"},
		{tool: "reinstall_cloud_server", arguments: `{"server_id":"1384","system_template_id":"9999"}`, want: "has no template 9999", next: "list_templates"},
		{tool: "rebuild_cloud_server", arguments: `{"server_id":"1384","system_template_id":"9999"}`, want: "has no template 9999", next: "list_templates"},
		{tool: "restore_cloud_server", arguments: `{"server_id":"1384","backup_id":"3774"}`, want: "is running", next: "shutdown_cloud_server"},
		{tool: "restore_cloud_server", arguments: `{"server_id":"1384","backup_id":"3774"}`, before: stopped, edit: replace(`"min_disk_size":5`, `"min_disk_size":50`), want: "needs a disk of", next: "edit_cloud_server"},
		{tool: "restore_cloud_server", arguments: `{"server_id":"1385","backup_id":"3774"}`, want: "no backup 3774", next: "list_backups"},
		{tool: "delete_backup", arguments: `{"server_id":"1384","backup_id":"3775"}`, want: "was made automatically", next: "edit_cloud_server"},
		{tool: "delete_node", arguments: `{"node_id":"5001"}`, want: `is used by cloud server "Web Server 01"`, next: "edit_cloud_server"},
		{tool: "create_nodes", arguments: `{"quantity":1}`, edit: replace(`"time_zone":`, `"payment_type":"PayPal","time_zone":`), want: "pays by PayPal", next: "control panel"},
		{tool: "delete_ip", arguments: `{"ip_id":"5009"}`, want: "is the primary address", next: "add_ips"},
		{tool: "reassign_ip", arguments: `{"ip_id":"5009","virtual_machine_id":"1384"}`, want: "is the primary address", next: "add_ips"},
		{tool: "reassign_ip", arguments: `{"ip_id":"5009","virtual_machine_id":"1384"}`, edit: replace(`"cloud_id":3,"consumer_id":0,"virtual_machine_id":1385`, `"cloud_id":4,"consumer_id":0,"virtual_machine_id":1385`), want: "only within its cloud", next: "add_ips"},
		{tool: "reboot_cloud_server", arguments: `{"server_id":"1384"}`, before: stopped, want: "is not running", next: "start_cloud_server"},
		{tool: "reboot_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: fastOne + "\n" + `shutdown_ssd_server {"ssd_server_id":"5018"}`, want: "is not running", next: "start_ssd_server"},
		{tool: "reboot_cloud_server", arguments: `{"server_id":"1384"}`, edit: busy, want: "has a task under way", next: `wait_for_server {"server_id":"1384","state":"idle"}`},
		{tool: "create_backup", arguments: `{"server_id":"1384"}`, edit: busy, want: "has a task under way", next: "open_ticket"},
		{tool: "rebuild_cloud_server", arguments: `{"server_id":"1384"}`, edit: busy, want: "has a task under way", next: "wait_for_server"},
		{tool: "delete_cloud_server", arguments: `{"server_id":"1385","alternate_vps":"77"}`, want: "cloud server 77, which is not there", next: "list_cloud_servers"},
		{tool: "delete_cloud_server", arguments: `{"server_id":"1385","alternate_sd_vps":"77"}`, want: "cloud server 77, which is not there", next: "list_cloud_servers"},
		{tool: "recover_cloud_server", arguments: `{"server_id":"77"}`, want: "not among those that can be recovered", next: "list_recoverable_cloud_servers"},
		{tool: "delete_clone", arguments: `{"server_id":"1384","clone_id":"77"}`, want: "no clone 77", next: "list_clones"},
		{tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315958"}`, edit: replace(`"type":"a"`, `"type":"soa"`), want: "SOA record belongs to its domain", next: "delete_domain"},
		{tool: "delete_windows_template", arguments: `{"windows_template_id":"15"}`, before: `reinstall_cloud_server {"server_id":"1384","system_template_id":"10"}`, want: "is in use by cloud server", next: "reinstall_cloud_server"},
		{tool: "edit_windows_template", arguments: `{"windows_template_id":"15","system_template_id":"12"}`, before: `reinstall_cloud_server {"server_id":"1384","system_template_id":"10"}`, want: "is in use by cloud server", next: "reinstall_cloud_server"},
		{tool: "add_windows_template", arguments: `{"system_template_id":"9999"}`, want: "no cloud has template 9999", next: "list_templates"},
		{tool: "edit_cloudlinux_template", arguments: `{"commercial_template_id":"25","system_template_id":"9999"}`, want: "no cloud has template 9999", next: "list_templates"},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		for before := range strings.Lines(c.before) {
			tool, arguments, _ := strings.Cut(strings.TrimSpace(before), " ")
			if a := f.call(tool, yesFor(tool, arguments)); a.IsError {
				t.Fatal(a.Text)
			}
			f.now = f.now.Add(10 * time.Minute)
		}
		f.tap.edit = c.edit
		changes := len(f.sb.Changes())
		for _, arguments := range []string{c.arguments, yesFor(c.tool, c.arguments)} {
			a := f.call(c.tool, arguments)
			if !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, c.want) || !strings.Contains(a.Text, c.next) || len(f.sb.Changes()) != changes {
				t.Errorf("%s %s, want %q and %q:\n%s", c.tool, arguments, c.want, c.next, a.Text)
			}
		}
	}
}

// yesFor adds a person's yes to the arguments of a function that takes one.
func yesFor(tool, arguments string) string {
	if op, _ := vpsapi.Find(tool); op.Info().Safety > vpsapi.Changes {
		return withConfirm(arguments, "yes")
	}
	return arguments
}

// idArgument is an argument that names a thing by its id.
var idArgument = regexp.MustCompile(`"([a-z_]+_id|alternate_[a-z_]+|` + vpsapi.ReassignIP.Name + `)":"?(\d+)"?`)

// unlistedIDs are arguments that nothing which the API lists can contradict: consumers are
// numbers of the account's own, a ticket may be about a server that is gone, and the
// list of licenses has no documented form.
var unlistedIDs = []string{"consumer_id", "vm_id", "license_id"}

// TestNoPlanOfWhatIsNotThere gives every function ids that the account does not have:
// it is refused, and nobody is asked.
func TestNoPlanOfWhatIsNotThere(t *testing.T) {
	l := newLab(t, nil)
	changes := len(l.sb.Changes())
	for _, c := range planCases {
		if len(c.before) > 0 {
			continue
		}
		arguments := l.fill(c.arguments)
		for _, m := range idArgument.FindAllStringSubmatchIndex(arguments, -1) {
			if slices.Contains(unlistedIDs, arguments[m[2]:m[3]]) {
				continue
			}
			wrong := arguments[:m[4]] + "98765432" + arguments[m[5]:]
			a := l.server.Call(t.Context(), c.tool, json.RawMessage(wrong))
			if !a.IsError || a.NeedsConsent || len(l.sb.Changes()) != changes {
				t.Errorf("%s %s: %.300s", c.tool, wrong, a.Text)
				changes = len(l.sb.Changes())
			}
		}
	}
}
