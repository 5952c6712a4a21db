package host

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// site is a host on the loopback with a sandbox for each account.
type site struct {
	*testing.T
	url    string
	tokens map[string]string
	people map[string]string // sign-in tokens
	boxes  map[string]*sandbox.Sandbox
	store  state.Store
	log    *lockedBuffer
	stop   func() error
	host   *Host
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newSite starts a host with two callers, anna and bert, each on an account of
// their own, and carol who may read alone.
func newSite(t *testing.T, change func(*Config)) *site {
	t.Helper()
	return newSiteOf(t, tools.Options{}, change)
}

// newSiteOf starts a host whose tools have further options.
func newSiteOf(t *testing.T, o tools.Options, change func(*Config)) *site {
	t.Helper()
	s := &site{T: t, tokens: map[string]string{}, people: map[string]string{}, boxes: map[string]*sandbox.Sandbox{}, store: state.NewMemory(time.Now), log: &lockedBuffer{}}
	var lines strings.Builder
	lines.WriteString("tokens:\n")
	for name, scopes := range map[string]string{"anna": "[all]", "bert": "[all]", "carol": `[read, "toolset:servers"]`} {
		token, hash := NewToken()
		s.tokens[name] = token
		fmt.Fprintf(&lines, "  - {name: %s, sha256: %s, scopes: %s, account: %s, approvers: [%s]}\n", name, hash, scopes, name, map[string]string{"anna": "night, watch"}[name])
	}
	for name, groups := range map[string]string{"anna": "", "bert": "ops", "olga": "night", "watch": "ops"} {
		token, hash := NewPersonToken()
		s.people[name] = token
		fmt.Fprintf(&lines, "  - {name: %s, sha256: %s, person: true, groups: [%s]}\n", name, hash, groups)
	}
	file := filepath.Join(t.TempDir(), "tokens.yaml")
	if err := os.WriteFile(file, []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	clients := map[string]*vpsapi.Client{}
	for name := range s.tokens {
		s.boxes[name] = sandbox.New(sandbox.Options{Email: name + "@example.com", APIKey: "key-of-" + name})
		c, err := vpsapi.NewClient(vpsapi.Config{Email: name + "@example.com", APIKey: "key-of-" + name, Transport: s.boxes[name], PerSecond: -1, Observe: trail.Observe})
		if err != nil {
			t.Fatal(err)
		}
		clients[name] = c
	}
	log := zerolog.New(s.log)
	o.Client, o.Log, o.Store, o.Approve = clients["anna"], log, s.store, "/approve/%s"
	o.Consent = cmp.Or(o.Consent, consent.Person)
	server, err := tools.New(o)
	if err != nil {
		t.Fatal(err)
	}
	address := make(chan string, 1)
	c := Config{
		Listen: "127.0.0.1:0", SSE: true, HTTP: true, TokensFile: file, Store: s.store, Log: log, Posture: "sandbox",
		Account: func(name string) (*vpsapi.Client, error) {
			if client, ok := clients[name]; ok {
				return client, nil
			}
			return nil, fmt.Errorf("no account %q", name)
		},
		Started: func(a string) { address <- a },
	}
	if change != nil {
		change(&c)
	}
	if s.host, err = New(c, server); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.host.Serve(ctx) }()
	s.stop = sync.OnceValue(func() error { cancel(); return <-done })
	t.Cleanup(func() { _ = s.stop() })
	s.url = "http://" + <-address
	return s
}

// send makes one request; headers are given as pairs.
func (s *site) send(method, path, body string, headers ...string) (*http.Response, string) {
	s.Helper()
	r, err := http.NewRequest(method, s.url+path, strings.NewReader(body))
	if err != nil {
		s.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			r.Host = headers[i+1]
			continue
		}
		r.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(response.Body, 1<<20))
	if err != nil {
		s.Fatal(err)
	}
	return response, string(text)
}

