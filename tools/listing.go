package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/offer"
)

// listingCache keeps the JSON of the lists of tools that callers see: to write one
// anew takes more than a call does.
type listingCache struct {
	mu      sync.Mutex
	written map[string][]byte // by the names of the tools, in their order
}

// maxListings bounds what is kept; there are as many lists as callers' scopes differ in reach.
const maxListings = 64

// of returns the list of tools as JSON, with the names of our pages for a client that shows them; nil when it cannot be
// written.
func (l *listingCache) of(tools []*offer.Tool, apps bool) []byte {
	var names strings.Builder
	if apps {
		names.WriteString("with apps\n")
	}
	for _, t := range tools {
		names.WriteString(t.Name)
		names.WriteByte('\n')
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if list, ok := l.written[names.String()]; ok {
		return list
	}
	whole := make([]mcp.Tool, len(tools))
	for i, t := range tools {
		whole[i] = published(t)
		if apps {
			whole[i] = withApp(t, whole[i])
		}
	}
	list, err := json.Marshal(whole)
	if err != nil {
		return nil
	}
	if l.written == nil || len(l.written) >= maxListings {
		l.written = map[string][]byte{}
	}
	l.written[names.String()] = list
	return list
}

// listingRequest is what is known of one request: that it asks for the whole list of
// tools, and the list that goes out in the place of an empty one.
type listingRequest struct {
	asked bool
	list  atomic.Pointer[[]byte] // the library writes from goroutines of its own
}

// listingKey is the key of a context's listingRequest.
type listingKey struct{}

// Listing puts the list of tools into the library's answers as JSON that was
// written before. All the rest of an answer is the library's own, with an empty
// list: sessions, revisions, ids, cursors and errors are left to it.
func (s *Server) Listing(next http.Handler) http.Handler {
	if len(s.options.Protocol) > 0 { // which may change what is listed
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		l := new(listingRequest)
		next.ServeHTTP(&listingWriter{w, l}, r.WithContext(context.WithValue(r.Context(), listingKey{}, l)))
	})
}

// recordListing notes a request for the tools before it is answered.
func recordListing(ctx context.Context, _ any, request *mcp.ListToolsRequest) {
	if l, ok := ctx.Value(listingKey{}).(*listingRequest); ok {
		l.asked = request.Params.Cursor == ""
	}
}

// listingHooks returns the hooks by which the library tells of a list of tools or resources before and after it.
func listingHooks() *server.Hooks {
	h := &server.Hooks{}
	h.AddBeforeListTools(recordListing)
	h.AddAfterListResources(hideApp)
	return h
}

// leaveListToWriter reports that listingWriter puts in the list of tools: the caller sees all of it in one page.
func (s *Server) leaveListToWriter(ctx context.Context, c confirm.Caller, all []mcp.Tool) bool {
	l, ok := ctx.Value(listingKey{}).(*listingRequest)
	if !ok || !l.asked {
		return false
	}
	var shown []*offer.Tool
	for _, outline := range all {
		t, ours := s.tools[outline.Name]
		switch {
		case !ours:
			return false
		case offer.IsAllowedTo(c, t):
			shown = append(shown, t)
		}
	}
	list := s.listings.of(shown, clientShowsApps(ctx))
	if list != nil {
		l.list.Store(&list)
	}
	return list != nil
}

// listingWriter puts the ready list of tools where the library wrote an empty one.
type listingWriter struct {
	http.ResponseWriter
	listing *listingRequest
}

// emptyToolList is where the list goes in. It cannot be part of a JSON text: its quotes would be escaped there.
var emptyToolList = []byte(`"tools":[]`)

// Write implements io.Writer. Where the answer has the empty list of tools, it writes the ready list instead.
func (w *listingWriter) Write(b []byte) (int, error) {
	list := w.listing.list.Load()
	if list == nil {
		return w.ResponseWriter.Write(b)
	}
	before, after, ok := bytes.Cut(b, emptyToolList)
	if !ok {
		return w.ResponseWriter.Write(b)
	}
	w.listing.list.Store(nil)
	if _, err := w.ResponseWriter.Write(slices.Concat(before, emptyToolList[:len(emptyToolList)-2], *list, after)); err != nil {
		return 0, err
	}
	return len(b), nil
}

// Flush implements http.Flusher: without it a stream would be held back.
func (w *listingWriter) Flush() { _ = http.NewResponseController(w.ResponseWriter).Flush() }

// Unwrap implements what http.ResponseController asks of a ResponseWriter that wraps another.
func (w *listingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
