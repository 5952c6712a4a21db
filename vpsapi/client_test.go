package vpsapi

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// loopback is a client of a handler on a loopback address, without limits.
func loopback(t *testing.T, h http.Handler) *Client {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return clientOf(t, Config{BaseURL: server.URL})
}

const testEmail, testKey = "dave@vps.net", "abc123ABC456=="

// clientOf fills a configuration with what a test does not care about.
func clientOf(t *testing.T, c Config) *Client {
	t.Helper()
	c.Email, c.APIKey = orDefault(c.Email, testEmail), orDefault(c.APIKey, testKey)
	c.PerSecond, c.Concurrent = orDefault(c.PerSecond, -1), orDefault(c.Concurrent, -1)
	client, err := NewClient(c)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// failure makes a call that must fail, and gives its error.
func failure(t *testing.T, ctx context.Context, c *Client, op Operation) *Error {
	t.Helper()
	result, err := op.Do(ctx, c, struct{}{})
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("error %v, want an *Error; result %+v", err, result.Out)
	}
	return e
}

func TestRequestOnTheWire(t *testing.T) {
	type seen struct{ method, uri, auth, accept, contentType, agent, body string }
	var got seen
	client := loopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		email, key, _ := r.BasicAuth()
		got = seen{r.Method, r.RequestURI, email + " " + key, r.Header.Get("Accept"), r.Header.Get("Content-Type"), r.UserAgent(), string(body)}
	}))
	call := func(op Operation, in any) { _, _ = op.Do(t.Context(), client, in) }
	agent := "vpsnet-mcp/" + buildVersion()
	auth := testEmail + " " + testKey
	for _, c := range []struct {
		op   Operation
		in   any
		want seen
	}{
		{ListTickets, ListTicketsIn{Status: "open", Department: "1"},
			seen{"GET", "/tickets.api10json?department=1&status=open", auth, "application/json", "application/json", agent, ""}},
		{ReplyToTicket, ReplyToTicketIn{TicketID: "979", Body: "x"},
			seen{"POST", "/tickets/979/ticket_replies.api10json", auth, "application/json", "application/json", agent, `{"body":"x"}`}},
		{CloseTicket, CloseTicketIn{TicketID: "979"},
			seen{"DELETE", "/tickets/979.api10json", auth, "application/json", "application/json", agent, ""}},
		{GetInvoice, GetInvoiceIn{InvoiceNo: "9130"},
			seen{"GET", "/invoices/9130.pdf", auth, "application/pdf", "application/json", agent, ""}},
	} {
		if call(c.op, c.in); got != c.want {
			t.Errorf("got  %+v\nwant %+v", got, c.want)
		}
	}
}

func TestBadInputIsNotSent(t *testing.T) {
	client := loopback(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("sent") }))
	_, err := CloseTicket.Call(t.Context(), client, CloseTicketIn{TicketID: "../1"})
	var input *InputError
	if !errors.As(err, &input) || !IsInvalid(err) || !strings.Contains(err.Error(), "ticket_id") || !strings.HasSuffix(err.Error(), "nothing was sent") {
		t.Errorf("error = %v", err)
	}
}