// rpc calls a method of the newer revision as a caller.
func (s *site) rpc(caller, method, params string, headers ...string) (int, string) {
	s.Helper()
	meta := `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}`
	if params != "" {
		meta += "," + params
	}
	name := regexp.MustCompile(`"name":"([a-z_]+)"`).FindStringSubmatch(params)
	all := []string{
		"Authorization", "Bearer " + s.tokens[caller], "Content-Type", "application/json", "Accept", "application/json, text/event-stream",
		"Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", method,
	}
	if name != nil {
		all = append(all, "Mcp-Name", name[1])
	}
	response, text := s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"`+method+`","params":{`+meta+`}}`, append(all, headers...)...)
	return response.StatusCode, text
}

func (s *site) call(caller, tool, arguments string, headers ...string) string {
	s.Helper()
	_, text := s.rpc(caller, "tools/call", `"name":"`+tool+`","arguments":`+arguments, headers...)
	return text
}

func (s *site) status(what string, want int, method, path, body string, headers ...string) string {
	s.Helper()
	response, text := s.send(method, path, body, headers...)
	if response.StatusCode != want {
		s.Errorf("%s: HTTP %d, want %d: %.200s", what, response.StatusCode, want, text)
	}
	return text
}

// TestWhoIsNotKnown: nobody without a valid token reaches a tool.
func TestWhoIsNotKnown(t *testing.T) {
	s := newSite(t, nil)
	for what, header := range map[string]string{
		"no token": "", "wrong token": "Bearer vpsnet_WRONG", "the hash": "Bearer " + HashToken(s.tokens["anna"]),
		"basic": "Basic " + s.tokens["anna"], "empty": "Bearer ", "lower case": "Bearer " + strings.ToLower(s.tokens["anna"]),
		"a JWT of no algorithm": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm5hIn0.",
	} {
		for _, path := range []string{"/mcp", "/message?sessionId=x"} {
			s.status(what, http.StatusUnauthorized, http.MethodPost, path, `{}`, "Authorization", header)
		}
		s.status(what, http.StatusUnauthorized, http.MethodGet, "/sse", "", "Authorization", header)
	}
	response, _ := s.send(http.MethodPost, "/mcp", `{}`)
	if !strings.HasPrefix(response.Header.Get("WWW-Authenticate"), "Bearer ") {
		t.Errorf("WWW-Authenticate: %q", response.Header.Get("WWW-Authenticate"))
	}
	if text := s.call("anna", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("a known caller: %s", text)
	}
}

// TestForeignNamesAndPages: DNS rebinding and foreign web pages.
func TestForeignNamesAndPages(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.AllowOrigins, c.AllowHosts = []string{"https://app.example.com"}, []string{"mcp.example.com"}
	})
	auth := "Bearer " + s.tokens["anna"]
	s.status("foreign Host", http.StatusForbidden, http.MethodPost, "/mcp", `{}`, "Authorization", auth, "Host", "evil.example.net")
	s.status("rebound Host", http.StatusForbidden, http.MethodGet, "/", "", "Host", "evil.example.net:80")
	s.status("foreign Origin", http.StatusForbidden, http.MethodPost, "/mcp", `{}`, "Authorization", auth, "Origin", "https://evil.example.net")
	s.status("null Origin", http.StatusForbidden, http.MethodPost, "/mcp", `{}`, "Authorization", auth, "Origin", "null")
	s.status("preflight of a foreign page", http.StatusForbidden, http.MethodOptions, "/mcp", "", "Origin", "https://evil.example.net")
	s.status("a further name", http.StatusOK, http.MethodGet, "/healthz", "", "Host", "mcp.example.com")
	response, _ := s.send(http.MethodOptions, "/mcp", "", "Origin", "https://app.example.com")
	if response.StatusCode != http.StatusNoContent || !strings.Contains(response.Header.Get("Access-Control-Allow-Headers"), "Mcp-Method") ||
		response.Header.Get("Access-Control-Allow-Origin") != "https://app.example.com" {
		t.Errorf("preflight: %d %v", response.StatusCode, response.Header)
	}
	response, _ = s.send(http.MethodGet, "/healthz", "")
	if got := response.Header.Get("Access-Control-Allow-Origin"); got != "" {
		t.Errorf("ACAO without Origin: %q", got)
	}
}

// TestNoAuthIsForThisMachine: open for loopback alone, and not through a proxy.
func TestNoAuthIsForThisMachine(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.NoAuth, c.TokensFile = true, ""
		account := c.Account
		c.Account = func(string) (*vpsapi.Client, error) { return account("anna") }
	})
	if text := s.call("anna", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("direct: %s", text)
	}
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "Via"} {
		s.status(header, http.StatusForbidden, http.MethodPost, "/mcp", `{}`, header, "192.0.2.1")
	}
	for want, c := range map[string]Config{
		"loopback address alone": {Listen: "0.0.0.0:0", HTTP: true, NoAuth: true},
		"authenticated callers":  {Listen: "192.0.2.1:0", HTTP: true},
		"needs TLS":              {Listen: "0.0.0.0:0", HTTP: true, TokensFile: "tokens.yaml"},
		"exclude each other":     {Listen: "127.0.0.1:0", HTTP: true, NoAuth: true, TokensFile: "tokens.yaml"},
		"nothing to serve":       {Listen: "127.0.0.1:0"},
		"give an address":        {Listen: "8080", HTTP: true},
		"no such file":           {Listen: "127.0.0.1:0", HTTP: true, TokensFile: filepath.Join(t.TempDir(), "none")},
	} {
		if _, err := New(c, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%+v) = %v, want %q", c, err, want)
		}
	}
	open := filepath.Join(t.TempDir(), "open.yaml")
	if err := os.WriteFile(open, []byte("tokens: []"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := New(Config{Listen: "127.0.0.1:0", HTTP: true, TokensFile: open}, nil); err == nil || !strings.Contains(err.Error(), "chmod 600") {
		t.Errorf("an open tokens file: %v", err)
	}
}

// TestNothingIsShared: two callers at once see their own accounts, and their
// tokens and keys reach nobody.
func TestNothingIsShared(t *testing.T) {
	s := newSite(t, nil)
	var wg sync.WaitGroup
	for _, caller := range []string{"anna", "bert"} {
		for range 10 {
			wg.Go(func() {
				text := s.call(caller, "create_domain", `{"name":"`+caller+fmt.Sprint(time.Now().UnixNano())+`.example.com","ip_address":"192.0.2.1"}`)
				if !strings.Contains(text, "Done on account "+caller+"@example.com") && !strings.Contains(text, "creations an hour") {
					t.Errorf("%s: %s", caller, text)
				}
			})
		}
	}
	wg.Wait()
	for caller, other := range map[string]string{"anna": "bert", "bert": "anna"} {
		if text := s.call(caller, "list_domains", `{}`); strings.Contains(text, other) {
			t.Errorf("%s sees %s's: %s", caller, other, text)
		}
		if text := s.call(caller, "history", `{}`); strings.Contains(text, other) {
			t.Errorf("%s sees %s's history: %s", caller, other, text)
		}
	}
	for name, token := range s.tokens {
		if log := s.log.String(); strings.Contains(log, token) || strings.Contains(log, "key-of-"+name) {
			t.Errorf("the log has %s's token or key", name)
		}
	}
}

// TestScopes: carol may read servers; the rest is neither listed nor callable.
func TestScopes(t *testing.T) {
	s := newSite(t, nil)
	_, list := s.rpc("carol", "tools/list", "")
	if !strings.Contains(list, `"list_cloud_servers"`) || strings.Contains(list, `"delete_cloud_server"`) || strings.Contains(list, `"list_domains"`) {
		t.Errorf("carol's list: %.300s", list)
	}
	for _, tool := range []string{"delete_cloud_server", "create_backup", "list_domains"} {
		if text := s.call("carol", tool, `{"server_id":"1384"}`); !strings.Contains(text, "not found") {
			t.Errorf("carol calls %s: %s", tool, text)
		}
	}
}

// TestToolsetScopes: a toolset of a scope has what --toolsets of that name has,
// and on the search surface what is found, described and called is within it.
func TestToolsetScopes(t *testing.T) {
	file := ""
	s := newSite(t, func(c *Config) { file = c.TokensFile })
	s.tokensFile(file, map[string]string{"anna": `[read, "toolset:operate"]`, "bert": `["toolset:dns", all]`})
	s.host.reload()
	for caller, want := range map[string]string{"anna": "get_cloud_server wait_for_server list_backups", "bert": "delete_domain list_cloud_servers undo"} {
		_, list := s.rpc(caller, "tools/list", "")
		for _, tool := range strings.Fields(want) {
			if !strings.Contains(list, `"`+tool+`"`) {
				t.Errorf("%s does not see %s: %.300s", caller, tool, list)
			}
		}
		for _, tool := range []string{"delete_cloud_server", "list_tickets", "find_functions"} {
			if strings.Contains(list, `"`+tool+`"`) {
				t.Errorf("%s sees %s", caller, tool)
			}
		}
	}
	if text := s.call("anna", "get_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "Web Server 01") {
		t.Errorf("anna's server: %s", text)
	}

	s = newSiteOf(t, tools.Options{Surface: tools.SurfaceSearch}, nil)
	for _, c := range []struct{ tool, arguments, want string }{
		{"find_functions", `{"query":"get a cloud server"}`, "get_cloud_server (read)"},
		{"describe_function", `{"function":"get_cloud_server"}`, "call_read"},
		{"call_read", `{"function":"get_cloud_server","arguments":{"server_id":"1384"}}`, "Web Server 01"},
		{"call_read", `{"function":"list_domains"}`, "unknown tool"},
		{"describe_function", `{"function":"delete_cloud_server"}`, "unknown tool"},
		{"call_danger", `{"function":"delete_cloud_server","arguments":{"server_id":"1384"}}`, "unknown tool"},
	} {
		if text := s.call("carol", c.tool, c.arguments); !strings.Contains(text, c.want) {
			t.Errorf("carol calls %s %s: want %q in %s", c.tool, c.arguments, c.want, text)
		}
	}
}

// TestSessionsAreTheirCallers: a session id that was seen opens nothing.
func TestSessionsAreTheirCallers(t *testing.T) {
	s := newSite(t, nil)
	initialize := `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}`
	headers := func(caller string, more ...string) []string {
		return append([]string{"Authorization", "Bearer " + s.tokens[caller], "Content-Type", "application/json", "Accept", "application/json, text/event-stream"}, more...)
	}
	response, _ := s.send(http.MethodPost, "/mcp", initialize, headers("anna")...)
	session := response.Header.Get("Mcp-Session-Id")
	list := `{"jsonrpc":"2.0","id":2,"method":"tools/list"}`
	s.status("her own", http.StatusOK, http.MethodPost, "/mcp", list, headers("anna", "Mcp-Session-Id", session)...)
	s.status("stolen", http.StatusNotFound, http.MethodPost, "/mcp", list, headers("bert", "Mcp-Session-Id", session)...)
	s.status("stolen and ended", http.StatusNotFound, http.MethodDelete, "/mcp", "", headers("bert", "Mcp-Session-Id", session)...)
	s.status("made up", http.StatusNotFound, http.MethodPost, "/mcp", list, headers("bert", "Mcp-Session-Id", "abc-def")...)

	r, _ := http.NewRequest(http.MethodGet, s.url+"/sse", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+s.tokens["anna"])
	stream, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = stream.Body.Close() }()
	lines := bufio.NewScanner(stream.Body)
	endpoint := ""
	for lines.Scan() && endpoint == "" {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			endpoint = strings.TrimSpace(data)
		}
	}
	s.status("her own message", http.StatusAccepted, http.MethodPost, endpoint, initialize, headers("anna")...)
	s.status("a stolen message", http.StatusNotFound, http.MethodPost, endpoint, initialize, headers("bert")...)
	s.status("a message of nobody", http.StatusUnauthorized, http.MethodPost, endpoint, initialize)
	if u, _ := url.Parse(endpoint); strings.Contains(s.log.String(), u.Query().Get("sessionId")) || strings.Contains(s.log.String(), session) {
		t.Error("a session id is in the log")
	}
}

// TestApproval: a plan is approved by its own caller alone, on the server's own
// page, with the thing's name.
func TestApproval(t *testing.T) {
	s := newSite(t, nil)
	text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`)
	id := regexp.MustCompile(`/approve/([a-z0-9]+)`).FindStringSubmatch(text)
	if id == nil {
		t.Fatalf("no plan waits: %s", text)
	}
	path := "/approve/" + id[1]
	s.status("nobody", http.StatusUnauthorized, http.MethodGet, path, "")
	s.status("a forged cookie", http.StatusUnauthorized, http.MethodGet, path, "", "Cookie", cookieName+"=616e6e61.00")
	s.status("another caller", http.StatusNotFound, http.MethodGet, path, "", "Cookie", s.signIn(s.people["bert"]))
	anna := s.signIn(s.people["anna"])
	page := s.status("anna", http.StatusOK, http.MethodGet, path, "", "Cookie", anna)
	form := regexp.MustCompile(`name="form" value="([0-9a-f]+)"`).FindStringSubmatch(page)
	if form == nil || !strings.Contains(page, "Web Server 01") {
		t.Fatalf("the page: %s", page)
	}
	post := func(what string, want int, values url.Values, more ...string) {
		t.Helper()
		s.status(what, want, http.MethodPost, path, values.Encode(), append([]string{"Cookie", anna, "Content-Type", "application/x-www-form-urlencoded"}, more...)...)
	}
	good := url.Values{"form": {form[1]}, "answer": {"yes"}, "typed": {"Web Server 01"}}
	post("another site's form", http.StatusForbidden, good, "Sec-Fetch-Site", "cross-site")
	post("without the form's token", http.StatusForbidden, url.Values{"answer": {"yes"}, "typed": {"Web Server 01"}})
	post("the wrong name", http.StatusUnprocessableEntity, url.Values{"form": {form[1]}, "answer": {"yes"}, "typed": {"web01"}})
	if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "needs the person") {
		t.Errorf("before approval: %s", text)
	}
	post("approved", http.StatusOK, good)
	if text := s.call("bert", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "needs the person") {
		t.Errorf("another caller's call: %s", text)
	}
	if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "Done on account anna@example.com") {
		t.Errorf("after approval: %s", text)
	}
	if n := len(s.boxes["anna"].Changes()); n != 1 {
		t.Errorf("%d changes", n)
	}
}

