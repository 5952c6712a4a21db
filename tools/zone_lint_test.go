package tools

import (
	"strings"
	"testing"
)

// TestAddressWhereANameBelongs: in a zone file an address without a final dot is
// taken within the domain; the error says what is meant, whatever the type.
func TestAddressWhereANameBelongs(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	for _, line := range []string{
		"@ MX 10 192.0.2.1", "ip CNAME 192.0.2.1", "sub NS 192.0.2.1", "_sip._tcp SRV 1 2 5060 192.0.2.1", "ip CNAME 2001:db8::1",
		"ip CNAME ::ffff:192.0.2.1", "ip CNAME 192.0.2.1.", "@ MX 10 192.0.2.1.",
	} {
		a := f.withZone("diff_zone", "demodomain.com", "$TTL 3600\n"+line+"\n", "")
		if !strings.Contains(a.Text, "where a name belongs") || strings.Contains(a.Text, "warning: ") && strings.Contains(a.Text, "final dot missing") {
			t.Errorf("%s: %s", line, a.Text)
		}
	}
}

// TestLintOfTemplates: what is said of a template's record has the template's own
// words and leads to a tool that has the record.
func TestLintOfTemplates(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	f.call("create_dns_template_record", `{"dns_template_id":"51","ttl":3600,"type":"a","host":"www","data":"[!ip]"}`)
	for _, c := range [][3]string{
		{"create_dns_template_record", `"type":"a","host":"www","data":"[!ip]"`, `"[!ip]" is there already, as record `},
		{"create_dns_template_record", `"type":"cname","host":"ip","data":"[!ip]"`, `where a name belongs: give [!ip] to a name`},
		{"create_dns_template_record", `"type":"cname","host":"ip","data":"192.0.2.9.[!domain]."`, "the address 192.0.2.9, where a name belongs"},
		{"create_dns_template_record", `"type":"a","host":"www.[!domain]","data":"[!ip]"`, `www.[!domain].[!domain]: give the host as "www"`},
		{"create_dns_template_record", `"type":"cname","host":"ftp","data":"[!domain]"`, `give "[!domain]."`},
		{"create_dns_template_record", `"type":"a","host":"mail.demodomain.com","data":"[!ip]"`, "its name would be mail.demodomain.com.[!domain]"},
	} {
		a := f.call(c[0], `{"dns_template_id":"51","ttl":3600,`+c[1]+`}`)
		if !strings.Contains(a.Text, c[2]) || strings.Contains(a.Text, "192.0.0.8") || strings.Contains(a.Text, "your-domain") || strings.Contains(a.Text, "edit_domain_record") {
			t.Errorf("%s: %s", c[1], a.Text)
		}
	}
	a := f.call("update_domain_records", `{"domain_id":"51","domain_records":[{"type":"a","host":"www","data":["192.0.2.7"],"ttl":3600},{"type":"a","host":"www","data":["192.0.2.7"],"ttl":3600}]}`)
	if !strings.Contains(a.Text, "is given twice; give it once") {
		t.Error(a.Text)
	}
	for _, arguments := range []string{`"type":"a","host":"@","data":"lb.example.com","ttl":3600`, `"type":"a","host":"www","data":"lb.example.com","ttl":3600`} {
		if a := f.call("create_domain_record", `{"domain_id":"51",`+arguments+`}`); !strings.Contains(a.Text, "alone at its host and never at @") {
			t.Error(a.Text)
		}
	}
}