func TestConfigurationsRefused(t *testing.T) {
	for _, c := range []struct {
		config Config
		words  string
	}{
		{Config{}, "no credentials"},
		{Config{Email: "a@b.c"}, "API key"},
		{Config{APIKey: "k"}, "no credentials"},
		{Config{BaseURL: "http://api.vps.net"}, "only https"},
		{Config{BaseURL: "http://localhost.example.com"}, "only https"},
		{Config{BaseURL: "http://127.0.0.1.example.com"}, "only https"},
		{Config{BaseURL: "http://10.0.0.1"}, "only https"},
		{Config{BaseURL: "http://0.0.0.0"}, "only https"},
		{Config{BaseURL: "ftp://127.0.0.1"}, "only https"},
		{Config{BaseURL: "api.vps.net"}, "give one such as"},
		{Config{BaseURL: "https://"}, "give one such as"},
		{Config{BaseURL: "https://:443"}, "give one such as"},
		{Config{BaseURL: "https://api.vps.net?x=1"}, "without query"},
		{Config{BaseURL: "https://api.vps.net#x"}, "without query"},
		{Config{BaseURL: "https://api.vps.net\n"}, "give one such as"},
		{Config{BaseURL: "https://dave:hunter22@api.vps.net"}, "without credentials"},
		{Config{BaseURL: "http://127.0.0.1@evil.example"}, "without credentials"},
	} {
		if c.config.BaseURL != "" {
			c.config.Email, c.config.APIKey = testEmail, testKey
		}
		if _, err := NewClient(c.config); err == nil || !strings.Contains(err.Error(), c.words) || strings.Contains(err.Error(), "hunter22") {
			t.Errorf("%+v: %v, want %q", c.config, err, c.words)
		}
	}
}

func TestBaseURLsTaken(t *testing.T) {
	for given, want := range map[string]string{
		"":                       DefaultURL,
		"https://api.vps.net/":   "https://api.vps.net",
		"https://proxy/vps/":     "https://proxy/vps",
		"http://localhost:8081":  "http://localhost:8081",
		"http://127.0.0.1:8081/": "http://127.0.0.1:8081",
		"http://127.9.9.9":       "http://127.9.9.9",
		"HTTP://[::1]:8081":      "http://[::1]:8081",
	} {
		if got := clientOf(t, Config{BaseURL: given}).BaseURL(); got != want {
			t.Errorf("%q = %q, want %q", given, got, want)
		}
	}
}

// The API key is in no error, whatever echoes it: the key, its spelling in a
// URL, the header that carries it.
func TestErrorPageThatEchoesTheCredentials(t *testing.T) {
	header := base64.StdEncoding.EncodeToString([]byte(testEmail + ":" + testKey))
	for _, body := range []string{
		"<title>Bad request: " + testKey + "</title>",
		`{"error":"unknown key ` + testKey + `"}`,
		`{"errors":[["base","Authorization: Basic ` + header + `"]]}`,
		"GET /?key=abc123ABC456%3D%3D",
		"cut " + testKey + ` "`,
	} {
		for _, status := range []int{200, 406, 422, 500} {
			for _, op := range []Operation{readOne, readPDF} {
				client := loopback(t, answers{status, body})
				result, err := op.Do(t.Context(), client, struct{}{})
				text := fmt.Sprintf("%v %+v %s", err, err, result.Raw)
				if err == nil || strings.Contains(text, "abc123ABC456") || strings.Contains(text, header) {
					t.Errorf("%d %s: %s", status, body, text)
				}
			}
		}
	}
}

// A password that was sent makes no text a secret: what the service calls a thing
// stays as it is. Only the refusal of the request itself is cleaned of it.
func TestPasswordThatComesBack(t *testing.T) {
	in := ReplyToTicketIn{TicketID: "979", Body: "Here", RootPassword: "F4334Y!"}
	status := 200
	reply := `{"label":"F4334Y!","root_password":"F4334Y!"}`
	client := loopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if !strings.Contains(string(body), `"root_password":"F4334Y!"`) {
			t.Errorf("the service got %s", body)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, reply)
	}))
	got, err := ReplyToTicket.Call(t.Context(), client, in)
	if err != nil || string([]byte(got)) != reply {
		t.Errorf("%s, %v", []byte(got), err)
	}
	if printed := fmt.Sprint(got); printed != `{"label":"F4334Y!","root_password":"[redacted]"}` {
		t.Errorf("printed: %s", printed)
	}
	if got := client.Clean("F4334Y!"); got != "F4334Y!" {
		t.Errorf("Clean = %s", got)
	}
	status, reply = 422, `{"errors":[["root_password","F4334Y! is too short"]]}`
	if _, err = ReplyToTicket.Call(t.Context(), client, in); err == nil || strings.Contains(err.Error(), "F4334Y!") || !strings.Contains(err.Error(), "is too short") {
		t.Errorf("%v", err)
	}
}

