package tools

import (
	"strings"
	"testing"
)

// TestArgumentsAsWritten: what a person or a model plainly means is taken by every
// tool alike: space around values, choices in any case, a domain's name in any case
// and with its final dot, an empty list for no arguments.
func TestArgumentsAsWritten(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag"}, nil)
	for _, c := range []struct{ tool, arguments, want string }{
		{"list_domains", `[]`, "demodomain.com"},
		{"get_cloud_server", `{"server_id":" 1384 "}`, "id: 1384"},
		{"get_cloud_server", `{"server_id":"Web Server 01 "}`, "id: 1384"},
		{"get_domain", `{"domain_id":"DEMODOMAIN.COM."}`, "id: 51"},
		{"export_zone", `{"domain_id":" DemoDomain.com."}`, "$ORIGIN demodomain.com."},
		{"list_domain_records", `{"domain_id":"demodomain.com."}`, "mail"},
		{"list_tickets", `{"status":"Open"}`, "979"},
		{"create_domain_record", `{"domain_id":51,"type":"TXT","host":"t","data":" kept ","ttl":3600}`, `data: [" kept "]`},
		{"create_domain_record", `{"domain_id":51,"type":"A","host":"a","data":" 192.0.2.1 ","ttl":"3600"}`, `data: ["192.0.2.1"]`},
		{"create_domain", `{"name":"EXAMPLE.com.","ip_address":" 192.0.2.1"}`, "name: example.com"},
		{"create_domain", `{"name":"Example.COM","ip_address":"192.0.2.1"}`, "nothing to do"},
	} {
		if a := f.call(c.tool, c.arguments); a.IsError || !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: %s", c.tool, c.arguments, a.Text)
		}
	}
}
