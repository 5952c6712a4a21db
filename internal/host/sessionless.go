package host

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/server"
)

// sessionBegunKey is the key that marks a request whose session has begun.
type sessionBegunKey struct{}

// attachSession gives requests of the older revisions what they need of a session. A
// session that begins takes a place. A request that names none is answered by
// itself, by any replica: nobody can be asked through it, and what is announced
// does not reach it.
func (h *Host) attachSession(sessions http.Handler) http.Handler {
	single := h.newStreamable(server.WithSessionIdManager(requestIDs{}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if status, why := h.checkMethod(r); status != 0 {
			w.Header().Set("Allow", "GET, POST, DELETE")
			writeRefusal(w, status, why)
			return
		}
		method, none := rpcMethod(r), r.Header.Get("Mcp-Session-Id") == ""
		switch {
		case method == "initialize":
			h.beginSession(w, r, sessions)
		case r.Method != http.MethodPost, !none, method == "", isModern(r):
			sessions.ServeHTTP(w, r)
		case strings.HasPrefix(method, "notifications/"):
			w.WriteHeader(http.StatusAccepted) // of what belongs to a session: there is none
		default:
			// An id of its own keeps the library from taking it for another's; it
			// is not a caller's, so no session goes on under it.
			r.Header.Set("Mcp-Session-Id", "-"+rand.Text())
			single.ServeHTTP(w, r)
		}
	})
}

// checkMethod says what is wrong with a request that carries no message; the status is 0 when nothing is.
func (h *Host) checkMethod(r *http.Request) (status int, why string) {
	session := r.Header.Get("Mcp-Session-Id")
	switch {
	case r.Method == http.MethodPost, isModern(r) && (r.Method == http.MethodGet || r.Method == http.MethodDelete):
		return 0, "" // the library's to say
	case r.Method == http.MethodDelete && session == "":
		return http.StatusBadRequest, "DELETE ends a session: give its Mcp-Session-Id"
	case r.Method == http.MethodGet && (session == "" || !strings.Contains(r.Header.Get("Accept"), "text/event-stream")):
		return http.StatusMethodNotAllowed, "a GET opens the stream of events of a session: Mcp-Session-Id, and Accept: text/event-stream; send messages by POST"
	case r.Method != http.MethodGet && r.Method != http.MethodDelete:
		return http.StatusMethodNotAllowed, "send messages by POST"
	case !h.sessions.isOpen(session):
		return http.StatusNotFound, "no such session; connect again"
	}
	return 0, ""
}

// beginSession begins a session, which stays when the answer gives it to the client.
func (h *Host) beginSession(w http.ResponseWriter, r *http.Request, sessions http.Handler) {
	id, none := h.sessions.begin(callerOf(r.Context()).name)
	if none != nil {
		h.refuseBusy(w, none)
		return
	}
	defer func() {
		if w.Header().Get("Mcp-Session-Id") != id {
			h.sessions.end(id)
		}
	}()
	sessions.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionBegunKey{}, id)))
}

// rpcMethod returns the JSON-RPC method of a request whose body has been read; the body
// is there to be read again.
func rpcMethod(r *http.Request) string {
	if r.Method != http.MethodPost {
		return ""
	}
	body, _ := io.ReadAll(r.Body) // from memory
	r.Body = io.NopCloser(bytes.NewReader(body))
	var message struct {
		Method string `json:"method"`
	}
	_ = json.Unmarshal(body, &message) // the library says what is wrong with it
	return message.Method
}

// requestIDs are the ids of requests without a session: each was just made.
type requestIDs struct{}

// Generate implements server.SessionIdManager; nothing calls it, as such requests begin no session.
func (requestIDs) Generate() string { return "" }

// Validate implements server.SessionIdManager: it takes every id, as attachSession made it.
func (requestIDs) Validate(string) (terminated bool, err error) { return false, nil }

// Terminate implements server.SessionIdManager; nothing calls it, as such requests have no session.
func (requestIDs) Terminate(string) (notAllowed bool, err error) { return true, nil }

// countStreams counts the sessions over SSE.
func (h *Host) countStreams(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.overSSE.Add(1)
		defer h.overSSE.Add(-1)
		next.ServeHTTP(w, r)
	})
}

// Sessions returns how many sessions are open, of the revisions of MCP that have sessions.
func (h *Host) Sessions() (streamable, sse int) {
	h.sessions.mu.Lock()
	defer h.sessions.mu.Unlock()
	return len(h.sessions.open), int(h.overSSE.Load())
}
