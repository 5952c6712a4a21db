package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
)

// TestMovedFoldersAreFound: who has moved their configuration and state by
// variables gets an entry that serves their account from them, though the client
// starts it without these variables.
func TestMovedFoldersAreFound(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("there the folders are where they are")
	}
	d := newDesk(t)
	moved := map[string]string{"XDG_CONFIG_HOME": filepath.Join(d.home, "conf"), "XDG_STATE_HOME": filepath.Join(d.home, "st")}
	bare := []string{"HOME=" + d.home, "PATH=/nonexistent"}
	run := func(in string, args ...string) string {
		t.Helper()
		cmd := exec.Command(binary(t), args...)
		cmd.Stdin = strings.NewReader(in)
		for name, value := range moved {
			cmd.Env = append(cmd.Env, name+"="+value)
		}
		cmd.Env = append(cmd.Env, bare...)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("me@example.com\ns3cret-key\n", "setup", "gemini", "--no-keyring", "--api-url", d.url, "--yes")
	c, _ := setup.Find("gemini")
	command, args := startsWith(t, c, []byte(d.file(".gemini/settings.json")))
	cmd := exec.Command(command, args...)
	cmd.Env = bare
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
	if err != nil {
		t.Fatalf("%v: %v", args, err)
	}
	defer func() { _ = session.Close() }()
	if answer, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "get_profile"}); err != nil || answer.IsError {
		t.Errorf("%v: %v", err, answer)
	}
	if _, err := os.Stat(filepath.Join(d.home, "st", "vpsnet-mcp")); err != nil || d.file("conf/vpsnet-mcp/key") == "" || d.file(".config/vpsnet-mcp/config.yaml") != "" {
		t.Errorf("its state is elsewhere: %v, %v", args, err)
	}
	if again := run("", "setup", "gemini", "--no-keyring", "--api-url", d.url, "--yes"); !strings.Contains(again, "set up already") {
		t.Error(again)
	}
	// A config file that is read is named for the sandbox too; one that is not there is not.
	if out := run("", "setup", "--print", "codex", "--sandbox"); !strings.Contains(out, `"--config", "`+d.home+`/conf/`) || strings.Contains(out, "--state-dir") {
		t.Error(out)
	}
	_ = os.RemoveAll(filepath.Join(d.home, "conf"))
	if out := run("", "setup", "--print", "codex", "--sandbox"); !strings.Contains(out, `args = ["--sandbox"]`) {
		t.Error(out)
	}
	// Where nothing is moved nothing is named.
	moved = nil
	if out := run("", "setup", "--print", "codex"); !strings.Contains(out, `args = []`) {
		t.Error(out)
	}
}

// TestNoSettingIsDropped: what a person gives reaches the server that a client
// starts, by its entry or as the account; what cannot is refused by name.
func TestNoSettingIsDropped(t *testing.T) {
	p, _ := newDesk(t).program("")
	const value = "s4mple"
	account := map[string]bool{
		"email": true, "key": true, "api-key": true, "api-key-file": true, "api-url": true,
		"platform-token": true, "platform-token-file": true, "platform-url": true,
	}
	refused := map[string]bool{}
	for _, o := range settings.Options() {
		for _, from := range []string{settings.FromFlag, settings.FromEnvironment} {
			s := &settings.Settings{Given: map[string]string{o.Name: value}}
			p.env = map[string]string{}
			if from == settings.FromEnvironment {
				s.Given, p.env = nil, map[string]string{o.Env(): value}
			}
			args, err := p.serverArgs(s, p.clientConfigPath())
			written := slices.ContainsFunc(args, func(a string) bool { return a == "--"+o.Name || strings.HasPrefix(a, "--"+o.Name+"=") })
			switch {
			case account[o.Name] && err == nil && !written:
			case err != nil && !account[o.Name] && strings.Contains(err.Error(), o.Env()) && !strings.Contains(err.Error(), value):
				refused[o.Name] = true
			case err != nil || account[o.Name] || !written:
				t.Errorf("%s by %s: %v, %v", o.Name, from, args, err)
			}
		}
	}
	// A server of one's own needs these; a secret is not an argument.
	want := map[string]bool{"redis": true, "notify": true}
	for _, o := range settings.HostOptions() {
		want[o.Name] = true
	}
	if diff := cmp.Diff(want, refused); diff != "" {
		t.Error(diff)
	}
}

// TestSetupKeepsSafetySettings: they stand in the entry, and a server starts with it.
func TestSetupKeepsSafetySettings(t *testing.T) {
	d := newDesk(t)
	p, out := d.program("")
	p.env["VPSNET_CONSENT_KEY_FILE"] = filepath.Join(d.home, "consent.key")
	audit := filepath.Join(d.home, "audit.jsonl")
	if code := p.run(t.Context(), []string{"setup", "gemini", "--sandbox", "--state-dir", d.home, "--audit", audit, "--audit-required", "--log-level", "warn", "--yes"}); code != exitOK {
		t.Fatalf("%d: %s", code, out)
	}
	for _, want := range []string{`"--consent-key-file"`, `"--audit-required"`, `"--log-level", "warn"`} {
		if !strings.Contains(d.file(".gemini/settings.json"), want) {
			t.Errorf("no %s in %s", want, d.file(".gemini/settings.json"))
		}
	}
	for variable, value := range map[string]string{"VPSNET_REDIS": "redis://:s3cret@localhost", "VPSNET_TRANSPORT": "http"} {
		p, out := d.program("")
		p.env[variable] = value
		if code := p.run(t.Context(), []string{"setup", "cursor", "--sandbox", "--yes"}); code == exitOK || !strings.Contains(out.String(), variable) || strings.Contains(out.String(), "s3cret") || d.file(".cursor/mcp.json") != "" {
			t.Errorf("%s: %d: %s", variable, code, out)
		}
	}
}

// TestSetupKnowsWhatGoRunMade: wherever the build cache is, no client's file gets a
// path in it; a folder that is only named so is one like any other.
func TestSetupKnowsWhatGoRunMade(t *testing.T) {
	sum := strings.Repeat("0123456789abcdef", 4)
	for path, passing := range map[string]bool{
		"/tmp/go-build1386408213/b001/exe/vpsnet-mcp":       true,
		"/home/me/.cache/go-build/01/" + sum + "-d/program": true,
		"/var/cache/go/01/" + sum + "-d/vpsnet-mcp":         true,
		"/var/gocache/elsewhere/vpsnet-mcp":                 true,
		"/var/gocachet/vpsnet-mcp":                          false,
		"/home/me/go-builder/vpsnet-mcp":                    false,
		"/opt/" + sum + "/vpsnet-mcp":                       false,
		"/opt/vpsnet-mcp":                                   false,
	} {
		d := newDesk(t)
		p, out := d.program("")
		p.executable, p.env["GOCACHE"] = path, "/var/gocache"
		code := p.run(t.Context(), []string{"setup", "cursor", "--sandbox", "--yes"})
		if refused := strings.Contains(out.String(), "built by go run"); refused != passing || (code != exitOK) != passing || strings.Contains(d.file(".cursor/mcp.json"), "vpsnet") == passing {
			t.Errorf("%s: %d: %s", path, code, out)
		}
	}
}
