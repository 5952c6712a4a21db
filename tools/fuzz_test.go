package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// freshAfter calls the account of FuzzCall is made anew, so that what it bought
// does not pile up.
const freshAfter = 200

// noPause is a pause that takes no time: what is waited for does not come here.
func noPause(ctx context.Context, _ time.Duration) error { return ctx.Err() }

// FuzzCall: whatever the arguments of whichever function, at most one change
// leaves the server; none does by a reading function, and none when it says so.
func FuzzCall(f *testing.F) {
	var names []string
	for _, op := range vpsapi.Operations() {
		names = append(names, op.Info().Name)
	}
	index := map[string]uint16{}
	for i, name := range names {
		index[name] = uint16(i)
	}
	for _, c := range drive {
		f.Add(index[c.tool], []byte(strings.Replace(strings.Replace(c.arguments, "{", `{"confirm":"yes",`, 1), ",}", "}", 1)))
	}
	for _, bad := range badValues {
		f.Add(index["delete_cloud_server"], []byte(`{"confirm":"yes","server_id":`+bad+`}`))
		f.Add(index["update_domain_records"], []byte(`{"confirm":true,"domain_id":"51","domain_records":`+bad+`}`))
	}
	f.Add(index["get_cloud_server"], []byte(`{"server_id":"internal error"}`))
	for _, c := range struckCalls {
		f.Add(index[c.tool], []byte(strings.Replace(c.arguments, "{", `{"wait":true,`, 1)))
	}
	var s *Server
	var sent atomic.Int64
	calls := 0
	fresh := func() {
		up := roundTrip(nil)
		sb := sandbox.New(sandbox.Options{Now: func() time.Time { return testStart }})
		up = func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodGet && !strings.HasPrefix(r.URL.Path, "/ips/ip_address_exists") {
				sent.Add(1)
			}
			return sb.RoundTrip(r)
		}
		client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: up, PerSecond: -1, Concurrent: -1, Observe: Observe})
		if err != nil {
			f.Fatal(err)
		}
		now := func() time.Time { return testStart }
		if s, err = New(Options{Client: client, Consent: consent.Flag, Policy: generous(), Log: zerolog.Nop(), Now: now, Store: state.NewMemory(now), Pause: noPause}); err != nil {
			f.Fatal(err)
		}
	}
	f.Fuzz(func(t *testing.T, which uint16, arguments []byte) {
		if calls%freshAfter == 0 {
			fresh()
		}
		calls++
		name := names[int(which)%len(names)]
		before := sent.Load()
		a := s.Call(context.Background(), name, json.RawMessage(arguments))
		changes := sent.Load() - before
		op, _ := vpsapi.Find(name)
		switch {
		case changes > 1, changes == 1 && op.Info().Safety == vpsapi.Reads:
			t.Errorf("%s %q sent %d changes", name, arguments, changes)
		case changes > 0 && a.IsError && strings.Contains(a.Text, "othing was sent"):
			t.Errorf("%s %q: a change was sent, and it says %s", name, arguments, a.Text)
		case strings.HasPrefix(a.Text, name+": internal error"):
			t.Errorf("%s %q: %s", name, arguments, a.Text)
		case a.Structured != nil && !json.Valid(a.Structured):
			t.Errorf("%s %q: structured %s", name, arguments, a.Structured)
		}
	})
}
