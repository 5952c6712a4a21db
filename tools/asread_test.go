package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
)

// TestAsRead: what a read gives can be written back and asked for as it stands, and what is wrong is told in words that help.
func TestAsRead(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	for _, c := range []struct{ tool, arguments, want string }{
		{"edit_autoscaling", `{"server_id":"1384","load_average":{"enabled":true,"average":"2","node_type":"permanent","nodes":1,"period":10},"confirm":"yes"}`, "Done"},
		{"edit_autoscaling", `{"server_id":"1384","disk_usage":{"enabled":true,"percentage":50,"node_type":" Storage","nodes":1},"confirm":"yes"}`, "Done"},
		{"edit_autoscaling", `{"server_id":"1384","disk_usage":{"enabled":true,"percentage":50,"node_type":"daily","nodes":1},"confirm":"yes"}`, "disk_usage.node_type: must be a whole number"},
		{"list_domains", `{"filter":["name=DEMODOMAIN.COM."]}`, "demodomain.com"},
		{"list_domains", `{"filter":["Name = demodomain.com"],"fields":"ID, Name"}`, "51 | demodomain.com"},
		{"list_cloud_servers", `{"filter":["hostname=WEB01.demodomain.com."]}`, "1384"},
		{"list_domain_records", `{"domain_id":"51","filter":["data=mail.demodomain.com"]}`, "mail.demodomain.com."},
		{"list_domain_records", `{"domain_id":"51","filter":["data=[\"127.0.0.1\"]"]}`, "www"},
		{"list_scheduled_upgrades", `{"server_id":"1385","fields":["nope"]}`, `no entry has the field "nope"`},
		{"list_scheduled_upgrades", `{"server_id":"1385","filter":["nope=1"]}`, `no entry has the field "nope"`},
		{"list_scheduled_upgrades", `{"server_id":"1385","fields":["label"]}`, "none"},
		{"list_templates", `{"fields":["all"]}`, `41 | CentOS 5.5 x64 | CentOS | ["1","2","3","4","15"]`},
		{"list_cloud_servers", `{"fields":["all"]}`, `"virtual_machine_id":"1384"`},
		{"edit_cloud_server", `{"server_id":"1384","label":"bad/label"}`, "label: may only have letters"},
		{"create_cloud_server", `{"label":"b\u00e4d"}`, "label: may only have letters"},
		{"edit_cloud_server", `{"server_id":"1384","slices_required":3,"delayed_storage":true,"delayed_storage_until":"tomorrow"}`, "write it as YYYY-MM-DD HH:MM in US Eastern time"},
		{"edit_cloud_server", `{"server_id":"1384","slices_required":3,"delayed_storage":true,"delayed_storage_until":"0001-01-01 10:00"}`, "has passed"},
		{"create_scheduled_upgrade", `{"server_id":"1384","label":"x","extra_slices":1,"temporary":true,"days":3,"run_at":"1901-02-03 10:00"}`, "has passed"},
		{"create_domain_record", `{"domain_id":"51","type":"mx","host":"@","data":"[2001:db8::1]","mx_priority":10,"ttl":3600}`, "an IP address, where a name belongs: give 2001:db8::1"},
		{"create_domain_record", `{"domain_id":"51","type":"mx","host":"@","data":"mail_1!","mx_priority":10,"ttl":3600}`, "give a whole name with a dot at its end"},
		{"create_domain_record", `{"domain_id":"51","type":"txt","host":"e","data":"","ttl":3600}`, "data: empty: give the text"},
		{"diff_zone", `{"domain_id":"51","zone":"$ORIGIN demodomain.com.\nx 3600 IN TXT \"abc\n"}`, "line 2 (\"x 3600 IN TXT 'abc\"): a quote is opened and not closed"},
	} {
		if a := f.call(c.tool, c.arguments); !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: no %q in %s", c.tool, c.arguments, c.want, a.Text)
		}
	}
}
