package setup

import (
	"strings"
	"testing"
)

// TestEntryOfAnotherForm: an entry for a server elsewhere is one that starts us
// afterwards, without what its client refuses or obeys beside a command.
func TestEntryOfAnotherForm(t *testing.T) {
	const set = "[mcp_servers.vps-net]\ncommand = \"/new/vpsnet-mcp\"\nargs = []\n"
	for _, c := range []struct{ client, text, want, gone string }{
		{"gemini", `{"mcpServers":{"vps-net":{"command":"/new/vpsnet-mcp","args":[],"httpUrl":"https://a","headers":{"Authorization":"b"},"oauth":{"enabled":true},"authProviderType":"x","timeout":9}}}`, `"timeout": 9`, "authProviderType, headers.Authorization, httpUrl, oauth.enabled"},
		{"windsurf", `{"mcpServers":{"vps-net":{"serverUrl":"https://a","command":"/new/vpsnet-mcp","args":[]}}}`, `"command": "/new/vpsnet-mcp"`, "serverUrl"},
		{"gemini", `{"mcpServers":{"vps-net":{"type":"http","command":"/new/vpsnet-mcp","args":[]}}}`, `"command": "/new/vpsnet-mcp"`, ""},
		{"cursor", `{"mcpServers":{"vps-net":{"url":"https://a","auth":{"CLIENT_ID":"b"}}}}`, `"command": "/new/vpsnet-mcp"`, "auth.CLIENT_ID, url"},
		{"claude-code", `{"mcpServers":{"vps-net":{"type":"stdio","command":"/new/vpsnet-mcp","args":[],"headersHelper":"x"}}}`, `"command": "/new/vpsnet-mcp"`, "headersHelper"},
		{"codex", set + "url = \"https://a\"\nbearer_token_env_var = \"A\"\nbearer_token = \"b\"\noauth_resource = \"c\"\n[mcp_servers.vps-net.http_headers]\nA = \"b\"\n[mcp_servers.vps-net.env_http_headers]\nC = \"D\"\n", set, "bearer_token, bearer_token_env_var, env_http_headers.C, http_headers.A, oauth_resource, url"},
	} {
		cl := client(t, c.client)
		old, _, _ := cl.FindOurs([]byte(c.text))
		got, err := cl.Set([]byte(c.text), Entry{Command: "/new/vpsnet-mcp"})
		now, _, _ := cl.FindOurs(got)
		if err != nil || !strings.Contains(string(got), c.want) || len(now.RemovedMembers()) > 0 || strings.Join(old.RemovedMembers(), ", ") != c.gone {
			t.Errorf("%s: %v, gone are %v, left %v\n%s", c.text, err, old.RemovedMembers(), now.RemovedMembers(), got)
		}
		for _, name := range old.RemovedMembers() {
			top, _, _ := strings.Cut(name, ".")
			if strings.Contains(string(got), top) {
				t.Errorf("%s: %s is still there\n%s", c.client, name, got)
			}
		}
	}
}

// TestOff: an entry that its client is told not to start stays so, and is known.
func TestOff(t *testing.T) {
	for _, c := range []struct {
		client, text string
		off          bool
	}{
		{"windsurf", `{"mcpServers":{"vps-net":{"command":"/old/vpsnet-mcp","disabled":true}}}`, true},
		{"windsurf", `{"mcpServers":{"vps-net":{"command":"/old/vpsnet-mcp","disabled":false}}}`, false},
		{"codex", "[mcp_servers.vps-net]\ncommand = \"/old/vpsnet-mcp\"\nenabled = false\n", true},
		{"codex", "[mcp_servers.vps-net]\ncommand = \"/old/vpsnet-mcp\"\nenabled = true\n", false},
	} {
		got, err := client(t, c.client).Set([]byte(c.text), entry)
		if err != nil {
			t.Fatal(err)
		}
		if found, _, err := client(t, c.client).FindOurs(got); err != nil || found.Off != c.off {
			t.Errorf("%s: %+v %v", got, found, err)
		}
	}
}
