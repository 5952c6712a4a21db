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

func render(t *testing.T, name string, data any) string {
	t.Helper()
	w := httptest.NewRecorder()
	if err := pages.Show(w, http.StatusOK, name, data); err != nil {
		t.Fatalf("%s: %v", name, err)
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
			render(t, "plan.html", plan),
			render(t, "plans.html", map[string]any{"Plans": []pages.Plan{plan}, "Caller": evil, "SignIns": nil, "Form": "f"}),
		} {
			if strings.Contains(page, "<script") || strings.Contains(page, "<img") || !strings.Contains(page, "&lt;script&gt;") {
				t.Errorf("as markup: %s", page)
			}
		}
	}
}

// TestWhatIsLeft: a page names the minutes that are left, and never fewer than one.
func TestWhatIsLeft(t *testing.T) {
	now := time.Now()
	for left, want := range map[time.Duration]string{10 * time.Minute: "10 min", 9*time.Minute + 40*time.Second: "10 min", 61 * time.Second: "1 min", time.Second: "1 min"} {
		page := render(t, "plan.html", pages.Plan{Pending: state.Pending{Made: now.Add(left - 10*time.Minute), Expires: now.Add(left)}, Now: now})
		if !strings.Contains(page, "<strong>"+want+"</strong>") {
			t.Errorf("%v: no %q in %s", left, want, page)
		}
	}
}

// TestPagesRunNothing: no page has a script, or loads anything.
func TestPagesRunNothing(t *testing.T) {
	w := httptest.NewRecorder()
	if err := pages.Show(w, http.StatusOK, "done.html", pages.Outcome{Title: "Approved", Text: "x", Next: "say: continue"}); err != nil {
		t.Fatal(err)
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; style-src 'unsafe-inline'") || strings.Contains(policy, "script") {
		t.Errorf("the policy: %s", policy)
	}
}
