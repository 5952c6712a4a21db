package tools

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

func TestFleetReport(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag"}, nil)
	f.call("shutdown_cloud_server", `{"server_id":"1385","confirm":"yes"}`)
	f.now = f.now.Add(time.Hour)
	f.tap.take()
	a := f.call("fleet_report", `{}`)
	for _, want := range []string{
		"servers: 2\n", "off: 1\n", "ssd_servers: 0\n", "monthly_nodes_cost: 120.00 USD", "monthly_cost_without_server: 40.00 USD",
		"cloud servers that are switched off; their nodes are still billed | 1 | 1385 MySQL Server 01 | list_cloud_servers {",
		"nodes that no server uses, billed until they are deleted | 3 | 5005 vps, 5006 vps, 5007 daily vps | list_nodes {",
		"IP addresses that no server has, billed until deleted if public | 2 | 5010 192.0.2.4, 5011 10.100.0.5 | list_ips {",
		"1385 | MySQL Server 01 | 3 | off | 2 | 1 | 3 | unknown | 40.00 USD | off, no automatic backups",
	} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("no %q in %s", want, a.Text)
		}
	}
	if n := len(f.tap.take()); n != 10 {
		t.Errorf("%d upstream calls, not 10", n)
	}
	a = f.call("fleet_report", `{"days":7}`)
	for _, want := range []string{"newest backup is older than asked for | 1 | 1384 Web Server 01", "without any backup | 1 | 1385 MySQL Server 01", "2011-01-08"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("no %q in %s", want, a.Text)
		}
	}
	if n := len(f.tap.take()); n != 10 { // clouds and profile are kept
		t.Errorf("%d upstream calls, not 10", n)
	}
}

// TestFleetReportInParts: what cannot be read is named, and the rest is there;
// nothing at all is an error.
func TestFleetReportInParts(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	up := f.tap.up
	broken := "/nodes"
	f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasPrefix(r.URL.Path, broken) {
			r = r.Clone(r.Context())
			r.URL.Path = "/nowhere.api10json"
		}
		return up.RoundTrip(r)
	})
	a := f.call("fleet_report", `{}`)
	if a.IsError || !strings.Contains(a.Text, "servers: 2") || !strings.Contains(a.Text, "not_known: [\"list_nodes, 4 times (") || strings.Contains(a.Text, "\nnodes: ") {
		t.Errorf("error %v: %s", a.IsError, a.Text)
	}
	broken = "/virtual_machines"
	a = f.call("fleet_report", `{"days":7}`)
	if a.IsError || strings.Contains(a.Text, "\nservers: ") || !strings.Contains(a.Text, "nodes: 7") {
		t.Errorf("error %v: %s", a.IsError, a.Text)
	}
	broken = "/virtual_machines/1384/backups"
	a = f.call("fleet_report", `{"days":7}`)
	if a.IsError || !strings.Contains(a.Text, "list_backups (") || !strings.Contains(a.Text, "without any backup | 1 | 1385") {
		t.Errorf("error %v: %s", a.IsError, a.Text)
	}
	broken = "/"
	if a = f.call("fleet_report", `{}`); !a.IsError {
		t.Errorf("nothing could be read: %s", a.Text)
	}
}

// TestFleetReportOfMany: of 500 servers the worst are named and the others
// counted, no kind of trouble hides another, and what does not come in time is
// said.
func TestFleetReportOfMany(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	f.sb = sandbox.New(sandbox.Options{Servers: 498, Now: func() time.Time { return f.now }})
	f.tap.up = f.sb
	for arguments, calls := range map[string]int{`{}`: 10, `{"days":7}`: 510} {
		f.tap.take()
		f.now = f.now.Add(2 * time.Minute) // nothing is kept
		a := f.call("fleet_report", arguments)
		for _, want := range []string{"servers: 500\n", "off: 71\n", "and 63 more", "nodes that no server uses", "IP addresses that no server has", "left_out: 460 further servers left out; list_cloud_servers"} {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s: no %q in %s", arguments, want, a.Text)
			}
		}
		if len(a.Text) > answer.MaxBytes || len(a.Structured) > answer.MaxBytes {
			t.Errorf("%s: %d bytes of text, %d structured", arguments, len(a.Text), len(a.Structured))
		}
		if n := len(f.tap.take()); n != calls {
			t.Errorf("%s: %d upstream calls, not %d", arguments, n, calls)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var read atomic.Int32
	f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "/backups.api10json") {
			if read.Add(1) > 100 {
				cancel()
				return nil, ctx.Err()
			}
		}
		return f.sb.RoundTrip(r)
	})
	a := f.server.Call(ctx, "fleet_report", []byte(`{"days":7}`))
	if a.IsError || !strings.Contains(a.Text, "list_backups, 400 times") || !strings.Contains(a.Text, "cloud servers without any backup") {
		t.Errorf("error %v: %s", a.IsError, a.Text)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestLargeAccounts: no answer passes what a model's context takes, and says how
// to go on.
func TestLargeAccounts(t *testing.T) {
	sb := sandbox.New(sandbox.Options{Servers: 498, Records: 10_000})
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sb, PerSecond: -1, Observe: trail.Observe})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	for tool, arguments := range map[string]string{
		"list_cloud_servers": `{}`, "fleet_report": `{}`, "list_domain_records": `{"domain_id":"generated-1.example"}`, "list_nodes": `{}`, "list_ips": `{"fields":["all"]}`,
	} {
		a := s.Call(t.Context(), tool, []byte(arguments))
		if a.IsError || len(a.Text) > 18_000 || len(a.Structured) > 18_000 {
			t.Errorf("%s: error %v, %d bytes of text, %d structured: %.200s", tool, a.IsError, len(a.Text), len(a.Structured), a.Text)
		}
		if !strings.Contains(a.Text, "cursor") && !strings.Contains(a.Text, "left out") {
			t.Errorf("%s does not say that there is more: %.300s", tool, a.Text)
		}
	}
}

// breaking answers 422 to the change that at picks.
type breaking struct {
	sb *sandbox.Sandbox
	at func(path string) bool
}

func (b *breaking) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet && b.at(r.URL.Path) {
		r = r.Clone(r.Context())
		r.Body = http.NoBody
	}
	return b.sb.RoundTrip(r)
}
