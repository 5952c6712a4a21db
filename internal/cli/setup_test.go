package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/pelletier/go-toml/v2"
	"github.com/tailscale/hujson"
	"github.com/zalando/go-keyring"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/vpsapi/sandbox"
)

// built is the program as a user has it, made once.
var built = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "vpsnet-mcp")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "vpsnet-mcp")
	if runtime.GOOS == "windows" {
		path += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", path, "../..").CombinedOutput()
	if err != nil {
		return string(out), err
	}
	return path, nil
})

// binary is the program's path: VPSNET_TEST_PROGRAM, which a release's check
// sets to the program out of its archive, or one made here.
func binary(t *testing.T) string {
	t.Helper()
	if path := os.Getenv("VPSNET_TEST_PROGRAM"); path != "" {
		return path
	}
	path, err := built()
	if err != nil {
		t.Fatal(path, err)
	}
	return path
}

// theirs is what each client's file may hold before: other servers, comments
// where the client takes them, and the habits of editors.
var theirs = map[string]string{
	"claude-desktop": "{\r\n\t\"mcpServers\": {\r\n\t\t\"other\": {\"command\": \"other\"}\r\n\t}\r\n}",
	"claude-code":    "{\n  \"numStartups\": 12345678901234567890,\n  \"projects\": {\"/x\": {\"mcpServers\": {\"vps-net\": {}}}}\n}\n",
	"vscode":         "\xef\xbb\xbf// mine\n{\n  \"servers\": {\n    \"other\": {\"command\": \"other\",}, // keep\n    /* end */\n  },\n}\n// after",
	"cursor":         "{\"mcpServers\": {\"other\": {\"url\": \"https://mcp.example.com/mcp\"}} }\n",
	"windsurf":       "",
	"gemini":         "{\n    // mine\n    \"theme\": \"Dark\" // looks\n}\n",
	"codex":          "# mine\nmodel = \"o3\"\n[mcp_servers.other] # keep\ncommand = \"other\"\n\n# end",
}

// TestEachClientStartsIt: what setup writes for a client is, read as that client
// reads it, a command that serves on a machine that has nothing else; undone,
// other servers and comments are what they were to the byte.
func TestEachClientStartsIt(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the folders of the test are Unix ones")
	}
	home := t.TempDir()
	system := setup.System{OS: runtime.GOOS, Home: home}
	program := binary(t)
	for _, c := range setup.Clients() {
		path := c.Path(system)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if text := theirs[c.Name]; text != "" {
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	bare := []string{"HOME=" + home, "PATH=/nonexistent"}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.Command(program, args...)
		cmd.Env = bare
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	run("setup", "--sandbox", "--yes")
	for _, c := range setup.Clients() {
		text, err := os.ReadFile(c.Path(system))
		if err != nil {
			t.Fatal(err)
		}
		command, args := startsWith(t, c, text)
		cmd := exec.Command(command, args...)
		cmd.Env = bare
		session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		list, err := session.ListTools(t.Context(), nil)
		if err != nil || len(list.Tools) == 0 || (c.Cap > 0 && len(list.Tools) > c.Cap) {
			t.Fatalf("%s: %v, %v of at most %d tools", c.Name, err, list, c.Cap)
		}
		answer, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "list_cloud_servers"})
		if err != nil || answer.IsError {
			t.Errorf("%s: %v, %v", c.Name, err, answer)
		}
		_ = session.Close()
		t.Logf("%s: %s %s: %d tools", c.Name, command, strings.Join(args, " "), len(list.Tools))
	}
	if again := run("setup", "--sandbox", "--yes"); strings.Count(again, "is set up already") != len(setup.Clients()) {
		t.Errorf("setup again: %s", again)
	}
	run("call", "history", "--sandbox", "--state-dir", filepath.Join(home, ".local", "state", "vpsnet-mcp"))
	if removed := run("setup", "--remove", "--yes"); !strings.Contains(removed, "The journal of what was changed stays, in "+filepath.Join(home, ".local")) {
		t.Errorf("of the journal nothing is said: %s", removed)
	}
	for _, c := range setup.Clients() {
		text, err := os.ReadFile(c.Path(system))
		if string(text) != theirs[c.Name] || os.IsNotExist(err) != (theirs[c.Name] == "") {
			t.Errorf("%s: after the removal: %v\n%s", c.Name, err, text)
		}
	}
}

