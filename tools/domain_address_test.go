package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
)

// TestDomainsShowNoOldAddress: where a name leads its records say; the address that a domain was made with is shown when it is asked for.
func TestDomainsShowNoOldAddress(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.agreed("create_domain", `{"name":"moved.example","ip_address":"192.0.2.7"}`)
	if text := f.call("list_domains", `{"fields":["name","ip_address"]}`).Text; !strings.Contains(text, "moved.example | 192.0.2.7") {
		t.Fatalf("asked for: %s", text)
	}
	for _, c := range [][2]string{{"list_domains", `{}`}, {"get_domain", `{"domain_id":"moved.example"}`}, {"list_domains", `{"filter":["ip_address=192.0.2.7"]}`}} {
		if text := f.call(c[0], c[1]).Text; !strings.Contains(text, "moved.example") || strings.Contains(text, "192.0.2.7") {
			t.Errorf("%s %s: %s", c[0], c[1], text)
		}
	}
}
