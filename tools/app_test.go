package tools

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	mcpserver "github.com/mark3labs/mcp-go/server"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"vpsnet-mcp/internal/consent"
)

var planInLink = regexp.MustCompile(`/approve/[a-z0-9]+`)

// appClient connects a client to a server, one that shows pages or one that does
// not, by either revision.
func appClient(t *testing.T, s *Server, shows bool, version string) *mcp.ClientSession {
	t.Helper()
	web := httptest.NewServer(s.Listing(mcpserver.NewStreamableHTTPServer(s.MCP(), mcpserver.WithStateful(true))))
	t.Cleanup(func() { web.CloseClientConnections(); web.Close() })
	capabilities := &mcp.ClientCapabilities{}
	if shows {
		capabilities.AddExtension(appExtension, map[string]any{"mimeTypes": []string{appType}})
	}
	session, err := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{Capabilities: capabilities}).Connect(t.Context(),
		&mcp.StreamableClientTransport{Endpoint: web.URL, DisableStandaloneSSE: true, MaxRetries: -1}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// TestPlanApp: a client that shows pages gets the plan's, and the plan as data
// beside a text that is as whole as any other's; other clients get nothing of it.
func TestPlanApp(t *testing.T) {
	for _, version := range []string{"", "2025-11-25"} {
		var texts []string
		for _, shows := range []bool{true, false} {
			f := newFleet(t, Options{Consent: consent.Person, Approve: "https://mcp.example.com/approve/%s"}, nil)
			session := appClient(t, f.server, shows, version)
			list, err := session.ListTools(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, tool := range list.Tools {
				text, _ := json.Marshal(tool.Meta)
				if named := strings.Contains(string(text), appURI); named != (shows && f.server.tools[tool.Name].Asks) {
					t.Errorf("%q, shows %v: %s has %s", version, shows, tool.Name, text)
				}
			}
			resources, err := session.ListResources(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if listed := slices.ContainsFunc(resources.Resources, func(r *mcp.Resource) bool { return r.URI == appURI }); listed != shows {
				t.Errorf("%q, shows %v: listed %v", version, shows, listed)
			}
			result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete_cloud_server", Arguments: map[string]any{"server_id": "1384"}})
			if err != nil {
				t.Fatal(err)
			}
			plan, has := result.Meta[planMeta].(map[string]any)
			if has != shows || (shows && plan["title"] != `Delete "Web Server 01"?`) {
				t.Errorf("%q, shows %v: %v", version, shows, result.Meta)
			}
			if shows && !strings.HasPrefix(plan["where"].(string), "https://mcp.example.com/approve/") {
				t.Errorf("where: %v", plan["where"])
			}
			texts = append(texts, planInLink.ReplaceAllString(result.Content[0].(*mcp.TextContent).Text, "ID"))
		}
		if texts[0] != texts[1] {
			t.Errorf("the text differs:\n%s\n%s", texts[0], texts[1])
		}
		f := newFleet(t, Options{}, nil)
		page, err := appClient(t, f.server, true, version).ReadResource(t.Context(), &mcp.ReadResourceParams{URI: appURI})
		if err != nil {
			t.Fatal(err)
		}
		if c := page.Contents[0]; c.MIMEType != appType || len(c.Text) > 40<<10 || strings.Contains(c.Text, "https://") || strings.Contains(c.Text, "innerHTML") || strings.Contains(c.Text, "tools/call") {
			t.Errorf("the page: %d bytes of %s", len(c.Text), c.MIMEType)
		}
	}
}