// startsWith reads a configuration as its client does.
func startsWith(t *testing.T, c setup.Client, text []byte) (command string, args []string) {
	t.Helper()
	type server struct {
		Command string   `json:"command" toml:"command"`
		Args    []string `json:"args" toml:"args"`
	}
	var doc struct {
		A map[string]server `json:"mcpServers" toml:"mcp_servers"`
		B map[string]server `json:"servers"`
	}
	var err error
	switch {
	case c.TOML:
		err = toml.Unmarshal(text, &doc)
	case c.Name == "vscode" || c.Name == "gemini": // these take comments, and a mark
		text = append(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), '\n')
		if text, err = hujson.Standardize(text); err == nil {
			err = json.Unmarshal(text, &doc)
		}
	default:
		err = json.Unmarshal(text, &doc)
	}
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	s := doc.A[setup.Name]
	if c.Table == "servers" {
		s = doc.B[setup.Name]
	}
	return s.Command, s.Args
}

// desk is a person's machine, with an account behind a web server.
type desk struct {
	*testing.T
	home, out string
	url       string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	web := httptest.NewServer(sandbox.New(sandbox.Options{Email: "me@example.com", APIKey: "s3cret-key"}))
	t.Cleanup(web.Close)
	return &desk{T: t, home: t.TempDir(), url: web.URL}
}

func (d *desk) program(in string) (*program, *bytes.Buffer) {
	var out bytes.Buffer
	return &program{
		in: strings.NewReader(in), out: &out, err: &out, executable: "/opt/vpsnet-mcp",
		env:       map[string]string{"HOME": d.home, "USERPROFILE": d.home, "VPSNET_API_URL": d.url},
		configDir: func() (string, error) { return filepath.Join(d.home, ".config"), nil },
	}, &out
}

func (d *desk) run(in string, args ...string) int {
	p, out := d.program(in)
	code := p.run(context.Background(), args)
	d.out = out.String()
	return code
}

// user is under what name the keyring has the key of the desk's account.
func (d *desk) user() string { return "me@example.com at " + strings.TrimPrefix(d.url, "http://") }

func (d *desk) file(name string) string {
	text, _ := os.ReadFile(filepath.Join(d.home, filepath.FromSlash(name)))
	return string(text)
}

func (d *desk) put(name, text string) {
	d.Helper()
	path := filepath.Join(d.home, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		d.Fatal(err)
	}
}

