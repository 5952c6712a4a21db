package setup

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var entry = Entry{Command: `/opt/my "tools"/vpsnet-mcp`, Args: []string{"--sandbox", "--toolsets", "operate"}}

func client(t *testing.T, name string) Client {
	t.Helper()
	c, ok := Find(name)
	if !ok {
		t.Fatal(name)
	}
	return c
}

// TestPaths holds where each client's file is on each system.
func TestPaths(t *testing.T) {
	linux := System{OS: "linux", Home: "/home/a"}
	mac := System{OS: "darwin", Home: "/Users/a"}
	windows := System{OS: "windows", Home: `C:\Users\a`, Env: map[string]string{"APPDATA": `C:\Users\a\AppData\Roaming`}}
	for name, want := range map[string][3]string{
		"claude-desktop": {"/home/a/.config/Claude/claude_desktop_config.json", "/Users/a/Library/Application Support/Claude/claude_desktop_config.json", `C:\Users\a\AppData\Roaming\Claude\claude_desktop_config.json`},
		"claude-code":    {"/home/a/.claude.json", "/Users/a/.claude.json", `C:\Users\a\.claude.json`},
		"vscode":         {"/home/a/.config/Code/User/mcp.json", "/Users/a/Library/Application Support/Code/User/mcp.json", `C:\Users\a\AppData\Roaming\Code\User\mcp.json`},
		"cursor":         {"/home/a/.cursor/mcp.json", "/Users/a/.cursor/mcp.json", `C:\Users\a\.cursor\mcp.json`},
		"windsurf":       {"/home/a/.codeium/windsurf/mcp_config.json", "/Users/a/.codeium/windsurf/mcp_config.json", `C:\Users\a\.codeium\windsurf\mcp_config.json`},
		"gemini":         {"/home/a/.gemini/settings.json", "/Users/a/.gemini/settings.json", `C:\Users\a\.gemini\settings.json`},
		"codex":          {"/home/a/.codex/config.toml", "/Users/a/.codex/config.toml", `C:\Users\a\.codex\config.toml`},
	} {
		c := client(t, name)
		if diff := cmp.Diff(want, [3]string{c.Path(linux), c.Path(mac), c.Path(windows)}); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for variable, want := range map[string][2]string{
		"XDG_CONFIG_HOME": {"vscode", "/x/Code/User/mcp.json"}, "CODEX_HOME": {"codex", "/x/config.toml"}, "CLAUDE_CONFIG_DIR": {"claude-code", "/x/.claude.json"},
	} {
		moved := System{OS: "linux", Home: "/home/a", Env: map[string]string{variable: "/x/"}}
		if got := client(t, want[0]).Path(moved); got != want[1] {
			t.Errorf("%s: %s", variable, got)
		}
	}
	if got := client(t, "vscode").Path(System{OS: "windows", Home: `C:\Users\b`}); got != `C:\Users\b\AppData\Roaming\Code\User\mcp.json` {
		t.Error(got)
	}
}

// others are configurations with our table, others' servers and comments; what
// is put in and taken out again must leave them as they were.
var others = []struct{ client, name, text string }{
	{"claude-desktop", "plain", "{\n  \"globalShortcut\": \"Ctrl+Space\",\n  \"mcpServers\": {\n    \"files\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"files\"]\n    }\n  },\n  \"big\": 12345678901234567890.10\n}\n"},
	{"claude-desktop", "tabs, no newline at the end", "{\n\t\"mcpServers\": {\n\t\t\"a\": {\"command\": \"a\"}\n\t}\n}"},
	{"claude-desktop", "windows", "\xef\xbb\xbf{\r\n    \"mcpServers\": {\r\n        \"a\": { \"command\": \"a\" }\r\n    }\r\n}\r\n"},
	{"claude-code", "four spaces", "{\n    \"numStartups\": 3,\n    \"mcpServers\": {\n        \"a\": {\n            \"type\": \"stdio\"\n        }\n    },\n    \"projects\": {\"/x\": {\"mcpServers\": {\"vps-net\": {\"command\": \"theirs\"}}}}\n}\n"},
	{"vscode", "comments", "// mine\n{\n  // inputs first\n  \"inputs\": [/* none */],\n  \"servers\": {\n    // the files\n    \"files\": { \"command\": \"npx\" } // keep\n    /* the end */\n  } // servers\n}\n// after\n"},
	{"vscode", "trailing commas", "{\n  \"servers\": {\n    \"a\": { \"command\": \"a\", },\n    \"b\": { \"command\": \"b\", }, // b\n  },\n}\n"},
	{"cursor", "empty table", "{\n  \"mcpServers\": {}\n}\n"},
	{"windsurf", "braces in texts", "{\n  \"mcpServers\": {\n    \"a\": {\"command\": \"}{,//\\\"\"}\n  }\n}\n"},
	{"gemini", "table first", "{\n  \"mcpServers\": {\n    \"a\": {}\n  },\n  /* looks */ \"theme\": \"Dark\"\n}\n"},
	{"codex", "between tables", "# mine\nmodel = \"o3\" # fast\n\n[mcp_servers.files]\ncommand = \"npx\" # keep\nargs = [\n  \"-y\", # yes\n]\n\n# the projects\n[projects.\"/x\"]\ntrust_level = \"trusted\"\n"},
	{"codex", "windows", "model = \"o3\"\r\n\r\n[mcp_servers.a]\r\ncommand = 'a'\r\n"},
	{"vscode", "nothing but a comment in the table", "{\n  \"servers\": {\n    // none yet\n  }\n}\n"},
	{"gemini", "all on one line", "{\"mcpServers\": {\"a\": {} }, \"theme\": \"Dark\" }"},
	{"gemini", "blank lines before the end", "{\n  \"mcpServers\": {\n    \"a\": {}\n\n  }\n}\n"},
	{"gemini", "comma on its own line", "{\n  \"mcpServers\": {\n    \"a\": {} // last\n    ,\n  }\n}\n"},
	{"codex", "nothing but a comment", "# mine\n"},
	{"codex", "mark, blank lines at the end", "\xef\xbb\xbfmodel = \"o3\"\n\n\n"},
	{"codex", "dotted keys, indented tables", "mcp_servers.a.command = \"a\"\n\n  [[things]]\n\tx = 1 # one\n"},
	{"codex", "texts like tables", "note = '''\n[mcp_servers.vps-net]\n'''\n"},
}

func TestOthersSurvive(t *testing.T) {
	for _, o := range others {
		t.Run(o.client+"/"+o.name, func(t *testing.T) {
			c := client(t, o.client)
			set, err := c.Set([]byte(o.text), entry)
			if err != nil {
				t.Fatal(err)
			}
			if !c.Has(set) || c.Has([]byte(o.text)) {
				t.Errorf("has it: %v, had it: %v", c.Has(set), c.Has([]byte(o.text)))
			}
			again, err := c.Set(set, entry)
			if err != nil || string(again) != string(set) {
				t.Errorf("set twice: %v\n%s", err, cmp.Diff(string(set), string(again)))
			}
			other, err := c.Set(set, Entry{Command: "vpsnet-mcp"})
			if err != nil {
				t.Fatal(err)
			}
			for _, text := range [][]byte{set, other} {
				gone, err := c.Remove(text)
				if err != nil || string(gone) != o.text {
					t.Errorf("removed: %v\n%s", err, cmp.Diff(o.text, string(gone)))
				}
			}
			if untouched, err := c.Remove([]byte(o.text)); err != nil || string(untouched) != o.text {
				t.Errorf("nothing to remove: %v %q", err, untouched)
			}
		})
	}
}

// TestEntryAmongOthers replaces and removes an entry that stands first or in the
// middle, and keeps what a person added to it.
func TestEntryAmongOthers(t *testing.T) {
	for _, c := range []struct{ client, text, set, removed string }{
		{
			"vscode", "{\n  \"servers\": {\n    // ours\n    \"vps-net\": {\"command\": \"/old/vpsnet-mcp\", \"env\": {\"VPSNET_API_KEY\": \"k\"}, \"dev\": {\"watch\": 1}},\n    \"b\": {} // b\n  }\n}\n",
			"{\n  \"servers\": {\n    // ours\n    \"vps-net\": {\n      \"type\": \"stdio\",\n      \"command\": \"/new/vpsnet-mcp\",\n      \"args\": [],\n      \"dev\": {\"watch\": 1}\n    },\n    \"b\": {} // b\n  }\n}\n",
			"{\n  \"servers\": {\n    // ours\n    \"b\": {} // b\n  }\n}\n",
		},
		{
			"codex", "[mcp_servers.vps-net]\ncommand = \"/old/vpsnet-mcp\"\nstartup_timeout_sec = 20\n[mcp_servers.vps-net.env]\nA = \"b\"\n\n# b\n[mcp_servers.b]\ncommand = \"b\"\n",
			"[mcp_servers.vps-net]\ncommand = \"/new/vpsnet-mcp\"\nargs = []\nstartup_timeout_sec = 20\n\n# b\n[mcp_servers.b]\ncommand = \"b\"\n",
			"\n# b\n[mcp_servers.b]\ncommand = \"b\"\n",
		},
		{
			"vscode", "{\n  \"servers\": {\n    \"a\": {}, // a\n    \"vps-net\": {\"command\": \"/old/vpsnet-mcp\" /* in */}, /* ours */ \"b\": {}, // b\n    \"c\": {}\n  }\n}\n",
			"{\n  \"servers\": {\n    \"a\": {}, // a\n    \"vps-net\": {\n      \"type\": \"stdio\",\n      \"command\": \"/new/vpsnet-mcp\",\n      \"args\": []\n    }, /* ours */ \"b\": {}, // b\n    \"c\": {}\n  }\n}\n",
			"{\n  \"servers\": {\n    \"a\": {}, // a\n    /* ours */ \"b\": {}, // b\n    \"c\": {}\n  }\n}\n",
		},
		{
			"gemini", "{\n  \"mcpServers\": {\n    // why\n    \"vps-net\": {\"args\": [], /* mine */ \"command\": \"/new/vpsnet-mcp\"} // after\n  }\n}\n",
			"{\n  \"mcpServers\": {\n    // why\n    \"vps-net\": {\"args\": [], /* mine */ \"command\": \"/new/vpsnet-mcp\"} // after\n  }\n}\n",
			"{\n  \"mcpServers\": {\n    // why\n    // after\n  }\n}\n",
		},
		{
			"codex", "[mcp_servers.vps-net]\ncommand = \"/old/vpsnet-mcp\" # ours\n\n# mine\n#[mcp_servers.b]\n",
			"[mcp_servers.vps-net]\ncommand = \"/new/vpsnet-mcp\"\nargs = []\n\n# mine\n#[mcp_servers.b]\n",
			"\n# mine\n#[mcp_servers.b]\n",
		},
		{"cursor", "", "{\n  \"mcpServers\": {\n    \"vps-net\": {\n      \"command\": \"/new/vpsnet-mcp\",\n      \"args\": []\n    }\n  }\n}\n", ""},
		{"codex", "", "[mcp_servers.vps-net]\ncommand = \"/new/vpsnet-mcp\"\nargs = []\n", ""},
		{"gemini", "{\"theme\":\"Dark\"}", "{\"theme\":\"Dark\", \"mcpServers\": {\n    \"vps-net\": {\n      \"command\": \"/new/vpsnet-mcp\",\n      \"args\": []\n    }\n  }}", "{\"theme\":\"Dark\"}"},
	} {
		set, err := client(t, c.client).Set([]byte(c.text), Entry{Command: "/new/vpsnet-mcp"})
		if diff := cmp.Diff(c.set, string(set)); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", c.client, err, diff)
		}
		removed, err := client(t, c.client).Remove([]byte(c.text))
		if diff := cmp.Diff(c.removed, string(removed)); err != nil || diff != "" {
			t.Errorf("%s, removed: %v\n%s", c.client, err, diff)
		}
	}
}

