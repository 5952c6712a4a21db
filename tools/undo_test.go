package tools

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// TestUndoTakesWhatCanBeUndone: the newest change that can be reversed, with the newer
// ones that it passes over named; never one that was reversed or recovered by hand.
func TestUndoTakesWhatCanBeUndone(t *testing.T) {
	const rename = `edit_cloud_server {"server_id":"1384","label":"Shop"}`
	for name, c := range map[string]struct {
		calls []string
		want  []string
	}{
		"a newer one that cannot be": {
			calls: []string{rename, `reboot_cloud_server {"server_id":"1384"}`},
			want:  []string{"label: Web Server 01", "passed over, newer: reboot_cloud_server of cloud server", "there is no call that reverses it"},
		},
		"started by hand": {
			calls: []string{rename, `shutdown_cloud_server {"server_id":"1384"}`, `start_cloud_server {"server_id":"1384"}`, `reboot_cloud_server {"server_id":"1384"}`, `shutdown_cloud_server {"server_id":"1385"}`, `start_cloud_server {"server_id":"1385"}`},
			want:  []string{"Reverse start_cloud_server"},
		},
		"recovered by hand": {
			calls: []string{rename, `delete_cloud_server {"server_id":"1385"}`, `recover_cloud_server {"server_id":"1385"}`, `delete_cloud_server {"server_id":"1385"}`, `recover_cloud_server {"server_id":"1385"}`},
			want:  []string{"label: Web Server 01", "it was reversed already, by recover_cloud_server"},
		},
		"nothing left": {
			calls: []string{rename, `edit_ip {"ip_id":"5010","notes":"x"}`, `edit_ip {"ip_id":"5010","notes":"spare"}`, `edit_ip {"ip_id":"5010","notes":"x"}`, `delete_ip {"ip_id":"5010"}`},
			want:  []string{"label: Web Server 01", "passed over, newer: delete_ip", "1 more change"},
		},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		for _, call := range c.calls {
			tool, arguments, _ := strings.Cut(call, " ")
			if a := f.call(tool, yesFor(tool, arguments)); a.IsError {
				t.Fatalf("%s: %s", call, a.Text)
			}
			f.now = f.now.Add(15 * time.Minute)
		}
		a := f.call("undo", `{}`)
		for _, want := range c.want {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s: no %q in %s", name, want, a.Text)
			}
		}
	}
}

// TestUndoOfWhatWasMadeKnowsItByName: a reply to a create that gives another thing's id never leads undo to that one.
func TestUndoOfWhatWasMadeKnowsItByName(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	id := regexp.MustCompile(`"id":\d+`)
	f.tap.edit = func(_ int, body []byte) []byte {
		if !strings.Contains(string(body), `"zz.example"`) {
			return body
		}
		return id.ReplaceAll(body, []byte(`"id":52`))
	}
	if a := f.call("create_domain", `{"name":"zz.example","ip_address":"192.0.2.1"}`); a.IsError {
		t.Fatal(a.Text)
	}
	f.tap.edit = nil
	if a := f.call("undo", `{"confirm":"yes"}`); !a.IsError || !strings.Contains(a.Text, `made domain "zz.example", and the id that its reply gave is now that of domain "demodomain2.com"`) {
		t.Error(a.Text)
	}
	if a := f.call("get_domain", `{"domain_id":"52"}`); a.IsError {
		t.Error(a.Text)
	}
}

// TestHistoryTellsWhatChanged: old and new, by whom, and asked by thing and day.
func TestHistoryTellsWhatChanged(t *testing.T) {
	f := thriceRenamed(t)
	f.call("edit_ip", `{"ip_id":"5010","notes":"x"}`)
	for arguments, want := range map[string][]string{
		`{}`:                     {`label: "Shop 2" -> "Shop 3"`, `label: "Web Server 01" -> "Shop 1"`, "notes: ", "local"},
		`{"thing":"1384"}`:       {"Shop 3"},
		`{"thing":"shop 3"}`:     {"none"},
		`{"thing":"192.0.2.4"}`:  {"edit_ip"},
		`{"until":"2026-11-24"}`: {"Shop 1"},
		`{"until":"2026-11-23"}`: {"none"},
		`{"since":"2026-11-26","until":"2026-11-26"}`: {"Shop 3"},
	} {
		a := f.call("history", arguments)
		for _, text := range want {
			if !strings.Contains(a.Text, text) {
				t.Errorf("%s: no %q in %s", arguments, text, a.Text)
			}
		}
	}
	if a := f.call("history", `{"thing":"1384"}`); strings.Contains(a.Text, "edit_ip") {
		t.Errorf("another thing: %s", a.Text)
	}
	if a := f.call("history", `{"until":"soon"}`); !a.IsError || !strings.Contains(a.Text, "until") {
		t.Errorf("no day: %s", a.Text)
	}
}
