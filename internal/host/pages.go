package host

import (
	"fmt"
	"net/http"

	"vpsnet-mcp/internal/pages"
	"vpsnet-mcp/internal/setup"
)

// registerPages adds the pages for people: what this is, who they are, and where a plan is decided.
func (h *Host) registerPages(mux *http.ServeMux) {
	form := func(f http.HandlerFunc) http.Handler { return h.readBody(maxForm, f) }
	mux.HandleFunc("GET /{$}", h.showHome)
	mux.HandleFunc("GET /approve", h.listApprovals)
	mux.HandleFunc("GET /approve/{id}", h.showApproval)
	mux.Handle("POST /approve/{id}", form(h.decide))
	mux.Handle("POST /approve/sign-out", form(h.signOut))
	mux.Handle("POST /signin", form(h.signIn))
	if h.provider != nil {
		mux.HandleFunc("GET /signin/provider", h.startSignIn)
		mux.HandleFunc("GET /signin/callback", h.finishSignIn)
	}
}

// showPage sends a page.
func (h *Host) showPage(w http.ResponseWriter, status int, page pages.Page) {
	if err := pages.Show(w, status, page); err != nil {
		h.config.Log.Error().Err(err).Str("page", fmt.Sprintf("%T", page)).Msg("a page could not be sent whole")
	}
}

// showDone sends the page that says what came of a request; next is a link, which may be empty.
func (h *Host) showDone(w http.ResponseWriter, status int, title, text, next string) {
	h.showPage(w, status, pages.Outcome{Title: title, Text: text, Next: next})
}

// showHome sends the page at /: what this server is, how to connect, and its tools.
func (h *Host) showHome(w http.ResponseWriter, r *http.Request) {
	var groups []pages.Group
	at := map[string]int{}
	for _, e := range h.server.Entries() {
		if _, known := at[e.Group]; !known {
			at[e.Group], groups = len(groups), append(groups, pages.Group{Name: e.Group})
		}
		g := &groups[at[e.Group]]
		g.Tools = append(g.Tools, pages.Tool{Name: e.Name, Safety: e.Safety.String(), Doc: e.Doc})
	}
	transport, path := "http", "/mcp"
	if !h.config.HTTP {
		transport, path = "sse", "/sse"
	}
	h.showPage(w, http.StatusOK, pages.Home{
		Base: h.baseURL(r), HTTP: h.config.HTTP, SSE: h.config.SSE, Auth: !h.config.NoAuth, Transport: transport, URL: h.baseURL(r) + path,
		Posture: h.config.Posture, Groups: groups, Ways: h.clientWays(h.baseURL(r) + path), Variable: tokenVariable,
	})
}

// tokenVariable is the environment variable that the entries on the page read the token from.
const tokenVariable = "VPS_NET_TOKEN"

// clientWays lists each client's way to this server's address, as `vpsnet-mcp setup --url` writes it.
func (h *Host) clientWays(address string) []pages.ClientWay {
	entry := setup.Entry{URL: address}
	if !h.config.NoAuth {
		entry.TokenVariable = tokenVariable
	}
	var ways []pages.ClientWay
	for _, c := range setup.Clients() {
		way := pages.ClientWay{Title: c.Title}
		if err := c.Hosted(address); err != nil {
			way.Else = err.Error()
		} else if text, err := c.Set(nil, entry); err == nil {
			way.Entry = string(text)
		}
		ways = append(ways, way)
	}
	return ways
}