// TestBodies: large, slow and broken ones.
func TestBodies(t *testing.T) {
	s := newSite(t, nil)
	auth := []string{"Authorization", "Bearer " + s.tokens["anna"], "Content-Type", "application/json"}
	s.status("5 MB", http.StatusRequestEntityTooLarge, http.MethodPost, "/mcp", strings.Repeat(" ", 5<<20), auth...)
	for what, head := range map[string]string{
		"100 MB announced":  "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + s.tokens["anna"] + "\r\nContent-Length: 104857600\r\n\r\n",
		"header bomb":       "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: " + strings.Repeat("a", 100<<10) + "\r\n\r\n",
		"two lengths":       "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
		"length and chunks": "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
		"no host":           "GET / HTTP/1.1\r\n\r\n",
		"traversal":         "GET /../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = io.WriteString(conn, head)
		line, err := bufio.NewReader(conn).ReadString('\n')
		if err != nil || (!strings.Contains(line, " 4") && !strings.Contains(line, " 5") && !strings.Contains(line, " 3")) {
			t.Errorf("%s: %q %v", what, line, err)
		}
		_ = conn.Close()
	}
}

// TestSlowClients: a head or a body that does not come ends the connection.
func TestSlowClients(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Patience = Timeouts{Header: 200 * time.Millisecond, Body: 200 * time.Millisecond} })
	for what, head := range map[string]string{
		"a head that does not end": "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ",
		"a body that does not end": "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + s.tokens["anna"] + "\r\nContent-Length: 1000\r\n\r\n{",
	} {
		conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
		_, _ = io.WriteString(conn, head)
		answer, err := io.ReadAll(conn)
		if err != nil || (len(answer) > 0 && !strings.Contains(string(answer), " 408 ")) {
			t.Errorf("%s: %.100q, %v", what, answer, err)
		}
		_ = conn.Close()
	}
}

