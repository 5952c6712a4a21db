package tools

import (
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi/sandbox"
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
			want:  []string{`label: "Shop" -> "Web Server 01"`, "passed over, newer: reboot_cloud_server of cloud server", "there is no call that reverses it"},
		},
		"started by hand": {
			calls: []string{rename, `shutdown_cloud_server {"server_id":"1384"}`, `start_cloud_server {"server_id":"1384"}`, `reboot_cloud_server {"server_id":"1384"}`, `shutdown_cloud_server {"server_id":"1385"}`, `start_cloud_server {"server_id":"1385"}`},
			want:  []string{"Reverse start_cloud_server"},
		},
		"recovered by hand": {
			calls: []string{rename, `delete_cloud_server {"server_id":"1385"}`, `recover_cloud_server {"server_id":"1385"}`, `delete_cloud_server {"server_id":"1385"}`, `recover_cloud_server {"server_id":"1385"}`},
			want:  []string{`label: "Shop" -> "Web Server 01"`, "it was reversed already, by recover_cloud_server"},
		},
		"nothing left": {
			calls: []string{rename, `edit_ip {"ip_id":"5010","notes":"x"}`, `edit_ip {"ip_id":"5010","notes":"spare"}`, `edit_ip {"ip_id":"5010","notes":"x"}`, `delete_ip {"ip_id":"5010"}`},
			want:  []string{`label: "Shop" -> "Web Server 01"`, "passed over, newer: delete_ip", "1 more change"},
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
	id := regexp.MustCompile(`"id":\d+`)
	for tool, c := range map[string]struct {
		other, arguments string // another thing of the kind, made first, and the call
		mark             string // of what is made
		refused          string
	}{
		"create_domain":        {`{"name":"old.example","ip_address":"192.0.2.1"}`, `{"name":"zz.example","ip_address":"192.0.2.1"}`, "zz.example", `made domain "zz.example", and the id that its reply gave is now that of domain "old.example"`},
		"create_domain_record": {`{"domain_id":"51","type":"a","host":"old","data":"192.0.2.1","ttl":3600}`, `{"domain_id":"51","type":"a","host":"old","data":"192.0.2.77","ttl":3600}`, "192.0.2.77", `made DNS record "a old.demodomain.com 192.0.2.77"`},
		"create_backup":        {`{"server_id":"1384","label":"old"}`, `{"server_id":"1384","label":"zz"}`, `"zz"`, `made backup "zz", and the id that its reply gave is now that of backup "old"`},
		"create_dns_template":  {`{"template_name":"old"}`, `{"template_name":"zz"}`, `"zz"`, `made DNS template "zz"`},
		"create_dns_template_record": {
			`{"dns_template_id":"51","type":"a","host":"old","data":"192.0.2.1","ttl":3600}`, `{"dns_template_id":"51","type":"a","host":"zz","data":"192.0.2.1","ttl":3600}`, `"zz"`, "not by undo: call delete_dns_template_record", // its route is inferred: the id of another was never kept
		},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		make := func(arguments string) {
			t.Helper()
			a := f.call(tool, yesFor(tool, arguments))
			if a.IsError {
				t.Fatalf("%s: %s", tool, a.Text)
			}
			if tool == "create_dns_template_record" && arguments == c.arguments && !strings.Contains(a.Text, "The id in the reply is not the id of what was made: use ") {
				t.Errorf("%s: %s", tool, a.Text)
			}
		}
		var reply []byte
		f.tap.edit = func(_ int, body []byte) []byte {
			if strings.HasPrefix(f.tap.last(), "POST ") {
				if reply == nil {
					reply = id.Find(body)
				} else {
					body = id.ReplaceAll(body, reply)
				}
			}
			return body
		}
		make(c.other)
		f.now = f.now.Add(15 * time.Minute)
		make(c.arguments)
		f.tap.edit = nil
		f.now = f.now.Add(15 * time.Minute)
		before := len(f.sb.Changes())
		entries, err := f.store.Entries(t.Context(), sandbox.Email, time.Time{})
		if err != nil || len(entries) == 0 {
			t.Fatalf("%s: %d entries, %v", tool, len(entries), err)
		}
		a := f.call("undo", `{"confirm":"yes","entry":"`+entries[len(entries)-1].ID+`"}`)
		if !a.IsError || !strings.Contains(a.Text, c.refused) {
			t.Errorf("%s: %s", tool, a.Text)
		}
		if n := len(f.sb.Changes()); n != before {
			t.Errorf("%s: %v: %s", tool, f.sb.Changes()[before:], a.Text)
		}
	}
	l := newLab(t, nil)
	l.answer = func(r *http.Request) *http.Response {
		if r.Method != http.MethodPost {
			return nil
		}
		body := `{"status_code":200,"message":"","data":{"id":77}}` // of the key "laptop"
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}
	}
	l.do("create_platform_ssh_key", `{"label":"desk","public_key":"ssh-ed25519 BBBB"}`)
	if a := l.call("undo", `{}`, true); !a.IsError || !strings.Contains(a.Text, `it made SSH key "desk", and the id that its reply gave is now that of SSH key "laptop"`) {
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