// TestRefused: a file of an unforeseen form is left alone.
func TestRefused(t *testing.T) {
	for _, c := range []struct{ client, text, why string }{
		{"cursor", `{"mcpServers": `, "correct the file"},
		{"cursor", `[]`, "correct the file"},
		{"cursor", `{"mcpServers": []}`, "object"},
		{"cursor", `{"mcpServers": {}, "mcpServers": {}}`, "twice"},
		{"cursor", `{"mcpServers": {"vps-net": {}, "vps-net": {}}}`, "twice"},
		{"cursor", "{} {}", "correct the file"},
		{"cursor", "not JSON", "correct the file"},
		{"codex", "a = ", "correct the file"},
		{"codex", "mcp_servers = { a = { command = \"a\" } }\n", "by hand"},
		{"codex", "[mcp_servers]\nvps-net = { command = \"/old/vpsnet-mcp\" }\n", "by hand"},
	} {
		if got, err := client(t, c.client).Set([]byte(c.text), entry); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s: %v, %q", c.text, err, got)
		}
	}
}

// TestDamageIsRefused: an edit that would lose another server, or our entry, or
// the file's form, is not written.
func TestDamageIsRefused(t *testing.T) {
	c := client(t, "cursor")
	before := []byte(`{"mcpServers": {"a": {}}}`)
	good, err := c.Set(before, entry)
	if err != nil {
		t.Fatal(err)
	}
	ours, _ := c.Set(nil, entry)
	for _, made := range [][]byte{ours, before, []byte(strings.Replace(string(good), "operate", "all", 1)), good[1:]} {
		edit := func(Client, []byte, string, *Entry) ([]byte, error) { return made, nil }
		if got, err := c.editChecked(before, &entry, edit); err == nil || !strings.Contains(err.Error(), "by hand") {
			t.Errorf("%v: %s", err, got)
		}
	}
}

