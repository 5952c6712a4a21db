package host

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// checkSessionOwner refuses a session of another caller. A request that begins a session needs none: a stale id beside
// it means nothing.
func (h *Host) checkSessionOwner(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := callerOf(r.Context()).name
		for _, session := range []string{r.Header.Get("Mcp-Session-Id"), r.URL.Query().Get("sessionId")} {
			if session == "" || h.sessions.isOwner(session, caller) {
				continue
			}
			if r.URL.Path != "/mcp" || !beginsSession(r) {
				writeRefusal(w, http.StatusNotFound, "no such session; connect again")
				return
			}
			r = r.Clone(r.Context())
			r.Header.Del("Mcp-Session-Id")
		}
		next.ServeHTTP(w, r)
	})
}

// beginsSession reports a request that begins a session. Its body has been read and bounded
// by then.
func beginsSession(r *http.Request) bool {
	if r.Method != http.MethodPost {
		return false
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var m struct{ Method string }
	return json.Unmarshal(body, &m) == nil && m.Method == "initialize"
}