// TestAThousandIdleStreams: they cost little, hold up nobody, and end with the server.
func TestAThousandIdleStreams(t *testing.T) {
	s := newSite(t, func(c *Config) {
		c.Limits = Limits{CallerStreams: 1000, Streams: 1000, CallerPerSecond: 5000, PerSecond: 5000}
	})
	transport := &http.Transport{MaxConnsPerHost: 2000}
	open := 0
	for range 1010 {
		r, _ := http.NewRequest(http.MethodGet, s.url+"/sse", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+s.tokens["anna"])
		response, err := transport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode == http.StatusOK {
			open++
		}
	}
	if open != 1000 {
		t.Errorf("%d streams are open", open)
	}
	if text := s.call("bert", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("another caller: %s", text)
	}
	start := time.Now()
	if err := s.stop(); err != nil || time.Since(start) > 10*time.Second {
		t.Errorf("the end took %v: %v", time.Since(start), err)
	}
}

// TestLimits: a caller's streams and pace are bounded, and others go on.
func TestLimits(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{CallerStreams: 5, CallerPerSecond: 50} })
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	open, refused := 0, 0
	for range 20 {
		r, _ := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/sse", http.NoBody)
		r.Header.Set("Authorization", "Bearer "+s.tokens["anna"])
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		switch response.StatusCode {
		case http.StatusOK:
			open++
		case http.StatusTooManyRequests:
			refused++
			if response.Header.Get("Retry-After") == "" {
				t.Error("429 without Retry-After")
			}
		}
	}
	if open != 5 || refused != 15 {
		t.Errorf("%d streams open, %d refused", open, refused)
	}
	if text := s.call("bert", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("another caller: %s", text)
	}
}

