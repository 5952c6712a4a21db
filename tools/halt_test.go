package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// hosts is a zone of so many addresses beside what the domain has.
func hosts(n int) string {
	var zone strings.Builder
	for i := range n {
		fmt.Fprintf(&zone, "h%d 3600 IN A 192.0.2.%d\n", i, i+1)
	}
	b, _ := json.Marshal(zone.String())
	return `{"domain_id":"51","confirm":"yes","zone":` + string(b) + `}`
}

// TestStopStops: a cancel or a halt in the middle of a plan lets the step on its
// way end and sends no other; answer and journal say what was done and what not.
func TestStopStops(t *testing.T) {
	for name, stop := range map[string]func(context.Context) (context.Context, func()){
		"cancelled": func(ctx context.Context) (context.Context, func()) { return context.WithCancel(ctx) },
		"halted": func(ctx context.Context) (context.Context, func()) {
			halt, end := context.WithCancelCause(ctx)
			return calls.WithHalt(ctx, halt), func() { end(errors.New("the input has ended")) }
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFleet(t, Options{Consent: "flag"}, nil)
			ctx, end := stop(t.Context())
			defer end()
			var sent atomic.Int32
			sound := f.tap.up
			f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
				if r.Method != http.MethodGet && sent.Add(1) == 12 {
					end()
					if err := r.Context().Err(); err != nil {
						t.Errorf("the stop reaches the step on its way: %v", err)
					}
				}
				return sound.RoundTrip(r)
			})
			a := f.server.Call(ctx, "apply_zone", json.RawMessage(hosts(50)))
			if n := len(f.sb.Changes()); n != 12 {
				t.Errorf("%d steps were sent after a stop in the 12th", n)
			}
			if !a.IsError || !strings.Contains(a.Text, "after 12 of ") || strings.Count(a.Text, "done: ") != 12 || !strings.Contains(a.Text, "not sent: ") || !strings.Contains(a.Text, "can be reversed") {
				t.Errorf("the answer: %s", a.Text)
			}
			entries, err := f.store.Entries(t.Context(), sandbox.Email, time.Time{})
			if err != nil || len(entries) != 1 || entries[0].Outcome == nil || !strings.HasPrefix(entries[0].Outcome.Result, journal.PartlyPrefix) || !strings.Contains(entries[0].Outcome.Error, "after 12 of ") {
				t.Errorf("the journal: %+v, %v", entries, err)
			}
			if why := f.server.journal.WhyNotReversible(entries[0], entries); why != "" {
				t.Errorf("what was done cannot be reversed: %s", why)
			}
		})
	}
}

// TestStopStopsWhatWaits: a step that waits for its turn at the service's pace is not on
// its way yet, and a cancel ends it too.
func TestStopStopsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := newFleet(t, Options{Consent: "flag"}, nil)
		paced, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: f.tap, Attempts: 1, Observe: trail.Observe})
		if err != nil {
			t.Fatal(err)
		}
		f.server.options.Client = paced
		s := f.again(f.server.options)
		ctx, end := context.WithCancel(t.Context())
		defer end()
		var sent atomic.Int32
		sound := f.tap.up
		f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
			if r.Method != http.MethodGet && sent.Add(1) == 12 {
				time.AfterFunc(50*time.Millisecond, end) // a fourth of the pace's interval
			}
			return sound.RoundTrip(r)
		})
		a := s.Call(ctx, "apply_zone", json.RawMessage(hosts(50)))
		if n := len(f.sb.Changes()); n != 12 || !strings.Contains(a.Text, "after 12 of ") {
			t.Errorf("%d steps were sent where the 13th waited for its turn: %s", n, a.Text)
		}
	})
}

// TestHaltedBeginsNoPlan: after a halt a plan of several steps is not begun, one
// request is sent, reads are answered, and nothing is waited for.
func TestHaltedBeginsNoPlan(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag"}, nil)
	halt, end := context.WithCancelCause(t.Context())
	end(errors.New("the input has ended"))
	ctx := calls.WithHalt(t.Context(), halt)
	for _, c := range []struct {
		tool, arguments, want string
		changes               int
	}{
		{"apply_zone", hosts(3), "the input has ended. Nothing was sent", 0},
		{"list_domains", `{}`, "demodomain.com", 0},
		{"create_backup", `{"server_id":"1384"}`, "Done on account", 1},
		{"wait_for_server", `{"server_id":"1384","state":"stopped"}`, "Waiting stopped", 1},
	} {
		a := f.server.Call(ctx, c.tool, json.RawMessage(c.arguments))
		if !strings.Contains(a.Text, c.want) || len(f.sb.Changes()) != c.changes {
			t.Errorf("%s: %d changes, %s", c.tool, len(f.sb.Changes()), a.Text)
		}
	}
}
