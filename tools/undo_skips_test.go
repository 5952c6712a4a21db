package tools

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// askedConfirm is the code that a plan's answer gives.
var askedConfirm = regexp.MustCompile(`confirm: "([^"]+)"`)

// TestUndoAsksBeforeItSkips: where the newest change cannot be reversed, undo names what it skips before anything is sent, in every mode
// and whatever its own effect; a plain yes has not seen that. What did not happen is no change that is skipped.
func TestUndoAsksBeforeItSkips(t *testing.T) {
	const rename, reboot = `edit_cloud_server {"server_id":"1384","label":"Shop"}`, `reboot_cloud_server {"server_id":"1384"}`
	for name, c := range map[string]struct {
		calls []string
		asks  bool
	}{
		"the newest":         {calls: []string{reboot, rename}},
		"a newer reboot":     {calls: []string{rename, reboot}, asks: true},
		"reversed already":   {calls: []string{`edit_ip {"ip_id":"5010","notes":"x"}`, rename, `undo {}`}, asks: true},
		"a newer refusal":    {calls: []string{rename, `edit_domain_record {"domain_id":"51","domain_record_id":"99999","data":"192.0.2.1"}`}},
		"named by its entry": {calls: []string{rename, reboot}},
	} {
		for _, mode := range []consent.Mode{consent.Flag, consent.Code} {
			f := newFleet(t, Options{Consent: mode, Policy: generous()}, nil)
			for _, call := range c.calls {
				tool, arguments, _ := strings.Cut(call, " ")
				f.agreed(tool, arguments)
				f.now = f.now.Add(15 * time.Minute)
			}
			arguments := `{}`
			if name == "named by its entry" {
				arguments = `{"entry":"` + regexp.MustCompile(`(?m)^(\S+) \| \S+ \| edit_cloud_server`).FindStringSubmatch(f.call("history", `{}`).Text)[1] + `"}`
			}
			sent := len(f.changes())
			a := f.call("undo", arguments)
			if !c.asks {
				if a.IsError || len(f.changes()) == sent {
					t.Errorf("%s, %s: %s", name, mode, a.Text)
				}
				continue
			}
			yes := f.call("undo", withConfirm(arguments, "yes"))
			for _, text := range []string{a.Text, yes.Text} {
				if !strings.Contains(text, "Nothing was sent") || !strings.Contains(text, "passed over, newer: ") {
					t.Errorf("%s, %s: %s", name, mode, text)
				}
			}
			if len(f.changes()) != sent {
				t.Errorf("%s, %s: it was sent unasked", name, mode)
			}
			code := askedConfirm.FindStringSubmatch(yes.Text)
			if code == nil {
				t.Fatalf("%s, %s: no code in %s", name, mode, yes.Text)
			}
			if a := f.call("undo", withConfirm(arguments, code[1])); a.IsError || len(f.changes()) != sent+1 {
				t.Errorf("%s, %s: %s", name, mode, a.Text)
			}
		}
	}
}

// agreed calls a tool, and agrees where it asks.
func (f *fleet) agreed(tool, arguments string) {
	a := f.call(tool, arguments)
	if code := askedConfirm.FindStringSubmatch(a.Text); code != nil {
		f.call(tool, withConfirm(arguments, code[1]))
	}
}

// changes are the requests so far that are no reads.
func (f *fleet) changes() []string {
	f.tap.mu.Lock()
	defer f.tap.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(f.tap.sent), func(line string) bool { return strings.HasPrefix(line, "GET ") })
}
