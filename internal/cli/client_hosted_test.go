package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// bearer sends a caller's token with each request.
type bearer string

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// running is the binary as it serves others.
type running struct {
	url     string
	token   string
	metrics string
	cmd     *exec.Cmd
	lines   *bufio.Scanner // of its log
}

var (
	madeToken = regexp.MustCompile(`^  (vpsnet_[A-Z0-9]+)$`)
	metricsOn = regexp.MustCompile(`metrics on (http://\S+)`)
	servingOn = regexp.MustCompile(`serving on (http://[0-9.:]+)`)
)

func serveOthers(t *testing.T, arguments ...string) *running {
	t.Helper()
	cmd, _, _, errs := start(t, append([]string{"--sandbox", "--transport", "http,sse", "--listen", "127.0.0.1:0"}, arguments...)...)
	h := &running{cmd: cmd, lines: bufio.NewScanner(errs)}
	t.Cleanup(func() { _ = h.cmd.Process.Kill(); _ = h.cmd.Wait() })
	for h.url == "" {
		line := h.next(t)
		if m := madeToken.FindStringSubmatch(line); m != nil {
			h.token = m[1]
		}
		if m := metricsOn.FindStringSubmatch(line); m != nil {
			h.metrics = m[1]
		}
		if m := servingOn.FindStringSubmatch(line); m != nil {
			h.url = m[1]
		}
	}
	return h
}

func (h *running) next(t *testing.T) string {
	t.Helper()
	if !h.lines.Scan() {
		t.Fatal("the server ended")
	}
	return h.lines.Text()
}

// TestGoSDKHosted: the official Go SDK's client over streamable HTTP in both eras
// and over SSE: it reads, changes, is declined, and deletes after the person agreed;
// over SSE, where nobody can be asked, it gets the plan. A call that it gives up
// leaves the connection whole.
func TestGoSDKHosted(t *testing.T) {
	for name, version := range map[string]string{"http": "", "http 2025-11-25": "2025-11-25", "http 2025-06-18": "2025-06-18", "sse": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := serveOthers(t, "--log-level", "error", "--consent", "code") // in person mode no client is asked
			web := &http.Client{Transport: bearer(h.token)}
			var transport mcp.Transport = &mcp.StreamableClientTransport{Endpoint: h.url + "/mcp", HTTPClient: web}
			if name == "sse" {
				transport = &mcp.SSEClientTransport{Endpoint: h.url + "/sse", HTTPClient: web}
			}
			answer := &mcp.ElicitResult{Action: "decline"}
			client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
				ElicitationHandler: func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) { return answer, nil },
			})
			session, err := client.Connect(t.Context(), transport, &mcp.ClientSessionOptions{ProtocolVersion: version})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = session.Close() })
			use(t, session, "list_cloud_servers", `{}`, "web01")
			use(t, session, "create_backup", `{"server_id":"web01","label":"before"}`, "Done")

			gone, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			if _, err := session.CallTool(gone, &mcp.CallToolParams{Name: "wait_for_server", Arguments: json.RawMessage(`{"server_id":"web01","state":"stopped"}`)}); err == nil {
				t.Error("a call that was given up has an answer")
			}
			use(t, session, "list_domains", `{}`, "demodomain")

			remove := &mcp.CallToolParams{Name: "delete_cloud_server", Arguments: json.RawMessage(`{"server_id":"web01"}`)}
			result, err := session.CallTool(t.Context(), remove)
			if err != nil {
				t.Fatal(err)
			}
			want := "declined"
			if name == "sse" {
				want = "needs the person's consent"
			}
			if text := textOf(result); !result.IsError || !strings.Contains(text, want) {
				t.Errorf("a delete that is not agreed to: %v %s", result.IsError, text)
			}
			if name != "sse" {
				answer = &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": "Web Server 01"}}
				use(t, session, "delete_cloud_server", `{"server_id":"web01"}`, "Done")
			}
		})
	}
}

