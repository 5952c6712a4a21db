package tools

import (
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestOneAccountByEitherCredentials: what was bought with a token alone is known to who has the key too,
// and the other way round; another service's account of the same name is another.
func TestOneAccountByEitherCredentials(t *testing.T) {
	for _, first := range []string{"the token alone", "both"} {
		t.Run(first, func(t *testing.T) {
			l := newLab(t, nil)
			server := func(c vpsapi.Config) *Server {
				c.Token, c.Transport, c.PerSecond, c.Concurrent, c.Attempts = sandbox.Token, l, -1, -1, 1
				client, err := vpsapi.NewClient(c)
				if err != nil {
					t.Fatal(err)
				}
				s, err := New(Options{Client: client, Consent: consent.Flag, Policy: generous(), Store: l.store, Now: l.server.now})
				if err != nil {
					t.Fatal(err)
				}
				proveRoutes(t, s)
				return s
			}
			token, both := server(vpsapi.Config{}), server(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey})
			one, other := token, both
			if first == "both" {
				one, other = both, token
			}
			arguments := json.RawMessage(strings.Replace(newPlatform, "{", `{"confirm":"yes",`, 1))
			if a := one.Call(t.Context(), "create_platform_server", arguments); a.IsError {
				t.Fatal(a.Text)
			}
			if a := other.Call(t.Context(), "create_platform_server", arguments); !a.IsError || !strings.Contains(a.Text, "is not listed yet") {
				t.Errorf("bought twice: %s", a.Text)
			}
			if a := other.Call(t.Context(), "history", json.RawMessage(`{}`)); !strings.Contains(a.Text, "create_platform_server") {
				t.Errorf("the history of the other: %s", a.Text)
			}
			elsewhere := server(vpsapi.Config{PlatformURL: "http://127.0.0.1:8081/rest-api"})
			if a := elsewhere.Call(t.Context(), "history", json.RawMessage(`{}`)); strings.Contains(a.Text, "create_platform_server") {
				t.Errorf("the history at another service: %s", a.Text)
			}
		})
	}
}
