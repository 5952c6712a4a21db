package tools

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/report"
)

// causesOf are the causes of an answer, each of whose next steps must be a call
// that its tool takes.
func causesOf(t *testing.T, f *fleet, a answer.Answer) []string {
	t.Helper()
	var d report.Diagnosis
	if err := json.Unmarshal(a.Structured, &d); err != nil {
		t.Fatalf("%v: %s", err, a.Text)
	}
	var names []string
	for _, c := range d.Causes {
		names = append(names, c.Cause)
		checkStep(t, f.server, c)
	}
	return names
}

func checkStep(t *testing.T, s *Server, c report.Cause) {
	t.Helper()
	name, arguments, ok := strings.Cut(c.Next, " {")
	tool := s.tools[name]
	if !ok || tool == nil {
		t.Errorf("%s: the next step is not a call: %s", c.Cause, c.Next)
		return
	}
	if _, faults := tool.Arguments().Read([]byte("{" + arguments)); len(faults) > 0 {
		t.Errorf("%s: %s does not take its arguments: %v", c.Cause, c.Next, faults)
	}
}

func TestDiagnose(t *testing.T) {
	f := newFleet(t, Options{Consent: "flag", Policy: generous()}, nil)
	f.tap.take()
	a := f.call("diagnose_server", `{"server_id":"web01"}`)
	for _, want := range []string{"Diagnosis of cloud server \"Web Server 01\" (id 1384)", "is running", "cpu_last_day", "peak 81.6 % at 2026-11-23 14:00 UTC, with 2 nodes"} {
		if !strings.Contains(a.Text, want) {
			t.Errorf("no %q in %s", want, a.Text)
		}
	}
	if n := len(f.tap.take()); n != 7+2+1+1 { // two domains, one ticket, and the name's look-up
		t.Errorf("%d upstream calls", n)
	}
	expect := func(when string, want ...string) {
		t.Helper()
		a := f.call("diagnose_server", `{"server_id":"1384"}`)
		if got := causesOf(t, f, a); fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	f.call("open_ticket", `{"department":"5","subject":"performance_issue","vm_id":"1384","body":"web01 feels slow.","confirm":"yes"}`)
	expect("busy", "the processor is busy at times", "a ticket about it is open", "no DNS record leads to it")
	f.call("create_domain_record", `{"domain_id":"demodomain.com","type":"a","host":"web01","data":"127.0.0.1","ttl":3600,"confirm":"yes"}`)
	expect("led astray", "the processor is busy at times", "its name leads elsewhere", "a ticket about it is open")
	f.call("create_domain_record", `{"domain_id":"demodomain.com","type":"a","host":"web01","data":"68.169.23.153","ttl":3600,"confirm":"yes"}`)
	f.call("shutdown_cloud_server", `{"server_id":"1384","confirm":"yes"}`)
	expect("pending", "a task holds it", "the processor is busy at times", "a ticket about it is open")
	f.now = f.now.Add(time.Hour)
	if got := causesOf(t, f, f.call("diagnose_server", `{"server_id":"1384"}`)); got[0] != "it is switched off" {
		t.Errorf("off: %q", got)
	}
}

// TestUnknownIsTold: what the service does not say is neither stopped, nor well, nor none.
func TestUnknownIsTold(t *testing.T) {
	null := regexp.MustCompile(`"(running|power_action_pending|built|bandwidth_used|cpu_time|data_sent|data_received|amount|status)":("[^"]*"|[a-z0-9.]+)`)
	f := waiting(t)
	f.tap.edit = func(_ int, body []byte) []byte { return null.ReplaceAll(body, []byte(`"$1":null`)) }
	for _, c := range []struct {
		tool, arguments string
		says, never     []string
	}{
		{"diagnose_server", `{"server_id":"1384"}`, []string{"in an unknown state", "whether a task is pending is unknown", "cpu_last_day: unknown"}, []string{"is stopped"}},
		{"wait_for_server", `{"server_id":"1384","state":"stopped","timeout":3}`, []string{"Still pending", "in an unknown state"}, []string{"is stopped"}},
		{"fleet_report", `{}`, []string{"power_unknown: 2", "servers_of_unknown_bandwidth: 2", "without a status is paid", "| unknown |"}, []string{"bandwidth_used_gb", "| off |"}},
		{"get_cpu_utilisation", `{"server_id":"1384"}`, []string{"CPU: unknown in all"}, []string{"mean 0"}},
		{"get_bandwidth_utilisation", `{"server_id":"1384"}`, []string{"sent: unknown in all"}, []string{"mean 0"}},
		{"list_cloud_servers", `{}`, []string{"web01", "running", "bandwidth_used_kb", " | unknown"}, []string{"| true | 3", "false | false"}},
		{"list_cloud_servers", `{"fields":["id","running"]}`, []string{"1384 | unknown"}, nil},
		{"get_cloud_server", `{"server_id":"1384"}`, []string{"running: unknown", "bandwidth_used_kb: unknown", "virtual_machine_status"}, nil},
		{"list_invoices", `{}`, []string{"9130", "amount", "status", "unknown"}, []string{"0.00", "unpaid"}},
		{"list_tickets", `{}`, []string{"status", "unknown"}, []string{"open"}},
		{"get_cpu_utilisation", `{"server_id":"1384","chart":false}`, []string{"cpu_percent", "| unknown"}, nil},
	} {
		a := f.call(c.tool, c.arguments)
		for _, want := range c.says {
			if a.IsError || !strings.Contains(a.Text, want) {
				t.Errorf("%s: no %q in %s", c.tool, want, a.Text)
			}
		}
		for _, never := range c.never {
			if strings.Contains(a.Text, never) {
				t.Errorf("%s: %q in %s", c.tool, never, a.Text)
			}
		}
	}
	if a := f.call("shutdown_cloud_server", `{"server_id":"1384"}`); !strings.Contains(a.Text, "whether it runs is unknown") {
		t.Errorf("plan: %s", a.Text)
	}
}
