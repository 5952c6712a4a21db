package host

import (
	"errors"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
)

var (
	planInText = regexp.MustCompile(`/approve/([a-z0-9]+)`)
	formInPage = regexp.MustCompile(`name="form" value="([0-9a-f]+)"`)
)

// waits makes a call of anna's that waits for a person, and gives its page.
func (s *site) waits(tool, arguments string) string {
	s.Helper()
	text := s.call("anna", tool, arguments)
	id := planInText.FindStringSubmatch(text)
	if id == nil {
		s.Fatalf("no plan waits: %s", text)
	}
	return "/approve/" + id[1]
}

// answer decides on a page as whoever has the cookie.
func (s *site) answer(what string, want int, path, cookie, answer, typed string) string {
	s.Helper()
	_, page := s.send(http.MethodGet, path, "", "Cookie", cookie)
	form := formInPage.FindStringSubmatch(page)
	if form == nil {
		form = []string{"", "none"}
	}
	values := url.Values{"form": {form[1]}, "answer": {answer}, "typed": {typed}}
	return s.status(what, want, http.MethodPost, path, values.Encode(), "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
}

// TestWhoSignsIn: what calls tools signs in nowhere, and what signs in calls none.
func TestWhoSignsIn(t *testing.T) {
	i := newIssuer(t)
	s := newSite(t, func(c *Config) { c.OAuth = i.oauth() })
	for what, token := range map[string]string{
		"a caller's token": s.tokens["anna"], "a caller's JWT": i.sign(jwt.SigningMethodES256, i.key, nil), "none": "", "a wrong one": "vpsnet_person_WRONG",
		"a hash": HashToken(s.people["anna"]),
	} {
		text := s.status(what, http.StatusUnauthorized, http.MethodPost, "/signin", url.Values{"token": {token}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
		if strings.Contains(what, "caller's token") && !strings.Contains(text, "--person") {
			t.Errorf("%s: it does not say what signs in: %s", what, text)
		}
	}
	s.status("a person's token", http.StatusUnauthorized, http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+s.people["anna"])
	s.status("a person's cookie", http.StatusUnauthorized, http.MethodPost, "/mcp", `{}`, "Cookie", s.signIn(s.people["anna"]))
}

// TestWhoApproves: the caller's own person, and those that the caller names by
// themselves or by a group; nobody else sees that there is a plan.
func TestWhoApproves(t *testing.T) {
	for person, sees := range map[string]bool{"anna": true, "olga": true, "watch": true, "bert": false} {
		s := newSite(t, nil)
		path := s.waits("delete_cloud_server", `{"server_id":"1384"}`)
		cookie := s.signIn(s.people[person])
		list := s.status(person, http.StatusOK, http.MethodGet, "/approve", "", "Cookie", cookie)
		if strings.Contains(list, path) != sees {
			t.Errorf("%s sees the plan in the list: %t", person, !sees)
		}
		if !sees {
			s.status(person, http.StatusNotFound, http.MethodGet, path, "", "Cookie", cookie)
			s.answer(person, http.StatusNotFound, path, cookie, "yes", "Web Server 01")
			continue
		}
		s.answer(person, http.StatusOK, path, cookie, "yes", "Web Server 01")
		if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "Done on account") {
			t.Errorf("after %s: %s", person, text)
		}
		if entries, err := s.store.Entries(t.Context(), "anna@example.com", time.Time{}); err != nil || entries[0].Consent != "person: "+person+" on the page" {
			t.Errorf("the journal: %+v, %v", entries, err)
		}
		if text := s.answer("a second click", http.StatusNotFound, path, cookie, "yes", "Web Server 01"); !strings.Contains(text, "This page does nothing more") {
			t.Errorf("a second click: %s", text)
		}
	}
}

// TestPolicyDemandsAnApprover: a rule's plan takes the yes of those whom it names,
// and never that of the caller's own person.
func TestPolicyDemandsAnApprover(t *testing.T) {
	rules, err := policy.Parse([]byte("rules:\n- {action: ask, effects: [destructive], approved_by: [ops, anna]}\n"), policy.Names{})
	if err != nil {
		t.Fatal(err)
	}
	s := newSiteOf(t, tools.Options{Policy: rules}, nil)
	path := s.waits("delete_cloud_server", `{"server_id":"1384"}`)
	for _, person := range []string{"anna", "olga"} {
		cookie := s.signIn(s.people[person])
		want := map[string]int{"anna": http.StatusForbidden, "olga": http.StatusForbidden}[person]
		if text := s.answer(person, want, path, cookie, "yes", "Web Server 01"); !strings.Contains(text, "the approval of ops or anna") {
			t.Errorf("%s: %s", person, text)
		}
	}
	if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "the consent of ops or anna, by the policy") {
		t.Errorf("before: %s", text)
	}
	s.answer("bert of ops", http.StatusOK, path, s.signIn(s.people["bert"]), "yes", "Web Server 01")
	if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "Done on account") {
		t.Errorf("after: %s", text)
	}
}

