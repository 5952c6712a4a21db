package host

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// raw opens a connection and writes to it as it is.
func (s *site) raw(text string) net.Conn {
	s.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	_, _ = io.WriteString(conn, text)
	return conn
}

func (s *site) headers(caller string, more ...string) []string {
	return append([]string{"Authorization", "Bearer " + s.tokens[caller], "Content-Type", "application/json", "Accept", "application/json, text/event-stream"}, more...)
}

// signIn gives a caller's cookie.
func (s *site) signIn(token string) string {
	s.Helper()
	response, text := s.send(http.MethodPost, "/signin", url.Values{"token": {token}, "next": {"/approve"}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
	if response.StatusCode != http.StatusSeeOther {
		s.Fatalf("sign-in: HTTP %d %s", response.StatusCode, text)
	}
	cookie, _, _ := strings.Cut(response.Header.Get("Set-Cookie"), ";")
	return cookie
}

// sse is an SSE session of a caller.
type sse struct {
	site     *site
	caller   string
	endpoint string
	events   *bufio.Scanner
	id       int
}

func (s *site) sse(caller string) *sse {
	s.Helper()
	r, _ := http.NewRequestWithContext(s.Context(), http.MethodGet, s.url+"/sse", http.NoBody)
	r.Header.Set("Authorization", "Bearer "+s.tokens[caller])
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = response.Body.Close() })
	e := &sse{site: s, caller: caller, events: bufio.NewScanner(response.Body)}
	e.events.Buffer(nil, 1<<20)
	e.endpoint = e.next()
	e.send("initialize", `"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}`)
	e.next()
	return e
}

// next is the data of the next event; empty at the end.
func (e *sse) next() string {
	for e.events.Scan() {
		if data, ok := strings.CutPrefix(e.events.Text(), "data: "); ok {
			return strings.TrimSpace(data)
		}
	}
	return ""
}

func (e *sse) send(method, params string) int {
	e.site.Helper()
	e.id++
	response, _ := e.site.send(http.MethodPost, e.endpoint, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":{%s}}`, e.id, method, params), e.site.headers(e.caller)...)
	return response.StatusCode
}

func (e *sse) call(tool, arguments string) string {
	e.site.Helper()
	e.send("tools/call", `"name":"`+tool+`","arguments":`+arguments)
	return e.next()
}

// gate is a service that holds changes up until it is opened.
type gate struct {
	box    http.RoundTripper
	closed chan struct{}
	came   chan struct{}
}

func (g *gate) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		g.came <- struct{}{}
		<-g.closed
	}
	return g.box.RoundTrip(r)
}

// gated gives a caller an account behind a gate.
func gated(t *testing.T) (*gate, func(*Config)) {
	t.Helper()
	g := &gate{box: sandbox.New(sandbox.Options{}), closed: make(chan struct{}), came: make(chan struct{}, 100)}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: g, PerSecond: -1, Concurrent: -1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	return g, func(c *Config) { c.Account = func(string) (*vpsapi.Client, error) { return client, nil } }
}

