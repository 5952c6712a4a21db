package tools

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/vpsapi/sandbox"
)

// thriceRenamed is a fleet whose server 1384 was renamed on three days.
func thriceRenamed(t *testing.T) *fleet {
	f := newFleet(t, Options{Consent: consent.Code}, nil)
	for i := range 3 {
		if a := f.call("edit_cloud_server", fmt.Sprintf(`{"server_id":"1384","label":"Shop %d"}`, i+1)); a.IsError {
			t.Fatal(a.Text)
		}
		f.now = f.now.Add(24 * time.Hour)
	}
	return f
}

// TestHistory lists what was done, newest first, by day and number, and says what
// it leaves out.
func TestHistory(t *testing.T) {
	f := thriceRenamed(t)
	for arguments, want := range map[string]struct {
		entries int
		text    string
	}{
		`{}`:                               {3, "by edit_cloud_server"},
		`{"limit":1}`:                      {1, "Left out: 2 older"},
		`{"since":"2026-11-25"}`:           {2, "2026-11-26"},
		`{"since":"2026-11-25","limit":1}`: {1, "Left out: 1 older"},
		`{"since":"2026-11-28"}`:           {0, "none"},
		`{"thing":"web server"}`:           {3, "Shop 3"}, // what it was called at first
		`{"thing":"shop 3"}`:               {3, "Shop 1"},
		`{"thing":"1384"}`:                 {3, "Shop 1"},
		`{"thing":"MySQL"}`:                {0, "none"},
	} {
		a := f.call("history", arguments)
		if a.IsError || strings.Count(a.Text, "edit_cloud_server |") != want.entries || !strings.Contains(a.Text, want.text) {
			t.Errorf("%s: want %d entries and %q in %s", arguments, want.entries, want.text, a.Text)
		}
	}
	for _, since := range []string{"yesterday", "2026-13-01", "2026-11-25T10:00:00Z"} {
		if a := f.call("history", `{"since":"`+since+`"}`); !a.IsError || !strings.Contains(a.Text, "since") {
			t.Errorf("since %s: %s", since, a.Text)
		}
	}
}

// TestUndoneOnce: of two that reverse the same change at once, one does.
func TestUndoneOnce(t *testing.T) {
	f := thriceRenamed(t)
	free, err := policy.Parse([]byte("rules: [{action: ask, tools: [delete_domain]}]"), namesOfPolicy())
	if err != nil {
		t.Fatal(err)
	}
	if err := f.server.SetPolicy(free); err != nil {
		t.Fatal(err)
	}
	entries, err := f.store.Entries(t.Context(), sandbox.Email, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	entry, before := entries[len(entries)-1].ID, len(f.sb.Changes())
	answers := make([]answer.Answer, 8)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() { answers[i] = f.call("undo", `{"entry":"`+entry+`"}`) })
	}
	all.Wait()
	done := 0
	for _, a := range answers {
		switch {
		case strings.HasPrefix(a.Text, "Done"):
			done++
		case !strings.Contains(a.Text, "reversed already") && !strings.Contains(a.Text, "nothing to do"):
			t.Errorf("the other: %s", a.Text)
		}
	}
	if sent := len(f.sb.Changes()) - before; done != 1 || sent != 1 {
		t.Errorf("%d say done, %d sent", done, sent)
	}
}

// TestPastALimitAPersonIsAsked, and told so; where there is no way to one, it is
// refused.
func TestPastALimitAPersonIsAsked(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Person, Approve: "approve %s"}, nil)
	if _, err := f.store.Begin(t.Context(), state.Entry{Account: sandbox.Email, Tool: "create_nodes", Effects: []string{"commit"}, Buys: 5}, nil); err != nil {
		t.Fatal(err)
	}
	a := f.call("create_nodes", `{"quantity":1}`)
	held, err := f.store.AllHeld(t.Context())
	if !a.NeedsConsent || !strings.Contains(a.Text, "Past a limit: at most 5 purchases a day") || len(held) != 1 || err != nil {
		t.Errorf("a purchase past a limit: %s\n%d plans wait, %v", a.Text, len(held), err)
	}
	alone := newFleet(t, Options{Consent: consent.Flag}, nil)
	if _, err := alone.store.Begin(t.Context(), state.Entry{Account: sandbox.Email, Tool: "create_nodes", Effects: []string{"commit"}, Buys: 5}, nil); err != nil {
		t.Fatal(err)
	}
	if a := alone.call("create_nodes", `{"quantity":1,"confirm":"yes"}`); !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, "Only a person can agree") {
		t.Errorf("where there is no way to a person: %s", a.Text)
	}
}

// TestSandboxIsNamed: whoever reads a plan or a result sees that nothing is real.
func TestSandboxIsNamed(t *testing.T) {
	for sandboxed, account := range map[bool]*regexp.Regexp{
		true: regexp.MustCompile(`account:? sandbox@vps\.net \(sandbox\)`), false: regexp.MustCompile(`account:? sandbox@vps\.net[.:\n]`),
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Sandbox: sandboxed}, nil)
		for _, arguments := range []string{`{"server_id":"1384"}`, `{"server_id":"1384","confirm":"yes"}`} {
			if a := f.call("reboot_cloud_server", arguments); !account.MatchString(strings.ToLower(a.Text)) {
				t.Errorf("sandbox %v: %s", sandboxed, a.Text)
			}
		}
	}
}

// TestSharedKeyNeedsSharedStore: a code that others could use again is refused at
// the start, unless there is nothing that it could be for.
func TestSharedKeyNeedsSharedStore(t *testing.T) {
	sealer := consent.NewSealer(time.Now)
	for _, c := range []struct {
		o  Options
		ok bool
	}{
		{Options{Sealer: sealer}, false},
		{Options{Sealer: sealer, NoDestroy: true}, false},
		{Options{Sealer: sealer, NoDestroy: true, NoCommit: true}, true},
		{Options{Sealer: sealer, ReadOnly: true}, true},
		{Options{Sealer: sealer, Store: state.NewMemory(time.Now)}, true},
		{Options{}, true},
	} {
		c.o.Client = offlineClient(t)
		if _, err := New(c.o); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.o, err)
		}
	}
}
