package cli

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"
)

// serveHosted runs the binary for others and gives its address, and a client that
// has its token.
func serveHosted(t *testing.T, args ...string) (address string, client *http.Client) {
	t.Helper()
	cmd, _, _, errs := start(t, append([]string{"--sandbox", "--listen", "127.0.0.1:0", "--log-level", "error"}, args...)...)
	var bearer bearer
	for address == "" {
		line, err := errs.ReadString('\n')
		if err != nil {
			t.Fatal(err)
		}
		if m := regexp.MustCompile(`^\s+(vpsnet_[A-Z0-9]+)$`).FindStringSubmatch(strings.TrimRight(line, "\r\n")); m != nil {
			bearer = bearerOf(m[1])
		}
		if m := regexp.MustCompile(`serving on (http://[0-9.:]+)`).FindStringSubmatch(line); m != nil {
			address = m[1]
		}
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return address, &http.Client{Transport: bearer}
}

// bearer adds a token to every request.
type bearer string

func bearerOf(token string) bearer { return bearer("Bearer " + token) }

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", string(b))
	return http.DefaultTransport.RoundTrip(r)
}

// TestGoSDKHosted: the official Go SDK's client over streamable HTTP in both eras
// and over SSE: it reads, changes, is declined, and deletes after the person agreed;
// over SSE, where nobody can be asked, it gets the plan. A call that it gives up
// leaves the connection whole.
func TestGoSDKHosted(t *testing.T) {
	for name, version := range map[string]string{"http": "", "http 2025-11-25": "2025-11-25", "http 2025-06-18": "2025-06-18", "sse": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			address, web := serveHosted(t, "--transport", "http,sse")
			var transport mcp.Transport = &mcp.StreamableClientTransport{Endpoint: address + "/mcp", HTTPClient: web}
			if name == "sse" {
				transport = &mcp.SSEClientTransport{Endpoint: address + "/sse", HTTPClient: web}
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