// TestShutdown: open streams and subscriptions do not hold the end up.
func TestShutdown(t *testing.T) {
	s := newSite(t, nil)
	for _, open := range []func() *http.Request{
		func() *http.Request {
			r, _ := http.NewRequest(http.MethodGet, s.url+"/sse", http.NoBody)
			return r
		},
		func() *http.Request {
			r, _ := http.NewRequest(http.MethodPost, s.url+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},"notifications":{"toolsListChanged":true}}}`))
			r.Header.Set("Mcp-Protocol-Version", "2026-07-28")
			r.Header.Set("Mcp-Method", "subscriptions/listen")
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/json, text/event-stream")
			return r
		},
	} {
		r := open()
		r.Header.Set("Authorization", "Bearer "+s.tokens["anna"])
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusOK {
			t.Errorf("%s %s: HTTP %d", r.Method, r.URL.Path, response.StatusCode)
		}
	}
	start := time.Now()
	if err := s.stop(); err != nil || time.Since(start) > 5*time.Second {
		t.Errorf("the end took %v: %v", time.Since(start), err)
	}
}

// TestReload: a token that was taken out of the file opens nothing any more; a
// faulty file changes nothing.
func TestReload(t *testing.T) {
	reload := make(chan struct{})
	var file string
	s := newSite(t, func(c *Config) { c.Reload, file = reload, c.TokensFile })
	_, hash := NewToken()
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		reload <- struct{}{}
		reload <- struct{}{} // the one before is done when this is taken
	}
	for _, faulty := range []string{"tokens: nonsense", "tokens: !!binary x"} { // the YAML library panics at the second
		write(faulty)
		s.status("after a faulty file", http.StatusOK, http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"ping"}`, "Authorization", "Bearer "+s.tokens["anna"], "Content-Type", "application/json", "Accept", "application/json, text/event-stream")
	}
	write("tokens: [{name: dora, sha256: " + hash + ", scopes: [read]}]")
	s.status("revoked", http.StatusUnauthorized, http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+s.tokens["anna"])
}