// FuzzSet holds that no file is damaged: what is not refused has our entry, and
// loses it again; but for blanks and commas, all bytes are then what they were.
func FuzzSet(f *testing.F) {
	for _, o := range others {
		f.Add(o.client, o.text)
	}
	for _, text := range []string{"", "{}", "// c", "{} // c", "{ // c\n}", "{\"mcpServers\": null}", "\r", "{\"a\": 1,}"} {
		f.Add("gemini", text)
	}
	f.Add("claude-code", `{"projects":{"x":{"mcpServers":{}}}}`)
	f.Add("cursor", `{"x":{"mcpServers":{}}}`)
	f.Add("cursor", `/* "mcpServers":{} */ {}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		c, ok := Find(name)
		if !ok {
			return
		}
		set, err := c.Set([]byte(text), entry)
		if err != nil {
			return
		}
		gone, err := c.Remove(set)
		if err != nil {
			t.Fatalf("cannot be removed: %v\n%s", err, set)
		}
		if strings.Contains(text, Name) || strings.Contains(text, `\u`) { // it may have had one
			return
		}
		squeezed, table := squeeze(string(gone)), `"`+c.Table+`":{}`
		if squeezed == squeeze(text) || lacks(squeezed, table, squeeze(text)) || lacks(squeezed, "{"+table+"}", squeeze(text)) {
			return
		}
	})
}

// lacks reports that other is text without one of its parts of a kind: the file may
// have had such a table of its own, before ours or after.
func lacks(text, part, other string) bool {
	for at := 0; at+len(part) <= len(text); at++ {
		if text[at:at+len(part)] == part && text[:at]+text[at+len(part):] == other {
			return true
		}
	}
	return false
}

// squeeze takes out every blank and comma.
func squeeze(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(blankChars+",", r) {
			return -1
		}
		return r
	}, text)
}

func TestToolsetFitsTheCap(t *testing.T) {
	for name, want := range map[string]string{"cursor": "operate", "windsurf": "operate", "vscode": "", "claude-desktop": "", "codex": ""} {
		if got := client(t, name).Toolset(114); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
