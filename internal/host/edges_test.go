package host

import (
	"bufio"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools"
)

// begin begins a session of an older revision.
func (s *site) begin(caller string) (session string) {
	s.Helper()
	response, text := s.send(http.MethodPost, "/mcp", initialize, s.headers(caller)...)
	if response.StatusCode != http.StatusOK {
		s.Fatalf("initialize: HTTP %d %s", response.StatusCode, text)
	}
	return response.Header.Get("Mcp-Session-Id")
}

// TestStatuses: the codes that clients steer by.
func TestStatuses(t *testing.T) {
	s := newSite(t, nil)
	open, ended := s.begin("anna"), s.begin("anna")
	in := func(session string, more ...string) []string {
		return append(s.headers("anna", more...), "Mcp-Session-Id", session)
	}
	s.status("an end", http.StatusOK, http.MethodDelete, "/mcp", "", in(ended)...)
	const ping = `{"jsonrpc":"2.0","id":1,"method":"ping"}`
	const modern = `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}`
	for _, c := range []struct {
		what         string
		want         int
		method, path string
		body         string
		headers      []string
	}{
		{"a slash at the end", 200, http.MethodPost, "/mcp/", initialize, s.headers("anna")},
		{"a slash at the end, of a session", 200, http.MethodPost, "/mcp/", ping, in(open)},
		{"more behind the slash", 404, http.MethodPost, "/mcp/more", ping, in(open)},
		{"DELETE without a session", 400, http.MethodDelete, "/mcp", "", s.headers("anna")},
		{"DELETE of an ended session", 404, http.MethodDelete, "/mcp", "", in(ended)},
		{"DELETE of the newer revision", 405, http.MethodDelete, "/mcp", "", s.headers("anna", "Mcp-Protocol-Version", "2026-07-28")},
		{"GET of an ended session", 404, http.MethodGet, "/mcp", "", in(ended, "Accept", "text/event-stream")},
		{"GET of a stranger's session", 404, http.MethodGet, "/mcp", "", in("x-y", "Accept", "text/event-stream")},
		{"GET without a session", 405, http.MethodGet, "/mcp", "", s.headers("anna", "Accept", "text/event-stream")},
		{"GET by a browser", 405, http.MethodGet, "/mcp", "", s.headers("anna", "Accept", "text/html")},
		{"GET by a browser, of a session", 405, http.MethodGet, "/mcp", "", in(open, "Accept", "text/html")},
		{"GET of the newer revision", 405, http.MethodGet, "/mcp", "", s.headers("anna", "Mcp-Protocol-Version", "2026-07-28")},
		{"PUT", 405, http.MethodPut, "/mcp", "x", s.headers("anna")},
		{"PATCH of a session", 405, http.MethodPatch, "/mcp", ping, in(open)},
		{"HEAD", 405, http.MethodHead, "/mcp", "", s.headers("anna")},
		{"gzip", 415, http.MethodPost, "/mcp", "\x1f\x8b", s.headers("anna", "Content-Encoding", "gzip")},
		{"text", 415, http.MethodPost, "/mcp", ping, s.headers("anna", "Content-Type", "text/plain")},
		{"a message of an ended session", 404, http.MethodPost, "/mcp", ping, in(ended)},
		{"a cancel of an ended session", 404, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}`, in(ended)},
		{"a stale session with the newer revision", 200, http.MethodPost, "/mcp", modern, in("stale-1", "Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/list")},
		{"the scheme in lower case", 200, http.MethodPost, "/mcp", ping, []string{"Authorization", "bearer " + s.tokens["anna"], "Content-Type", "application/json"}},
		{"the scheme in upper case", 200, http.MethodPost, "/mcp", ping, []string{"Authorization", "BEARER  " + s.tokens["anna"], "Content-Type", "application/json"}},
		{"initialize with a stale session", 200, http.MethodPost, "/mcp", initialize, in("stale-1")},
		{"another charset", 415, http.MethodPost, "/mcp", ping, s.headers("anna", "Content-Type", "application/json; charset=iso-8859-1")},
		{"the charset that it is", 200, http.MethodPost, "/mcp", ping, s.headers("anna", "Content-Type", `application/json; charset="UTF-8"`)},
		{"UTF-16", 200, http.MethodPost, "/mcp", "\xff\xfe" + strings.Join(strings.Split(ping, ""), "\x00") + "\x00", in(open)},
		{"a stray error", 202, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":4,"error":{"code":-1,"message":"x"}}`, in(open)},
		{"a stray error without an id", 202, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"x"}}`, in(open)},
		{"a stray result", 202, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":4,"result":{}}`, in(open)},
		{"a stray error of an ended session", 404, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":4,"error":{"code":-1,"message":"x"}}`, in(ended)},
		{"no JSON", 400, http.MethodPost, "/mcp", "{", s.headers("anna")},
		{"a resource that is not there, newer", 400, http.MethodPost, "/mcp", strings.NewReplacer("tools/list", "resources/read", `"params":{`, `"params":{"uri":"vpsnet://servers/none",`).Replace(modern),
			s.headers("anna", "Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "resources/read", "Mcp-Name", "vpsnet://servers/none")},
	} {
		response, text := s.send(c.method, c.path, c.body, c.headers...)
		if response.StatusCode != c.want {
			t.Errorf("%s: HTTP %d, want %d: %.200s", c.what, response.StatusCode, c.want, text)
		}
		if c.want == 405 && response.Header.Get("Allow") == "" {
			t.Errorf("%s: which methods are allowed is not told", c.what)
		}
	}
	if text := s.status("a batch", 200, http.MethodPost, "/mcp", `[{"jsonrpc":"2.0","id":6,"error":{"code":-1,"message":"x"}},{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"list_cloud_servers","arguments":{}}},{"jsonrpc":"2.0","method":"notifications/initialized"},`+ping+`]`, in(open)...); !strings.HasPrefix(text, `[{"jsonrpc":"2.0","id":9007199254740993,"result":`) || !strings.Contains(text, "web01") || !strings.HasSuffix(strings.TrimSpace(text), `,{"jsonrpc":"2.0","id":1,"result":{}}]`) {
		t.Errorf("the batch: %s", text)
	}
}

// TestAskedOverHTTP: a client of an older revision is asked on the call's own
// stream; when the call is cancelled the question is taken back.
func TestAskedOverHTTP(t *testing.T) {
	s := newSiteOf(t, tools.Options{Consent: consent.Code}, nil) // in person mode no client is asked
	session := s.begin("anna")
	headers := s.headers("anna", "Mcp-Session-Id", session)
	for _, ending := range []struct{ say, want string }{
		{`{"jsonrpc":"2.0","id":QUESTION,"error":{"code":-32601,"message":"no such method"}}`, "needs the person's consent"},
		{`{"jsonrpc":"2.0","id":QUESTION,"result":{"action":"cancel"}}`, "closed the question"},
		{`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9007199254740993}}`, `"method":"notifications/cancelled"`},
		{`{"jsonrpc":"2.0","id":QUESTION,"result":{"action":"decline"}}`, "the person declined"},
	} {
		r, err := http.NewRequest(http.MethodPost, s.url+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":9007199254740993,"method":"tools/call","params":{"name":"reboot_cloud_server","arguments":{"server_id":"1384"}}}`))
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(response.Body)
		said := ""
		for lines.Scan() {
			line := lines.Text()
			if said += line; !strings.Contains(line, "elicitation/create") {
				continue
			}
			_, id, _ := strings.Cut(line, `"id":`)
			id, _, _ = strings.Cut(id, ",")
			s.status("the answer to the question", http.StatusAccepted, http.MethodPost, "/mcp", strings.ReplaceAll(ending.say, "QUESTION", id), headers...)
		}
		_ = response.Body.Close()
		if !strings.Contains(said, ending.want) || strings.Contains(said, `"result"`) == strings.Contains(ending.say, "cancelled") {
			t.Errorf("%s: the stream says %s", ending.say, said)
		}
	}
	if n := len(s.boxes["anna"].Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
}

// TestWaitsHoldNoPlace: calls that wait, as many as a caller may have at once, keep
// no read of the same caller from being answered.
func TestWaitsHoldNoPlace(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{CallerAtOnce: 2} })
	session := s.begin("anna")
	var waits sync.WaitGroup
	for range 2 {
		waits.Go(func() {
			s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"wait_for_server","arguments":{"server_id":"1384","state":"stopped"}}}`, s.headers("anna", "Mcp-Session-Id", session)...)
		})
	}
	rest := func() int {
		s.host.limits.mu.Lock()
		defer s.host.limits.mu.Unlock()
		return s.host.limits.open[restingSlot]
	}
	for deadline := time.Now().Add(20 * time.Second); rest() < 2; {
		if time.Now().After(deadline) {
			t.Fatalf("%d calls rest", rest())
		}
		s.status("beside waits", http.StatusOK, http.MethodGet, "/healthz", "")
	}
	for range 2 {
		if text := s.call("anna", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
			t.Errorf("beside waits: %s", text)
		}
	}
	s.host.endHalt(errEnding) // as the end of the server does: the waits end
	waits.Wait()
	s.host.limits.mu.Lock()
	defer s.host.limits.mu.Unlock()
	if s.host.limits.open[callSlot] != 0 || s.host.limits.open[restingSlot] != 0 {
		t.Errorf("places that are left: %v", s.host.limits.open)
	}
}
