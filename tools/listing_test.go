package tools

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/vpsapi"
)

const modernList = `{"jsonrpc":"2.0","id":%s,"method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
	`"io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}}}`

// listSite counts what reaches the library behind Listing.
func listSite(t *testing.T, caller func(*http.Request) Caller) (post func(revision, body, name string) string, reached *int) {
	t.Helper()
	s, _ := newSandboxServer(t, Options{})
	library := server.NewStreamableHTTPServer(s.MCP(), server.WithStateLess(true))
	reached = new(int)
	front := s.Listing(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*reached++
		library.ServeHTTP(w, r)
	}), func(r *http.Request) bool { return r.Header.Get("Mcp-Session-Id") != "ended" })
	post = func(revision, body, name string) string {
		r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		r.Header.Set("Mcp-Protocol-Version", revision)
		if revision == "2026-07-28" {
			r.Header.Set("Mcp-Method", "tools/list")
		}
		r.Header.Set("Mcp-Session-Id", name)
		if caller != nil {
			r = r.WithContext(WithCaller(r.Context(), caller(r)))
		}
		w := httptest.NewRecorder()
		front.ServeHTTP(w, r)
		return fmt.Sprintf("%d %s %s", w.Code, w.Header().Get("Content-Type"), w.Body)
	}
	return post, reached
}

func TestListingIsTheLibrarysOwn(t *testing.T) {
	for revision, body := range map[string]string{"2025-11-25": `{"jsonrpc":"2.0","id":%s,"method":"tools/list"}`, "2026-07-28": modernList} {
		post, reached := listSite(t, nil)
		first := post(revision, fmt.Sprintf(body, "1"), "")
		if !strings.Contains(first, `200 application/json`) || !strings.Contains(first, `"list_cloud_servers"`) || !strings.Contains(first, `"server_id"`) {
			t.Fatalf("%s: %.300s", revision, first)
		}
		for _, id := range []string{"2", `"two"`, "0"} {
			again := post(revision, fmt.Sprintf(body, id), "")
			if diff := cmp.Diff(strings.Replace(first, `"id":1,`, `"id":`+id+`,`, 1), again); diff != "" {
				t.Errorf("%s: %s", revision, diff)
			}
		}
		if *reached != 1 {
			t.Errorf("%s: the library was asked %d times", revision, *reached)
		}
	}
}

func TestListingLeavesTheRestToTheLibrary(t *testing.T) {
	post, reached := listSite(t, nil)
	post("2025-11-25", `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, "")
	for _, c := range []struct{ body, session string }{
		{`{"jsonrpc":"2.0","id":1.0,"method":"tools/list"}`, ""},
		{`{"jsonrpc":"2.0","method":"tools/list"}`, ""},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"ping"}`, ""},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":[]}`, ""},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":"none"}}`, ""},
		{`{"jsonrpc":"1.0","id":1,"method":"tools/list"}`, ""},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list"`, ""},
		{`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`, "ended"},
	} {
		before := *reached
		if post("2025-11-25", c.body, c.session); *reached != before+1 {
			t.Errorf("%s in session %q did not reach the library", c.body, c.session)
		}
	}
}

func TestListingKeepsCallersApart(t *testing.T) {
	post, _ := listSite(t, func(r *http.Request) Caller {
		reads := r.Header.Get("Mcp-Session-Id") == "reads"
		return Caller{Name: "x", Allows: func(_ string, s vpsapi.Safety) bool { return !reads || s == vpsapi.Reads }}
	})
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	for range 2 {
		all, reads := post("2025-11-25", list, "all"), post("2025-11-25", list, "reads")
		if !strings.Contains(all, `"delete_cloud_server"`) || strings.Contains(reads, `"delete_cloud_server"`) || !strings.Contains(reads, `"get_cloud_server"`) {
			t.Error("a caller saw another's list")
		}
	}
}

func TestListingOverStdio(t *testing.T) {
	s, _ := newSandboxServer(t, Options{})
	fromClient, client := io.Pipe()
	var out lineBuffer
	out.lines = make(chan string, 10)
	done := make(chan error, 1)
	go func() { done <- s.ServeStdio(context.Background(), fromClient, &out) }()
	say := func(line string) string {
		if _, err := io.WriteString(client, line+"\n"); err != nil {
			t.Fatal(err)
		}
		return <-out.lines
	}
	first := say(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`)
	again := say(`{"jsonrpc":"2.0","id":"b","method":"tools/list"}`)
	if !strings.Contains(first, "list_cloud_servers") || again != strings.Replace(first, `"id":1,`, `"id":"b",`, 1) {
		t.Errorf("the second answer differs: %.200s", again)
	}
	if long := say(`{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"get_cloud_server","arguments":{"x":"` + strings.Repeat("y", 100_000) + `"}}}`); !strings.Contains(long, `"id":3`) {
		t.Errorf("a long line was answered with %.200s", long)
	}
	_ = client.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// lineBuffer gives what is written a line at a time.
type lineBuffer struct {
	lines chan string
	rest  []byte
}

func (b *lineBuffer) Write(p []byte) (int, error) {
	b.rest = append(b.rest, p...)
	for {
		line, rest, ok := bytes.Cut(b.rest, []byte("\n"))
		if !ok {
			return len(p), nil
		}
		b.lines <- string(line)
		b.rest = rest
	}
}
