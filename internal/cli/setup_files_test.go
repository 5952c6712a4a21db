package cli

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

// TestOneClientHindersNoOther: a file that cannot be written is told before the key
// is kept, and one that cannot be at the last moment stops none after it.
func TestOneClientHindersNoOther(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("needs links and modes")
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	const key = ".config/vpsnet-mcp/key"
	const login = "me@example.com\ns3cret-key\n"
	nowhere := func(path string) error { return os.Symlink(filepath.Join(filepath.Dir(path), "away"), path) }
	for name, spoil := range map[string]func(path string) error{
		"is read-only":       func(path string) error { return os.WriteFile(path, []byte("{}"), 0o400) },
		"which is not there": nowhere,
	} {
		d := newDesk(t)
		d.put(".cursor/other", "")
		if err := spoil(filepath.Join(d.home, ".cursor", "mcp.json")); err != nil {
			t.Fatal(err)
		}
		if code := d.run(login, "setup", "cursor", "--yes"); code != exitFailed || d.file(key) != "" || !strings.Contains(d.out, name) {
			t.Errorf("%s: the key was kept for nothing: %d: %s", name, code, d.out)
		}
		if code := d.run(login, "setup", "cursor", "gemini", "--yes"); code != exitFailed || d.file(key) == "" || !strings.Contains(d.file(".gemini/settings.json"), "vpsnet") {
			t.Errorf("%s: %d: %s", name, code, d.out)
		}
	}
	// A folder that cannot be made is only met when writing.
	d := newDesk(t)
	if err := nowhere(filepath.Join(d.home, ".cursor")); err != nil {
		t.Fatal(err)
	}
	if code := d.run(login, "setup", "cursor", "gemini", "windsurf", "--yes"); code != exitFailed || !strings.Contains(d.out, "vpsnet-mcp: Cursor: ") ||
		!strings.Contains(d.file(".gemini/settings.json"), "vpsnet") || !strings.Contains(d.file(".codeium/windsurf/mcp_config.json"), "vpsnet") {
		t.Errorf("%d: %s", code, d.out)
	}
	// To remove: the others go out, and the key stays as long as one needs it.
	held := filepath.Join(d.home, ".gemini", "settings.json")
	_ = os.Chmod(held, 0o400)
	if code := d.run("", "setup", "--remove", "--yes"); code != exitFailed || d.file(".codeium/windsurf/mcp_config.json") != "" || d.file(key) == "" || !strings.Contains(d.out, "key stays") {
		t.Errorf("%d: %s", code, d.out)
	}
	_ = os.Chmod(held, 0o600)
	// Nor does it go when writing fails at last, or the config file that names it cannot be edited.
	if os.Getuid() != 0 { // whom a mode stops
		_ = os.Chmod(filepath.Dir(held), 0o500)
		if code := d.run("", "setup", "--remove", "--yes"); code != exitFailed || d.file(key) == "" || !strings.Contains(d.out, "key stays") {
			t.Errorf("%d: %s", code, d.out)
		}
		_ = os.Chmod(filepath.Dir(held), 0o700)
	}
	config := d.file(configName)
	d.put(configName, "email: me@example.com\npolicy: rules\napi_key_file:\n  key\n")
	if code := d.run("", "setup", "--remove", "--yes"); code != exitFailed || d.file(key) == "" || d.file(".gemini/settings.json") != "" || !strings.Contains(d.out, configName) {
		t.Errorf("%d: %s", code, d.out)
	}
	d.put(configName, config)
	if code := d.run("", "setup", "--remove", "--yes"); code != exitOK || d.file(".gemini/settings.json") != "" || d.file(key) != "" {
		t.Errorf("%d: %s", code, d.out)
	}
}

