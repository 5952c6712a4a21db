package tools

import (
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// TestUndoHoldsToWhatWasMeant: a newest change that can be reversed, though not now, is not passed over for an older one; what was
// bought is reversed by the call that its plan named; and a value that has changed since the entry is told before it is overwritten.
func TestUndoHoldsToWhatWasMeant(t *testing.T) {
	const rename = `edit_cloud_server {"server_id":"1384","label":"Shop"}`
	for name, c := range map[string]struct {
		calls   []string
		soon    bool // the last is reversed while its task is under way
		want    []string
		refused bool
	}{
		"a backup in the making": {calls: []string{rename, `create_backup {"server_id":"1385"}`}, soon: true, refused: true, want: []string{"create_backup of", "and not now: ", "is still being made", "list_backups"}},
		"a task under way":       {calls: []string{rename, `shutdown_cloud_server {"server_id":"1385"}`}, soon: true, refused: true, want: []string{"shutdown_cloud_server of", "has a task under way"}},
		"an address":             {calls: []string{rename, `add_ips {"virtual_machine_id":"1384","quantity":1,"type":"external"}`}, want: []string{"Reverse add_ips", "Give up IP address 192.0.2.6"}},
		"several addresses":      {calls: []string{rename, `add_ips {"virtual_machine_id":"1384","quantity":2,"type":"external"}`}, want: []string{`"Shop" -> "Web Server 01"`, "not by undo: call delete_ip"}},
		"a license":              {calls: []string{rename, `edit_cloud_server {"server_id":"1384","licenses":[{"license_id":"1","action":"buy"}]}`}, want: []string{"Reverse edit_cloud_server", "cancelled"}},
		"an SSD server": {
			calls: []string{rename, `create_ssd_server {"ssd_vps_label":"cache-1","ssd_vps_plan":"1","fqdn":"c.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`},
			want:  []string{"Reverse create_ssd_server", "cache-1"},
		},
		"a record changed since": {
			calls: []string{`edit_domain_record {"domain_id":"51","record_id":"www a","data":"192.0.2.9"}`, `edit_domain_record {"domain_id":"51","record_id":"www a","data":"192.0.2.8"}`},
			want:  []string{"Reverse edit_domain_record", `changed since: the entry set data to "192.0.2.9", and it is now "192.0.2.8"`},
		},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		var first string
		for i, call := range c.calls {
			tool, arguments, _ := strings.Cut(call, " ")
			if a := f.call(tool, yesFor(tool, arguments)); a.IsError {
				t.Fatalf("%s: %s", call, a.Text)
			}
			if i == 0 {
				first = f.entry().ID
			}
			if !c.soon || i+1 < len(c.calls) {
				f.now = f.now.Add(15 * time.Minute)
			}
		}
		arguments := `{}`
		if strings.HasSuffix(name, "since") {
			arguments = `{"entry":"` + first + `"}`
		}
		a := f.call("undo", arguments)
		for _, want := range c.want {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s: no %q in %s", name, want, a.Text)
			}
		}
		if refused := !strings.Contains(a.Text, "Reverse "); refused != c.refused {
			t.Errorf("%s: %s", name, a.Text)
		}
	}
}

// TestPlansTellWhatGoesAlong: what a change takes along is in its plan, and what would be refused after a yes is refused before it.
func TestPlansTellWhatGoesAlong(t *testing.T) {
	const zone = `{"domain_id":"52","zone":"$TTL 300\n@ IN A 192.0.2.3\nwww IN A 192.0.2.3\n@ IN AAAA 2001:db8::1\n@ IN MX 10 mail.demodomain.com.\n@ IN TXT \"v=spf1 mx -all\"\nftp IN CNAME www\n"}`
	for _, c := range []struct{ before, tool, arguments, want string }{
		{"", "diff_zone", zone, `a host has one TTL: that of 6 other records of "@" changes to 300 too`},
		{"", "apply_zone", zone, `a host has one TTL: that of 6 other records of "@" changes to 300 too`},
		{"", "edit_domain_record", `{"domain_id":"52","record_id":"www a","ttl":900}`, "Downtime: none by itself; caches follow within the TTL of before, 86400 seconds"},
		{`edit_domain_record {"domain_id":"51","record_id":"www a","data":"192.0.2.3"}`, "delete_cloud_server", `{"server_id":"1385"}`, `DNS names that lead to it stay: "www.demodomain.com"`},
		{"", "create_domain", `{"name":"n.demodomain.com","ip_address":"192.0.2.3","custom_template":"51"}`, "has no records"},
		{"", "create_nodes", `{"quantity":1}`, "The account has 2 monthly nodes already that no server uses (5005, 5006)."},
		{"", "create_cloud_server", `{"label":"N","fqdn":"n.example.com","system_template_id":92,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`, "2 monthly nodes (5005, 5006)"},
		{`close_ticket {"ticket_id":"979"}`, "reply_to_ticket", `{"ticket_id":"979","body":"Thank you"}`, "is closed, and takes no more messages"},
		{`reboot_cloud_server {"server_id":"1385"}`, "delete_cloud_server", `{"server_id":"1385"}`, "has a task under way"},
		{"", "create_cloud_server", `{"label":"N","fqdn":"shop","system_template_id":92,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`, `fqdn: "shop" is not a full host name`},
		{"", "edit_cloud_server", `{"server_id":"1384","public_fqdn":"not a name"}`, "is not a full host name"},
		{"", "edit_domain_record", `{"domain_id":"52","record_id":"www a","priority":9}`, "only srv records have it"},
		{`shutdown_cloud_server {"server_id":"1385"}`, "rebuild_cloud_server_network", `{"server_id":"1385"}`, "is not running"},
		{"", "edit_cloud_server", `{"server_id":"1384","slices_required":3}`, "How much memory and processor a node has, the API does not tell."},
		{"", "edit_cloud_server", `{"server_id":"1384","slices_required":1}`, "not brought back: what a smaller disk loses"},
	} {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
		if c.before != "" {
			tool, arguments, _ := strings.Cut(c.before, " ")
			f.agreed(tool, arguments)
			if !strings.HasPrefix(tool, "reboot") { // else its task is under way
				f.now = f.now.Add(15 * time.Minute)
			}
		}
		sent := len(f.changes())
		if a := f.call(c.tool, c.arguments); !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: no %q in %s", c.tool, c.arguments, c.want, a.Text)
		}
		if c.tool != "create_domain" && len(f.changes()) != sent {
			t.Errorf("%s %s was sent", c.tool, c.arguments)
		}
	}
}
