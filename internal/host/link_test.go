package host

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"vpsnet-mcp/tools"
)

// briefly is a pause for tests: as the clock's, but short.
func briefly(ctx context.Context, _ time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(2 * time.Millisecond):
		return nil
	}
}

// bearing gives each request a caller's token.
type bearing struct {
	http.Transport
	token string
}

func (b *bearing) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Authorization", "Bearer "+b.token)
	return b.Transport.RoundTrip(r)
}

// links connects a client that opens pages for its person, by a revision.
func (s *site) links(version string, open func(context.Context, *mcp.ElicitRequest) (*mcp.ElicitResult, error)) *mcp.ClientSession {
	s.Helper()
	way := &bearing{token: s.tokens["anna"]}
	client := mcp.NewClient(&mcp.Implementation{Name: "test", Version: "1"}, &mcp.ClientOptions{
		ElicitationHandler: open,
		Capabilities:       &mcp.ClientCapabilities{Elicitation: &mcp.ElicitationCapabilities{URL: &mcp.URLElicitationCapabilities{}}},
	})
	session, err := client.Connect(s.Context(), &mcp.StreamableClientTransport{
		Endpoint: s.url + "/mcp", HTTPClient: &http.Client{Transport: way}, DisableStandaloneSSE: version == "", MaxRetries: -1,
	}, &mcp.ClientSessionOptions{ProtocolVersion: version})
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = session.Close(); way.CloseIdleConnections() })
	return session
}

var planInLink = regexp.MustCompile(`^http://127\.0\.0\.1:\d+/approve/([a-z0-9]+)$`)

// TestLinks: a client that opens pages is given the plan's, and the call goes on
// when the page has the answer. That the client opened it is not a yes.
func TestLinks(t *testing.T) {
	for _, version := range []string{"", "2025-11-25"} {
		for what, c := range map[string]struct {
			action, page string // what the client and the page say
			want         string
			changes      int
		}{
			"approved":            {"accept", "yes", "Done on account anna@example.com", 1},
			"declined":            {"accept", "no", "declined", 0},
			"never decided":       {"accept", "", "needs the person's consent", 0},
			"not opened":          {"decline", "", "the client's person declined", 0},
			"closed by its cross": {"cancel", "", "needs the person's consent", 0},
		} {
			t.Run(version+" "+what, func(t *testing.T) {
				s := newSiteOf(t, tools.Options{Pause: briefly, AskPatience: 2 * time.Second}, nil)
				var asked atomic.Int32
				session := s.links(version, func(ctx context.Context, r *mcp.ElicitRequest) (*mcp.ElicitResult, error) {
					asked.Add(1)
					id := planInLink.FindStringSubmatch(r.Params.URL)
					if id == nil || r.Params.Mode != "url" || !strings.Contains(r.Params.Message, `Delete "Web Server 01"?`) {
						t.Errorf("asked to open %q by mode %q: %s", r.Params.URL, r.Params.Mode, r.Params.Message)
						return &mcp.ElicitResult{Action: "cancel"}, nil
					}
					if c.page != "" {
						if err := s.store.Decide(ctx, id[1], "anna on the page", c.page == "yes"); err != nil {
							t.Error(err)
						}
					}
					return &mcp.ElicitResult{Action: c.action}, nil
				})
				result, err := session.CallTool(t.Context(), &mcp.CallToolParams{Name: "delete_cloud_server", Arguments: map[string]any{"server_id": "1384"}})
				if err != nil {
					t.Fatal(err)
				}
				if text := result.Content[0].(*mcp.TextContent).Text; !strings.Contains(text, c.want) || asked.Load() != 1 {
					t.Errorf("asked %d times; %s", asked.Load(), text)
				}
				if n := len(s.boxes["anna"].Changes()); n != c.changes {
					t.Errorf("%d changes, want %d", n, c.changes)
				}
			})
		}
	}
}

// TestFullLink: an answer that waits names the whole address of its page, what to
// tell the person, and what happens next.
func TestFullLink(t *testing.T) {
	s := newSite(t, nil)
	text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`)
	for _, want := range []string{s.url + "/approve/", "tell them", "say: continue", "within 10 min"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in %s", want, text)
		}
	}
	s = newSite(t, func(c *Config) { c.PublicURL = "https://mcp.example.com:8443" })
	if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "open https://mcp.example.com:8443/approve/") {
		t.Errorf("with a public URL: %s", text)
	}
	for _, wrong := range []string{"mcp.example.com", "https://mcp.example.com/mcp", "ftp://mcp.example.com", "https://a@mcp.example.com"} {
		if _, err := New(Config{Listen: "127.0.0.1:0", HTTP: true, PublicURL: wrong}, nil); err == nil || !strings.Contains(err.Error(), "public-url") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
}
