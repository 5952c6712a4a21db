package host

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// FuzzFrontDoor: whatever a stranger sends, there is no panic, no session, no
// call and no change.
func FuzzFrontDoor(f *testing.F) {
	const call = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"create_backup","arguments":{"server_id":"1384"}}}`
	for _, request := range []string{
		"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET /readyz HTTP/1.0\r\n\r\n",
		"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: 108\r\n\r\n" + call,
		"POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer x\r\nMcp-Session-Id: y\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
		"GET /sse HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic eDp5\r\n\r\n", "POST /message?sessionId=../x HTTP/1.1\r\nHost: evil.example\r\n\r\n",
		"OPTIONS /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nOrigin: https://evil.example\r\n\r\n", "GET /approve/%2e%2e%2f HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: caller=x|y|z\r\n\r\n",
		"POST /approve/1 HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\nyes=yes",
		"POST /signin HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: 3\r\n\r\n--x", "DELETE /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nMcp-Session-Id: \r\n\r\n",
		"GET //mcp/../mcp HTTP/1.1\r\nHost: 127.0.0.1:99999\r\nX-Forwarded-Host: x\r\nForwarded: for=::1\r\n\r\n", "GET /.well-known/oauth-protected-resource/mcp HTTP/1.1\r\nHost: [::1]:8080\r\n\r\n",
		"GET /approve/sandbox@vps.net HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	} {
		f.Add([]byte(request))
	}
	email := rand.Text() + "@example.com" // no request can hold it
	sb := sandbox.New(sandbox.Options{Email: email})
	client, err := vpsapi.NewClient(vpsapi.Config{Email: email, APIKey: sandbox.APIKey, Transport: sb, Observe: trail.Observe})
	if err != nil {
		f.Fatal(err)
	}
	store := state.NewMemory(time.Now)
	server, err := tools.New(tools.Options{Client: client, Log: zerolog.Nop(), Consent: consent.Flag, Store: store})
	if err != nil {
		f.Fatal(err)
	}
	_, hash := NewToken()
	tokens := filepath.Join(f.TempDir(), "tokens.yaml")
	if err := os.WriteFile(tokens, []byte("tokens:\n  - {name: anna, sha256: "+hash+", scopes: [all]}\n"), 0o600); err != nil {
		f.Fatal(err)
	}
	h, err := New(Config{
		Listen: "127.0.0.1:0", SSE: true, HTTP: true, TokensFile: tokens, Store: store, Log: zerolog.Nop(),
		Account: func(string) (*vpsapi.Client, error) { return client, nil },
	}, server)
	if err != nil {
		f.Fatal(err)
	}
	door := h.Handler()
	f.Fuzz(func(t *testing.T, raw []byte) {
		r, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
		if err != nil {
			return // net/http answers it
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r = r.WithContext(ctx)
		r.RemoteAddr = "127.0.0.1:5555"
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		_, _ = io.Copy(io.Discard, r.Body)
		if w.Code >= 500 && w.Code != http.StatusServiceUnavailable {
			t.Errorf("%q: %d %s", raw, w.Code, w.Body)
		}
		if path := r.URL.Path; (path == "/mcp" || path == "/sse" || path == "/message") && w.Code == http.StatusOK && r.Method != http.MethodOptions {
			t.Errorf("%q: a stranger got %d %s", raw, w.Code, w.Body)
		}
		if w.Header().Get("Mcp-Session-Id") != "" || sb.Calls() != 0 || strings.Contains(w.Body.String(), email) {
			t.Errorf("%q: %d %v %s, %d calls", raw, w.Code, w.Header(), w.Body, sb.Calls())
		}
	})
}
