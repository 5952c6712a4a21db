package host

import (
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/pages"
)

// How long a sign-in is good: to look, and to approve.
const (
	// cookieName is the name of the cookie of a signed-in person.
	cookieName = "vpsnet_person"
	// signInTTL is how long a sign-in lets a person look at plans.
	signInTTL = 30 * 24 * time.Hour
	// approveTTL is how long after signing in a person may approve.
	approveTTL = 15 * time.Minute
)

// visit is a person who signed in on a page. They are not their assistant: what
// calls tools signs in nowhere.
type visit struct {
	id         string // of the sign-in
	name       string
	groups     []string
	credential string // the hash of the person's token; empty for one whom a provider knows
	since      time.Time
}

// isFresh reports a sign-in that is young enough to approve.
func (v visit) isFresh() bool { return time.Since(v.since) < approveTTL }

// sealedVisit is a visit as its cookie has it.
type sealedVisit struct {
	ID         string   `json:"i"`
	Name       string   `json:"n"`
	Groups     []string `json:"g,omitempty"`
	Credential string   `json:"c,omitempty"`
	Since      int64    `json:"s"`
}

// visitCookie returns the visit as the browser keeps it.
func (h *Host) visitCookie(v visit) string {
	text, _ := json.Marshal(sealedVisit{v.id, v.name, v.groups, v.credential, v.since.Unix()})
	whole := hex.EncodeToString(text)
	return whole + "." + h.seal("cookie", whole)
}

// seal returns an HMAC of a text, for one purpose: a cookie sealed for one is not taken for another.
func (h *Host) seal(purpose, text string) string {
	m := hmac.New(sha256.New, h.config.PageKey)
	m.Write([]byte(purpose + "\x00" + text))
	return hex.EncodeToString(m.Sum(nil)[:20])
}

// unseal returns the text that seal sealed for the same purpose; false for any other.
func (h *Host) unseal(purpose, value string) ([]byte, bool) {
	whole, mark, _ := strings.Cut(value, ".")
	if !hmac.Equal([]byte(mark), []byte(h.seal(purpose, whole))) {
		return nil, false
	}
	text, err := hex.DecodeString(whole)
	return text, err == nil
}

// currentVisit returns the visit of a page's cookie, as long as it was not ended and the token of its sign-in is good.
func (h *Host) currentVisit(r *http.Request) (v visit, ok bool, err error) {
	if h.config.NoAuth {
		id, err := h.auth.authenticate(r)
		return visit{name: id.name, since: time.Now()}, err == nil, nil
	}
	c, missing := r.Cookie(cookieName)
	if missing != nil {
		return v, false, nil
	}
	text, ok := h.unseal("cookie", c.Value)
	var s sealedVisit
	if !ok || json.Unmarshal(text, &s) != nil {
		return v, false, nil
	}
	v = visit{s.ID, s.Name, s.Groups, s.Credential, time.Unix(s.Since, 0)}
	if time.Since(v.since) >= signInTTL {
		return v, false, nil
	}
	if v.credential != "" {
		id, stands := h.auth.findPerson(v.name, v.credential)
		if !stands {
			return v, false, nil
		}
		v.groups = id.groups
	}
	ended, err := h.config.Store.Marks(r.Context(), signOutMark+v.id)
	return v, err == nil && len(ended) == 0, err
}

// requireVisit returns the page's visitor; without one it asks them to sign in.
func (h *Host) requireVisit(w http.ResponseWriter, r *http.Request) (visit, bool) {
	v, ok, err := h.currentVisit(r)
	switch {
	case err != nil:
		h.showDone(w, http.StatusServiceUnavailable, "Your sign-in cannot be looked up at the moment", err.Error(), "")
	case !ok:
		h.showPage(w, http.StatusUnauthorized, h.signInForm(r.URL.Path, ""))
	}
	return v, ok
}

// signInForm returns the data of the sign-in page: next is where it leads, wrong what was wrong before.
func (h *Host) signInForm(next, wrong string) *pages.SignIn {
	form := &pages.SignIn{Next: next, Wrong: wrong, Tokens: h.provider == nil || h.auth.hasPeople()}
	if h.provider != nil {
		form.Provider = h.auth.issuer
	}
	return form
}

// signIn takes a person's own token. What an assistant calls with is none.
func (h *Host) signIn(w http.ResponseWriter, r *http.Request) {
	if !isSameSite(r) {
		writeRefusal(w, http.StatusForbidden, "sign in on this server's own page")
		return
	}
	if none := h.limits.checkStrangerRate(h.strangerAddress(r)); none != nil {
		h.refuseBusy(w, none)
		return
	}
	next, token := r.PostFormValue("next"), strings.TrimSpace(r.PostFormValue("token"))
	id, ok := h.auth.findByToken(token, true)
	if !ok || h.config.NoAuth {
		wrong := "This sign-in token is not known."
		if _, calls := h.auth.findByToken(token, false); calls {
			wrong = "This token calls tools. A person signs in with a token of their own: vpsnet-mcp token new NAME --person"
		}
		h.showPage(w, http.StatusUnauthorized, h.signInForm(next, wrong))
		return
	}
	h.completeSignIn(w, r, visit{name: id.name, groups: id.groups, credential: id.credential, since: time.Now()}, next)
}