// TestJWT: an issuer's tokens, good and bad.
func TestJWT(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public, err := key.PublicKey.Bytes() // 4, X, Y
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]string{
			"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "one", "x": encode(public[1:33]), "y": encode(public[33:]),
		}}})
	}))
	t.Cleanup(keys.Close)
	const issuer, audience = "https://issuer.example.com", "https://mcp.example.com/mcp"
	s := newSite(t, func(c *Config) {
		c.TokensFile, c.OAuth = "", OAuth{Issuer: issuer, Audience: audience, JWKS: keys.URL}
	})
	sign := func(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
		claims := jwt.MapClaims{"iss": issuer, "aud": audience, "sub": "anna", "exp": time.Now().Add(time.Hour).Unix(), "scope": "read", "vpsnet_account": "anna"}
		if change != nil {
			change(claims)
		}
		token := jwt.NewWithClaims(method, claims)
		token.Header["kid"] = "one"
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	s.tokens["good"] = sign(jwt.SigningMethodES256, key, nil)
	if text := s.call("good", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("a good token: %s", text)
	}
	if status, text := s.rpc("good", "tools/call", `"name":"reboot_cloud_server","arguments":{"server_id":"1384"}`); status != http.StatusForbidden || !strings.Contains(text, "needs disrupt") {
		t.Errorf("beyond its scope: HTTP %d %s", status, text)
	}
	for what, token := range map[string]string{
		"expired":                    sign(jwt.SigningMethodES256, key, func(c jwt.MapClaims) { c["exp"] = time.Now().Add(-time.Hour).Unix() }),
		"without expiry":             sign(jwt.SigningMethodES256, key, func(c jwt.MapClaims) { delete(c, "exp") }),
		"wrong audience":             sign(jwt.SigningMethodES256, key, func(c jwt.MapClaims) { c["aud"] = "https://other.example.com" }),
		"wrong issuer":               sign(jwt.SigningMethodES256, key, func(c jwt.MapClaims) { c["iss"] = "https://evil.example.net" }),
		"without name":               sign(jwt.SigningMethodES256, key, func(c jwt.MapClaims) { delete(c, "sub") }),
		"another's key":              sign(jwt.SigningMethodES256, other, nil),
		"no algorithm":               sign(jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, nil),
		"the public key as a secret": sign(jwt.SigningMethodHS256, public, nil),
	} {
		s.status(what, http.StatusUnauthorized, http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+token)
	}
	response, _ := s.send(http.MethodPost, "/mcp", `{}`)
	if !strings.Contains(response.Header.Get("WWW-Authenticate"), "resource_metadata=") {
		t.Errorf("WWW-Authenticate: %q", response.Header.Get("WWW-Authenticate"))
	}
	if text := s.status("metadata", http.StatusOK, http.MethodGet, "/.well-known/oauth-protected-resource/mcp", ""); !strings.Contains(text, issuer) {
		t.Errorf("metadata: %s", text)
	}
}

