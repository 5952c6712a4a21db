package host

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

const initialize = `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{}},"clientInfo":{"name":"x","version":"1"}}}`

// single makes a legacy request that belongs to no session.
func (s *site) single(caller, method, params string, more ...string) (*http.Response, string) {
	s.Helper()
	return s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":7,"method":"`+method+`","params":{`+params+`}}`, s.headers(caller, append([]string{"Mcp-Protocol-Version", "2025-11-25"}, more...)...)...)
}

// TestWithoutASession: a client of an older revision that never began a session
// is answered, by any replica, as far as its caller may go and no further.
func TestWithoutASession(t *testing.T) {
	s := newSite(t, nil)
	response, text := s.single("anna", "tools/call", `"name":"list_cloud_servers","arguments":{}`)
	if response.StatusCode != http.StatusOK || !strings.Contains(text, "web01") || response.Header.Get("Mcp-Session-Id") != "" {
		t.Errorf("a read: HTTP %d, session %q: %s", response.StatusCode, response.Header.Get("Mcp-Session-Id"), text)
	}
	if _, text := s.single("anna", "tools/call", `"name":"create_domain","arguments":{"name":"a.example.com","ip_address":"192.0.2.1"}`); !strings.Contains(text, "Done on account anna@example.com") {
		t.Errorf("a change: %s", text)
	}
	if _, text := s.single("anna", "tools/call", `"name":"delete_cloud_server","arguments":{"server_id":"1384"}`); !strings.Contains(text, "needs the person's consent") || !strings.Contains(text, "/approve/") {
		t.Errorf("a delete, where nobody can be asked: %s", text)
	}
	if n := len(s.boxes["anna"].Changes()); n != 1 {
		t.Errorf("%d changes, want the one", n)
	}
	if _, text := s.single("carol", "tools/list", ``); !strings.Contains(text, "list_cloud_servers") || strings.Contains(text, "delete_cloud_server") {
		t.Errorf("carol's tools: %.300s", text)
	}
	if _, text := s.single("carol", "tools/call", `"name":"delete_cloud_server","arguments":{"server_id":"1384"}`); !strings.Contains(text, "not found") {
		t.Errorf("carol deletes: %s", text)
	}
	if response, _ := s.single("nobody", "tools/list", ``); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("nobody: HTTP %d", response.StatusCode)
	}
	if http, sse := s.host.Sessions(); http != 0 || sse != 0 {
		t.Errorf("%d and %d sessions are open", http, sse)
	}
}

var code = regexp.MustCompile(`confirm: \\"([^"\\]+)\\"`)

// TestCodeWithoutASession: a code that one call without a session was shown is good
// for the same caller's next one, once, and for nobody else's.
func TestCodeWithoutASession(t *testing.T) {
	s := newSiteOf(t, tools.Options{Consent: consent.Code}, nil)
	call := func(caller, confirm string) string {
		_, text := s.single(caller, "tools/call", `"name":"delete_cloud_server","arguments":{"server_id":"1384"`+confirm+`}`)
		return text
	}
	text := call("anna", "")
	found := code.FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("no code in %s", text)
	}
	confirm := `,"confirm":"` + found[1] + `"`
	if text := call("bert", confirm); strings.Contains(text, "Done on account") {
		t.Errorf("another caller: %s", text)
	}
	if text := call("anna", confirm); !strings.Contains(text, "Done on account anna@example.com") {
		t.Errorf("with the code: %s", text)
	}
	if text := call("anna", confirm); strings.Contains(text, "Done on account") {
		t.Errorf("again: %s", text)
	}
	if anna, bert := len(s.boxes["anna"].Changes()), len(s.boxes["bert"].Changes()); anna != 1 || bert != 0 {
		t.Errorf("%d changes of anna, %d of bert", anna, bert)
	}
}

// slow is a service that holds its answers up until it is opened, or the request
// is given up.
type slow struct {
	box    http.RoundTripper
	opened chan struct{}
	came   chan struct{}
}