// TestPolicyIsReadAgain: a hang-up puts the policy file in force as it is now; a
// faulty one changes nothing.
func TestPolicyIsReadAgain(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("no hang-up signal")
	}
	file := filepath.Join(t.TempDir(), "policy.yaml")
	write := func(text string) {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("rules: []\n")
	h := serveOthers(t, "--log-level", "info", "--policy", file)
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: h.url + "/mcp", HTTPClient: &http.Client{Transport: bearer(h.token)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	use(t, session, "create_backup", `{"server_id":"web01","label":"one"}`, "Done")
	refused := func() bool {
		result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "create_backup", Arguments: map[string]any{"server_id": "mysql01"}})
		return err == nil && result.IsError && strings.Contains(textOf(result), "policy")
	}
	for _, text := range []string{"rules: [{action: deny, tools: [create_backup]}]\n", "rules: [{action: nonsense}]\n"} {
		write(text)
		if err := h.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		for !strings.Contains(h.next(t), "read again") {
		}
		if !refused() {
			t.Errorf("after %q the call was not refused", text)
		}
	}
}

// counted is what the server's metrics say.
func (h *running) counted(t *testing.T) string {
	t.Helper()
	response, err := http.Get(h.metrics)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestMetrics: the counters tell of calls, consents and requests, and of nothing
// that a caller wrote.
func TestMetrics(t *testing.T) {
	h := serveOthers(t, "--log-level", "error", "--metrics", "127.0.0.1:0", "--consent", "deny", "--caller-per-second", "6", "--sandbox-fault", "status=503,op=list_tickets")
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: h.url + "/mcp", HTTPClient: &http.Client{Transport: bearer(h.token)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	older, err := client.Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: h.url + "/mcp", HTTPClient: &http.Client{Transport: bearer(h.token)}, DisableStandaloneSSE: true},
		&mcp.ClientSessionOptions{ProtocolVersion: "2025-11-25"})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = older.Close() }()
	use(t, session, "get_cloud_server", `{"server_id":"web01"}`, "web01")
	_, _ = session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete_cloud_server", Arguments: map[string]any{"server_id": "web01"}})
	_, _ = session.CallTool(t.Context(), &mcp.CallToolParams{Name: "made_up_name", Arguments: map[string]any{}})
	for range 2 { // three attempts, and two until the calls are paused
		_, _ = session.CallTool(t.Context(), &mcp.CallToolParams{Name: "list_tickets", Arguments: map[string]any{}})
	}
	for range 20 { // beyond the pace
		_, _ = session.CallTool(t.Context(), &mcp.CallToolParams{Name: "get_cloud_server", Arguments: map[string]any{"server_id": "canary-argument"}})
	}
	text := h.counted(t)
	for _, want := range []string{
		`vpsnet_tool_calls_total{tool="get_cloud_server",outcome="ok"} 1`, `vpsnet_tool_calls_total{tool="delete_cloud_server",outcome="refused"} 1`,
		`vpsnet_api_request_seconds_count{function="get_cloud_server",status="200"}`, "go_goroutines",
		`vpsnet_api_retries_total{function="list_tickets"} 3`, `vpsnet_api_breaker_total{state="open"} 1`, "vpsnet_api_wait_seconds_count ",
		`vpsnet_tool_calls_total{tool="list_tickets",outcome="not sent"} 1`,
		"vpsnet_calls_running 0\n", `vpsnet_sessions{transport="http"} 1`, `vpsnet_sessions{transport="sse"} 0`, `vpsnet_refused_total{limit="caller pace"}`,
		`vpsnet_api_breakers{state="closed"} 0`, `vpsnet_api_breakers{state="open"} 1`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, secret := range []string{"made_up_name", "web01", "canary", "sandbox@", h.token} {
		if strings.Contains(text, secret) {
			t.Errorf("%s is in the metrics", secret)
		}
	}
}

// TestMetricsOfTheSearchSurface: a call through a gate counts as its function's,
// also when the gate refuses it.
func TestMetricsOfTheSearchSurface(t *testing.T) {
	h := serveOthers(t, "--log-level", "error", "--metrics", "127.0.0.1:0", "--surface", "search")
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, nil).
		Connect(t.Context(), &mcp.StreamableClientTransport{Endpoint: h.url + "/mcp", HTTPClient: &http.Client{Transport: bearer(h.token)}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = session.Close() }()
	for _, function := range []string{"list_tickets", "delete_cloud_server", "made_up_name", "call_read"} {
		_, _ = session.CallTool(t.Context(), &mcp.CallToolParams{Name: "call_read", Arguments: map[string]any{"function": function}})
	}
	text := h.counted(t)
	for _, want := range []string{`{tool="list_tickets",outcome="ok"} 1`, `{tool="delete_cloud_server",outcome="refused"} 1`, `{tool="call_read",outcome="refused"} 2`} {
		if !strings.Contains(text, "vpsnet_tool_calls_total"+want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
}
