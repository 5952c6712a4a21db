package tools

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

func TestSearchSurface(t *testing.T) {
	s, sb := newSandboxServer(t, Options{Surface: SurfaceSearch, Exclude: []string{"delete_domain"}})
	var names []string
	for _, tool := range s.List() {
		names = append(names, tool.Name)
	}
	if got := strings.Join(names, " "); got != "find_functions describe_function call_read call_change call_danger" {
		t.Fatalf("published: %s", got)
	}
	for _, c := range []struct {
		tool, arguments, want string
		isError               bool
	}{
		{"find_functions", `{"query":"undelete a vps"}`, "recover_cloud_server (change)", false},
		{"find_functions", `{"query":"xyzzy"}`, "Nothing fits", false},
		{"describe_function", `{"function":"delete_cloud_server"}`, `"call_with":"call_danger"`, false},
		{"describe_function", `{"function":"delete_domain"}`, "unknown tool", true},
		{"call_read", `{"function":"get_cloud_server","arguments":{"server_id":"web01"}}`, "Web Server 01", false},
		{"call_read", `{"function":"get_cloud_server","arguments":"{\"server_id\":\"web01\"}"}`, "Web Server 01", false},
		{"call_read", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"}}`, "delete_cloud_server is destructive; call it with call_danger", true},
		{"call_change", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"}}`, "call it with call_danger", true},
		{"call_danger", `{"function":"list_cloud_servers"}`, "call it with call_read", true},
		{"call_danger", `{"function":"delete_domain","arguments":{"domain_id":"51"}}`, "unknown tool", true},
		{"call_danger", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"}}`, "needs the person's consent", true},
		{"call_danger", `{"function":"call_danger","arguments":{}}`, "", true},
		{"call_read", `{}`, "", true},
	} {
		a := s.Call(context.Background(), c.tool, json.RawMessage(c.arguments))
		if a.IsError != c.isError || !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: error %v, want %q in %.300s", c.tool, c.arguments, a.IsError, c.want, a.Text)
		}
	}
	if n := len(sb.Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
}

func TestSearchSurfaceRefusesConsentByFlag(t *testing.T) {
	if _, err := New(Options{Client: offlineClient(t), Surface: SurfaceSearch, Consent: consent.Flag}); err == nil || !strings.Contains(err.Error(), "consent flag") {
		t.Errorf("New = %v", err)
	}
}

// only is a context of a caller who may use some classes, and some toolsets.
func only(s *Server, classes []vpsapi.Safety, toolsets ...string) context.Context {
	c := s.caller(context.Background())
	c.Allows = func(safety vpsapi.Safety) bool { return slices.Contains(classes, safety) }
	c.Toolsets = toolsets
	return WithCaller(context.Background(), c)
}

// TestFindCutsWhatTheCallerMayUse: what fits better and is another's leaves its
// place to what the caller may use.
func TestFindCutsWhatTheCallerMayUse(t *testing.T) {
	s, _ := newSandboxServer(t, Options{Surface: SurfaceSearch})
	a := s.Call(only(s, []vpsapi.Safety{vpsapi.Changes}), "find_functions", json.RawMessage(`{"query":"server"}`))
	if strings.Count(a.Text, "(change)") < 3 || strings.Contains(a.Text, "(read)") {
		t.Errorf("a caller who may change found %s", a.Text)
	}
	a = s.Call(only(s, []vpsapi.Safety{vpsapi.Reads}, "tickets"), "find_functions", json.RawMessage(`{"query":"server"}`))
	if !strings.Contains(a.Text, "list_managed_services") || strings.Contains(a.Text, "cloud_server (") {
		t.Errorf("a caller of tickets found %s", a.Text)
	}
}

// TestNothingIsNamedToWhoMayNotUseIt: neither as what was meant nor by its class.
func TestNothingIsNamedToWhoMayNotUseIt(t *testing.T) {
	s, _ := newSandboxServer(t, Options{Surface: SurfaceSearch})
	reader := only(s, []vpsapi.Safety{vpsapi.Reads})
	for _, c := range [][2]string{
		{"describe_function", `{"function":"delete_cloud_server"}`},
		{"call_read", `{"function":"delete_cloud_server"}`},
		{"call_danger", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"}}`},
		{"call_danger", `{"function":"delete_cloud_serve"}`},
		{"delete_cloud_server", `{"server_id":"1384"}`},
	} {
		a := s.Call(reader, c[0], json.RawMessage(c[1]))
		if !a.IsError || !strings.Contains(a.Text, "unknown tool") || strings.Contains(a.Text, "mean delete") || strings.Contains(a.Text, "destructive") {
			t.Errorf("%s %s: %s", c[0], c[1], a.Text)
		}
	}
	if a := s.Call(reader, "call_read", json.RawMessage(`{"function":"get_cloud_serve"}`)); !strings.Contains(a.Text, "did you mean get_cloud_server?") {
		t.Errorf("what they may use: %s", a.Text)
	}
}
