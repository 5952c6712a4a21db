package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
)

// TestFreshNamesAreFree: a name that nothing resolved before asks nobody, one that
// redirects mail or traffic asks, and in deny mode neither is sent.
func TestFreshNamesAreFree(t *testing.T) {
	record := func(rest string) string { return `{"domain_id":"51","ttl":86400,` + rest + `}` }
	for _, c := range []struct {
		tool, arguments string
		free            bool
	}{
		{"create_domain", `{"name":"example.org","ip_address":"192.0.2.7"}`, true},
		{"create_domain", `{"name":"sub.demodomain.com","ip_address":"192.0.2.7"}`, false},
		{"create_domain_record", record(`"type":"a","host":"api","data":"192.0.2.9"`), true},
		{"create_domain_record", record(`"type":"aaaa","host":"api.eu","data":"2001:db8::9"`), true},
		{"create_domain_record", record(`"type":"txt","host":"note","data":"hello"`), true},
		{"create_domain_record", record(`"type":"a","host":"www","data":"192.0.2.9"`), false},
		{"create_domain_record", record(`"type":"aaaa","host":"www","data":"2001:db8::9"`), false},
		{"create_domain_record", record(`"type":"a","host":"@","data":"192.0.2.9"`), false},
		{"create_domain_record", record(`"type":"a","host":"*","data":"192.0.2.9"`), false},
		{"create_domain_record", record(`"type":"a","host":"*.api","data":"192.0.2.9"`), false},
		{"create_domain_record", record(`"type":"mx","host":"@","data":"mail.example.net.","mx_priority":1`), false},
		{"create_domain_record", record(`"type":"mx","host":"new","data":"mail.example.net.","mx_priority":1`), false},
		{"create_domain_record", record(`"type":"ns","host":"sub","data":"ns1.example.net."`), false},
		{"create_domain_record", record(`"type":"txt","host":"_acme-challenge","data":"x"`), false},
		{"create_domain_record", record(`"type":"cname","host":"k1._domainkey","data":"k1.example.net."`), false},
		{"create_domain_record", record(`"type":"txt","host":"news","data":"v=spf1 -all"`), false},
		{"create_domain_record", `{"domain_id":"51","type":"failover","host":"fail","primary_data":"192.0.2.1","data":["192.0.2.2"],"service_type":"icmp.ping"}`, false},
	} {
		for _, mode := range []consent.Mode{consent.Code, consent.Deny} {
			f := newFleet(t, Options{Consent: mode, Policy: generous()}, nil)
			a := f.call(c.tool, c.arguments)
			sent := len(f.sb.Changes()) > 0
			switch {
			case mode == consent.Deny:
				if sent || !a.IsError || !strings.Contains(a.Text, "no DNS change is sent") {
					t.Errorf("deny: %s %s: %s", c.tool, c.arguments, a.Text)
				}
			case sent != c.free, a.NeedsConsent == c.free:
				t.Errorf("%s %s: %s", c.tool, c.arguments, a.Text)
			}
		}
	}
}
