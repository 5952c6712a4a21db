package rpc_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/rpc"
)

// library answers as the protocol library does: JSON, or events where it was asked for a stream.
func library(handle func(context.Context, []byte) []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		answer := handle(r.Context(), body)
		switch {
		case r.Header.Get("Mcp-Session-Id") == "ended":
			http.Error(w, "Session terminated", http.StatusNotFound)
		case answer == nil:
			w.WriteHeader(http.StatusAccepted)
		case bytes.Contains(body, []byte("stream")):
			w.Header().Set("Content-Type", "text/event-stream")
			w.WriteHeader(http.StatusOK)
			_, _ = fmt.Fprintf(w, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\nevent: mess")
			_, _ = fmt.Fprintf(w, "age\ndata: %s\n\n", answer)
		default:
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(append(answer, '\n'))
		}
	})
}

func post(t *testing.T, h http.Handler, body string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/mcp", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// TestWeb: what is posted, and what is answered.
func TestWeb(t *testing.T) {
	h := rpc.NewWeb().Wrap(library(echo))
	const modern = "2026-07-28"
	for name, c := range map[string]struct {
		body    string
		headers []string
		status  int
		want    string
	}{
		"above 2^53":               {`{"jsonrpc":"2.0","id":1732659000123456789,"method":"ping"}`, nil, 200, `{"jsonrpc":"2.0","id":1732659000123456789,"result":"ping"}`},
		"above 2^53, modern":       {`{"jsonrpc":"2.0","id":-1732659000123456789,"method":"ping"}`, []string{"Mcp-Protocol-Version", modern}, 200, `{"jsonrpc":"2.0","id":-1732659000123456789,"result":"ping"}`},
		"a text as it was sent":    {`{"jsonrpc":"2.0","id":"<\u00e9","method":"ping"}`, nil, 200, `{"jsonrpc":"2.0","id":"<\u00e9","result":"ping"}`},
		"in a stream":              {`{"jsonrpc":"2.0","id":9007199254740993,"method":"stream"}`, nil, 200, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"n\"}\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"result\":\"stream\"}\n\n"},
		"BOM and CRLF":             {"\ufeff\r\n{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\r\n", nil, 200, `{"jsonrpc":"2.0","id":1,"result":"ping"}`},
		"nothing":                  {"", nil, 400, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}`},
		"no UTF-8":                 {"\"\xff\"", nil, 400, `{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error: the message is not UTF-8"}}`},
		"an id of null":            {`{"jsonrpc":"2.0","id":null,"method":"ping"}`, nil, 400, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: the id must be a string or a number"}}`},
		"a notification":           {`{"jsonrpc":"2.0","method":"n"}`, nil, 202, ``},
		"gzip":                     {"\x1f\x8b", []string{"Content-Encoding", "gzip"}, 415, "the body must have no Content-Encoding\n"},
		"no encoding":              {`{"jsonrpc":"2.0","id":1,"method":"ping"}`, []string{"Content-Encoding", "identity"}, 200, `{"jsonrpc":"2.0","id":1,"result":"ping"}`},
		"of another type":          {`{"jsonrpc":"2.0","id":1,"method":"ping"}`, []string{"Content-Type", "text/plain"}, 415, "the body must be application/json\n"},
		"with a charset":           {`{"jsonrpc":"2.0","id":1,"method":"ping"}`, []string{"Content-Type", "application/json; charset=utf-8"}, 200, `{"jsonrpc":"2.0","id":1,"result":"ping"}`},
		"a batch":                  {`[{"jsonrpc":"2.0","id":9007199254740993,"method":"a"},{"jsonrpc":"2.0","method":"n"},{"jsonrpc":"2.0","id":"x","method":"initialize"},6]`, nil, 200, `[{"jsonrpc":"2.0","id":9007199254740993,"result":"a"},{"jsonrpc":"2.0","id":"x","error":{"code":-32600,"message":"Invalid request: initialize must not be in a batch"}},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: a message must be an object"}}]`},
		"a batch of notifications": {`[{"jsonrpc":"2.0","method":"n"}]`, nil, 202, ``},
		"a batch of an ended session": {`[{"jsonrpc":"2.0","id":1,"method":"a"},{"jsonrpc":"2.0","id":2,"method":"b"}]`,
			[]string{"Mcp-Session-Id", "ended"}, 404, "Session terminated\n"},
		"an empty batch":          {`[]`, nil, 400, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: the batch is empty"}}`},
		"a batch, modern":         {`[{"jsonrpc":"2.0","id":1,"method":"a"}]`, []string{"Mcp-Protocol-Version", modern}, 400, `{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"Invalid request: this revision has no batches"}}`},
		"an empty subscription":   {`{"jsonrpc":"2.0","id":"s","method":"subscriptions/listen"}`, []string{"Mcp-Protocol-Version", modern}, 200, "event: message\ndata: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"s\"},\"notifications\":{}}}\n\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":\"s\",\"result\":\"subscriptions/listen\"}\n\n"},
		"an answer to nobody":     {`{"jsonrpc":"2.0","id":5,"error":{"code":-1,"message":"x"}}`, []string{"Mcp-Session-Id", "ended"}, 404, "Session terminated\n"},
		"of a session that ended": {`{"jsonrpc":"2.0","id":5,"method":"ping"}`, []string{"Mcp-Session-Id", "ended"}, 404, "Session terminated\n"},
	} {
		t.Run(name, func(t *testing.T) {
			w := post(t, h, c.body, c.headers...)
			if got := w.Body.String(); w.Code != c.status || strings.TrimSuffix(got, "\n") != strings.TrimSuffix(c.want, "\n") {
				t.Errorf("HTTP %d, want %d\ngot  %s\nwant %s", w.Code, c.status, got, c.want)
			}
		})
	}
}

// TestWebTalks: a call tells and asks on its own stream, the answer to its question
// comes by a post of the same session, and another session's says nothing.
func TestWebTalks(t *testing.T) {
	asked := make(chan struct{})
	web := rpc.NewWeb().Wrap(library(func(ctx context.Context, message []byte) []byte {
		if !bytes.Contains(message, []byte(`"method":"ask"`)) {
			return echo(ctx, message)
		}
		call := rpc.CallOf(ctx)
		call.Progress("on")
		close(asked)
		result, err := call.Ask(ctx, "elicitation/create", map[string]any{})
		call.Progress("still")
		return bytes.Replace(echo(ctx, message), []byte(`"ask"`), fmt.Appendf(nil, `{"got":%s,"err":"%v"}`, result, err), 1)
	}))
	answers := make(chan *httptest.ResponseRecorder)
	go func() {
		answers <- post(t, web, `{"jsonrpc":"2.0","id":1,"method":"ask","params":{"_meta":{"progressToken":"<t"}}}`, "Mcp-Session-Id", "mine")
	}()
	<-asked
	const answer = `{"jsonrpc":"2.0","id":1099511627778,"result":{"action":"accept"}}`
	if w := post(t, web, answer, "Mcp-Session-Id", "another's"); w.Code != http.StatusAccepted || w.Body.Len() > 0 {
		t.Logf("another's answer goes on to the library: HTTP %d", w.Code)
	}
	for deadline := time.Now().Add(10 * time.Second); ; { // the question is open a moment after it is announced
		if w := post(t, web, answer, "Mcp-Session-Id", "mine"); w.Code == http.StatusAccepted && w.Body.Len() == 0 {
			select {
			case w := <-answers:
				want := `event: message
data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"message":"on","progress":1,"progressToken":"<t"}}

event: message
data: {"id":1099511627778,"jsonrpc":"2.0","method":"elicitation/create","params":{}}

event: message
data: {"jsonrpc":"2.0","method":"notifications/progress","params":{"message":"still","progress":2,"progressToken":"<t"}}

event: message
data: {"jsonrpc":"2.0","id":1,"result":{"got":{"action":"accept"},"err":"<nil>"}}

`
				if got := w.Body.String(); got != want || w.Header().Get("Content-Type") != "text/event-stream" {
					t.Errorf("the stream is %q\n%s", w.Header().Get("Content-Type"), got)
				}
				return
			case <-time.After(10 * time.Second): // it is answered once: another post goes to the library
				t.Fatal("the call does not end after its question was answered")
			}
		}
		if time.Now().After(deadline) {
			t.Fatal("the question is never answered")
		}
	}
}

// TestWebCancelled: a call that its client cancels is not answered; one without a
// session, or of another, cannot be cancelled by a message.
func TestWebCancelled(t *testing.T) {
	came, free := make(chan struct{}), make(chan struct{})
	web := rpc.NewWeb().Wrap(library(func(ctx context.Context, message []byte) []byte {
		if bytes.Contains(message, []byte(`"slow"`)) {
			came <- struct{}{}
			select {
			case <-ctx.Done():
			case <-free:
			}
		}
		return echo(ctx, message)
	}))
	cancel := func(session string) {
		post(t, web, `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":9007199254740993}}`, "Mcp-Session-Id", session)
	}
	answers := make(chan *httptest.ResponseRecorder, 1)
	call := func(headers ...string) {
		go func() { answers <- post(t, web, `{"jsonrpc":"2.0","id":9007199254740993,"method":"slow"}`, headers...) }()
		<-came
	}
	call("Mcp-Session-Id", "mine")
	cancel("mine")
	if w := <-answers; w.Code != http.StatusAccepted || w.Body.Len() > 0 {
		t.Errorf("a cancelled call is answered: HTTP %d %s", w.Code, w.Body)
	}
	for _, headers := range [][]string{nil, {"Mcp-Session-Id", "mine"}, {"Mcp-Session-Id", "mine", "Mcp-Protocol-Version", "2026-07-28"}} {
		call(headers...)
		cancel("another's")
		if len(headers) != 2 {
			cancel("mine")
		}
		free <- struct{}{}
		if w := <-answers; w.Code != http.StatusOK || !strings.Contains(w.Body.String(), `"id":9007199254740993,"result"`) {
			t.Errorf("%v: HTTP %d %s", headers, w.Code, w.Body)
		}
	}
}
