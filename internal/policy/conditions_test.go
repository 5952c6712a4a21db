package policy_test

import (
	"fmt"
	"strings"
	"testing"

	"vpsnet-mcp/internal/policy"
)

// TestConditionsThatFitNothing: what is written down and would match nothing, or
// everything, is refused with its line and what to write.
func TestConditionsThatFitNothing(t *testing.T) {
	for _, c := range []struct{ key, value, says string }{
		{"domain", `"*.example.com"`, "write example.com"},
		{"domain", `"*.Example.com."`, "write Example.com"},
		{"domain", `"*"`, "* is not taken in a domain"},
		{"domain", `"www*.example.com"`, "* is not taken in a domain"},
		{"domain", `"www.*.com"`, "* is not taken in a domain"},
		{"domain", `" "`, "matches nothing"},
		{"domain", `"."`, "give the name of a domain"},
		{"domain", `".example.com"`, "is not a part of a name"},
		{"domain", `"example..com"`, "is not a part of a name"},
		{"domain", `"example.com.."`, "is not a part of a name"},
		{"domain", `"-a.example.com"`, "is not a part of a name"},
		{"domain", `" example.com"`, "is not a part of a name"},
		{"domain", `"example.com "`, "is not a part of a name"},
		{"domain", `"exam ple.com"`, "is not a part of a name"},
		{"domain", `"example.com\n"`, "is not a part of a name"},
		{"domain", `"https://example.com/"`, "write the name alone"},
		{"domain", `"example.com:443"`, "write the name alone"},
		{"domain", `"example.com/www"`, "write the name alone"},
		{"domain", `"hostmaster@example.com"`, "e-mail address"},
		{"domain", `"192.0.2.9"`, "it is an IP address"},
		{"domain", `"2001:db8::1"`, "it is an IP address"},
		{"domain", `"[2001:db8::1]"`, "it is an IP address"},
		{"domain", `"192.0.2"`, "no name ends with a number"},
		{"domain", `"1384"`, "no name ends with a number"},
		{"domain", `"müller.example"`, "xn--"},
		{"domain", `"` + strings.Repeat("a", 64) + `.example"`, "is not a part of a name"},
		{"domain", `"` + strings.Repeat("a.", 130) + `example"`, "longer than a name can be"},
		{"label", `" "`, "matches nothing"},
		{"label", `" Web*"`, "begins or ends with a space"},
		{"label", `"Web* "`, "begins or ends with a space"},
		{"label", `"We\tb"`, "line end, a tab"},
		{"server", `"Web Server 01"`, "is not an id"},
		{"server", `"*"`, "is not an id"},
		{"server", `"13*"`, "is not an id"},
		{"server", `web01`, "goes with label"},
		{"server", `"68.169.23.153"`, "named by its id or label"},
		{"server", `"2001:db8::1"`, "named by its id or label"},
		{"server", `"0"`, "is not an id"},
		{"server", `"-1"`, "is not an id"},
		{"server", `"1.5"`, "is not an id"},
		{"server", `"01384"`, "is not an id"},
		{"server", `"0-7"`, "is not an id"},
		{"server", `"117-"`, "is not an id"},
		{"cloud", `London`, "goes with label"},
		{"cloud", `"0"`, "is not an id"},
		{"cloud", `"117-4107"`, "is not an id"},
		{"cloud", `"3*"`, "is not an id"},
		{"cloud", `" 3"`, "is not an id"},
	} {
		for _, text := range []string{
			fmt.Sprintf("protect:\n  - %s: %s\n", c.key, c.value),
			fmt.Sprintf("rules:\n  - {action: deny, %ss: [%s]}\n", c.key, c.value),
			fmt.Sprintf("rules:\n  - {action: allow, %ss: [demodomain.com, %s]}\n", c.key, c.value),
		} {
			if _, err := policy.Parse([]byte(text), policy.Names{}); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "line 2") {
				t.Errorf("%s: %v, want %q", text, err, c.says)
			}
		}
	}
	for _, text := range []string{
		`rules: [{action: allow, labels: []}]`,
		`rules: [{action: allow, labels: }]`,
		`rules: [{action: allow, labels: ~}]`,
		`rules: [{action: allow, domains: [""]}]`,
		`rules: [{action: deny, servers: [~]}]`,
		`rules: [{action: deny, tools: []}]`,
		`rules: [{action: deny, hours: ~}]`,
		`rules: [{action: ask, approved_by: [""]}]`,
		`rules: [{action: ask, approved_by: ["ops "]}]`,
		`rules: [{action: deny, domains: [example.com], servers: ["1"]}]`,
		`rules: [{action: deny, domains: [example.com], clouds: ["1"]}]`,
		`protect: [{label: ""}]`,
		`protect: [{label: ~, server: "1"}]`,
		`protect: [{domain: "", server: "1"}]`,
		`protect: [{server: "1"}, ~]`,
		`protect: [~]`,
		`protect: [{domain: example.com, server: "1"}]`,
		`protect: [{domain: example.com, cloud: "1"}]`,
	} {
		if _, err := policy.Parse([]byte(text), policy.Names{}); err == nil {
			t.Errorf("%s is taken", text)
		}
	}
}

