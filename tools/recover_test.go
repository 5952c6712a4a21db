package tools

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestRecoverMayBuy: a deleted server comes back unasked where its nodes are free on
// the account. Where they are gone by then, whether they are bought is not known: it
// counts as a purchase, waits for a person, and in deny mode is not sent. The same goes
// for an account whose nodes cannot be listed.
func TestRecoverMayBuy(t *testing.T) {
	for _, c := range []struct {
		name    string
		gone    bool // the nodes
		mode    consent.Mode
		approve string
		sent    bool
		says    string
	}{
		{"nodes there", false, consent.Code, "", true, "Done"},
		{"nodes there, deny", false, consent.Deny, "", true, "Done"},
		{"nodes gone, deny", true, consent.Deny, "", false, "consent mode is deny"},
		{"nodes gone, code", true, consent.Code, "", false, "may buy nodes. Only a person can agree"},
		{"nodes gone, flag", true, consent.Flag, "", false, "may buy nodes. Only a person can agree"},
		{"nodes gone, a way to a person", true, consent.Code, "vpsnet-mcp approve %s", false, "of its nodes 2 are not free"},
	} {
		f := newFleet(t, Options{Consent: consent.Flag}, nil)
		if a := f.call("delete_cloud_server", `{"server_id":"1385","confirm":"yes"}`); a.IsError {
			t.Fatal(a.Text)
		}
		f.now = f.now.Add(20 * time.Minute)
		if c.gone {
			sound := f.tap.up
			f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.Method == http.MethodGet && strings.HasPrefix(r.URL.Path, "/nodes") {
					return &http.Response{StatusCode: http.StatusNotFound, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
				}
				return sound.RoundTrip(r)
			})
		}
		before := len(f.sb.Changes())
		f.server = f.again(Options{Consent: c.mode, Approve: c.approve})
		a := f.call("recover_cloud_server", `{"server_id":"1385"}`)
		if sent := len(f.sb.Changes()) > before; sent != c.sent || !strings.Contains(a.Text, c.says) {
			t.Errorf("%s: sent %v: %s", c.name, sent, a.Text)
		}
	}
}

// TestBackupsInALoop: the first backup of each server counts for nothing; further ones
// of one server within the hour count as creations, whatever it is called meanwhile, so
// that past the limit of those a person is asked. One that was refused counts for nothing.
func TestBackupsInALoop(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag}, nil)
	sent := func(server string) bool {
		before := len(f.sb.Changes())
		a := f.call("create_backup", `{"server_id":"`+server+`"}`)
		f.now = f.now.Add(5 * time.Minute)
		if len(f.sb.Changes()) > before {
			return true
		}
		if !strings.Contains(a.Text, "at most 3 creations an hour") {
			t.Error(a.Text)
		}
		return false
	}
	f.sb.Break(sandbox.Fault{Kind: sandbox.FaultStatus, Status: http.StatusUnprocessableEntity, Ops: []string{"create_backup"}})
	for range 5 {
		f.call("create_backup", `{"server_id":"1384"}`)
	}
	f.sb.Break()
	for i, want := range []bool{true, true, true, true, false, false} {
		f.call("edit_cloud_server", fmt.Sprintf(`{"server_id":"1384","label":"Name %d"}`, i))
		if got := sent("1384"); got != want {
			t.Errorf("backup %d of one server: sent %v", i+1, got)
		}
	}
	if !sent("1385") {
		t.Error("the first backup of another server was not made")
	}
	f.now = f.now.Add(time.Hour)
	if !sent("1384") {
		t.Error("an hour later no backup was made")
	}
}