// TestSetupShowsNobodysSecrets: of a client's file only our entry is shown; of what
// stood there before the names alone, whatever form the values have.
func TestSetupShowsNobodysSecrets(t *testing.T) {
	d := newDesk(t)
	neighbour := `{"mcpServers": {
  "other": {"command": "x", "env": {"TOKEN": "neighb0ur"}}
}}`
	ours := `{"mcpServers": {"vps-net": {"command": "/0ld/vpsnet-mcp", "args": ["--key", "0ld-key"], "env": {"A": "b", "B": "0ld\u002dkey", "C": "two\nl0nes"},
  "headers": {"Authorization": "Bearer 0ld-key"}, "timeout": 5, "note": "0ld-key"}}}`
	for name, c := range map[string]struct{ client, file, text string }{
		"a neighbour's": {"cursor", ".cursor/mcp.json", neighbour},
		"our own":       {"gemini", ".gemini/settings.json", ours},
		"TOML":          {"codex", ".codex/config.toml", "[mcp_servers.vps-net]\nurl = \"https://0ld-key@example.com\"\n[mcp_servers.vps-net.env]\nA = \"\"\"\n0ld-\\\n   key\"\"\"\nB = \"b\"\n"},
	} {
		for _, flag := range []string{"--print", "--yes", "--remove"} {
			d.put(c.file, c.text)
			code := d.run("", "setup", c.client, "--sandbox", flag, "--yes")
			for _, secret := range []string{"neighb0ur", "0ld", "l0nes", "(not shown)ox"} {
				if code != exitOK || strings.Contains(d.out, secret) {
					t.Errorf("%s, %s: %d, %s: %s", name, flag, code, secret, d.out)
				}
			}
			if flag != "--remove" && (!strings.Contains(d.out, `"--sandbox"`) || !strings.Contains(d.out, "/opt/vpsnet-mcp")) {
				t.Errorf("%s, %s: what comes is not shown: %s", name, flag, d.out)
			}
			if name == "our own" && !strings.Contains(d.out, "args, command, env.A, env.B, env.C, headers.Authorization, note, timeout") {
				t.Errorf("%s: what goes is not named: %s", flag, d.out)
			}
		}
	}
}

// TestSetupSaysWhatItTookOut: and that an entry is switched off, which is for its
// person to change.
func TestSetupSaysWhatItTookOut(t *testing.T) {
	d := newDesk(t)
	d.put(".codeium/windsurf/mcp_config.json", `{"mcpServers": {"vps-net": {"serverUrl": "https://mcp.example.com", "disabled": true}}}`)
	if code := d.run("", "setup", "windsurf", "--sandbox", "--yes"); code != exitOK || !strings.Contains(d.out, "No longer in its entry: serverUrl.") || !strings.Contains(d.out, "switched off") {
		t.Errorf("%d: %s", code, d.out)
	}
	if code := d.run("", "setup", "windsurf", "--sandbox", "--yes"); code != exitOK || !strings.Contains(d.out, "set up already") || !strings.Contains(d.out, "switched off") {
		t.Errorf("%d: %s", code, d.out)
	}
}

// TestRemoveFromWhatCannotBeRead: nobody knows whether such a file has an entry, so
// it is named, and the key that the entry would need stays.
func TestRemoveFromWhatCannotBeRead(t *testing.T) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	d := newDesk(t)
	if code := d.run("me@example.com\ns3cret-key\n", "setup", "gemini", "cursor", "--yes"); code != exitOK {
		t.Fatal(d.out)
	}
	d.put(".gemini/settings.json", d.file(".gemini/settings.json")+",")
	for _, args := range [][]string{{"gemini"}, nil} {
		code := d.run("", append([]string{"setup", "--remove", "--yes"}, args...)...)
		if code != exitFailed || strings.Contains(d.out, "No client") || !strings.Contains(d.out, filepath.Join(d.home, ".gemini", "settings.json")+": ") || d.file(".config/vpsnet-mcp/key") == "" {
			t.Errorf("%v: %d: %s", args, code, d.out)
		}
	}
	if d.file(".cursor/mcp.json") != "" {
		t.Error("one that can be read still has it: " + d.out)
	}
	d.put(".gemini/settings.json", "")
	if code := d.run("", "setup", "--remove", "--yes"); code != exitOK || d.file(".config/vpsnet-mcp/key") != "" {
		t.Errorf("%d: %s", code, d.out)
	}
}

// TestPrintShowsWhatToPaste: a refusal sends its reader to --print, which shows the
// entry for a file that cannot be edited.
func TestPrintShowsWhatToPaste(t *testing.T) {
	for _, c := range []struct{ client, file, text, want string }{
		{"codex", ".codex/config.toml", "[mcp_servers]\nvps-net = { command = \"/old/vpsnet-mcp\", env = { A = \"s3cret\" } }\n", "+ [mcp_servers.vps-net]"},
		{"codex", ".codex/config.toml", "mcp_servers = { a = { command = \"s3cret\" } }\n", "+ [mcp_servers.vps-net]"},
		{"codex", ".codex/config.toml", "mcp_servers.vps-net.command = \"s3cret\"\n", "+ [mcp_servers.vps-net]"},
		{"cursor", ".cursor/mcp.json", `{"mcpServers": "s3cret"}`, `+     "vps-net": {`},
	} {
		d := newDesk(t)
		d.put(c.file, c.text)
		if code := d.run("", "setup", "--print", c.client, "--sandbox"); code != exitFailed || !strings.Contains(d.out, c.want) || !strings.Contains(d.out, `"--sandbox"`) || strings.Contains(d.out, "s3cret") {
			t.Errorf("%s: %d: %s", c.text, code, d.out)
		}
		if d.file(c.file) != c.text {
			t.Error("it was changed")
		}
	}
}
