package host

import (
	"net/http"

	"vpsnet-mcp/internal/pages"
	"vpsnet-mcp/tools"
)

// pages are for people: what this is, who they are, and where a plan is decided.
func (h *Host) pages(mux *http.ServeMux) {
	form := func(f http.HandlerFunc) http.Handler { return h.bodied(maxForm, f) }
	mux.HandleFunc("GET /{$}", h.home)
	mux.HandleFunc("GET /approve", h.approvals)
	mux.HandleFunc("GET /approve/{id}", h.approval)
	mux.Handle("POST /approve/{id}", form(h.decide))
	mux.Handle("POST /approve/sign-out", form(h.signOut))
	mux.Handle("POST /signin", form(h.signIn))
	if h.provider != nil {
		mux.HandleFunc("GET /signin/provider", h.toProvider)
		mux.HandleFunc("GET /signin/callback", h.fromProvider)
	}
}

func (h *Host) show(w http.ResponseWriter, status int, name string, data any) {
	if err := pages.Show(w, status, name, data); err != nil {
		h.config.Log.Error().Err(err).Str("page", name).Msg("a page could not be sent whole")
	}
}

func (h *Host) done(w http.ResponseWriter, status int, title, text, next string) {
	h.show(w, status, "done.html", pages.Done{Title: title, Text: text, Next: next})
}

func (h *Host) home(w http.ResponseWriter, r *http.Request) {
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
	h.show(w, http.StatusOK, "home.html", map[string]any{
		"Base": h.base(r), "HTTP": h.config.HTTP, "SSE": h.config.SSE, "Auth": !h.config.NoAuth, "Transport": transport, "URL": h.base(r) + path,
		"Posture": h.config.Posture, "Groups": groups, "Count": len(entries),
	})
}