// TestSharedByNoTransport: two callers at once over every transport and revision
// see their own accounts alone.
func TestSharedByNoTransport(t *testing.T) {
	s := newSite(t, nil)
	legacy := func(caller, tool, arguments string) string {
		response, _ := s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}`, s.headers(caller)...)
		_, text := s.send(http.MethodPost, "/mcp", `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"`+tool+`","arguments":`+arguments+`}}`,
			s.headers(caller, "Mcp-Session-Id", response.Header.Get("Mcp-Session-Id"))...)
		return text
	}
	streams := map[string]*sse{"anna": s.sse("anna"), "bert": s.sse("bert")}
	ways := map[string]func(caller, tool, arguments string) string{
		"legacy": legacy,
		"modern": func(caller, tool, arguments string) string { return s.call(caller, tool, arguments) },
		"sse":    func(caller, tool, arguments string) string { return streams[caller].call(tool, arguments) },
	}
	var wg sync.WaitGroup
	for way, do := range ways {
		for _, caller := range []string{"anna", "bert"} {
			wg.Go(func() {
				text := do(caller, "create_domain", `{"name":"`+caller+way+`.example.com","ip_address":"192.0.2.1"}`)
				if !strings.Contains(text, "Done on account "+caller+"@example.com") {
					t.Errorf("%s, %s: %s", way, caller, text)
				}
				other := map[string]string{"anna": "bert", "bert": "anna"}[caller]
				for _, tool := range []string{"list_domains", "history"} {
					if text := do(caller, tool, `{}`); !strings.Contains(text, caller) || strings.Contains(text, other) {
						t.Errorf("%s, %s of %s: %s", way, tool, caller, text)
					}
				}
			})
		}
	}
	wg.Wait()
}

// TestConsentTheft: the sealed question that one caller got is nothing in
// another's hands.
func TestConsentTheft(t *testing.T) {
	s := newSiteOf(t, tools.Options{Consent: consent.Code}, nil) // in person mode no client is asked
	ask := func(caller, more string) string {
		body := `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{}}}},` +
			`"name":"delete_cloud_server","arguments":{"server_id":"1384"}` + more + `}}`
		_, text := s.send(http.MethodPost, "/mcp", body, s.headers(caller, "Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", "delete_cloud_server")...)
		return text
	}
	sealed := regexp.MustCompile(`"requestState":"([^"]+)"`).FindStringSubmatch(ask("anna", ""))
	if sealed == nil {
		t.Fatal("anna is not asked")
	}
	yes := `,"requestState":"` + sealed[1] + `","inputResponses":{"consent":{"action":"accept","content":{"confirm":"Web Server 01"}}}`
	if text := ask("bert", yes); !strings.Contains(text, "does not belong to this plan") {
		t.Errorf("bert with anna's state: %s", text)
	}
	if n := len(s.boxes["bert"].Changes()) + len(s.boxes["anna"].Changes()); n != 0 {
		t.Errorf("%d changes", n)
	}
	if text := ask("anna", yes); !strings.Contains(text, "Done on account anna@example.com") {
		t.Errorf("anna: %s", text)
	}
	if text := ask("anna", yes); strings.Contains(text, "Done") {
		t.Errorf("anna again: %s", text)
	}
}

