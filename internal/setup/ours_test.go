package setup

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

// entryText is a configuration with one entry of JSON members.
func entryText(c Client, name, members string) string {
	if !c.TOML {
		return fmt.Sprintf("{\n  // mine\n  %q: {\n    %q: {%s}\n  }\n}\n", c.Table, name, members)
	}
	lines := func(members string) string {
		return strings.TrimPrefix(regexp.MustCompile(`(?:^|, )"(\w+)": `).ReplaceAllString(members, "\n$1 = "), "\n") + "\n"
	}
	members, env, _ := strings.Cut(members, `, "env": {`)
	text := fmt.Sprintf("# mine\n[%s.%s]\n%s", c.Table, name, lines(members))
	if env != "" {
		text += fmt.Sprintf("[%s.%s.env]\n%s", c.Table, name, lines(strings.TrimSuffix(env, "}")))
	}
	return text
}

// TestNamesakeIsLeftAlone: an entry of the other company's product, whatever it is
// named and however it starts, is neither replaced nor removed nor taken for ours.
func TestNamesakeIsLeftAlone(t *testing.T) {
	for _, c := range Clients() {
		for _, members := range []string{
			`"command": "npx", "args": ["-y", "vpsnet-mcp"], "env": {"VPSNET_API_KEY": "theirs"}`,
			`"command": "npx", "args": ["-y", "vpsnet-mcp"]`,
			`"command": "vpsnet-mcp"`,
			`"command": "vpsnet-mcp", "env": {"VPSNET_API_KEY": "theirs"}`,
			`"command": "/usr/local/bin/vpsnet-mcp", "env": {"VPSNET_API_KEY": "theirs"}`,
			`"command": "/opt/vpsnet-mcp", "env": {"VPSNET_EMAIL": "a@example.com", "VPSNET_API_URL": "https://API.vpsnet.com./v1"}`,
			`"command": "/opt/vpsnet-mcp", "args": ["--api-url", "https://api.vpsnet.com"]`,
			`"url": "https://mcp.vpsnet.com/mcp"`,
			`"url": "https://mcp.example.com/mcp"`,
		} {
			text := entryText(c, formerName, members)
			if c.Has([]byte(text)) {
				t.Errorf("%s: taken for ours:\n%s", c.Name, text)
			}
			if found, err := c.Connected([]byte(text)); err != nil || len(found) > 0 {
				t.Errorf("%s: connected by %v, %v:\n%s", c.Name, found, err, text)
			}
			if gone, err := c.Remove([]byte(text)); err != nil || string(gone) != text {
				t.Errorf("%s: removed: %v\n%s", c.Name, err, gone)
			}
			set, err := c.Set([]byte(text), entry)
			if err != nil {
				t.Errorf("%s: %v\n%s", c.Name, err, text)
				continue
			}
			gone, err := c.Remove(set)
			if err != nil || string(gone) != text {
				t.Errorf("%s: beside ours it did not survive: %v\n%s", c.Name, err, gone)
			}
		}
	}
}

// TestOurNameIsTaken: what stands under our name and starts something else is not
// touched either, and the person is told.
func TestOurNameIsTaken(t *testing.T) {
	for _, c := range Clients() {
		text := entryText(c, Name, `"command": "npx", "args": ["-y", "vpsnet-mcp"]`)
		if set, err := c.Set([]byte(text), entry); err == nil || !strings.Contains(err.Error(), "rename it") {
			t.Errorf("%s: %v\n%s", c.Name, err, set)
		}
		if gone, err := c.Remove([]byte(text)); err != nil || string(gone) != text {
			t.Errorf("%s: removed: %v\n%s", c.Name, err, gone)
		}
		if found, err := c.Connected([]byte(text)); err != nil || len(found) != 1 || !found[0].Foreign {
			t.Errorf("%s: %v, %v", c.Name, found, err)
		}
	}
}

// TestFormerNameIsMoved: an entry that setup wrote under the former name gets the new
// one, with what its person added; --remove finds either.
func TestFormerNameIsMoved(t *testing.T) {
	for _, c := range Clients() {
		for _, members := range []string{
			`"command": "/opt/vpsnet-mcp", "args": ["--sandbox"], "timeout": 7`,
			`"command": "C:\\tools\\vpsnet-mcp.exe", "args": [], "timeout": 7`,
			`"command": "/opt/vpsnet-mcp", "args": [], "timeout": 7, "env": {"VPSNET_EMAIL": "a@example.com", "VPSNET_API_KEY": "k"}`,
		} {
			text := entryText(c, formerName, members)
			set, err := c.Set([]byte(text), entry)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			doc, err := c.decode(set)
			if err != nil || entryNamed(doc, c.Table, formerName) != nil || !c.hasEntry(entryNamed(doc, c.Table, Name), entry) ||
				!strings.Contains(string(set), "timeout") || !strings.Contains(string(set), "mine") {
				t.Errorf("%s: %v\n%s", c.Name, err, set)
			}
			for _, text := range []string{text, string(set), strings.Replace(text, "mine", "x", 1)} {
				gone, err := c.Remove([]byte(text))
				if doc, err2 := c.decode(gone); err != nil || err2 != nil || len(ourNames(doc, c.Table)) > 0 || strings.Contains(string(gone), "vpsnet-mcp") {
					t.Errorf("%s: removed: %v %v\n%s", c.Name, err, err2, gone)
				}
			}
		}
	}
}

