package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestSetPolicy: rules by which a tool would ask for a code that it has no argument
// for are refused; where a person is asked they are taken.
func TestSetPolicy(t *testing.T) {
	rules, err := policy.Parse([]byte("rules: [{action: ask, tools: [create_dns_template]}]"), namesOfPolicy())
	if err != nil {
		t.Fatal(err)
	}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sandbox.New(sandbox.Options{}), Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	for mode, want := range map[consent.Mode]string{consent.Code: "create_dns_template", consent.Flag: "create_dns_template", consent.Person: ""} {
		s, err := New(Options{Client: client, Consent: mode, Approve: "/approve/%s"})
		if err != nil {
			t.Fatal(err)
		}
		switch err := s.SetPolicy(rules); {
		case want == "" && err != nil, want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v", mode, err)
		}
		a := s.Call(t.Context(), "create_dns_template", []byte(`{"template_name":"`+string(mode)+`"}`))
		if a.NeedsConsent != (want == "") {
			t.Errorf("%s: %s", mode, a.Text)
		}
	}
}
