package tools

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

func TestFleetReport(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag"}, nil)
	f.call("shutdown_cloud_server", `{"server_id":"1385","confirm":"yes"}`)
	f.now = f.now.Add(time.Hour)
	f.tap.take()
	a := f.call("fleet_report", `{}`)
	for _, want := range []string{"servers: 2", "off: 1", "MySQL Server 01", "it is off, and its nodes are billed", "no server uses it; delete_node", "no server has it; delete_ip", "120.00 (6 monthly nodes at 20.00)"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("no %q in %s", want, a.Text)
		}
	}
	if n := len(f.tap.take()); n != 6 {
		t.Errorf("%d upstream calls, not 6", n)
	}
	a = f.call("fleet_report", `{"days":7}`)
	if !strings.Contains(a.Text, "its newest backup is of 2011") || !strings.Contains(a.Text, "it has no backup") {
		t.Errorf("backups: %s", a.Text)
	}
	if n := len(f.tap.take()); n != 8 {
		t.Errorf("%d upstream calls, not 8", n)
	}
}

// TestFleetReportInParts: what cannot be read is named, and the rest is there.
func TestFleetReportInParts(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	up := f.tap.up
	f.tap.up = roundTrip(func(r *http.Request) (*http.Response, error) {
		if strings.HasPrefix(r.URL.Path, "/nodes") {
			r = r.Clone(r.Context())
			r.URL.Path = "/nowhere.api10json"
		}
		return up.RoundTrip(r)
	})
	a := f.call("fleet_report", `{}`)
	if a.IsError || !strings.Contains(a.Text, "servers: 2") || !strings.Contains(a.Text, "not_known") || !strings.Contains(a.Text, "list_nodes") {
		t.Errorf("error %v: %s", a.IsError, a.Text)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestDiagnose(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag"}, nil)
	f.tap.take()
	a := f.call("diagnose_server", `{"server_id":"web01"}`)
	for _, want := range []string{"Diagnosis of cloud server \"Web Server 01\" (id 1384)", "storage is delayed", "deploy_all_storage", "is running", "cpu_last_day", "no DNS name points to it"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("no %q in %s", want, a.Text)
		}
	}
	if n := len(f.tap.take()); n > 7+2+1 { // and the name's look-up
		t.Errorf("%d upstream calls", n)
	}
	f.call("shutdown_cloud_server", `{"server_id":"1384","confirm":"yes"}`)
	if a := f.call("diagnose_server", `{"server_id":"1384"}`); !strings.Contains(a.Text, "a task holds it") || !strings.Contains(a.Text, "shutdown") {
		t.Errorf("pending: %s", a.Text)
	}
	f.now = f.now.Add(time.Hour)
	if a := f.call("diagnose_server", `{"server_id":"1384"}`); !strings.Contains(a.Text, "it is switched off") || !strings.Contains(a.Text, "start_cloud_server") {
		t.Errorf("off: %s", a.Text)
	}
}

// TestLargeAccounts: no answer passes what a model's context takes, and says how
// to go on.
func TestLargeAccounts(t *testing.T) {
	sb := sandbox.New(sandbox.Options{Servers: 498, Records: 10_000})
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sb, PerSecond: -1, Observe: Observe})
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
