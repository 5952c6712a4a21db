package tools

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/planning"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// proveRoutes lets a server's account know every inferred route.
func proveRoutes(t *testing.T, s *Server) {
	t.Helper()
	for _, op := range everyOperation() {
		if _, err := s.sender.Store.Use(t.Context(), planning.ProvedKey(s.options.Client, op.Info()), s.now().Add(planning.ProvedRouteTTL)); err != nil {
			t.Fatal(err)
		}
	}
}

// forgetRoutes puts a fresh state under a fleet.
func (f *fleet) forgetRoutes() {
	f.store = state.NewMemory(func() time.Time { return f.now })
	f.server.useStore(f.store)
	f.server.consent.Store = f.store
}

// TestFirstUse: the first use of each inferred route that commits or destroys asks with words of its own, in every mode; neither
// flag nor an allow of the policy serves. What was seen to work asks no more than other functions.
func TestFirstUse(t *testing.T) {
	t.Parallel()
	tried := 0
	for _, c := range endings {
		op, _ := vpsapi.Find(c.tool)
		if op.Info().Safety < vpsapi.Commits {
			continue
		}
		tried++
		for _, w := range ways {
			f := newFleet(t, w.options, nil)
			flag := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil) // makes what is there before
			for _, before := range c.before {
				tool, arguments, _ := strings.Cut(before, " ")
				flag.call(tool, withConfirm(arguments, "yes"))
				flag.now = flag.now.Add(looksApart)
			}
			f.sb, f.tap.up, f.now = flag.sb, flag.tap.up, flag.now
			f.forgetRoutes()
			first := f.call(c.tool, withConfirm(c.arguments, "yes"))
			if sent := changing(f.tap.take()); len(sent) > 0 && w.name != "asked" {
				t.Errorf("%s, %s: sent %v at first use", c.tool, w.name, sent)
			}
			shown := strings.Contains(first.Text, "First use: "+op.Info().Route.Method()+" /") && strings.Contains(first.Text, catalog.RowOf(c.tool).MayMean)
			if (w.name == "code" || w.name == "flag") && (!first.NeedsConsent || !shown || !strings.Contains(first.Text, "(good once, for 10 minutes)")) {
				t.Errorf("%s, %s: %s", c.tool, w.name, first.Text)
			}
			if w.name == "allow" && (!first.IsError || !strings.Contains(first.Text, "consent mode is deny")) {
				t.Errorf("%s, %s: %s", c.tool, w.name, first.Text)
			}
			held, err := f.store.AllHeld(t.Context())
			if w.name == "person" && (err != nil || len(held) != 1 || !strings.Contains(held[0].Plan, "First use: ") || !strings.Contains(strings.Join(held[0].Parts.Warnings, " "), "First use: ")) {
				t.Errorf("%s, %s: %+v, %v", c.tool, w.name, held, err)
			}
		}
	}
	if tried < 17 {
		t.Errorf("%d functions tried", tried)
	}
}

// TestSeenRoutesAreRemembered: a route that was seen to work is known for the account, service and route that it was seen with; one
// that did not show is not.
func TestSeenRoutesAreRemembered(t *testing.T) {
	const tool, buy = "add_windows_template", `{"system_template_id":"11"}`
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous(), Pause: noPause}, nil)
	f.forgetRoutes()
	service := &bent{T: t, up: f.tap.up, on: true}
	f.tap.up = service
	agree := func() answer.Answer {
		first := f.call(tool, buy)
		m := codeInText.FindStringSubmatch(first.Text)
		if m == nil || !strings.Contains(first.Text, "First use: POST") {
			t.Fatalf("no first use: %s", first.Text)
		}
		return f.call(tool, withConfirm(buy, m[1]))
	}
	if a := agree(); !strings.Contains(a.Text, "sent, not seen") {
		t.Fatal(a.Text)
	}
	service.on = false
	f.now = f.now.Add(time.Hour)
	if a := agree(); a.IsError {
		t.Fatal(a.Text)
	}
	f.now = f.now.Add(400 * 24 * time.Hour)
	if a := f.call(tool, withConfirm(buy, "yes")); a.IsError {
		t.Errorf("it asks again: %s", a.Text)
	}
	info, client := vpsapi.AddWindowsTemplate.Info(), f.server.options.Client
	corrected, err := vpsapi.NewClient(vpsapi.Config{Email: client.Account(), APIKey: "k", Routes: map[string]string{tool: "POST /other_templates"}})
	if err != nil {
		t.Fatal(err)
	}
	elsewhere, err := vpsapi.NewClient(vpsapi.Config{Email: client.Account(), APIKey: "k", BaseURL: (&url.URL{Scheme: "https", Host: "vps.example.com"}).String()})
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]bool{planning.ProvedKey(client, info): true, planning.ProvedKey(corrected, info): true, planning.ProvedKey(elsewhere, info): true}
	if len(keys) != 3 {
		t.Errorf("%v", keys)
	}
}

// TestWhatItMayMean: each function whose first use asks says what else it may mean, and no other does.
func TestWhatItMayMean(t *testing.T) {
	for _, op := range everyOperation() {
		info := op.Info()
		if says := catalog.RowOf(info.Name).MayMean != ""; says != (proof.IsUnproved(info) && info.Safety >= vpsapi.Commits) {
			t.Errorf("%s says what else it may mean: %v", info.Name, says)
		}
	}
}
