package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/trail"
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
	f.Fuzz(func(t *testing.T, which uint16, arguments []byte) {
		if calls%freshAfter == 0 {
			s = countedServer(t, Options{Consent: consent.Flag, Policy: generous()}, &sent)
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

// countedServer is a server on an account of its own, whose changes are counted
// as they leave.
func countedServer(t testing.TB, o Options, sent *atomic.Int64) *Server {
	t.Helper()
	sb := sandbox.New(sandbox.Options{Now: func() time.Time { return testStart }})
	up := roundTrip(func(r *http.Request) (*http.Response, error) {
		if r.Method != http.MethodGet && !strings.HasPrefix(r.URL.Path, "/ips/ip_address_exists") {
			sent.Add(1)
		}
		return sb.RoundTrip(r)
	})
	var err error
	o.Client, err = vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: up, PerSecond: -1, Concurrent: -1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	o.Log, o.Pause, o.Now = zerolog.Nop(), noPause, func() time.Time { return testStart }
	o.Store = state.NewMemory(o.Now)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// FuzzGate: whatever is sent to whichever gate, it is one call on record, and no
// change leaves by a gate that is for none, or without consent.
func FuzzGate(f *testing.F) {
	for i := range gates {
		for _, c := range drive {
			f.Add(uint8(i), []byte(`{"function":"`+c.tool+`","arguments":`+c.arguments+`}`))
		}
		for _, raw := range []string{
			``, `{}`, `{"function":"call_read","arguments":{"function":"call_read"}}`, `{"function":"find_functions","arguments":{"query":"x"}}`,
			`{"function":"create_backup","arguments":"{\"server_id\":1384}"}`, `{"function":"delete_cloud_server","arguments":{"server_id":1384,"confirm":"yes"}}`,
			`{"function":"delete_cloud_server","arguments":{"server_id":1384},"confirm":"yes"}`, `{"function":"list_ips","function":"delete_ip"}`,
		} {
			f.Add(uint8(i), []byte(raw))
		}
	}
	var s *Server
	var sent atomic.Int64
	calls := 0
	var told []audit.Line
	f.Fuzz(func(t *testing.T, which uint8, raw []byte) {
		if calls%freshAfter == 0 {
			s = countedServer(t, Options{Surface: SurfaceSearch, Told: func(l audit.Line) { told = append(told, l) }}, &sent)
		}
		calls++
		g := gates[int(which)%len(gates)]
		before := sent.Load()
		told = nil
		a := s.Call(context.Background(), g.Name, raw)
		switch changes := sent.Load() - before; {
		case len(told) != 1:
			t.Errorf("%s %q is %d calls on record", g.Name, raw, len(told))
		case changes > 1, changes == 1 && (g.Name == "call_read" || !slices.Equal(told[0].Effects, []string{vpsapi.Changes.String()})):
			t.Errorf("%s %q sent %d changes: %v", g.Name, raw, changes, told[0])
		case strings.Contains(a.Text, ": internal error "):
			t.Errorf("%s %q: %s", g.Name, raw, a.Text)
		}
	})
}