// TestPages: no secrets, nothing from elsewhere, and what a person needs.
func TestPages(t *testing.T) {
	s := newSite(t, nil)
	response, page := s.send(http.MethodGet, "/", "")
	for _, want := range []string{"/mcp", "claude mcp add", "httpUrl", "serverUrl", "bearer_token_env_var", "Settings, Connectors", "sandbox", "delete_cloud_server", "destructive", `name="viewport"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	if csp := response.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "default-src 'none'") {
		t.Errorf("CSP: %q", csp)
	}
	for name, token := range s.tokens {
		if strings.Contains(page, token) || strings.Contains(page, "key-of-"+name) {
			t.Errorf("the page has %s's secret", name)
		}
	}
	if m := regexp.MustCompile(`(?i)(src|href)="(https?:)?//`).FindString(page); m != "" || strings.Contains(page, "<script") {
		t.Errorf("the page loads from elsewhere: %s", m)
	}
}

// TestConsentHeader may tighten the mode, never loosen it.
func TestConsentHeader(t *testing.T) {
	s := newSite(t, nil)
	if text := s.call("anna", "reboot_cloud_server", `{"server_id":"1384","confirm":"yes"}`, "X-VPSNET-Consent", "flag"); !strings.Contains(text, "needs the person") {
		t.Errorf("loosened: %s", text)
	}
	if text := s.call("anna", "reboot_cloud_server", `{"server_id":"1384"}`, "X-VPSNET-Consent", "deny"); !strings.Contains(text, "consent mode is deny") {
		t.Errorf("not tightened: %s", text)
	}
	s.status("a mode that is none", http.StatusBadRequest, http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+s.tokens["anna"], "X-VPSNET-Consent", "maybe")
	s.status("credentials where they are not taken", http.StatusForbidden, http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+s.tokens["anna"], "X-VPSNET-Email", "x@example.com")
}
