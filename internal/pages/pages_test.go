package pages_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/pages"
	"vpsnet-mcp/internal/state"
)

func render(t *testing.T, page pages.Page) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := pages.Show(w, http.StatusOK, page); err != nil {
		t.Fatalf("%T: %v", page, err)
	}
	return w.Body.String()
}

// TestTextsOfTheAccountAreData: what the account wrote is text on the page, in
// every part of a plan.
func TestTextsOfTheAccountAreData(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=y>{{.Form}}`
	now := time.Now()
	parts := &state.Parts{
		Verb: "Delete", Name: evil, Worst: "destructive", Doubt: evil, Does: []string{evil}, Warnings: []string{evil},
		Changes: []state.Change{{Field: evil, Before: evil, After: evil}}, Loses: []string{evil}, Keeps: []string{evil},
		Downtime: evil, Cost: evil, Undo: evil, Requests: []string{evil},
	}
	for _, p := range []*state.Parts{parts, nil} {
		plan := pages.Plan{
			Pending: state.Pending{ID: "x", Title: evil, Tool: "t", Caller: evil, Account: evil, Plan: evil, Typed: evil, By: evil, Parts: p, Made: now, Expires: now.Add(time.Minute)},
			Now:     now, Form: "f", Wrong: evil, Note: evil, Again: &pages.SignIn{Next: evil, Wrong: evil, Provider: evil, Tokens: true},
		}
		for _, page := range []string{
			render(t, plan),
			render(t, pages.Plans{Plans: []pages.Plan{plan}, Caller: evil, SignIns: []pages.SignedIn{{ID: evil, Device: evil, Since: now}}, Form: evil}),
			render(t, pages.SignIn{Next: evil, Wrong: evil, Provider: evil, Tokens: true}),
			render(t, pages.Outcome{Title: evil, Text: evil, Next: evil}),
			render(t, pages.Home{
				Base: evil, HTTP: true, SSE: true, Auth: true, Transport: evil, URL: evil, Variable: evil, Posture: evil,
				Ways:   []pages.ClientWay{{Title: evil, Entry: evil}, {Title: evil, Else: evil}},
				Groups: []pages.Group{{Name: evil, Tools: []pages.Tool{{Name: evil, Safety: evil, Doc: evil}}}},
			}),
		} {
			if strings.Contains(page, "<script") || strings.Contains(page, "<img") || strings.Contains(page, "%!") || strings.Contains(page, `"">`) || !strings.Contains(page, "&lt;script&gt;") {
				t.Errorf("as markup: %s", page)
			}
		}
	}
}

// TestWhatIsLeft: a page names the minutes that are left, and never fewer than one.
func TestWhatIsLeft(t *testing.T) {
	now := time.Now()
	for left, want := range map[time.Duration]string{10 * time.Minute: "10 min", 9*time.Minute + 40*time.Second: "10 min", 61 * time.Second: "1 min", time.Second: "1 min"} {
		page := render(t, pages.Plan{Pending: state.Pending{Made: now.Add(left - 10*time.Minute), Expires: now.Add(left)}, Now: now})
		if !strings.Contains(page, "<strong>"+want+"</strong>") {
			t.Errorf("%v: no %q in %s", left, want, page)
		}
	}
}

// TestPagesRunNothing: no page has a script, or loads anything.
func TestPagesRunNothing(t *testing.T) {
	w := httptest.NewRecorder()
	if err := pages.Show(w, http.StatusOK, pages.Outcome{Title: "Approved", Text: "x", Next: "say: continue"}); err != nil {
		t.Fatal(err)
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'unsafe-inline'") || strings.Contains(policy, "script") {
		t.Errorf("the policy: %s", policy)
	}
}
