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
		{"create_dns_template_record", `{"dns_template_id":"demotemplate1","type":"a","host":"new","data":"192.0.2.9","ttl":86400}`, true},
		{"create_dns_template_record", `{"dns_template_id":"demotemplate1","type":"ns","host":"@","data":"ns1.example.net.","ttl":86400}`, true},
		{"create_dns_template", `{"template_name":"DemoTemplate1"}`, true},
		{"create_dns_template", `{"template_name":"other"}`, false},
		{"create_dns_template_record", `{"dns_template_id":"other","type":"a","host":"new","data":"192.0.2.9","ttl":86400}`, false},
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

// TestProtectedNamesAreNotTaken: no other server gets the label or the hostname of a protected one, by whichever
// function, nor a label that is protected.
func TestProtectedNamesAreNotTaken(t *testing.T) {
	create := func(label, fqdn string) string {
		return `{"label":"` + label + `","fqdn":"` + fqdn + `","system_template_id":9,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`
	}
	platform := func(label, host string) string {
		return strings.NewReplacer(`"label":"new"`, `"label":"`+label+`"`, `"new.example.com"`, `"`+host+`"`).Replace(keyedPlatform)
	}
	for text, calls := range map[string][]struct {
		tool, arguments string
		denied          bool
	}{
		"protect:\n  - server: \"1385\"\n": {
			{"edit_cloud_server", `{"server_id":"1384","label":"MySQL Server 01"}`, true},
			{"edit_cloud_server", `{"server_id":"1384","label":"mysql server 01"}`, true},
			{"edit_cloud_server", `{"server_id":"1384","public_fqdn":"MySQL01.demodomain.com"}`, true},
			{"create_cloud_server", create("MySQL Server 01", "new.example.com"), true},
			{"create_cloud_server", create("New", "mysql01.demodomain.com"), true},
			{"create_platform_server", platform("MySQL Server 01", "new9.example.com"), true},
			{"create_platform_server", platform("New", "mysql01.demodomain.com"), true},
			{"create_backup", `{"server_id":"1385"}`, false},
			{"edit_cloud_server", `{"server_id":"1384","label":"MySQL Server 02"}`, false},
		},
		"protect:\n  - label: \"db*\"\n": {
			{"create_cloud_server", create("db 7", "new.example.com"), true},
			{"create_dns_template", `{"template_name":"DB zone"}`, true},
			{"edit_cloud_server", `{"server_id":"1384","label":"Db9"}`, true},
			{"edit_cloud_server", `{"server_id":"1384","label":"adb9"}`, false},
		},
		"rules:\n  - {action: deny, labels: [\"db*\"]}\n  - {action: deny, servers: [\"1385\"]}\n": {
			{"create_cloud_server", create("db 7", "new.example.com"), true},
			{"create_dns_template", `{"template_name":"db zone"}`, true},
			{"edit_cloud_server", `{"server_id":"1384","label":"MySQL Server 01"}`, true},
			{"edit_cloud_server", `{"server_id":"1384","label":"Web 2"}`, false},
		},
	} {
		rules, err := policy.Parse([]byte(text), namesOfPolicy())
		if err != nil {
			t.Fatal(err)
		}
		l := newLab(t, rules)
		for _, c := range calls {
			before := len(l.sent)
			a := l.call(c.tool, c.arguments, l.server.tools[c.tool].Asks)
			if sent := len(l.sent) > before; sent == c.denied || a.IsError != c.denied || c.denied && !strings.Contains(a.Text, "the policy denies it") {
				t.Errorf("%s %s %s: sent %v: %s", text, c.tool, c.arguments, sent, a.Text)
			}
		}
	}
}