// TestStaleSignIn: who signed in a while ago looks and declines; an approval needs
// a sign-in of the last 15 minutes.
func TestStaleSignIn(t *testing.T) {
	s := newSite(t, nil)
	path := s.waits("delete_cloud_server", `{"server_id":"1384"}`)
	v := visit{id: "x", name: "anna", credential: HashToken(s.people["anna"]), since: time.Now().Add(-approveTTL)}
	old := cookieName + "=" + s.host.visitCookie(v)
	if page := s.status("looking", http.StatusOK, http.MethodGet, path, "", "Cookie", old); !strings.Contains(page, "sign in once more") || strings.Contains(page, `value="yes"`) {
		t.Errorf("the page: %s", page)
	}
	s.answer("approving", http.StatusForbidden, path, old, "yes", "Web Server 01")
	if p, err := s.store.Held(t.Context(), strings.TrimPrefix(path, "/approve/")); err != nil || p.Decided {
		t.Errorf("decided: %+v, %v", p, err)
	}
	s.answer("declining", http.StatusOK, path, old, "no", "")
	if text := s.call("anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "declined") {
		t.Errorf("after the no: %s", text)
	}
}

// TestSignOut: a person sees where they are signed in, and ends it.
func TestSignOut(t *testing.T) {
	s := newSite(t, nil)
	phone, desk := s.signIn(s.people["anna"]), s.signIn(s.people["anna"])
	page := s.status("the list", http.StatusOK, http.MethodGet, "/approve", "", "Cookie", desk)
	ids := regexp.MustCompile(`name="id" value="([A-Z0-9]+)">\s*<p class="small">[^<]*?(\(here\))? <button`).FindAllStringSubmatch(page, -1)
	if len(ids) != 2 {
		t.Fatalf("%d sign-ins in %s", len(ids), page)
	}
	other := ids[0][1]
	if ids[0][2] != "" {
		other = ids[1][1]
	}
	form := formInPage.FindStringSubmatch(page)[1]
	out := func(what string, want int, cookie, form string) {
		s.status(what, want, http.MethodPost, "/approve/sign-out", url.Values{"form": {form}, "id": {other}}.Encode(), "Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
	}
	out("without the form's mark", http.StatusForbidden, desk, "00")
	out("another's", http.StatusForbidden, s.signIn(s.people["bert"]), form)
	s.status("still in", http.StatusOK, http.MethodGet, "/approve", "", "Cookie", phone)
	out("out", http.StatusSeeOther, desk, form)
	s.status("the phone", http.StatusUnauthorized, http.MethodGet, "/approve", "", "Cookie", phone)
	s.status("the desk", http.StatusOK, http.MethodGet, "/approve", "", "Cookie", desk)
}

// TestPageOfAnOldPlan: a plan that an older version held has its text alone.
func TestPageOfAnOldPlan(t *testing.T) {
	s := newSite(t, nil)
	id, err := s.store.Hold(t.Context(), state.Pending{
		Digest: "x", Expires: time.Now().Add(time.Minute), Caller: "anna", Account: "a", Tool: "delete_cloud_server", Plan: "What happens: <b>all</b>",
	})
	if err != nil {
		t.Fatal(err)
	}
	page := s.status("the page", http.StatusOK, http.MethodGet, "/approve/"+id, "", "Cookie", s.signIn(s.people["anna"]))
	for _, want := range []string{"<h1>delete_cloud_server</h1>", "What happens: &lt;b&gt;all&lt;/b&gt;", `value="yes"`} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
}

// TestPageSetsPartsApart: the question is the title, and each part is labelled.
func TestPageSetsPartsApart(t *testing.T) {
	s := newSite(t, nil)
	cookie := s.signIn(s.people["anna"])
	for _, c := range []struct {
		tool, arguments string
		want            []string
	}{
		{"delete_cloud_server", `{"server_id":"1384"}`, []string{`<title>Delete &#34;Web Server 01&#34;?</title>`, `Delete <span class="name">Web Server 01</span>?`, `<div class="part lost"><b>Lost with it</b>`, "<b>Downtime</b>", "<b>Undo</b>", "<b>Stays</b>", "10 min"}},
		{"edit_domain_record", `{"domain_id":"51","record_id":"2315957","data":"192.0.2.9"}`, []string{`class="was"`, "127.0.0.1", `class="now"`, "192.0.2.9"}},
		{"apply_zone", `{"domain_id":"51","zone":"@ 86400 IN MX 10 mail.demodomain.com.\nwww 86400 IN A 192.0.2.9\n"}`, []string{`<small>before</small>`, `<small>after</small>gone`, "192.0.2.9"}},
	} {
		page := s.status(c.tool, http.StatusOK, http.MethodGet, s.waits(c.tool, c.arguments), "", "Cookie", cookie)
		for _, want := range c.want {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s in %s", c.tool, want, page)
			}
		}
	}
}

