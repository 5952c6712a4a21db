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
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/pelletier/go-toml/v2"
	"github.com/tailscale/hujson"
	"github.com/zalando/go-keyring"

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
	"claude-code":    "{\n  \"numStartups\": 12345678901234567890,\n  \"projects\": {\"/x\": {\"mcpServers\": {\"vpsnet\": {}}}}\n}\n",
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
	run("setup", "--remove", "--yes")
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
			if !strings.Contains(d.file(".cursor/mcp.json"), d.url) {
				t.Errorf("another server than the one that was tried: %s", d.file(".cursor/mcp.json"))
			}
			if strings.Contains(d.out, "s3cret") || strings.Contains(d.file(".cursor/mcp.json"), "s3cret") || strings.Contains(d.file(".cursor/mcp.json"), "me@") {
				t.Errorf("the key is told:\n%s\n%s", d.out, d.file(".cursor/mcp.json"))
			}
			if want := "email: me@example.com\n" + c.line + "\n" + own; d.file(".config/vpsnet-mcp/config.yaml") != want {
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
			if code := d.run("", "setup", "--remove"); code != exitFailed || !strings.Contains(d.file(".cursor/mcp.json"), "vpsnet") {
				t.Errorf("removed unasked: %d %s", code, d.out)
			}
			if code := d.run("", "setup", "--remove", "--yes"); code != exitOK || strings.Contains(d.file(".cursor/mcp.json"), "vpsnet") || d.file(".config/vpsnet-mcp/config.yaml") != own {
				t.Errorf("%d: %s", code, d.out)
			}
			if _, err := keyring.Get(keyringService, "me@example.com"); err == nil || d.file(".config/vpsnet-mcp/key") != "" {
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
	if code := d.run("", "setup", "gemini", "codex", "--email", "me@example.com", "--api-key-file", own, "--yes"); code != exitOK {
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
		{"setup nobody", "unknown client"}, {"setup --sandbox", "nobody can be asked"},
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
	if code := d.run("me@example.com\ns3cret-key\n", "setup", "cursor", "--no-keyring", "--yes"); code != exitOK || d.file(file) != "s3cret-key\n" || !strings.Contains(d.out, keyFile(filepath.Join(d.home, config))) {
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
	if _, err := keyring.Get(keyringService, "me@example.com"); err == nil {
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
	if code := d.run("me@example.com\ns3cret-key\n", "setup", "cursor", "--yes"); code != exitFailed || !strings.Contains(d.out, "mend the file") || d.file(".cursor/mcp.json") != "{ not JSON" || d.file(".config/vpsnet-mcp/key") != "" {
		t.Errorf("%d: %s", code, d.out)
	}
	_ = os.WriteFile(path, []byte(`{"mcpServers": {"vpsnet": {"command": "old", "env": {"VPSNET_API_KEY": "0ld-key"}}}}`), 0o600)
	for _, flag := range []string{"--print", "--yes"} {
		if code := d.run("", "setup", "cursor", "--sandbox", flag); code != exitOK || strings.Contains(d.out, "0ld-key") || !strings.Contains(d.out, "VPSNET_API_KEY") {
			t.Errorf("%d: %s", code, d.out)
		}
	}
	if strings.Contains(d.file(".cursor/mcp.json"), "0ld-key") {
		t.Error(d.file(".cursor/mcp.json"))
	}
}

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
	ours := `{"mcpServers": {"vpsnet": {"command": "0ld-key", "args": ["--key", "0ld-key"], "env": {"A": "b", "B": "0ld\u002dkey", "C": "two\nl0nes"},
  "headers": {"Authorization": "Bearer 0ld-key"}, "timeout": 5, "note": "0ld-key"}}}`
	for name, c := range map[string]struct{ client, file, text string }{
		"a neighbour's": {"cursor", ".cursor/mcp.json", neighbour},
		"our own":       {"gemini", ".gemini/settings.json", ours},
		"TOML":          {"codex", ".codex/config.toml", "[mcp_servers.vpsnet]\nurl = \"https://0ld-key@example.com\"\n[mcp_servers.vpsnet.env]\nA = \"\"\"\n0ld-\\\n   key\"\"\"\nB = \"b\"\n"},
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
	d.put(".codeium/windsurf/mcp_config.json", `{"mcpServers": {"vpsnet": {"serverUrl": "https://mcp.example.com", "disabled": true}}}`)
	if code := d.run("", "setup", "windsurf", "--sandbox", "--yes"); code != exitOK || !strings.Contains(d.out, "No longer in its entry: serverUrl.") || !strings.Contains(d.out, "switched off") {
		t.Errorf("%d: %s", code, d.out)
	}
	if code := d.run("", "setup", "windsurf", "--sandbox", "--yes"); code != exitOK || !strings.Contains(d.out, "set up already") || !strings.Contains(d.out, "switched off") {
		t.Errorf("%d: %s", code, d.out)
	}
}

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

// TestNoSettingIsDropped: what a person gives reaches the server that a client
// starts, by its entry or as the account; what cannot is refused by name.
func TestNoSettingIsDropped(t *testing.T) {
	p, _ := newDesk(t).program("")
	const value = "s4mple"
	account := map[string]bool{"email": true, "key": true, "api-key": true, "api-key-file": true}
	refused := map[string]bool{}
	for _, o := range options() {
		for _, from := range []string{fromFlag, fromEnvironment} {
			s := &Settings{given: map[string]string{o.name: value}}
			p.env = map[string]string{}
			if from == fromEnvironment {
				s.given, p.env = nil, map[string]string{o.env(): value}
			}
			args, err := p.serverArgs(s, p.bareConfig())
			written := slices.ContainsFunc(args, func(a string) bool { return a == "--"+o.name || strings.HasPrefix(a, "--"+o.name+"=") })
			switch {
			case account[o.name] && err == nil && !written:
			case err != nil && !account[o.name] && strings.Contains(err.Error(), o.env()) && !strings.Contains(err.Error(), value):
				refused[o.name] = true
			case err != nil || account[o.name] || !written:
				t.Errorf("%s by %s: %v, %v", o.name, from, args, err)
			}
		}
	}
	// A server of one's own needs these; a secret is no argument.
	want := map[string]bool{"redis": true}
	for _, o := range hostOptions() {
		want[o.name] = true
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

// TestPrintShowsWhatToPaste: a refusal sends its reader to --print, which shows the
// entry for a file that cannot be edited.
func TestPrintShowsWhatToPaste(t *testing.T) {
	for _, c := range []struct{ client, file, text, want string }{
		{"codex", ".codex/config.toml", "[mcp_servers]\nvpsnet = { command = \"old\", env = { A = \"s3cret\" } }\n", "+ [mcp_servers.vpsnet]"},
		{"codex", ".codex/config.toml", "mcp_servers = { a = { command = \"s3cret\" } }\n", "+ [mcp_servers.vpsnet]"},
		{"codex", ".codex/config.toml", "mcp_servers.vpsnet.command = \"s3cret\"\n", "+ [mcp_servers.vpsnet]"},
		{"cursor", ".cursor/mcp.json", `{"mcpServers": "s3cret"}`, `+     "vpsnet": {`},
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
		if refused := strings.Contains(out.String(), "go run made"); refused != passing || (code != exitOK) != passing || strings.Contains(d.file(".cursor/mcp.json"), "vpsnet") == passing {
			t.Errorf("%s: %d: %s", path, code, out)
		}
	}
}

// TestKeyIsNoPlaceForTheKey: a key written where keyring belongs is not repeated.
func TestKeyIsNoPlaceForTheKey(t *testing.T) {
	_, _, err := load(sources{env: map[string]string{"VPSNET_KEY": "s3cret"}, configDir: func() (string, error) { return t.TempDir(), nil }})
	if err == nil || strings.Contains(err.Error(), "s3cret") || !strings.Contains(err.Error(), "keyring") {
		t.Error(err)
	}
}
