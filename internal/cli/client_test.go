package cli

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"vpsnet-mcp/vpsapi"
)

// TestGoSDK runs the binary over stdio with the official Go SDK's client: it
// lists every function, reads, changes, and deletes after the person agreed.
func TestGoSDK(t *testing.T) {
	for _, version := range []string{"", "2025-11-25"} {
		t.Run("protocol "+version, func(t *testing.T) {
			var asked []string
			session := connect(t, version, func(_ context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
				asked = append(asked, r.Params.Message)
				return &mcp.ElicitResult{Action: "accept", Content: map[string]any{"confirm": "Web Server 01"}}, nil
			})
			list, err := session.ListTools(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, op := range vpsapi.Operations() {
				if !slices.ContainsFunc(list.Tools, func(tool *mcp.Tool) bool { return tool.Name == op.Info().Name }) {
					t.Errorf("%s is not listed", op.Info().Name)
				}
			}
			use(t, session, "list_cloud_servers", `{}`, "web01")
			use(t, session, "create_backup", `{"server_id":"web01","label":"before"}`, "Done")
			if len(asked) != 0 {
				t.Errorf("asked for a backup: %q", asked)
			}
			use(t, session, "delete_cloud_server", `{"server_id":"web01"}`, "Done")
			if len(asked) != 1 || !strings.Contains(asked[0], "Web Server 01") {
				t.Errorf("asked %q", asked)
			}
			use(t, session, "list_recoverable_cloud_servers", `{}`, "web01")
		})
	}
}

// TestGoSDKDeclines: a person who says no is obeyed.
func TestGoSDKDeclines(t *testing.T) {
	session := connect(t, "", func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
		return &mcp.ElicitResult{Action: "decline"}, nil
	})
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete_cloud_server", Arguments: json.RawMessage(`{"server_id":"web01"}`)})
	if err != nil {
		t.Fatal(err)
	}
	if text := textOf(result); !result.IsError || !strings.Contains(text, "declined") || !strings.Contains(text, "do not retry") {
		t.Errorf("error %v: %s", result.IsError, text)
	}
	use(t, session, "list_cloud_servers", `{}`, "web01")
}

func connect(t *testing.T, version string, elicit func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)) *mcp.ClientSession {
	t.Helper()
	cmd := command(t.Context(), t, "--sandbox", "--log-level", "error")
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{ElicitationHandler: elicit})
	session, err := client.Connect(t.Context(), &mcp.CommandTransport{Command: cmd}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

func use(t *testing.T, session *mcp.ClientSession, tool, arguments, want string) {
	t.Helper()
	result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: tool, Arguments: json.RawMessage(arguments)})
	if err != nil {
		t.Fatal(err)
	}
	if text := textOf(result); result.IsError || !strings.Contains(text, want) {
		t.Errorf("%s %s: error %v, want %q in %s", tool, arguments, result.IsError, want, text)
	}
}

func textOf(result *mcp.CallToolResult) string {
	var b strings.Builder
	for _, c := range result.Content {
		if text, ok := c.(*mcp.TextContent); ok {
			b.WriteString(text.Text)
		}
	}
	return b.String()
}