// TestNamesAreTheirOwn: the issuer's anna is not the file's, and the file has no
// two callers of one name that differ.
func TestNamesAreTheirOwn(t *testing.T) {
	i := newIssuer(t)
	s := newSite(t, func(c *Config) { c.OAuth = i.oauth() })
	s.tokens["other anna"] = i.sign(jwt.SigningMethodES256, i.key, func(c jwt.MapClaims) { c["scope"], c["vpsnet_account"] = "all", "bert" })
	text := s.call("other anna", "delete_domain", `{"domain_id":"51"}`)
	id := regexp.MustCompile(`/approve/([a-z0-9]+)`).FindStringSubmatch(text)
	if id == nil {
		t.Fatalf("no plan waits: %s", text)
	}
	s.status("the file's anna", http.StatusNotFound, http.MethodGet, "/approve/"+id[1], "", "Cookie", s.signIn(s.people["anna"]))
	for what, lines := range map[string]string{
		"two accounts":  `[{name: a, sha256: %s, scopes: [read], account: x}, {name: a, sha256: %s, scopes: [read], account: y}]`,
		"two scopes":    `[{name: a, sha256: %s, scopes: [read]}, {name: a, sha256: %s, scopes: [all]}]`,
		"a JWT's name":  `[{name: "a at issuer.example.com", sha256: %s, scopes: [read]}, {name: b, sha256: %s, scopes: [read]}]`,
		"not a hash":    `[{name: a, sha256: "zz%.62s", scopes: [read]}, {name: b, sha256: %s, scopes: [read]}]`,
		"unknown scope": `[{name: a, sha256: %s, scopes: [root]}, {name: b, sha256: %s, scopes: [read]}]`,
	} {
		file := s.TempDir() + "/tokens.yaml"
		if err := os.WriteFile(file, []byte("tokens: "+fmt.Sprintf(lines, HashToken("1"), HashToken("2"))), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := New(Config{Listen: "127.0.0.1:0", HTTP: true, TokensFile: file}, s.host.server); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}

// TestSignedInForAsLongAsTheToken: a revoked token's cookie opens no page, nor does
// one that is a month old.
func TestSignedInForAsLongAsTheToken(t *testing.T) {
	reload := make(chan struct{})
	var file string
	s := newSite(t, func(c *Config) { c.Reload, file = reload, c.TokensFile })
	anna := s.signIn(s.people["anna"])
	s.status("before", http.StatusOK, http.MethodGet, "/approve", "", "Cookie", anna)
	if err := os.WriteFile(file, []byte("tokens: [{name: anna, sha256: "+HashToken("another")+", person: true}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	reload <- struct{}{}
	reload <- struct{}{}
	s.status("with a new token", http.StatusUnauthorized, http.MethodGet, "/approve", "", "Cookie", anna)
	for age, want := range map[time.Duration]int{0: http.StatusOK, signInTTL - time.Minute: http.StatusOK, signInTTL: http.StatusUnauthorized} {
		cookie := s.host.visitCookie(visit{id: "x", name: "anna", credential: HashToken("another"), since: time.Now().Add(-age)})
		s.status(age.String(), want, http.MethodGet, "/approve", "", "Cookie", cookieName+"="+cookie)
	}
}

// TestSlowSignIns: forms that do not come hold up nobody's.
func TestSlowSignIns(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Patience.Body = 300 * time.Millisecond })
	var slow []net.Conn
	for range 50 {
		slow = append(slow, s.raw("POST /signin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\ntoken="))
	}
	s.signIn(s.people["anna"])
	for _, conn := range slow {
		if answer, err := io.ReadAll(conn); err != nil || !strings.Contains(string(answer), " 408 ") {
			t.Fatalf("a slow form: %.100q, %v", answer, err)
		}
	}
}

// TestShapes that proxies and servers read differently, and bodies without end.
func TestShapes(t *testing.T) {
	s := newSite(t, nil)
	post := "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + s.tokens["anna"] + "\r\nContent-Type: application/json\r\n"
	for what, head := range map[string]string{
		"a list of lengths":        post + "Content-Length: 5, 6\r\n\r\nhello",
		"a signed length":          post + "Content-Length: +5\r\n\r\nhello",
		"an unknown coding":        post + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
		"a coding behind a space":  post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
		"a folded header":          post + "X-A: b\r\n c\r\n: d\r\n\r\n",
		"a header without a name":  post + ": x\r\n\r\n",
		"a control in a header":    post + "X-A: a\x00b\r\n\r\n",
		"two hosts":                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example.net\r\n\r\n",
		"another host in the line": "GET http://evil.example.net/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
		"a chunk of a wrong size":  post + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n",
		"an encoded traversal":     "GET /approve/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	} {
		line, err := bufio.NewReader(s.raw(head)).ReadString('\n')
		if err != nil || (!strings.HasPrefix(line, "HTTP/1.1 4") && !strings.HasPrefix(line, "HTTP/1.1 501")) {
			t.Errorf("%s: %q %v", what, line, err)
		}
	}
	conn := s.raw(post + "Transfer-Encoding: chunked\r\n\r\n")
	go func() {
		chunk := "100000\r\n" + strings.Repeat(" ", 1<<20) + "\r\n"
		for range 100 {
			if _, err := io.WriteString(conn, chunk); err != nil {
				return
			}
		}
	}()
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, " 413 ") {
		t.Errorf("100 MB in chunks: %q %v", line, err)
	}
}

// TestSmuggledRequest: what stands behind a request's end is a request of its own,
// of nobody.
func TestSmuggledRequest(t *testing.T) {
	s := newSite(t, nil)
	body := "0\r\n\r\nGET /sse HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
	conn := s.raw("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + s.tokens["anna"] +
		fmt.Sprintf("\r\nContent-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n", len(body)) + body)
	reader := bufio.NewReader(conn)
	first, err := http.ReadResponse(reader, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, first.Body)
	_ = first.Body.Close()
	second, err := http.ReadResponse(reader, nil)
	if err == nil {
		_ = second.Body.Close()
		if second.StatusCode != http.StatusUnauthorized && second.StatusCode != http.StatusBadRequest {
			t.Errorf("the request behind: HTTP %d", second.StatusCode)
		}
	}
}

// TestCompletionObeysScopes: what a caller may not list is not completed for them.
func TestCompletionObeysScopes(t *testing.T) {
	s := newSite(t, nil)
	for caller, want := range map[string]bool{"anna": true, "carol": false} {
		for _, argument := range []string{"domain", "invoice_no", "cloud"} {
			_, text := s.rpc(caller, "completion/complete", `"ref":{"type":"ref/prompt","name":"move_dns"},"argument":{"name":"`+argument+`","value":""}`)
			if got := !strings.Contains(text, `"values":[]`); got != want {
				t.Errorf("%s of %s: %s", argument, caller, text)
			}
		}
	}
	if _, text := s.rpc("carol", "completion/complete", `"ref":{"type":"ref/prompt","name":"move_dns"},"argument":{"name":"server","value":""}`); !strings.Contains(text, "Web Server 01") {
		t.Errorf("her servers: %s", text)
	}
	if _, text := s.rpc("carol", "resources/read", `"uri":"vpsnet://domains/51/zone"`); strings.Contains(text, "demodomain") {
		t.Errorf("her resources: %s", text)
	}
}

// TestEndLetsChangesEnd: a change that is on its way when the server ends happens,
// and its caller hears of it, over HTTP and over SSE; nothing new is taken.
func TestEndLetsChangesEnd(t *testing.T) {
	g, account := gated(t)
	s := newSite(t, account)
	e := s.sse("anna")
	e.send("tools/call", `"name":"create_domain","arguments":{"name":"sse.example.com","ip_address":"192.0.2.1"}`)
	<-g.came
	answered := make(chan string, 1)
	go func() {
		answered <- s.call("bert", "create_domain", `{"name":"http.example.com","ip_address":"192.0.2.1"}`)
	}()
	<-g.came
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	for !s.host.closing.Load() {
		time.Sleep(time.Millisecond)
	}
	s.status("a new call", http.StatusServiceUnavailable, http.MethodPost, "/mcp", `{}`, s.headers("carol")...)
	close(g.closed)
	if text := e.next(); !strings.Contains(text, "Done on account") {
		t.Errorf("over SSE: %s", text)
	}
	if text := <-answered; !strings.Contains(text, "Done on account") {
		t.Errorf("over HTTP: %s", text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestEndLetsReadsEnd: a read that is on its way when the server ends is answered
// with what it read.
func TestEndLetsReadsEnd(t *testing.T) {
	g, account := slowed(t)
	s := newSite(t, account)
	answered := make(chan string, 1)
	go func() { answered <- s.call("anna", "get_cloud_server", `{"server_id":"1384"}`) }()
	<-g.came
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	for !s.host.closing.Load() {
		time.Sleep(time.Millisecond)
	}
	close(g.opened)
	if text := <-answered; !strings.Contains(text, "web01") {
		t.Error(text)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestEndTellsWhy: a read that does not end by itself is cancelled, and its caller
// hears that it was the server that ended.
func TestEndTellsWhy(t *testing.T) {
	g, account := slowed(t)
	s := newSite(t, func(c *Config) { account(c); c.Patience.Quick = 50 * time.Millisecond })
	answered := make(chan string, 1)
	go func() { answered <- s.call("anna", "get_cloud_server", `{"server_id":"1384"}`) }()
	<-g.came
	if err := s.stop(); err != nil {
		t.Error(err)
	}
	if text := <-answered; !strings.Contains(text, "the server is shutting down") {
		t.Error(text)
	}
	if log := s.log.String(); !strings.Contains(log, `"outcome":"cancelled"`) {
		t.Errorf("the log: %s", log)
	}
}

// TestEndTellsOfChanges: a change that outlives its time is what the end tells of
// first, though its answer is not taken either.
func TestEndTellsOfChanges(t *testing.T) {
	g, account := gated(t)
	s := newSite(t, func(c *Config) {
		account(c)
		c.Patience.Calls, c.Patience.Last = 50*time.Millisecond, 50*time.Millisecond
	})
	r, err := http.NewRequest(http.MethodPost, s.url+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_domain","arguments":{"name":"late.example.com","ip_address":"192.0.2.1"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	for i, h := 0, s.headers("bert"); i < len(h); i += 2 {
		r.Header.Set(h[i], h[i+1])
	}
	cut := make(chan struct{})
	go func() {
		defer close(cut)
		if response, err := http.DefaultTransport.RoundTrip(r); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-g.came
	err = s.stop()
	close(g.closed)
	<-cut
	if err == nil || !strings.HasPrefix(err.Error(), "shutdown: 1 calls were still running") || !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// TestEndWaitsForNoWait: what only waits is told to end before changes are, and
// says so.
func TestEndWaitsForNoWait(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Patience.Quick = 50 * time.Millisecond })
	e := s.sse("anna")
	e.send("tools/call", `"name":"wait_for_server","arguments":{"server_id":"1384","state":"stopped"}`)
	for s.host.running.count() == 0 {
		time.Sleep(time.Millisecond)
	}
	start := time.Now()
	ended := make(chan error, 1)
	go func() { ended <- s.stop() }()
	if text := e.next(); !strings.Contains(text, `"id":2`) {
		t.Errorf("answer: %s", text)
	}
	if err := <-ended; err != nil || time.Since(start) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

// TestEndHasADeadline: a call that never ends does not hold the server.
func TestEndHasADeadline(t *testing.T) {
	g, account := gated(t)
	s := newSite(t, func(c *Config) { account(c); c.Patience.Calls = 100 * time.Millisecond })
	s.sse("anna").send("tools/call", `"name":"create_domain","arguments":{"name":"sse.example.com","ip_address":"192.0.2.1"}`)
	<-g.came
	defer close(g.closed)
	start := time.Now()
	if err := s.stop(); err == nil || !strings.Contains(err.Error(), "journal") || time.Since(start) > 5*time.Second {
		t.Errorf("after %s: %v", time.Since(start), err)
	}
}

// TestCallsAtOnce: one caller's calls are bounded over SSE too, whose requests are
// answered before their calls end; so are those of all together.
func TestCallsAtOnce(t *testing.T) {
	g, account := gated(t)
	s := newSite(t, func(c *Config) { account(c); c.Limits = Limits{CallerAtOnce: 2, AtOnce: 3} })
	e := s.sse("anna")
	create := `"name":"create_domain","arguments":{"name":"a%d.example.com","ip_address":"192.0.2.1"}`
	for i := range 2 {
		e.send("tools/call", fmt.Sprintf(create, i))
		<-g.came
	}
	if text := e.call("list_domains", `{}`); !strings.Contains(text, "too many calls of this caller") {
		t.Errorf("her third: %s", text)
	}
	s.status("her third, over HTTP", http.StatusTooManyRequests, http.MethodPost, "/mcp", `{}`, s.headers("anna")...)
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.call("bert", "create_domain", `{"name":"b.example.com","ip_address":"192.0.2.1"}`)
	}()
	<-g.came
	response, _ := s.send(http.MethodPost, "/mcp", `{}`, s.headers("carol")...)
	if response.StatusCode != http.StatusTooManyRequests || response.Header.Get("Retry-After") == "" {
		t.Errorf("the fourth of all: HTTP %d", response.StatusCode)
	}
	response, _ = s.send(http.MethodPost, "/mcp", `{}`, s.headers("carol", "Mcp-Method", "subscriptions/listen")...)
	if response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("a call that says it is a stream: HTTP %d", response.StatusCode)
	}
	close(g.closed)
	<-done
}

// TestPaceOfAll bounds the requests of all callers together.
func TestPaceOfAll(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Limits = Limits{PerSecond: 1} })
	codes := map[int]int{}
	for _, caller := range []string{"anna", "bert", "carol", "anna", "bert", "carol"} {
		response, _ := s.send(http.MethodPost, "/mcp", `{}`, s.headers(caller)...)
		codes[response.StatusCode]++
	}
	if codes[http.StatusTooManyRequests] < 3 {
		t.Errorf("answers: %v", codes)
	}
}

// TestSlowReader: a client that does not read its answer loses it.
func TestSlowReader(t *testing.T) {
	h := &Host{config: Config{Patience: Timeouts{Write: 200 * time.Millisecond}, Log: zerolog.Nop()}}
	failed := make(chan error, 1)
	web := httptest.NewServer(h.logRequests(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := bytes.Repeat([]byte("x"), 1<<20)
		for range 1000 {
			if _, err := w.Write(piece); err != nil {
				failed <- err
				return
			}
		}
		failed <- nil
	})))
	t.Cleanup(web.Close)
	conn, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
	select {
	case err := <-failed:
		if err == nil {
			t.Error("a gigabyte went to nobody")
		}
	case <-time.After(10 * time.Second):
		t.Error("the server still waits")
	}
}

// TestPulse: an open subscription shows that it lives, between its events.
func TestPulse(t *testing.T) {
	s := newSite(t, func(c *Config) { c.Patience.Beat = 20 * time.Millisecond })
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"subscriptions/listen","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}},"notifications":{"toolsListChanged":true}}}`))
	all := s.headers("anna", "Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "subscriptions/listen")
	for i := 0; i < len(all); i += 2 {
		r.Header.Set(all[i], all[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if response.Header.Get("X-Accel-Buffering") != "no" {
		t.Error("nginx may hold it back")
	}
	lines, beats := bufio.NewScanner(response.Body), 0
	for beats < 3 && lines.Scan() {
		if lines.Text() == ": alive" {
			beats++
		}
	}
	if beats < 3 {
		t.Errorf("%d beats: %v", beats, lines.Err())
	}
}

// TestPulseKeepsEventsWhole: no comment comes into the middle of one.
func TestPulseKeepsEventsWhole(t *testing.T) {
	recorder := httptest.NewRecorder()
	recorder.Header().Set("Content-Type", "text/event-stream")
	p := &heartbeatWriter{ResponseWriter: recorder}
	p.writeHeartbeat()
	for _, piece := range []string{"event: message\n", "data: 1\n", "\n", "", "data: 2\n\n"} {
		_, _ = p.Write([]byte(piece))
		p.writeHeartbeat()
	}
	if got, want := recorder.Body.String(), "event: message\ndata: 1\n\n: alive\n\n: alive\n\ndata: 2\n\n: alive\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestProbes come from anywhere, and learn nothing.
func TestProbes(t *testing.T) {
	s := newSite(t, func(c *Config) { c.BehindProxy = "192.0.2.1" })
	s.status("alive", http.StatusOK, http.MethodGet, "/healthz", "", "Host", "10.0.0.7:8080")
	s.status("ready", http.StatusOK, http.MethodGet, "/readyz", "", "Host", "10.0.0.7:8080")
	s.status("all else", http.StatusForbidden, http.MethodGet, "/", "")
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	s.host.readiness.mu.Lock()
	s.host.readiness.last = time.Time{} // the second is over
	s.host.readiness.mu.Unlock()
	if text := s.status("not ready", http.StatusServiceUnavailable, http.MethodGet, "/readyz", ""); strings.Contains(text, "closed") {
		t.Errorf("it tells: %s", text)
	}
}

// TestTheLibrarysLog has no session ids.
func TestTheLibrarysLog(t *testing.T) {
	var b bytes.Buffer
	log := slog.New(sessionIDFilter{zerolog.NewSlogHandler(zerolog.New(&b))})
	log.Info("Sweeping expired session", "session", "SECRET", "sessionID", "SECRET", "request", 7)
	if strings.Contains(b.String(), "SECRET") || !strings.Contains(b.String(), `"request":7`) {
		t.Errorf("%s", b.String())
	}
}

// TestIssuerIsAway: an issuer that was away at the start is asked again when a
// caller comes; until then nobody is known.
func TestIssuerIsAway(t *testing.T) {
	i := newIssuer(t)
	i.away = true
	s := newSite(t, func(c *Config) { c.OAuth = i.oauth() })
	i.mu.Lock()
	i.away = false
	i.mu.Unlock()
	s.tokens["late"] = i.sign(jwt.SigningMethodES256, i.key, nil)
	if text := s.call("late", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("when it is back: %s", text)
	}
	if !strings.Contains(s.log.String(), "the issuer's keys cannot be read now") {
		t.Errorf("the log: %s", s.log)
	}
}

// TestKeysTurn: the issuer's new key is good at once, what is wrong with a token is
// said as the standard says it.
func TestKeysTurn(t *testing.T) {
	i := newIssuer(t)
	s := newSite(t, func(c *Config) { c.OAuth = i.oauth() })
	i.turn()
	s.tokens["new"] = i.sign(jwt.SigningMethodES256, i.key, nil)
	if text := s.call("new", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("a token of the new key: %s", text)
	}
	response, _ := s.send(http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+s.tokens["new"]+"x")
	if got := response.Header.Get("WWW-Authenticate"); response.StatusCode != http.StatusUnauthorized || !strings.Contains(got, `error="invalid_token"`) {
		t.Errorf("a broken one: HTTP %d %s", response.StatusCode, got)
	}
	response, _ = s.send(http.MethodPost, "/mcp", `{}`, s.headers("new", "Mcp-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call", "Mcp-Name", "delete_cloud_server")...)
	if got := response.Header.Get("WWW-Authenticate"); response.StatusCode != http.StatusForbidden || !strings.Contains(got, `error="insufficient_scope", scope="destroy"`) {
		t.Errorf("beyond its scope: HTTP %d %s", response.StatusCode, got)
	}
}

// TestReread: what else is read again is read, whatever is wrong with the tokens.
func TestReread(t *testing.T) {
	reload, reread := make(chan struct{}), make(chan struct{}, 2)
	s := newSite(t, func(c *Config) {
		c.Reload = reload
		c.Reread = []ReloadedFile{{File: "accounts.yaml", Read: func() error { reread <- struct{}{}; return context.Canceled }}}
	})
	if err := os.WriteFile(s.host.config.TokensFile, []byte("tokens: nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	reload <- struct{}{}
	<-reread
	if text := s.call("anna", "list_cloud_servers", `{}`); !strings.Contains(text, "web01") {
		t.Errorf("after faulty files: %s", text)
	}
	if log := s.log.String(); strings.Count(log, "reload failed") != 2 || !strings.Contains(log, `"file":"accounts.yaml"`) || !strings.Contains(log, `"file":"`+s.host.config.TokensFile) {
		t.Errorf("the log: %s", log)
	}
}

// TestBroughtCredentials: what came with a request goes to the service and
// nowhere else.
func TestBroughtCredentials(t *testing.T) {
	var got []string
	s := newSite(t, func(c *Config) {
		account := c.Account
		c.RequestAccount = func(_ context.Context, email, key string) (*vpsapi.Client, error) {
			got = append(got, email+" "+key)
			if key != "key-of-bert" {
				return nil, fmt.Errorf("VPS.NET does not take them")
			}
			return account("bert")
		}
	})
	if text := s.call("anna", "list_domains", `{}`, "X-VPSNET-Email", "bert@example.com", "X-VPSNET-API-Key", "key-of-bert"); !strings.Contains(text, "demodomain") {
		t.Errorf("taken: %s", text)
	}
	text := s.status("not taken", http.StatusForbidden, http.MethodPost, "/mcp", `{}`, s.headers("anna", "X-VPSNET-Email", "bert@example.com", "X-VPSNET-API-Key", "guess-of-anna")...)
	if log := s.log.String(); len(got) != 2 || strings.Contains(text+log, "guess-of-anna") || strings.Contains(text+log, "key-of-bert") {
		t.Errorf("asked for %d; answer %s; log %s", len(got), text, log)
	}
	var seen map[string]any
	if err := json.Unmarshal([]byte(text), &seen); err != nil {
		t.Error(err)
	}
}
