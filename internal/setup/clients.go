// Package setup connects MCP clients to this program: it knows where each keeps
// its configuration, and edits that without touching what else is in it.
package setup

import (
	"os"
	"slices"
	"strings"
)

// Name is the name of our entry in a client's configuration.
const Name = "vps-net"

// formerName is the name that our entries had before. Another company's product has
// it too: such an entry is ours only when it starts this program.
const formerName = "vpsnet"

// Client is an MCP client that can be set up.
type Client struct {
	Name  string // as written on the command line
	Title string
	Table string // the member that holds the servers
	TOML  bool   // the file is TOML, else JSON with or without comments
	Typed bool   // an entry says "type": "stdio", or "http"
	Cap   int    // tools that it shows a model, of all servers; 0 when none is known
	After string // what the person does then
	Mute  bool   // it cannot ask its person

	remote func(e Entry) []entryPair // the members of an entry for a hosted server; nil when its file takes none

	path  func(s System) string
	marks func(s System) []string // any of them is there when the client is installed
}

// System is what decides where files are.
type System struct {
	OS   string // as runtime.GOOS
	Home string
	Env  map[string]string
}

// restartHint is what to do in a client after its file was changed.
const restartHint = "Restart it."

// Clients lists the clients that can be set up.
func Clients() []Client {
	return []Client{
		{
			Name: "claude-desktop", Title: "Claude Desktop", Table: "mcpServers", After: restartHint, Mute: true,
			path: func(s System) string { return s.join(s.ConfigDir(), "Claude", "claude_desktop_config.json") },
		},
		{
			Name: "claude-code", Title: "Claude Code", Table: "mcpServers", Typed: true, After: "Start a new session.",
			remote: typedURL("${%s}"),
			path:   func(s System) string { return s.join(s.dir("CLAUDE_CONFIG_DIR", s.Home), ".claude.json") },
			marks: func(s System) []string {
				dir := s.dir("CLAUDE_CONFIG_DIR", s.Home)
				return []string{s.join(dir, ".claude.json"), s.join(s.Home, ".claude")}
			},
		},
		{
			Name: "vscode", Title: "VS Code", Table: "servers", Typed: true, Cap: 128, After: "Start vps-net there: command palette, MCP: List Servers.",
			remote: typedURL("${env:%s}"),
			path:   func(s System) string { return s.join(s.ConfigDir(), "Code", "User", "mcp.json") },
		},
		{
			Name: "cursor", Title: "Cursor", Table: "mcpServers", Cap: 40, After: restartHint,
			remote: namedURL("url", "url", "${env:%s}"),
			path:   func(s System) string { return s.join(s.Home, ".cursor", "mcp.json") },
		},
		{
			Name: "windsurf", Title: "Windsurf", Table: "mcpServers", Cap: 50, After: restartHint, Mute: true,
			remote: namedURL("serverUrl", "serverUrl", "${env:%s}"),
			path:   func(s System) string { return s.join(s.Home, ".codeium", "windsurf", "mcp_config.json") },
		},
		{
			Name: "gemini", Title: "Gemini CLI", Table: "mcpServers", After: "Start a new session.", Mute: true,
			remote: namedURL("httpUrl", "url", "${%s}"),
			path:   func(s System) string { return s.join(s.Home, ".gemini", "settings.json") },
		},
		{
			Name: "codex", Title: "Codex", Table: "mcp_servers", TOML: true, After: "Start a new session.",
			remote: codexURL,
			path:   func(s System) string { return s.join(s.dir("CODEX_HOME", s.join(s.Home, ".codex")), "config.toml") },
		},
	}
}

// Find returns the client of a name, such as cursor; false for an unknown one.
func Find(name string) (Client, bool) {
	all := Clients()
	i := slices.IndexFunc(all, func(c Client) bool { return c.Name == name })
	if i < 0 {
		return Client{}, false
	}
	return all[i], true
}

// Path is the user's configuration file of the client.
func (c Client) Path(s System) string { return c.path(s) }

// Installed reports that the client seems to be there: its folder is.
func (c Client) Installed(s System) bool {
	path := c.path(s)
	marks := []string{path[:strings.LastIndex(path, s.separator())]}
	if c.marks != nil {
		marks = c.marks(s)
	}
	return slices.ContainsFunc(marks, func(mark string) bool {
		_, err := os.Stat(mark)
		return err == nil
	})
}

// Takes reports a client that shows a model all of count tools.
func (c Client) Takes(count int) bool { return c.Cap == 0 || count <= c.Cap }

// ConfigDir is where programs keep their configuration, as os.UserConfigDir has it.
func (s System) ConfigDir() string {
	switch s.OS {
	case "windows":
		return s.dir("APPDATA", s.join(s.Home, "AppData", "Roaming"))
	case "darwin":
		return s.join(s.Home, "Library", "Application Support")
	default:
		return s.dir("XDG_CONFIG_HOME", s.join(s.Home, ".config"))
	}
}

// dir returns the folder that an environment variable names, or the other one when it is not set.
func (s System) dir(variable, other string) string {
	if dir := s.Env[variable]; dir != "" {
		return strings.TrimRight(dir, s.separator())
	}
	return other
}

// separator returns what stands between the parts of a path.
func (s System) separator() string {
	if s.OS == "windows" {
		return `\`
	}
	return "/"
}

// join joins the parts of a path of that system.
func (s System) join(parts ...string) string { return strings.Join(parts, s.separator()) }