func TestSetupWithAnAccount(t *testing.T) {
	for _, c := range []struct {
		name string
		mock func()
		line string // of the config file
	}{
		{"keyring", keyring.MockInit, "key: keyring"},
		{"no keyring", func() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) }, "api_key_file: key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.mock()
			d := newDesk(t)
			config := filepath.Join(d.home, ".config", "vpsnet-mcp", "config.yaml")
			_ = os.MkdirAll(filepath.Dir(config), 0o700)
			const own = "# mine\nread_only: true # stays\n"
			if err := os.WriteFile(config, []byte(own), 0o600); err != nil {
				t.Fatal(err)
			}
			// A wrong key: nothing is written.
			if code := d.run("me@example.com\nwrong\n", "setup", "cursor", "--yes"); code != exitFailed || d.file(".cursor/mcp.json") != "" || d.file(".config/vpsnet-mcp/config.yaml") != own {
				t.Fatalf("%d: %s", code, d.out)
			}
			if code := d.run("me@example.com\ns3cret-key\n", "setup", "cursor", "--yes"); code != exitOK || !strings.Contains(d.out, "the account of ") {
				t.Fatalf("%d: %s", code, d.out)
			}
			if strings.Contains(d.out, "s3cret") || strings.Contains(d.file(".cursor/mcp.json"), "s3cret") || strings.Contains(d.file(".cursor/mcp.json"), "me@") {
				t.Errorf("the key is told:\n%s\n%s", d.out, d.file(".cursor/mcp.json"))
			}
			if want := "email: me@example.com\n" + c.line + "\napi_url: '" + d.url + "'\n" + own; d.file(".config/vpsnet-mcp/config.yaml") != want {
				t.Errorf("config: %s", d.file(".config/vpsnet-mcp/config.yaml"))
			}
			if info, err := os.Stat(filepath.Join(d.home, ".config", "vpsnet-mcp", "key")); err == nil && runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
				t.Errorf("key file: %v", info.Mode())
			}
			// The server finds the key; so does setup, run again.
			if code := d.run("", "call", "get_profile"); code != exitOK {
				t.Errorf("%d: %s", code, d.out)
			}
			if code := d.run("", "setup", "cursor", "--yes"); code != exitOK || !strings.Contains(d.out, "set up already") || strings.Contains(d.out, "The key ") {
				t.Errorf("%d: %s", code, d.out)
			}
			// Undone.
			if code := d.run("", "setup", "--remove"); code != exitFailed || !strings.Contains(d.file(".cursor/mcp.json"), "vps-net") {
				t.Errorf("removed unasked: %d %s", code, d.out)
			}
			if code := d.run("", "setup", "--remove", "--yes"); code != exitOK || strings.Contains(d.file(".cursor/mcp.json"), "vps-net") || d.file(".config/vpsnet-mcp/config.yaml") != own {
				t.Errorf("%d: %s", code, d.out)
			}
			if _, err := keyring.Get("vpsnet-mcp", d.user()); err == nil || d.file(".config/vpsnet-mcp/key") != "" {
				t.Errorf("the key is still there: %v", err)
			}
		})
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
}

// TestSetupFilesOthersOwn: a key file of the person's own is not deleted, and a
// client's file that cannot be edited stops no other.
func TestSetupFilesOthersOwn(t *testing.T) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	d := newDesk(t)
	own := filepath.Join(d.home, "own-key")
	_ = os.WriteFile(own, []byte("s3cret-key\n"), 0o600)
	if code := d.run("", "setup", "gemini", "codex", "--email", "me@example.com", "--api-key-file", own, "--api-url", d.url, "--yes"); code != exitOK {
		t.Fatalf("%d: %s", code, d.out)
	}
	broken := filepath.Join(d.home, ".gemini", "settings.json")
	_ = os.WriteFile(broken, []byte("{"), 0o600)
	if code := d.run("", "setup", "gemini", "cursor", "--read-only", "--yes"); code != exitFailed || !strings.Contains(d.out, "Gemini CLI") || !strings.Contains(d.file(".cursor/mcp.json"), "--read-only") || d.file(".gemini/settings.json") != "{" {
		t.Errorf("%d: %s", code, d.out)
	}
	if _, err := os.Stat(own); err != nil {
		t.Error(err)
	}
	p, out := d.program("")
	p.env = map[string]string{}
	if code := p.run(context.Background(), []string{"setup", "cursor", "--sandbox", "--yes"}); code != exitUsage || !strings.Contains(out.String(), "no home directory") {
		t.Errorf("without a home: %d: %s", code, out)
	}
	for _, c := range []struct{ args, want string }{
		{"setup nobody", "unknown client"}, {"setup --sandbox", "no terminal to ask on"},
	} {
		_ = os.Remove(filepath.Join(d.home, ".codex", "config.toml"))
		if code := d.run("", strings.Fields(c.args)...); code == exitOK || !strings.Contains(d.out, c.want) {
			t.Errorf("%s: %d: %s", c.args, code, d.out)
		}
	}
}

