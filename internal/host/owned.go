package host

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
)

// owned holds sessions to their callers. What begins a session needs none: a stale id
// beside it says nothing.
func (h *Host) owned(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller := callerOf(r.Context()).name
		for _, session := range []string{r.Header.Get("Mcp-Session-Id"), r.URL.Query().Get("sessionId")} {
			if session == "" || h.sessions.belongs(session, caller) {
				continue
			}
			if r.URL.Path != "/mcp" || !begins(r) {
				refuse(w, http.StatusNotFound, "no such session; connect again")
				return
			}
			r = r.Clone(r.Context())
			r.Header.Del("Mcp-Session-Id")
		}
		next.ServeHTTP(w, r)
	})
}

// begins reports a request that begins a session. Its body has been read and bounded
// by then.
func begins(r *http.Request) bool {
	if r.Method != http.MethodPost {
		return false
	}
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	var m struct{ Method string }
	return json.Unmarshal(body, &m) == nil && m.Method == "initialize"
}
