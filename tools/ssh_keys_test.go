package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/internal/policy"
)

const keyedPlatform = `{"location_id":"213","label":"new","hostname":"new.example.com","product_name":"V3","os_component_code":"SSDVPSDEBIAN9","ssh_key_id":"laptop"}`

// TestAKeyIsMoreThanItsLabel: labels of SSH keys change unasked, and a key may take
// another one's. Whoever agrees to a server that is entered by a key reads what no
// label changes, and what became of the label.
func TestAKeyIsMoreThanItsLabel(t *testing.T) {
	l := newLab(t, nil)
	first := l.call("create_platform_server", keyedPlatform, false)
	if !strings.Contains(first.Text, "SHA256:") || !strings.Contains(first.Text, "stored 2026-01-30 10:02 UTC") || strings.Contains(first.Text, "was called") {
		t.Errorf("the plan of a server with a key: %s", first.Text)
	}
	l.do("rename_platform_ssh_key", `{"ssh_key_id":"laptop","label":"old laptop"}`)
	l.do("create_platform_ssh_key", `{"public_key":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOther","label":"laptop"}`)
	a := l.call("create_platform_server", keyedPlatform, false)
	if !strings.Contains(a.Text, `Another SSH key (id 77) was called "laptop" before vpsnet-mcp renamed it`) || strings.Contains(a.Text, "stored 2026-01-30") {
		t.Errorf("the plan with the key that took the label: %s", a.Text)
	}
	a = l.call("create_platform_server", strings.Replace(keyedPlatform, `"laptop"`, `"old laptop"`, 1), false)
	if !strings.Contains(a.Text, `The SSH key was called "laptop" before vpsnet-mcp renamed it`) || !strings.Contains(a.Text, "stored 2026-01-30") {
		t.Errorf("the plan with the renamed key: %s", a.Text)
	}
}

// TestRulesKnowKeysAndTemplates: what protects a label protects the SSH key and the DNS
// template of that label, and no other key takes it.
func TestRulesKnowKeysAndTemplates(t *testing.T) {
	rules, err := policy.Parse([]byte("protect:\n  - label: laptop\n  - label: demotemplate1\n"), namesOfPolicy())
	if err != nil {
		t.Fatal(err)
	}
	l := newLab(t, rules)
	for _, c := range []struct {
		tool, arguments string
		denied          bool
	}{
		{"delete_platform_ssh_key", `{"ssh_key_id":"laptop"}`, true},
		{"rename_platform_ssh_key", `{"ssh_key_id":"77","label":"other"}`, true},
		{"create_platform_ssh_key", `{"public_key":"ssh-ed25519 AAAA","label":"Laptop"}`, true},
		{"delete_dns_template", `{"dns_template_id":"demotemplate1"}`, true},
		{"create_platform_ssh_key", `{"public_key":"ssh-ed25519 AAAA","label":"desk"}`, false},
		{"rename_platform_ssh_key", `{"ssh_key_id":"desk","label":"laptop"}`, true},
		{"rename_platform_ssh_key", `{"ssh_key_id":"desk","label":"old desk"}`, false},
	} {
		before := len(l.sent)
		op := l.server.tools[c.tool]
		a := l.call(c.tool, c.arguments, op.Asks)
		if sent := len(l.sent) > before; sent == c.denied || a.IsError != c.denied || (c.denied && !strings.Contains(a.Text, "protected")) {
			t.Errorf("%s %s: sent %v: %s", c.tool, c.arguments, sent, a.Text)
		}
	}
}