// TestBothNames: where both names are ours, one entry is left.
func TestBothNames(t *testing.T) {
	c := client(t, "cursor")
	text := `{"mcpServers": {"vpsnet": {"command": "/a/vpsnet-mcp"}, "x": {}, "vps-net": {"command": "/b/vpsnet-mcp", "timeout": 3}}}`
	set, err := c.Set([]byte(text), Entry{Command: "/c/vpsnet-mcp"})
	if err != nil || strings.Contains(string(set), `"vpsnet"`) || !strings.Contains(string(set), `"timeout": 3`) || !strings.Contains(string(set), `"x": {}`) {
		t.Errorf("%v: %s", err, set)
	}
	if gone, err := c.Remove([]byte(text)); err != nil || strings.Contains(string(gone), "vpsnet-mcp") {
		t.Errorf("%v: %s", err, gone)
	}
}

// TestHosted holds each client's own form for a hosted server, and that it is undone.
func TestHosted(t *testing.T) {
	const url, sse, variable = "https://mcp.example.com/mcp", "https://mcp.example.com/sse", "VPS_NET_TOKEN"
	for name, want := range map[string]string{
		"claude-code": `"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${VPS_NET_TOKEN}"}`,
		"vscode":      `"type": "http", "url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${env:VPS_NET_TOKEN}"}`,
		"cursor":      `"url": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${env:VPS_NET_TOKEN}"}`,
		"windsurf":    `"serverUrl": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${env:VPS_NET_TOKEN}"}`,
		"gemini":      `"httpUrl": "https://mcp.example.com/mcp", "headers": {"Authorization": "Bearer ${VPS_NET_TOKEN}"}`,
		"codex":       "[mcp_servers.vps-net]\nurl = \"https://mcp.example.com/mcp\"\nbearer_token_env_var = \"VPS_NET_TOKEN\"\n",
	} {
		c := client(t, name)
		e := Entry{URL: url, TokenVariable: variable}
		set, err := c.Set(nil, e)
		flat := strings.NewReplacer("\n      ", "", "\n    }", "").Replace(string(set))
		if err != nil || !strings.Contains(flat, strings.ReplaceAll(want, ", ", ",")) && !strings.Contains(strings.ReplaceAll(flat, ",\"", ", \""), want) {
			t.Errorf("%s: %v\n%s", name, err, set)
		}
		if again, err := c.Set(set, e); err != nil || string(again) != string(set) {
			t.Errorf("%s, again: %v\n%s", name, err, again)
		}
		local, err := c.Set(set, entry)
		if err != nil || strings.Contains(string(local), "example.com") || strings.Contains(string(local), variable) {
			t.Errorf("%s, then local: %v\n%s", name, err, local)
		}
		if back, err := c.Set(local, Entry{URL: url}); err != nil || strings.Contains(string(back), "command") || strings.Contains(string(back), "Bearer") {
			t.Errorf("%s, then hosted: %v\n%s", name, err, back)
		}
		if gone, err := c.UndoSetup(t.TempDir()+"/none", set); err != nil || gone != nil {
			t.Errorf("%s, undone: %v\n%s", name, err, gone)
		}
		if err := c.Hosted(sse); (err != nil) != c.TOML {
			t.Errorf("%s over SSE: %v", name, err)
		}
	}
	if err := client(t, "claude-desktop").Hosted(url); err == nil || !strings.Contains(err.Error(), "Connectors") {
		t.Error(err)
	}
	set, _ := client(t, "claude-code").Set(nil, Entry{URL: sse})
	if !strings.Contains(string(set), `"type": "sse"`) || strings.Contains(string(set), "headers") {
		t.Errorf("%s", set)
	}
}

// TestRenamedProgram: the program under another file name knows its own entries.
func TestRenamedProgram(t *testing.T) {
	own, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range Clients() {
		set, err := c.Set(nil, Entry{Command: own, Args: []string{"--sandbox"}})
		if err != nil || !c.Has(set) {
			t.Errorf("%s: %v\n%s", c.Name, err, set)
			continue
		}
		if gone, err := c.Remove(set); err != nil || c.Has(gone) {
			t.Errorf("%s: not removed: %v\n%s", c.Name, err, gone)
		}
	}
}
