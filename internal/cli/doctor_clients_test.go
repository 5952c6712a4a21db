package cli

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestDoctorKnowsWhoIsConnected: by the entries that a client reads, and not by a
// word in its file; and whether the entry can start.
func TestDoctorKnowsWhoIsConnected(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the paths are Unix ones")
	}
	good, err := json.Marshal(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, text, want string }{
		// Nothing of ours.
		{".claude.json", `{"projects": {"/src/vpsnet-mcp": {"mcpServers": {"vps-net": {"command": "/opt/vpsnet-mcp"}}}}, "mcpServers": {"a": {"command": "vpsnet"}}}`, ""},
		{".cursor/mcp.json", `{"mcpServers": {"files": {"command": "npx", "args": ["/src/vpsnet-mcp"]}}}`, ""},
		{".codex/config.toml", "[projects.\"/src/vpsnet-mcp\"]\ntrust_level = \"trusted\"\n", ""},
		{".cursor/mcp.json", `{ "files": `, ""},
		// The other company's product.
		{".cursor/mcp.json", `{"mcpServers": {"vpsnet": {"command": "vpsnet-mcp", "env": {"VPSNET_API_KEY": "s3cret"}}}}`, ""},
		{".gemini/settings.json", `{"mcpServers": {"vpsnet": {"httpUrl": "https://mcp.vpsnet.com/mcp"}}}`, ""},
		{".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "npx", "args": ["-y", "vpsnet-mcp"]}}}`, "note   Cursor: an entry vps-net"},
		// What can start.
		{".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": %s, "env": {"VPSNET_SANDBOX": "true"}}}}`, "ok     Cursor: is connected, by "},
		{".cursor/mcp.json", `{"mcpServers": {"mine": {"command": %s}}}`, "ok     Cursor: is connected, by "},
		{".gemini/settings.json", `{"mcpServers": {"vps-net": {"httpUrl": "https://s3cret@example.com"}}}`, "ok     Gemini CLI: is connected to a server elsewhere, by "},
		// What cannot.
		{".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "/nonexistent/other"}, "x": {"command": %s}}}`, "note   Cursor: "},
		{".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "/nonexistent/vpsnet-mcp"}}}`, "which cannot be started"},
		{".cursor/mcp.json", `{"mcpServers": {"mine": {"command": "/"}, "vpsnet-mcp": {"command": "/nonexistent/vpsnet-mcp-2"}}}`, "which cannot be started"},
		{".cursor/mcp.json", `{"mcpServers": {"vps-net": {"command": "../../vpsnet-mcp"}}}`, "not a full path"},
		{".cursor/mcp.json", `{"mcpServers": {"vps-net": {"args": []}}}`, "starts nothing"},
		{".gemini/settings.json", `{"mcpServers": {"vps-net": {"command": %s, "httpUrl": "https://s3cret@example.com"}}}`, "httpUrl and a command"},
		{".codeium/windsurf/mcp_config.json", `{"mcpServers": {"vps-net": {"command": %s, "disabled": true}}}`, "note   Windsurf: "},
		{".codex/config.toml", "[mcp_servers.vps-net\n", "cannot be read"},
	} {
		d := newDesk(t)
		text := c.text
		if strings.Contains(text, "%s") {
			text = fmt.Sprintf(text, good)
		}
		d.put(c.file, text)
		code := d.run("", "doctor", "--sandbox")
		named := strings.Contains(d.out, filepath.Join(d.home, filepath.FromSlash(c.file)))
		fault := c.want != "" && !strings.HasPrefix(c.want, "ok") && !strings.HasPrefix(c.want, "note")
		if !strings.Contains(d.out, c.want) || named != (c.want != "") || (code != exitOK) != fault || strings.Contains(d.out, "s3cret") {
			t.Errorf("%s: %d, no %q in:\n%s", c.text, code, c.want, d.out)
		}
	}
}