func TestResultCarriesSecretsApart(t *testing.T) {
	client := loopback(t, answers{200, `{"virtual_machine":{"id":1384,"label":"a8hjsjnbs91","password":"a8hjsjnbs91","new_field":[1]}}`})
	result, err := changeOne.Do(t.Context(), client, struct{}{})
	if err != nil {
		t.Fatal(err)
	}
	if want := `{"virtual_machine":{"id":1384,"label":"a8hjsjnbs91","password":"a8hjsjnbs91","new_field":[1]}}`; string(result.Raw) != want {
		t.Errorf("raw = %s", result.Raw)
	}
	if len(result.Secrets) != 1 || result.Secrets[0].Key != "password" || string(result.Secrets[0].Value) != "a8hjsjnbs91" {
		t.Errorf("secrets = %d, %v", len(result.Secrets), result.Secrets)
	}
	if out := result.Out.(Server); out.ID != "1384" || out.Label != "a8hjsjnbs91" || string(out.Password) != "a8hjsjnbs91" || strings.Count(fmt.Sprintf("%+v", out), "a8hjsjnbs91") != 1 {
		t.Errorf("out = %+v", out)
	}
}

// Only what was asked for as a document is left as it came.
func TestSecretsInADocumentThatWasNotAskedFor(t *testing.T) {
	for _, status := range []int{200, 422} {
		client := loopback(t, answers{status, "%PDF-1.4 password=a8hjsjnbs91"})
		result, err := changeRaw.Do(t.Context(), client, struct{}{})
		if err == nil || strings.Contains(err.Error()+string(result.Raw), "a8hjsjnbs91") {
			t.Errorf("%d: %v %s", status, err, result.Raw)
		}
	}
}

// White space that JSON does not know, around what it does, hides no secret.
func TestSecretsInOddWhiteSpace(t *testing.T) {
	client := loopback(t, answers{200, "\f{\"password\":[[\"a8hjsjnbs91\"]]}\u00a0"})
	result, err := changeRaw.Do(t.Context(), client, struct{}{})
	if want := `{"password":[["a8hjsjnbs91"]]}`; err != nil || string(result.Raw) != want || len(result.Secrets) != 1 {
		t.Errorf("%s, %v, %v; want %s", result.Raw, result.Secrets, err, want)
	}
}

func TestObserveIsToldOfEveryExchange(t *testing.T) {
	var told []Exchange
	server := httptest.NewServer(answers{422, `{"errors":["no"]}`})
	client := clientOf(t, Config{BaseURL: server.URL, Attempts: 1, Observe: func(e Exchange) { told = append(told, e) }})
	_ = failure(t, t.Context(), client, changeOne)
	server.Close()
	_ = failure(t, t.Context(), client, readOne)
	if len(told) != 2 || told[0].Status != 422 || told[0].Request.Route != "POST /one" || told[1].Status != 0 ||
		told[0].Err == nil || told[1].Err == nil || told[0].Context == nil {
		t.Errorf("told %+v", told)
	}
}

// Parallel calls keep their connections for the next ones.
func TestIdleConnectionsAreReused(t *testing.T) {
	const parallel, rounds = 16, 4
	var opened atomic.Int32
	var arrived sync.WaitGroup
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived.Done()
		arrived.Wait() // all of a round are on their way at once
		_, _ = io.WriteString(w, `{"virtual_machine":{"id":1}}`)
	}))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	client := clientOf(t, Config{BaseURL: server.URL})
	for range rounds {
		arrived.Add(parallel)
		var calls sync.WaitGroup
		for range parallel {
			calls.Go(func() {
				if _, err := readOne.Call(t.Context(), client, struct{}{}); err != nil {
					t.Error(err)
				}
			})
		}
		calls.Wait()
	}
	if n := opened.Load(); n != parallel {
		t.Errorf("%d connections for %d rounds of %d calls", n, rounds, parallel)
	}
}