// completeSignIn gives a person their cookie, notes the sign-in, and leads on.
func (h *Host) completeSignIn(w http.ResponseWriter, r *http.Request, v visit, next string) {
	v.id = rand.Text()
	until := v.since.Add(signInTTL)
	if _, err := h.config.Store.Use(r.Context(), signInOf(v, deviceName(r.UserAgent())), until); err != nil {
		h.showDone(w, http.StatusServiceUnavailable, "The sign-in cannot be stored at the moment", err.Error(), "")
		return
	}
	h.config.Log.Info().Str("person", v.name).Msg("signed in on the page")
	// Lax, not Strict: a link in a chat or a mail leads here too. Forms are held by their own marks.
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever TLS is spoken; a loopback server has none
		Name: cookieName, Value: h.visitCookie(v), Path: "/approve", MaxAge: int(signInTTL.Seconds()),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(h.baseURL(r), "https:"),
	})
	if !approvePath.MatchString(next) {
		next = "/approve"
	}
	http.Redirect(w, r, next, http.StatusSeeOther) //nolint:gosec // a page of our own, by its form
}

// approvePath is the form of the only addresses to which sign-in leads back.
var approvePath = regexp.MustCompile(`^/approve(/[a-z0-9]+)?$`)

// The marks of sign-ins in the state.
const (
	// signInMark begins the mark of a sign-in in the state.
	signInMark = "sign-in\x00"
	// signOutMark begins the mark of an ended sign-in in the state.
	signOutMark = "sign-out\x00"
)

// signInOf returns the name under which the state keeps a sign-in: person, moment and device.
func signInOf(v visit, device string) string {
	return strings.Join([]string{"sign-in", v.name, v.id, v.since.UTC().Format(time.RFC3339), device}, "\x00")
}

// listSignIns lists where a person is signed in, the latest first.
func (h *Host) listSignIns(ctx context.Context, v visit) ([]pages.SignedIn, error) {
	ended, err := h.config.Store.Marks(ctx, signOutMark)
	if err != nil {
		return nil, err
	}
	marks, err := h.config.Store.Marks(ctx, signInMark+v.name+"\x00")
	if err != nil {
		return nil, err
	}
	var rows []pages.SignedIn
	for _, mark := range marks {
		parts := strings.Split(mark, "\x00")
		if len(parts) != 5 || slices.Contains(ended, signOutMark+parts[2]) {
			continue
		}
		since, _ := time.Parse(time.RFC3339, parts[3])
		rows = append(rows, pages.SignedIn{ID: parts[2], Device: parts[4], Since: since, Here: parts[2] == v.id})
	}
	slices.SortFunc(rows, func(a, b pages.SignedIn) int { return cmp.Or(b.Since.Compare(a.Since), strings.Compare(a.ID, b.ID)) })
	return rows, nil
}

// signOut ends one of the visitor's sign-ins.
func (h *Host) signOut(w http.ResponseWriter, r *http.Request) {
	v, ok := h.requireVisit(w, r)
	if !ok {
		return
	}
	if !isSameSite(r) || !hmac.Equal([]byte(r.PostFormValue("form")), []byte(h.seal("form", v.name))) {
		writeRefusal(w, http.StatusForbidden, "sign out on this server's own page")
		return
	}
	rows, err := h.listSignIns(r.Context(), v)
	id := r.PostFormValue("id")
	if err == nil && slices.ContainsFunc(rows, func(row pages.SignedIn) bool { return row.ID == id }) {
		_, err = h.config.Store.Use(r.Context(), signOutMark+id, time.Now().Add(signInTTL))
	}
	if err != nil {
		h.showDone(w, http.StatusServiceUnavailable, "The sign-in cannot be ended at the moment", err.Error(), "")
		return
	}
	http.Redirect(w, r, "/approve", http.StatusSeeOther)
}

// deviceName says in two words what a person signed in with.
func deviceName(agent string) string {
	first := func(names ...string) string {
		for _, name := range names {
			word, shown, _ := strings.Cut(name, "=")
			if strings.Contains(agent, word) {
				return cmp.Or(shown, word)
			}
		}
		return ""
	}
	browser := cmp.Or(first("Edg=Edge", "OPR=Opera", "Firefox", "FxiOS=Firefox", "CriOS=Chrome", "Chrome", "Safari"), "a browser")
	if system := first("iPhone", "iPad", "Android", "Windows", "Mac OS X=macOS", "CrOS=ChromeOS", "Linux"); system != "" {
		return browser + " on " + system
	}
	return browser
}

// isSameSite refuses forms of other pages; old browsers that say nothing have the
// cookie's SameSite.
func isSameSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	origin := r.Header.Get("Origin")
	return (site == "" || site == "same-origin" || site == "none") && (origin == "" || strings.HasSuffix(origin, "://"+r.Host))
}