// TestExpiredPlan: ten minutes after it was asked for, a plan is gone, whatever
// page of it is still open.
func TestExpiredPlan(t *testing.T) {
	var mu sync.Mutex
	now := time.Now()
	store := state.NewMemory(func() time.Time { mu.Lock(); defer mu.Unlock(); return now })
	s := newSite(t, func(c *Config) { c.Store = store })
	cookie := s.signIn(s.people["anna"])
	id, err := store.Hold(t.Context(), state.Pending{Digest: "x", Expires: now.Add(10 * time.Minute), Caller: "anna", Account: "a", Tool: "t", Plan: "p"})
	if err != nil {
		t.Fatal(err)
	}
	page := s.status("in time", http.StatusOK, http.MethodGet, "/approve/"+id, "", "Cookie", cookie)
	form := formInPage.FindStringSubmatch(page)[1]
	mu.Lock()
	now = now.Add(10 * time.Minute)
	mu.Unlock()
	text := s.status("an old page's answer", http.StatusNotFound, http.MethodPost, "/approve/"+id, url.Values{"form": {form}, "answer": {"yes"}}.Encode(),
		"Cookie", cookie, "Content-Type", "application/x-www-form-urlencoded")
	if !strings.Contains(text, "its ten minutes are over") {
		t.Errorf("the page: %s", text)
	}
	if _, err := store.Take(t.Context(), "x"); !errors.Is(err, state.ErrNoPlan) {
		t.Errorf("taken: %v", err)
	}
}

// TestNobodyCanSignIn: a server on whose page nobody can sign in says so when it
// starts, and one with people does not.
func TestNobodyCanSignIn(t *testing.T) {
	if s := newSite(t, nil); strings.Contains(s.log.String(), "nobody can sign in") {
		t.Error("told of people that there are")
	}
	file := t.TempDir() + "/tokens.yaml"
	if err := os.WriteFile(file, []byte("tokens: [{name: anna, sha256: "+HashToken("a")+", scopes: [all], account: anna}]"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := newSite(t, func(c *Config) { c.TokensFile = file }); !strings.Contains(s.log.String(), "nobody can sign in") {
		t.Errorf("the log: %s", s.log)
	}
}
