package tools

import (
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// TestPlansTellWhatGoesAlong: what a change takes along is in its plan, and what would be refused after a yes is refused before it.
func TestPlansTellWhatGoesAlong(t *testing.T) {
	const zone = `{"domain_id":"52","zone":"$TTL 300\n@ IN A 192.0.2.3\nwww IN A 192.0.2.3\n@ IN AAAA 2001:db8::1\n@ IN MX 10 mail.demodomain.com.\n@ IN TXT \"v=spf1 mx -all\"\nftp IN CNAME www\n"}`
	for _, c := range []struct{ before, tool, arguments, want string }{
		{"", "diff_zone", zone, `a host has one TTL: that of 6 other records of "@" changes to 300 too`},
		{"", "apply_zone", zone, `a host has one TTL: that of 6 other records of "@" changes to 300 too`},
		{"", "edit_domain_record", `{"domain_id":"52","record_id":"www a","ttl":900}`, "Downtime: none: what the names resolve to stays; caches follow within the old TTL, 86400 s"},
		{"", "create_domain", `{"name":"n.demodomain.com","ip_address":"192.0.2.3","custom_template":"51"}`, "has no records"},
		{"", "create_nodes", `{"quantity":1}`, "The account has 2 monthly nodes already that no server uses (5005, 5006)."},
		{`close_ticket {"ticket_id":"979"}`, "reply_to_ticket", `{"ticket_id":"979","body":"Thank you"}`, "is closed, and takes no message"},
		{`reboot_cloud_server {"server_id":"1385"}`, "delete_cloud_server", `{"server_id":"1385"}`, "has a task under way"},
		{"", "create_cloud_server", `{"label":"N","fqdn":"shop","system_template_id":92,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`, `fqdn: "shop" is not a full host name`},
		{"", "edit_cloud_server", `{"server_id":"1384","public_fqdn":"not a name"}`, "is not a full host name"},
		{"", "edit_domain_record", `{"domain_id":"52","record_id":"www a","priority":9}`, "only srv records have it"},
		{`shutdown_cloud_server {"server_id":"1385"}`, "rebuild_cloud_server_network", `{"server_id":"1385"}`, "is not running"},
		{"", "edit_cloud_server", `{"server_id":"1384","slices_required":3}`, "How much memory and processor a node has, the API does not tell."},
		{"", "edit_cloud_server", `{"server_id":"1384","slices_required":1}`, "not brought back: what did not fit on a smaller disk"},
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

// TestABackupInTheMakingRestoresNothing: the plan of what erases a server does not count on a backup that is not built.
func TestABackupInTheMakingRestoresNothing(t *testing.T) {
	for _, c := range []struct{ server, want string }{
		{"1385", "its 1 backup, which is still being made"},
		{"1384", "is still being made and restores nothing until then"},
	} {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
		f.agreed("create_backup", `{"server_id":"`+c.server+`","label":"x"}`)
		f.now = f.now.Add(30 * time.Second)
		if a := f.call("reinstall_cloud_server", `{"server_id":"`+c.server+`","system_template_id":"78"}`); !strings.Contains(a.Text, c.want) {
			t.Errorf("server %s: no %q in %s", c.server, c.want, a.Text)
		}
	}
}

// TestAnEditMakesNothing: history names the server alone of an edit that buys nodes for it.
func TestAnEditMakesNothing(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
	f.agreed("edit_cloud_server", `{"server_id":"1384","slices_required":3}`)
	if a := f.call("history", `{}`); strings.Contains(a.Text, "consumer") || !strings.Contains(a.Text, "Web Server 01") {
		t.Error(a.Text)
	}
}
