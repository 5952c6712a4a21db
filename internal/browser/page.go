package browser

import (
	"context"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	"vpsnet-mcp/internal/pages"
	"vpsnet-mcp/internal/state"
)

// page is the page of one plan. It knows its visitor by the secret of the file
// that opened it.
type page struct {
	opener  *Opener
	plan    state.Pending
	address string // its own, and the only name that it answers to
	file    string
	secret  string // opens the page
	form    string // marks the form that it handed out
	end     context.CancelFunc
}

// maxForm is the size of a form that is read, in bytes.
const maxForm = 16 << 10

// ServeHTTP answers the file's form and the page's own, and nothing else.
func (pg *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	own := "http://" + pg.address
	origin, site := r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site")
	switch {
	case r.Host != pg.address:
		http.Error(w, "this page was asked for under another host name than its own", http.StatusForbidden)
	case r.Method != http.MethodPost:
		http.Error(w, "this page can only be opened by vpsnet-mcp itself", http.StatusNotFound)
	case r.URL.Path == "/open" && (origin == "null" || origin == "" || origin == own) && secretsEqual(r.PostFormValue("secret"), pg.secret):
		pg.show(w, http.StatusOK, "")
	case r.URL.Path == "/decide" && (origin == own || origin == "") && (site == "" || site == "same-origin") && secretsEqual(r.PostFormValue("form"), pg.form):
		pg.decide(w, r)
	default:
		http.Error(w, "this page can only be opened by vpsnet-mcp itself", http.StatusForbidden)
	}
}

// secretsEqual compares two secrets in constant time.
func secretsEqual(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// show sends the plan's page; wrong is what was wrong with the last form.
func (pg *page) show(w http.ResponseWriter, status int, wrong string) {
	pg.answer(w, status, pages.Plan{Pending: pg.plan, Now: time.Now(), Form: pg.form, Wrong: wrong, Alone: true})
}

// answer sends a page.
func (pg *page) answer(w http.ResponseWriter, status int, shown pages.Page) {
	if err := pages.Show(w, status, shown); err != nil {
		pg.opener.Log.Warn().Err(err).Msg("a page could not be sent whole")
	}
}

// decide takes the answer. What is known of who gave it is that they sat at this
// computer, or could read its user's files.
func (pg *page) decide(w http.ResponseWriter, r *http.Request) {
	yes, by := r.PostFormValue("answer") == "yes", "somebody at this computer"
	if yes {
		if pg.plan.Typed != "" && strings.TrimSpace(r.PostFormValue("typed")) != pg.plan.Typed {
			pg.show(w, http.StatusUnprocessableEntity, "What you typed does not match. Nothing was decided.")
			return
		}
		by = "approved on this computer"
	}
	defer pg.end()
	done := pages.Outcome{Title: "Declined", Text: "Nothing is done. You can close this page.", Alone: true}
	status := http.StatusOK
	switch err := pg.opener.Store.Decide(r.Context(), pg.plan.ID, by, yes); {
	case err != nil:
		status, done.Title, done.Text = http.StatusConflict, "Nothing was decided", err.Error()
	case yes:
		done.Title, done.Text = "Approved", "The approval is good once, for this plan only. You can close this page."
		done.Next = "Go back to your assistant. If it does not go on by itself, say: continue."
	}
	pg.answer(w, status, done)
}