// TestConditionsInOtherSpellings: a name in capitals or with its final dot, and a label
// in other capitals, mean the same thing.
func TestConditionsInOtherSpellings(t *testing.T) {
	for text, thing := range map[string]policy.Thing{
		`protect: [{domain: Example.COM.}]`:          {Kind: "domain", Domain: "example.com"},
		`protect: [{domain: example.com}]`:           {Kind: "record", Domain: "WWW.example.com."},
		`protect: [{domain: _dmarc.example.com}]`:    {Kind: "record", Domain: "_dmarc.example.com"},
		`protect: [{domain: xn--mller-kva.example}]`: {Kind: "domain", Domain: "xn--mller-kva.example"},
		`protect: [{label: "web*01"}]`:               {Kind: "server", Label: "Web Server 01"},
		`protect: [{label: "*"}]`:                    {Kind: "server", Label: "Web Server 01"},
		`protect: [{server: "5-1384"}]`:              {Kind: "server", ID: "5-1384"},
	} {
		p, err := policy.Parse([]byte(text), policy.Names{})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if v := p.Judge(policy.Query{Effects: []string{"destructive"}, Things: []policy.Thing{thing}}); v.Action != policy.Deny {
			t.Errorf("%s does not protect %+v", text, thing)
		}
	}
}

// TestRulesOfReadsAlone: a rule whose tools and groups no change is of is refused; a plain deny takes reading tools away.
func TestRulesOfReadsAlone(t *testing.T) {
	names := policy.Names{
		Tools: []string{"list_domains", "get_domain", "delete_domain", "reboot_cloud_server", "list_invoices"}, Groups: []string{"dns", "servers", "invoices"},
		Changing: []policy.Function{{Tool: "delete_domain", Group: "dns"}, {Tool: "reboot_cloud_server", Group: "servers"}},
		Reading:  []policy.Function{{Tool: "list_domains", Group: "dns"}, {Tool: "get_domain", Group: "dns"}, {Tool: "list_invoices", Group: "invoices"}},
	}
	for rule, says := range map[string]string{
		`{action: ask, tools: [list_domains]}`:                                       `tools: "list_domains" only reads`,
		`{action: ask, tools: ["get_*", delete_domain]}`:                             `tools: "get_*" only reads`,
		`{action: deny, tools: [list_domains], labels: ["web*"]}`:                    `tools: "list_domains" only reads`,
		`{action: deny, tools: [list_domains], limit: {count: 1, per: day}}`:         `tools: "list_domains" only reads`,
		`{action: deny, tools: [list_domains], effects: [destructive]}`:              `tools: "list_domains" only reads`,
		`{action: deny, tools: [list_domains], hours: {from: "09:00", to: "17:00"}}`: `tools: "list_domains" only reads`,
		`{action: ask, groups: [invoices]}`:                                          `groups: "invoices" only reads`,
		`{action: deny, tools: [reboot_cloud_server], groups: [dns]}`:                "no tool of reboot_cloud_server is of the group dns",
		`{action: ask, tools: ["*domain*"], groups: [servers]}`:                      "no tool of *domain* is of the group servers",
		`{action: deny, tools: [list_domains]}`:                                      "",
		`{action: deny, tools: ["list_*"], groups: [dns]}`:                           "",
		`{action: deny, groups: [invoices]}`:                                         "",
		`{action: ask, tools: ["*domain*"], groups: [dns, servers]}`:                 "",
		`{action: ask, tools: ["*"]}`:                                                "",
	} {
		_, err := policy.Parse([]byte("rules:\n  - "+rule+"\n"), names)
		if (err == nil) != (says == "") || err != nil && (!strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "line 2")) {
			t.Errorf("%s: %v, want %q", rule, err, says)
		}
	}
}
