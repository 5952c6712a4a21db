package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
)

// TestExplain: what is said of a call is what comes of it, and nothing is sent.
func TestExplain(t *testing.T) {
	const shrink, deletion = `{"server_id":"1385","slices_required":1}`, `{"server_id":"1384"}`
	asks := &policy.Policy{Rules: []policy.Rule{{Action: policy.Ask, Tools: []string{"create_backup"}}}}
	for name, c := range map[string]struct {
		options         Options
		tool, arguments string
		want            string
	}{
		"a loss, asked for":          {Options{Consent: consent.Code}, "delete_cloud_server", deletion, "consent is asked for because it is destructive"},
		"a loss, ruled out":          {Options{Consent: consent.Code, NoDestroy: true}, "update_domain_records", `{"domain_id":"51","domain_records":[` + presentZone + `]}`, "Refused: update_domain_records: this server was started with --no-destroy"},
		"a line of a zone, excluded": {Options{Consent: consent.Flag, Exclude: []string{"delete_domain_record"}}, "apply_zone", `{"domain_id":"51","zone":"@ 86400 IN A 192.0.2.1\n"}`, "Refused: apply_zone: this server was started with --exclude-tools delete_domain_record"},
		"consent is never given":     {Options{Consent: consent.Deny}, "edit_cloud_server", shrink, "consent mode is deny: refused"},
		"free":                       {Options{Consent: consent.Deny}, "create_backup", deletion, "no consent is needed"},
		"a rule asks":                {Options{Consent: consent.Code, Policy: asks}, "create_backup", deletion, "consent is asked for: ask rule"},
		"through a gate":             {Options{Consent: consent.Code, Surface: "search"}, "call_danger", `{"function":"delete_cloud_server","arguments":` + deletion + `}`, "consent is asked for because it is destructive"},
		"nothing to do":              {Options{Consent: consent.Code}, "start_cloud_server", deletion, "Nothing to do: "},
	} {
		s, sb := newSandboxServer(t, c.options)
		text, err := s.Explain(context.Background(), c.tool, json.RawMessage(c.arguments))
		if err != nil || !strings.Contains(text, c.want) {
			t.Errorf("%s: %v, %q is not in %s", name, err, c.want, text)
		}
		if n := len(sb.Changes()); n > 0 {
			t.Errorf("%s: %d changes", name, n)
		}
	}
}