// TestSetupAfterTheKeyChanged: a stored key that is refused is asked for anew,
// and one that goes elsewhere does not stay behind.
func TestSetupAfterTheKeyChanged(t *testing.T) {
	keyring.MockInit()
	d := newDesk(t)
	config, file := ".config/vpsnet-mcp/config.yaml", ".config/vpsnet-mcp/key"
	if code := d.run("me@example.com\ns3cret-key\n", "setup", "cursor", "--no-keyring", "--yes"); code != exitOK || d.file(file) != "s3cret-key\n" || !strings.Contains(d.out, settings.KeyFile(filepath.Join(d.home, config))) {
		t.Fatalf("%d: %s", code, d.out)
	}
	// It is revoked: without others, nothing changes; with others, these are kept.
	_ = os.WriteFile(filepath.Join(d.home, file), []byte("revoked\n"), 0o600)
	before := d.file(config)
	if code := d.run("", "setup", "codex", "--yes"); code == exitOK || !strings.Contains(d.out, "refused") || d.file(".codex/config.toml") != "" || d.file(config) != before {
		t.Errorf("%d: %s", code, d.out)
	}
	if code := d.run("me@example.com\ns3cret-key\n", "setup", "cursor", "--yes"); code != exitOK || !strings.Contains(d.file(config), "key: keyring") || d.file(file) != "" {
		t.Errorf("%d: %s\n%s%s", code, d.out, d.file(config), d.file(file))
	}
	if code := d.run("", "setup", "cursor", "--no-keyring", "--yes"); code != exitOK || d.file(file) != "s3cret-key\n" || strings.Contains(d.file(config), "keyring") {
		t.Errorf("%d: %s\n%s", code, d.out, d.file(config))
	}
	if _, err := keyring.Get("vpsnet-mcp", d.user()); err == nil {
		t.Error("the keyring still has the key")
	}
	if code := d.run("", "setup", "--remove", "--yes"); code != exitOK || d.file(file) != "" || d.file(config) != "" || d.file(".cursor/mcp.json") != "" {
		t.Errorf("%d: %s", code, d.out)
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
}

// TestSetupRefusesAndKeepsNothing: where no client's file can be edited no key is
// kept either, and a key that somebody wrote into an entry is not shown.
func TestSetupRefusesAndKeepsNothing(t *testing.T) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	d := newDesk(t)
	path := filepath.Join(d.home, ".cursor", "mcp.json")
	_ = os.MkdirAll(filepath.Dir(path), 0o700)
	_ = os.WriteFile(path, []byte("{ not JSON"), 0o600)
	if code := d.run("me@example.com\ns3cret-key\n", "setup", "cursor", "--yes"); code != exitFailed || !strings.Contains(d.out, "correct the file") || d.file(".cursor/mcp.json") != "{ not JSON" || d.file(".config/vpsnet-mcp/key") != "" {
		t.Errorf("%d: %s", code, d.out)
	}
	_ = os.WriteFile(path, []byte(`{"mcpServers": {"vps-net": {"command": "/old/vpsnet-mcp", "env": {"VPSNET_API_KEY": "0ld-key"}}}}`), 0o600)
	for _, flag := range []string{"--print", "--yes"} {
		if code := d.run("", "setup", "cursor", "--sandbox", flag); code != exitOK || strings.Contains(d.out, "0ld-key") || !strings.Contains(d.out, "VPSNET_API_KEY") {
			t.Errorf("%d: %s", code, d.out)
		}
	}
	if strings.Contains(d.file(".cursor/mcp.json"), "0ld-key") {
		t.Error(d.file(".cursor/mcp.json"))
	}
}

// TestKeyIsNoPlaceForTheKey: a key written where keyring belongs is not repeated.
func TestKeyIsNoPlaceForTheKey(t *testing.T) {
	_, err := settings.Load(settings.Sources{Env: map[string]string{"VPSNET_KEY": "s3cret"}, ConfigDir: func() (string, error) { return t.TempDir(), nil }})
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "keyring") {
		t.Error(err)
	}
}
