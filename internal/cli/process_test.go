package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// command is vpsnet-mcp as a process of its own, in an environment without settings.
// TestMain puts it on the PATH.
func command(ctx context.Context, t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(ctx, "vpsnet-mcp", args...)
	cmd.Env = bareEnvironment(t)
	return cmd
}

// start runs it until the test ends.
func start(t *testing.T, args ...string) (cmd *exec.Cmd, in io.WriteCloser, out, errs *bufio.Reader) {
	t.Helper()
	cmd = command(t.Context(), t, args...)
	in, out, errs = piped(t, cmd)
	return cmd, in, out, errs
}

// piped starts a command with pipes to and from it.
func piped(t *testing.T, cmd *exec.Cmd) (in io.WriteCloser, out, errs *bufio.Reader) {
	t.Helper()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return in, bufio.NewReader(stdout), bufio.NewReader(stderr)
}

// ends waits for a process that must end cleanly and soon.
func ends(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	select {
	case err := <-done:
		if err != nil {
			t.Errorf("it ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		_ = cmd.Process.Kill()
		t.Fatal("it did not end")
	}
}

func interrupt(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
}

// bareEnvironment is one without the settings of whoever runs the tests.
func bareEnvironment(t *testing.T) []string {
	env := slices.DeleteFunc(os.Environ(), func(pair string) bool { return strings.HasPrefix(pair, "VPSNET_") })
	home := t.TempDir()
	return append(env, "HOME="+home, "XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home, "AppData="+home)
}

// TestSandboxServes speaks to the REST sandbox as curl would: by the line that it
// prints, and with nothing of our client.
func TestSandboxServes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no interrupt to send there")
	}
	cmd, _, _, errs := start(t, "sandbox", "--listen", "127.0.0.1:0")
	line, err := errs.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`^sandbox at (\S+), e-mail (\S+), key (\S+); try: curl -u (\S+):(\S+) (\S+)\n$`).FindStringSubmatch(line)
	if m == nil || m[2] != m[4] || m[3] != m[5] {
		t.Fatalf("it said %q", line)
	}
	if status, body := get(t, m[6], m[4], m[5]); status != http.StatusOK || !strings.Contains(body, `"hostname":"web01"`) {
		t.Errorf("the servers: %d %s", status, body)
	}
	if status, body := get(t, m[1]+"/profile.api10json", m[4], "wrong"); status != http.StatusNotAcceptable {
		t.Errorf("a wrong key: %d %s", status, body)
	}
	interrupt(t, cmd)
	ends(t, cmd)
}

func get(t *testing.T, url, email, key string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(email, key)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// TestSandboxStaysLocal holds that no other machine reaches a sandbox by mistake.
func TestSandboxStaysLocal(t *testing.T) {
	for _, address := range []string{":0", "0.0.0.0:0", "[::]:0", "192.0.2.1:8081", "example.com:80", "8081"} {
		cmd := command(t.Context(), t, "sandbox", "--listen", address)
		out, err := cmd.CombinedOutput()
		if err == nil || !strings.Contains(string(out), "--listen") {
			t.Errorf("--listen %s: %v %s", address, err, out)
		}
	}
}

const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}}
{"jsonrpc":"2.0","method":"notifications/initialized"}
`

// converse writes requests to a server and reads until each of the ids has its
// answer; then it closes stdin, and the server must end. Every line of stdout must
// be JSON-RPC. It gives the answers by id, and what stood on stderr.
func converse(t *testing.T, requests string, ids []int, args ...string) (answers map[int]string, log string) {
	t.Helper()
	cmd, in, out, errs := start(t, args...)
	logged := make(chan string, 1)
	go func() {
		b, _ := io.ReadAll(errs)
		logged <- string(b)
	}()
	if _, err := io.WriteString(in, requests); err != nil {
		t.Fatal(err)
	}
	answers = map[int]string{}
	waiting := func(id int) bool { return answers[id] == "" }
	for {
		if !slices.ContainsFunc(ids, waiting) {
			_ = in.Close()
		}
		line, err := out.ReadString('\n')
		if errors.Is(err, io.EOF) && line == "" {
			break
		}
		var message struct {
			Version string `json:"jsonrpc"`
			ID      int    `json:"id"`
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil || message.Version != "2.0" {
			t.Fatalf("not JSON-RPC: %s", line)
		}
		answers[message.ID] = line
	}
	log = <-logged
	ends(t, cmd)
	return answers, log
}

// TestStdoutIsClean holds that stdout carries the protocol and nothing else, at
// every level of the log.
func TestStdoutIsClean(t *testing.T) {
	const requests = initialize + `{"jsonrpc":"2.0","id":2,"method":"tools/list"}
{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"list_cloud_servers","arguments":{}}}
{"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"get_cloud_server","arguments":{"server_id":"99"}}}
{"jsonrpc":"2.0","id":5,"method":"tools/call","params":{"name":"no_such_tool","arguments":{}}}
nonsense
{"jsonrpc":"2.0","id":6,"method":"no/such/method"}
`
	for _, level := range []string{"debug", "info", "warn", "error"} {
		t.Run(level, func(t *testing.T) {
			answers, log := converse(t, requests, []int{1, 2, 3, 4, 5, 6}, "--sandbox", "--log-level", level)
			if !strings.Contains(answers[3], "web01") {
				t.Errorf("the servers: %s", answers[3])
			}
			if told := strings.Contains(log, `"tool":"list_cloud_servers"`); told != (level == "debug" || level == "info") {
				t.Errorf("the log at %s: %s", level, log)
			}
		})
	}
}

// TestServerEnds holds that Ctrl-C and the end of stdin end the stdio server at
// once, with code 0, and that it answered before.
func TestServerEnds(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *exec.Cmd, io.Closer){
		"end of stdin": func(_ *testing.T, _ *exec.Cmd, in io.Closer) { _ = in.Close() },
		"interrupt":    func(t *testing.T, cmd *exec.Cmd, _ io.Closer) { interrupt(t, cmd) },
	} {
		t.Run(name, func(t *testing.T) {
			if name == "interrupt" && runtime.GOOS == "windows" {
				t.Skip("no interrupt to send there")
			}
			cmd, in, out, _ := start(t, "--sandbox")
			if _, err := io.WriteString(in, initialize); err != nil {
				t.Fatal(err)
			}
			line, err := out.ReadBytes('\n')
			if err != nil {
				t.Fatal(err)
			}
			var reply struct{ Result map[string]any }
			if err := json.Unmarshal(line, &reply); err != nil || reply.Result["serverInfo"] == nil {
				t.Fatalf("it answered %s", line)
			}
			begin := time.Now()
			end(t, cmd, in)
			ends(t, cmd)
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("it took %s to end", took)
			}
		})
	}
}
