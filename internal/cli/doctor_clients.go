package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// clientFile is where a client keeps what it is connected to, from the user's home.
type clientFile struct {
	client, path string
	loose        bool // JSON with comments, or no JSON at all
}

var clientFiles = []clientFile{
	{client: "Claude Desktop", path: "Library/Application Support/Claude/claude_desktop_config.json"},
	{client: "Claude Desktop", path: "AppData/Roaming/Claude/claude_desktop_config.json"},
	{client: "Claude Desktop", path: ".config/Claude/claude_desktop_config.json"},
	{client: "Claude Code", path: ".claude.json"},
	{client: "Cursor", path: ".cursor/mcp.json"},
	{client: "Windsurf", path: ".codeium/windsurf/mcp_config.json"},
	{client: "Gemini CLI", path: ".gemini/settings.json"},
	{client: "Codex", path: ".codex/config.toml", loose: true},
	{client: "VS Code", path: ".config/Code/User/mcp.json", loose: true},
	{client: "VS Code", path: "Library/Application Support/Code/User/mcp.json", loose: true},
	{client: "VS Code", path: "AppData/Roaming/Code/User/mcp.json", loose: true},
}

// clientFindings name the configurations of clients that speak of this program.
func (p *program) clientFindings() []finding {
	home := p.env["HOME"]
	if home == "" {
		home = p.env["USERPROFILE"]
	}
	if home == "" {
		return nil
	}
	var seen []finding
	for _, c := range clientFiles {
		path := filepath.Join(home, filepath.FromSlash(c.path))
		text, err := os.ReadFile(path)
		if err == nil && strings.Contains(string(text), "vpsnet-mcp") {
			seen = append(seen, clientFinding(c, path, text))
		}
	}
	return seen
}

func clientFinding(c clientFile, path string, text []byte) finding {
	var whole any
	if err := json.Unmarshal(text, &whole); err != nil {
		if c.loose {
			return finding{c.client, stateOK, "is connected, by " + path}
		}
		return finding{c.client, stateFault, fmt.Sprintf("%s is not valid JSON (%v): the client reads nothing of it", path, err)}
	}
	for _, command := range commandsIn(whole) {
		if _, err := exec.LookPath(command); err != nil {
			return finding{c.client, stateFault, fmt.Sprintf("%s starts %s, which cannot be started: %v", path, command, err)}
		}
	}
	return finding{c.client, stateOK, "is connected, by " + path}
}

// commandsIn are the commands by which a configuration starts this program.
func commandsIn(v any) []string {
	var found []string
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			found = append(found, commandsIn(inner)...)
		}
	case map[string]any:
		if command, ok := v["command"].(string); ok && strings.HasPrefix(filepath.Base(filepath.FromSlash(command)), "vpsnet-mcp") {
			found = append(found, command)
		}
		for _, inner := range v {
			found = append(found, commandsIn(inner)...)
		}
	}
	return found
}
