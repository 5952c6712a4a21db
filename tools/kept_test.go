package tools

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/confirm"
)

const (
	askDelete = `{"server_id":"1384"}`
	askClone  = `{"server_id":"1384"}`
	profile   = "GET /profile.api10json"
)

// plannedFor gives what the plan of a call reads.
func (f *fleet) plannedFor(tool, arguments string) []string {
	f.Helper()
	f.tap.take()
	if a := f.call(tool, arguments); !a.NeedsConsent {
		f.Fatalf("%s: %s", tool, a.Text)
	}
	return f.tap.take()
}

// TestPricesThatAreShownAreKept: for the words of a plan a price is read once a
// minute, and anew after any change; for what is bought, each time.
func TestPricesThatAreShownAreKept(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	reads := func(when, tool, arguments string, want bool) {
		t.Helper()
		if sent := f.plannedFor(tool, arguments); slices.Contains(sent, profile) != want {
			t.Errorf("%s, %s: %q, the profile among them: want %v", when, tool, sent, want)
		}
	}
	reads("at first", "delete_cloud_server", askDelete, true)
	reads("at once", "delete_cloud_server", askDelete, false)
	reads("for a purchase", "clone_cloud_server", askClone, true)
	f.now = f.now.Add(59 * time.Second)
	reads("within the minute", "delete_cloud_server", askDelete, false)
	f.now = f.now.Add(time.Second)
	reads("after a minute", "delete_cloud_server", askDelete, true)
	if a := f.call("edit_cloud_server", `{"server_id":"1385","label":"Other"}`); a.IsError {
		t.Fatal(a.Text)
	}
	reads("after a change", "delete_cloud_server", askDelete, true)
	f.now = f.now.Add(-time.Hour)
	reads("after the clock went back", "delete_cloud_server", askDelete, true)
}

// TestKeptPricesAreOfOneAccount: nobody sees what another's call has read.
func TestKeptPricesAreOfOneAccount(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.plannedFor("delete_cloud_server", askDelete)
	other := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	ctx := WithCaller(t.Context(), confirm.Caller{Name: "other", Client: other.server.options.Client})
	if a := f.server.Call(ctx, "delete_cloud_server", []byte(askDelete)); !a.NeedsConsent || !slices.Contains(other.tap.take(), profile) {
		t.Errorf("%s", a.Text)
	}
}

// illOnce answers the first request to each path with a fault of the service.
type illOnce struct {
	service http.RoundTripper
	mu      sync.Mutex
	ill     map[string]bool
}

func (o *illOnce) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	first := !o.ill[r.URL.Path]
	o.ill[r.URL.Path] = true
	o.mu.Unlock()
	if first && !strings.HasSuffix(r.URL.Path, "/1384.api10json") { // the server itself is read in earnest at once
		return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody, Request: r}, nil
	}
	return o.service.RoundTrip(r)
}

// TestTriesThatFailAreReadInEarnest: what is read ahead and fails costs a request, and no fact of the plan.
func TestTriesThatFailAreReadInEarnest(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	whole := f.call("delete_cloud_server", askDelete)
	f.now = f.now.Add(time.Hour)
	f.tap.up = &illOnce{service: f.sb, ill: map[string]bool{}}
	if got := f.call("delete_cloud_server", askDelete); !got.NeedsConsent || got.Text != whole.Text {
		t.Errorf("%s\nwant %s", got.Text, whole.Text)
	}
	if state := f.server.options.Client.Health(); state != "closed" {
		t.Errorf("the way to the service is %s after tries alone", state)
	}
}
