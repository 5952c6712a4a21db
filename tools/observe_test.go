package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestWhatIsKeptOfAFault: the audit says how a call ended and whose fault it was,
// also when it was looked at afterwards or never left; the log tells attempts and waits.
func TestWhatIsKeptOfAFault(t *testing.T) {
	for _, c := range []struct {
		name, fault, tool, arguments string
		calls                        int
		outcome, whose               string // of the last
		logged                       []string
	}{
		{"a lost answer", "reset-after,op=create_backup", "create_backup", `{"server_id":"1384"}`, 1, "unknown", "unreachable", []string{`"attempt":1`}},
		{"credentials", "expired,op=reboot_cloud_server", "reboot_cloud_server", `{"server_id":"1384","confirm":"yes"}`, 1, "refused", "auth", nil},
		{"too many", "429=2,op=list_tickets", "list_tickets", `{}`, 1, "refused", "upstream", []string{`"attempt":3`, `"attempt":2,"waited_ms":2`, `"upstream":3,"waited_ms":`}},
		{"a read's lost answer", "reset,op=list_tickets", "list_tickets", `{}`, 1, "error", "unreachable", []string{`"outcome":"error"`}},
		{"paused", "reset,op=list_tickets", "list_tickets", `{}`, 3, "not sent", "upstream", nil},
		{"an argument", "latency=1ms", "get_cloud_server", `{"server_id":"none such"}`, 1, "refused", "client", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				fault, err := sandbox.ParseFault(c.fault)
				if err != nil {
					t.Fatal(err)
				}
				client, err := vpsapi.NewClient(vpsapi.Config{
					Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sandbox.New(sandbox.Options{Now: time.Now, Faults: []sandbox.Fault{fault}}),
					PerSecond: -1, Observe: trail.Observe,
				})
				if err != nil {
					t.Fatal(err)
				}
				var last audit.Line
				var log bytes.Buffer
				s, err := New(Options{
					Client: client, Store: state.NewMemory(time.Now), Consent: consent.Flag, Policy: generous(),
					Log: zerolog.New(&log), Told: func(l audit.Line) { last = l },
				})
				if err != nil {
					t.Fatal(err)
				}
				for range c.calls {
					s.Call(context.Background(), c.tool, json.RawMessage(c.arguments))
				}
				if last.Tool != c.tool || last.Outcome != c.outcome || last.Fault != c.whose {
					t.Errorf("the audit says %s, %s", last.Outcome, last.Fault)
				}
				for _, want := range c.logged {
					if !strings.Contains(log.String(), want) {
						t.Errorf("no %s in the log:\n%s", want, &log)
					}
				}
			})
		})
	}
}
