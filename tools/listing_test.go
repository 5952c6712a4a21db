package tools

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// modernMeta is what a request of the newer revision carries.
const modernMeta = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28",` +
	`"io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}`

// listSite is a server over HTTP, with Listing in front and without.
type listSite struct {
	server         *Server
	front, library http.Handler
}

func newListSite(t *testing.T, o Options) *listSite {
	t.Helper()
	s, _ := newSandboxServer(t, o)
	library := server.NewStreamableHTTPServer(s.MCP(), server.WithStateLess(true))
	return &listSite{server: s, front: s.Listing(library), library: library}
}

// post sends a body; the answer is its status, its head and its body.
func (l *listSite) post(h http.Handler, revision, body string, who confirm.Caller) string {
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1/mcp", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json, text/event-stream")
	if revision != "" {
		r.Header.Set("Mcp-Protocol-Version", revision)
	}
	if revision == "2026-07-28" {
		r.Header.Set("Mcp-Method", "tools/list")
	}
	who.Name, who.Client = "x", l.server.options.Client
	r = r.WithContext(WithCaller(r.Context(), who))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return fmt.Sprint(w.Code, w.Header(), w.Body)
}

// Whatever is asked, by whoever, the answer is the library's own to the byte.
func TestListingIsTheLibrarysOwn(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[random.IntN(len(of))] }
	cursor := base64.StdEncoding.EncodeToString([]byte("get_"))
	sites := []*listSite{
		newListSite(t, Options{}), newListSite(t, Options{ReadOnly: true, Exclude: []string{"get_profile"}}),
		newListSite(t, Options{Toolsets: []string{"dns", "tickets"}}), newListSite(t, Options{Surface: SurfaceSearch}),
	}
	lists := 0
	for range 800 {
		id := pick("1", "0", "-7", "1e3", "1.5", "12345678901234567890", `"two"`, `"\u0022,\"tools\":[]"`, `"<é&\u2028>"`, `""`, "null", "true", `{"a":1}`, `1,"id":2`)
		meta := pick("", modernMeta, modernMeta, `"_meta":{"progressToken":1}`, `"_meta":{"io.modelcontextprotocol/protocolVersion":"2031-01-01"}`)
		params := pick("", `"cursor":""`, `"cursor":"`+cursor+`"`, `"cursor":"!"`, `"cursor":null`, `"cursor":7`, `"x":{"id":9,"method":"ping"}`)
		params = strings.Trim(meta+","+params, ",")
		body := fmt.Sprintf(`{"jsonrpc":%s,"id":%s,"method":%s,"params":{%s}}`, pick(`"2.0"`, `"2.0"`, `"2.0"`, `"1.0"`), id,
			pick(`"tools/list"`, `"tools/list"`, `"tools/list"`, `"tools\/list"`, `"tools/list","method":"ping"`, `"ping","method":"tools/list"`, `"prompts/list"`), params)
		switch random.IntN(10) {
		case 0:
			body = body[:random.IntN(len(body))]
		case 1:
			body = "[" + body + "," + body + "]"
		case 2:
			body = " \n" + body + "\n "
		}
		var who confirm.Caller
		if random.IntN(4) > 0 {
			worst := random.IntN(32)
			who.Allows = func(s vpsapi.Safety) bool { return worst&(1<<s) != 0 }
			for range random.IntN(4) {
				who.Toolsets = append(who.Toolsets, pick(offer.Toolsets()...))
			}
		}
		site := sites[random.IntN(len(sites))]
		revision := pick("", "2025-03-26", "2025-11-25", "2026-07-28", "2026-07-28")
		want, got := site.post(site.library, revision, body, who), site.post(site.front, revision, body, who)
		if want != got {
			t.Fatalf("%s %s: %s", revision, body, cmp.Diff(want, got))
		}
		if strings.Contains(got, `"tools":[{`) {
			lists++
		}
	}
	if lists < 50 {
		t.Errorf("only %d answers were lists of tools", lists)
	}
}

// The list is written once for all who see the same tools.
func TestListingIsWrittenOnce(t *testing.T) {
	l := newListSite(t, Options{})
	reads := confirm.Caller{Allows: func(s vpsapi.Safety) bool { return s == vpsapi.Reads }}
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	for range 3 {
		all, some := l.post(l.front, "2025-11-25", list, confirm.Caller{}), l.post(l.front, "2025-11-25", list, reads)
		if !strings.Contains(all, `"delete_cloud_server"`) || strings.Contains(some, `"delete_cloud_server"`) || !strings.Contains(some, `"get_cloud_server"`) {
			t.Error("a caller saw another's list")
		}
	}
	if n := len(l.server.listings.written); n != 2 {
		t.Errorf("%d lists are kept, want 2", n)
	}
	for i := range 3 * maxListings {
		l.server.listings.of(l.server.public[:i%len(l.server.public)], i%2 == 0)
	}
	if n := len(l.server.listings.written); n == 0 || n > maxListings {
		t.Errorf("%d lists are kept, want %d at most", n, maxListings)
	}
}

// A tool that is added to a running server is listed, for those who may see all.
func TestListingFollowsAddedTools(t *testing.T) {
	l := newListSite(t, Options{})
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	l.post(l.front, "2025-11-25", list, confirm.Caller{})
	l.server.MCP().AddTool(mcp.Tool{Name: "later", RawInputSchema: json.RawMessage(`{"type":"object"}`)},
		func(context.Context, mcp.CallToolRequest) (*mcp.CallToolResult, error) { return nil, nil })
	if got := l.post(l.front, "2025-11-25", list, confirm.Caller{}); !strings.Contains(got, `"later"`) || !strings.Contains(got, `"get_cloud_server"`) {
		t.Errorf("the added tool is not listed: %.200s", got)
	}
	none := confirm.Caller{Allows: func(vpsapi.Safety) bool { return false }}
	if got := l.post(l.front, "2025-11-25", list, none); strings.Contains(got, `"later"`) {
		t.Error("a caller without scopes sees it")
	}
	l.server.MCP().DeleteTools("later", "get_cloud_server")
	if got := l.post(l.front, "2025-11-25", list, confirm.Caller{}); strings.Contains(got, `"later"`) || strings.Contains(got, `"get_cloud_server"`) {
		t.Error("a tool that was taken away is listed")
	}
}

// What the protocol server was told beside may change what it lists.
func TestListingKeepsAwayFromFurtherOptions(t *testing.T) {
	l := newListSite(t, Options{Protocol: []server.ServerOption{server.WithPaginationLimit(3)}})
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	if got := l.post(l.front, "2025-11-25", list, confirm.Caller{}); !strings.Contains(got, `"nextCursor"`) {
		t.Errorf("the pages are lost: %.200s", got)
	}
}

// Callers of every reach ask at once; the first ones make the schemas.
func TestListingAtOnce(t *testing.T) {
	l := newListSite(t, Options{})
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	var all sync.WaitGroup
	got := make([]string, 24)
	for i := range got {
		all.Go(func() {
			got[i] = l.post(l.front, "2025-11-25", list, confirm.Caller{Allows: func(s vpsapi.Safety) bool { return int(s) <= i%3 }})
		})
	}
	all.Wait()
	for i := range got {
		want := l.post(l.library, "2025-11-25", list, confirm.Caller{Allows: func(s vpsapi.Safety) bool { return int(s) <= i%3 }})
		if got[i] != want {
			t.Errorf("caller %d: %s", i, cmp.Diff(want, got[i]))
		}
	}
}