func (s *slow) RoundTrip(r *http.Request) (*http.Response, error) {
	s.came <- struct{}{}
	select {
	case <-s.opened:
		return s.box.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// slowed gives every caller an account behind a slow service.
func slowed(t *testing.T) (*slow, func(*Config)) {
	t.Helper()
	g := &slow{sandbox.New(sandbox.Options{}), make(chan struct{}), make(chan struct{}, 100)}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: g, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	return g, func(c *Config) { c.Account = func(string) (*vpsapi.Client, error) { return client, nil } }
}

// TestSessionlessIsNobodysSession: what is posted without a session reaches no
// session and no call of another: no answer to a question, no cancellation.
func TestSessionlessIsNobodysSession(t *testing.T) {
	g, account := slowed(t)
	s := newSite(t, account)
	done := make(chan string)
	go func() {
		_, text := s.single("anna", "tools/call", `"name":"get_profile","arguments":{}`)
		done <- text
	}()
	<-g.came
	for _, caller := range []string{"bert", "anna"} {
		for _, id := range []string{"", "-", "-AAAA", "x-"} {
			body := `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"canary"}}`
			want := http.StatusAccepted
			if id != "" {
				want = http.StatusNotFound
			}
			s.status("cancelling of "+caller+" by "+id, want, http.MethodPost, "/mcp", body, s.headers(caller, "Mcp-Session-Id", id)...)
		}
		response, _ := s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"result":{"action":"accept","content":{"confirm":"yes"}}}`, s.headers(caller)...)
		if response.StatusCode < 400 {
			t.Errorf("an answer to nobody's question: HTTP %d", response.StatusCode)
		}
	}
	close(g.opened)
	if text := <-done; !strings.Contains(text, sandbox.Email) {
		t.Errorf("the call that others tried to cancel: %s", text)
	}
}

// TestSessionLimit: a caller's sessions are bounded however they are begun, an
// ended one gives its place back, and calls without one need none.
func TestSessionLimit(t *testing.T) {
	var limits []string
	s := newSite(t, func(c *Config) {
		c.Limits = Limits{CallerSessions: 2, Sessions: 3}
		c.Refused = func(limit string) { limits = append(limits, limit) }
	})
	begin := func(caller string, want int, more ...string) string {
		t.Helper()
		response, text := s.send(http.MethodPost, "/mcp", initialize, s.headers(caller, more...)...)
		if response.StatusCode != want {
			t.Errorf("HTTP %d, want %d: %s", response.StatusCode, want, text)
		}
		return response.Header.Get("Mcp-Session-Id")
	}
	first := begin("anna", http.StatusOK)
	begin("anna", http.StatusOK, "Mcp-Session-Id", first)
	if http, _ := s.host.Sessions(); http != 2 {
		t.Errorf("%d sessions are open", http)
	}
	begin("anna", http.StatusTooManyRequests)
	begin("anna", http.StatusTooManyRequests, "Mcp-Session-Id", first)
	begin("anna", http.StatusTooManyRequests, "Mcp-Protocol-Version", "2099-01-01")
	begin("bert", http.StatusOK)
	begin("bert", http.StatusTooManyRequests)
	if _, text := s.single("anna", "tools/call", `"name":"get_profile","arguments":{}`); !strings.Contains(text, "anna") {
		t.Errorf("a call without a session: %s", text)
	}
	s.status("ends", http.StatusOK, http.MethodDelete, "/mcp", "", s.headers("anna", "Mcp-Session-Id", first)...)
	s.status("is ended", http.StatusNotFound, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`, s.headers("anna", "Mcp-Session-Id", first)...)
	begin("anna", http.StatusOK)
	if got, want := fmt.Sprint(limits), "[caller sessions caller sessions caller sessions sessions]"; got != want {
		t.Errorf("the limits that refused: %s, want %s", got, want)
	}
}

// TestTwoReplicasWithoutSessions: with one store, calls may go to either replica.
func TestTwoReplicasWithoutSessions(t *testing.T) {
	a := newSite(t, nil)
	b := newSite(t, func(c *Config) {
		c.Store, c.TokensFile, c.Account = a.host.config.Store, a.host.config.TokensFile, a.host.config.Account
	})
	b.tokens = a.tokens
	for i := range 6 {
		at := []*site{a, b}[i%2]
		if _, text := at.single("anna", "tools/call", fmt.Sprintf(`"name":"create_domain","arguments":{"name":"a%d.example.com","ip_address":"192.0.2.1"}`, i)); !strings.Contains(text, "Done on account anna@example.com") {
			t.Errorf("call %d: %s", i, text)
		}
	}
	if n := len(a.boxes["anna"].Changes()); n != 6 {
		t.Errorf("%d changes, want 6", n)
	}
}
