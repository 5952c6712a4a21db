package host

import (
	"crypto/hmac"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
)

//go:embed pages/*.html
var pageFiles embed.FS

var templates = sync.OnceValue(func() *template.Template { return template.Must(template.ParseFS(pageFiles, "pages/*.html")) })

// pages are for people: what this is, and where a plan is approved.
func (h *Host) pages(mux *http.ServeMux) {
	templates()
	mux.HandleFunc("GET /{$}", h.home)
	mux.HandleFunc("GET /approve", h.approvals)
	mux.HandleFunc("GET /approve/{id}", h.approval)
	mux.Handle("POST /approve/{id}", h.bodied(maxForm, http.HandlerFunc(h.decide)))
	mux.Handle("POST /signin", h.bodied(maxForm, http.HandlerFunc(h.signIn)))
}

// show writes a page that loads nothing from elsewhere and runs no scripts.
func (h *Host) show(w http.ResponseWriter, status int, name string, data any) {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin") // with no-referrer, browsers send a form with Origin: null
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	if err := templates().ExecuteTemplate(w, name, data); err != nil {
		h.config.Log.Error().Err(err).Str("page", name).Msg("a page broke off")
	}
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

const (
	cookieName = "vpsnet_approve"
	cookieLife = 15 * time.Minute
)

// cookie names a caller who signed in, with which token, until when.
func (h *Host) cookie(id identity, until time.Time) string {
	text := hex.EncodeToString([]byte(id.name)) + "." + id.credential + "." + strconv.FormatInt(until.Unix(), 10)
	return text + "." + h.seal("cookie", text)
}

func (h *Host) seal(purpose, text string) string {
	m := hmac.New(sha256.New, h.config.PageKey)
	m.Write([]byte(purpose + "\x00" + text))
	return hex.EncodeToString(m.Sum(nil)[:20])
}

// signedIn gives the caller of a page's cookie, as long as the token that they
// signed in with is good.
func (h *Host) signedIn(r *http.Request) (caller string, ok bool) {
	if h.config.NoAuth {
		id, err := h.auth.authenticate(r)
		return id.name, err == nil
	}
	c, err := r.Cookie(cookieName)
	if err != nil {
		return "", false
	}
	text, mark, _ := cutLast(c.Value, ".")
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(mark), []byte(h.seal("cookie", text))) {
		return "", false
	}
	name, nameErr := hex.DecodeString(parts[0])
	until, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil || nameErr != nil || time.Now().Unix() >= until {
		return "", false
	}
	return string(name), parts[1] == "" || h.auth.stands(string(name), parts[1])
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// signIn takes the caller's own bearer token and gives a short-lived cookie.
func (h *Host) signIn(w http.ResponseWriter, r *http.Request) {
	if !sameSite(r) {
		refuse(w, http.StatusForbidden, "sign in on this server's own page")
		return
	}
	if none := h.limits.paceOfStranger(h.stranger(r)); none != nil {
		h.tooMany(w, none)
		return
	}
	next := r.PostFormValue("next")
	id, err := h.auth.known(r.Context(), strings.TrimSpace(r.PostFormValue("token")))
	if err != nil || h.config.NoAuth {
		h.show(w, http.StatusUnauthorized, "signin.html", map[string]any{"Next": next, "Wrong": true})
		return
	}
	until := time.Now().Add(cookieLife)
	if !id.until.IsZero() && id.until.Before(until) {
		until = id.until
	}
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever TLS is spoken; a loopback server has none
		Name: cookieName, Value: h.cookie(id, until), Path: "/approve", MaxAge: int(time.Until(until).Seconds()),
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: h.config.TLSCert != "" || h.config.BehindProxy != "",
	})
	if !ownPage.MatchString(next) {
		next = "/approve"
	}
	http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // a page of our own, by its form
}

var ownPage = regexp.MustCompile(`^/approve(/[a-z0-9]+)?$`)

// sameSite refuses forms of other pages; old browsers that say nothing have the
// cookie's SameSite.
func sameSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	origin := r.Header.Get("Origin")
	return (site == "" || site == "same-origin" || site == "none") && (origin == "" || strings.HasSuffix(origin, "://"+r.Host))
}

func (h *Host) approvals(w http.ResponseWriter, r *http.Request) {
	caller, ok := h.signedIn(r)
	if !ok {
		h.show(w, http.StatusUnauthorized, "signin.html", map[string]any{"Next": r.URL.Path})
		return
	}
	all, err := h.config.Store.AllHeld(r.Context())
	if err != nil {
		h.show(w, http.StatusServiceUnavailable, "done.html", map[string]any{"Title": "The plans cannot be read now", "Text": err.Error()})
		return
	}
	type row struct {
		state.Pending
		Does string
	}
	var own []row
	for _, p := range all {
		if p.Caller == caller {
			own = append(own, row{p, doesOf(p.Plan)})
		}
	}
	h.show(w, http.StatusOK, "plans.html", map[string]any{"Plans": own, "Caller": caller})
}

// doesOf is the line of a plan's text that tells it from others.
func doesOf(plan string) string {
	for line := range strings.Lines(plan) {
		if does, ok := strings.CutPrefix(line, "What happens: "); ok {
			return strings.TrimSpace(does)
		}
	}
	return ""
}

// plan finds a plan of the page's own caller; another's is as if it were not there.
func (h *Host) plan(w http.ResponseWriter, r *http.Request) (p state.Pending, caller string, ok bool) {
	caller, signed := h.signedIn(r)
	if !signed {
		h.show(w, http.StatusUnauthorized, "signin.html", map[string]any{"Next": r.URL.Path})
		return p, "", false
	}
	p, err := h.config.Store.Held(r.Context(), r.PathValue("id"))
	if err != nil || p.Caller != caller {
		h.show(w, http.StatusNotFound, "done.html", map[string]any{"Title": "There is no such plan", "Text": "It was never yours, it has expired, or it was used."})
		return p, "", false
	}
	return p, caller, true
}

func (h *Host) approval(w http.ResponseWriter, r *http.Request) {
	if p, caller, ok := h.plan(w, r); ok {
		h.show(w, http.StatusOK, "plan.html", map[string]any{"Plan": p, "Token": h.seal("form", caller+"\x00"+p.ID)})
	}
}

func (h *Host) decide(w http.ResponseWriter, r *http.Request) {
	p, caller, ok := h.plan(w, r)
	if !ok {
		return
	}
	token := r.PostFormValue("form")
	if !sameSite(r) || !hmac.Equal([]byte(token), []byte(h.seal("form", caller+"\x00"+p.ID))) {
		refuse(w, http.StatusForbidden, "decide on this server's own page")
		return
	}
	yes := r.PostFormValue("answer") == "yes"
	if yes && p.Typed != "" && strings.TrimSpace(r.PostFormValue("typed")) != p.Typed {
		h.show(w, http.StatusUnprocessableEntity, "plan.html", map[string]any{"Plan": p, "Token": token, "Wrong": true})
		return
	}
	if err := h.config.Store.Decide(r.Context(), p.ID, caller+" on the page", yes); err != nil {
		h.show(w, http.StatusConflict, "done.html", map[string]any{"Title": "Nothing was decided", "Text": err.Error()})
		return
	}
	title, text := "Declined", "Nothing is done."
	if yes {
		title = "Approved"
		text = fmt.Sprintf("Until %s, once. Let the assistant make the same call again.", p.Expires.UTC().Format("15:04 MST"))
	}
	h.show(w, http.StatusOK, "done.html", map[string]any{"Title": title, "Text": text})
}
