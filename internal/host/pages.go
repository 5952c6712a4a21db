package host

import (
	"net/http"

	"vpsnet-mcp/internal/pages"
	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/tools"
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

// showPage sends a page of package pages, with its data.
func (h *Host) showPage(w http.ResponseWriter, status int, name string, data any) {
	if err := pages.Show(w, status, name, data); err != nil {
		h.config.Log.Error().Err(err).Str("page", name).Msg("a page could not be sent whole")
	}
}

// showDone sends the page that says what came of a request; next is a link, which may be empty.
func (h *Host) showDone(w http.ResponseWriter, status int, title, text, next string) {
	h.showPage(w, status, "done.html", pages.Outcome{Title: title, Text: text, Next: next})
}

// showHome sends the page at /: what this server is, how to connect, and its tools.
func (h *Host) showHome(w http.ResponseWriter, r *http.Request) {
	type group struct {
		Name  string
		Tools []tools.Entry
	}
	var groups []*group
	byName := map[string]*group{}
	entries := h.server.Entries()
	for _, e := range entries {
		g := byName[e.Group]
		if g == nil {
			g = &group{Name: e.Group}
			byName[e.Group], groups = g, append(groups, g)
		}
		g.Tools = append(g.Tools, e)
	}
	transport, path := "http", "/mcp"
	if !h.config.HTTP {
		transport, path = "sse", "/sse"
	}
	h.showPage(w, http.StatusOK, "home.html", map[string]any{
		"Base": h.baseURL(r), "HTTP": h.config.HTTP, "SSE": h.config.SSE, "Auth": !h.config.NoAuth, "Transport": transport, "URL": h.baseURL(r) + path,
		"Posture": h.config.Posture, "Groups": groups, "Count": len(entries),
		"Ways": h.clientWays(h.baseURL(r) + path), "Variable": tokenVariable,
	})
}

// tokenVariable is the environment variable that the entries on the page read the token from.
const tokenVariable = "VPS_NET_TOKEN"

// clientWay is how one client is connected to this server.
type clientWay struct {
	Title string // the client's name
	Entry string // what its configuration holds then; empty when it takes no entry
	Else  string // where it takes none: what to do instead
}

// clientWays lists each client's way to this server's address, as `vpsnet-mcp setup --url` writes it.
func (h *Host) clientWays(address string) []clientWay {
	entry := setup.Entry{URL: address}
	if !h.config.NoAuth {
		entry.TokenVariable = tokenVariable
	}
	var ways []clientWay
	for _, c := range setup.Clients() {
		way := clientWay{Title: c.Title}
		if err := c.Hosted(address); err != nil {
			way.Else = err.Error()
		} else if text, err := c.Set(nil, entry); err == nil {
			way.Entry = string(text)
		}
		ways = append(ways, way)
	}
	return ways
}
