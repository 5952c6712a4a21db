package tools

import (
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// generated is a fleet of many servers on a cloud with a premium, some of them off, with
// addresses, nodes and licenses that reports count.
func generated(t *testing.T) *fleet {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	f.sb = sandbox.New(sandbox.Options{Servers: 60, Now: func() time.Time { return f.now }})
	f.tap.up = f.sb
	for _, call := range []string{
		`create_cloud_server {"label":"Dear 1","fqdn":"dear1.example.com","system_template_id":92,"cloud_id":"4","backups_enabled":true,"rsync_backups_enabled":false,"slices_required":4}`,
		`edit_cloud_server {"server_id":"1384","licenses":[{"license_id":"1","action":"buy"}]}`,
		`shutdown_cloud_server {"server_id":"1385"}`,
		`add_ips {"quantity":2,"type":"external","virtual_machine_id":"1384"}`,
		`create_nodes {"quantity":2,"upgrade_option":"ram"}`,
	} {
		tool, arguments, _ := strings.Cut(call, " ")
		if a := f.call(tool, withConfirm(arguments, "yes")); a.IsError {
			t.Fatal(a.Text)
		}
		f.now = f.now.Add(20 * time.Minute)
	}
	return f
}

// told is the structured answer of a call.
func (f *fleet) told(tool, arguments string) map[string]any {
	f.Helper()
	a := f.call(tool, arguments)
	var v map[string]any
	if err := json.Unmarshal(a.Structured, &v); err != nil || a.IsError {
		f.Fatalf("%s: %v: %s", tool, err, a.Text)
	}
	return v
}

// listCall is the first call that a next step names: of a function, or of a gate with one.
var listCall = regexp.MustCompile(`^(list_[a-z_]+|call_read)(?: (\{.*?\}+))?(?:,|$)`)

// firstLine is how a list says what it holds.
var firstLine = regexp.MustCompile(`(?:of |: )(\d+)[.;]`)

// TestNextStepsReturnWhatWasCounted: the call that a report names lists as many things as the report counts, on either surface.
func TestNextStepsReturnWhatWasCounted(t *testing.T) {
	f := generated(t)
	for _, surface := range []string{SurfaceAll, SurfaceSearch} {
		f.server = f.again(Options{Surface: surface, Consent: consent.Code})
		seen := 0
		for tool, part := range map[string]string{"fleet_report": "attention", "cost_report": "idle"} {
			arguments := `{}`
			if surface == SurfaceSearch {
				tool, arguments = "call_read", `{"function":"`+tool+`"}`
			}
			rows, _ := f.told(tool, arguments)[part].([]any)
			for _, row := range rows {
				r := row.(map[string]any)
				call := listCall.FindStringSubmatch(r["next_step"].(string))
				if call == nil {
					t.Errorf("%s: %s: the next step is %q", surface, r["what"], r["next_step"])
					continue
				}
				if call[2] == "" {
					call[2] = "{}"
				}
				seen++
				text := f.call(call[1], call[2]).Text
				if m := firstLine.FindStringSubmatch(text); m == nil || m[1] != fmt.Sprint(r["count"]) {
					t.Errorf("%s: %s: %v counted, and %s says %.80s", surface, r["what"], r["count"], call[0], text)
				}
			}
		}
		if seen < 9 {
			t.Errorf("%s: %d next steps were called", surface, seen)
		}
	}
}

// amount is the number that a text opens with, or has after a word.
func amount(text, after string) float64 {
	_, text, _ = strings.Cut(text, after)
	n, err := strconv.ParseFloat(strings.Fields(text + " x")[0], 64)
	if err != nil {
		return -1
	}
	return n
}

// TestReportsAgree: the same fact told by two tools is the same: what servers and nodes
// cost, how many there are, which run, what they used, and when invoices were sent.
func TestReportsAgree(t *testing.T) {
	t.Parallel()
	f := generated(t)
	fleet, costs := f.told("fleet_report", `{"days":30}`), f.told("cost_report", `{}`)
	if a, b := amount(fleet["monthly_nodes_cost"].(string), ""), amount(costs["known_monthly_cost"].(string), ""); a != b || a <= 0 {
		t.Errorf("nodes cost %v and %v a month", a, b)
	}
	listed := map[string]map[string]any{}
	for cursor := "0"; cursor != ""; {
		page := f.told("list_cloud_servers", `{"fields":["all"],"cursor":"`+cursor+`"}`)
		for _, item := range page["items"].([]any) {
			s := item.(map[string]any)
			listed[fmt.Sprint(s["id"])] = s
		}
		cursor, _ = page["next_cursor"].(string)
	}
	if n := fmt.Sprint(len(listed)); n != fmt.Sprint(fleet["servers"]) {
		t.Errorf("%s servers are listed, %v reported", n, fleet["servers"])
	}
	of := map[string]map[string]any{}
	for _, row := range fleet["worst_servers"].([]any) {
		r := row.(map[string]any)
		of[r["id"].(string)] = r
		f.stateAgrees(r["id"].(string), r["power"].(string), r["last_backup"])
		if on := listed[r["id"].(string)]["running"]; on != (r["power"] == "on") && r["power"] != "pending" {
			t.Errorf("%s: running %v, and power %v", r["id"], on, r["power"])
		}
	}
	compared := 0
	for _, row := range costs["by_server"].([]any) {
		r := row.(map[string]any)
		id := r["id"].(string)
		if other, both := of[id]; both {
			compared++
			if fmt.Sprint(other["nodes_monthly_cost"]) != r["monthly_cost"] {
				t.Errorf("%s costs %v by fleet_report, %v by cost_report", id, other["nodes_monthly_cost"], r["monthly_cost"])
			}
		}
		plan := f.call("clone_cloud_server", `{"server_id":"`+id+`"}`).Text // as many nodes on the same cloud
		if a, b := amount(plan, "\nCost: "), amount(r["monthly_cost"].(string), ""); a != b {
			t.Errorf("%s costs %v by cost_report, its copy %v by a plan", id, b, a)
		}
		plan = f.call("delete_cloud_server", `{"server_id":"`+id+`"}`).Text
		if a, b := amount(plan, "monthly ones: "), amount(r["monthly_cost"].(string), ""); a != b {
			t.Errorf("%s costs %v by cost_report, %v by the plan of its deletion", id, b, a)
		}
	}
	if compared < 5 {
		t.Errorf("%d servers are in both reports", compared)
	}
	for _, row := range costs["traffic_this_month"].([]any) {
		r := row.(map[string]any)
		f.trafficAgrees(r, of[r["id"].(string)], listed[r["id"].(string)])
	}
	if a, b := fmt.Sprint(fleet["bandwidth_used_gb_this_month"]), costs["traffic_total_this_month"].(string); !strings.HasPrefix(b, a+" GB ") {
		t.Errorf("all servers used %s GB and %s", a, b)
	}
	invoices := f.told("list_invoices", `{}`)["items"].([]any)
	for _, row := range costs["last_invoices"].([]any) {
		r := row.(map[string]any)
		found := false
		for _, item := range invoices {
			i := item.(map[string]any)
			if fmt.Sprint(i["invoice_no"]) != fmt.Sprint(r["invoice_no"]) {
				continue
			}
			found = true
			sent, _ := vpsapi.Timestamp(i["date_sent"].(string))
			if sent.UTC().Format("2006-01-02 15:04 MST") != r["sent"] || !strings.HasPrefix(r["amount"].(string), fmt.Sprint(i["amount"])) {
				t.Errorf("invoice %v: %v and %v", r["invoice_no"], i, r)
			}
		}
		if !found {
			t.Errorf("invoice %v is not listed", r["invoice_no"])
		}
	}
}

// wholeTraffic is what the figures of a server's hours come to, in GB.
var wholeTraffic = regexp.MustCompile(`sent and received: ([0-9.]+) GB in all`)

// trafficAgrees: the month's traffic of a server is one figure, in KB and rounded in GB, and what its hours come to.
func (f *fleet) trafficAgrees(cost, fleet, listed map[string]any) {
	f.Helper()
	gb := math.Round(listed["bandwidth_used"].(float64)/(1<<20)*10) / 10
	if cost["used_gb"] != gb || fleet != nil && fleet["bandwidth_gb"] != gb {
		f.Errorf("%v used %v GB, and by the reports %v and %v", cost["id"], gb, cost["used_gb"], fleet["bandwidth_gb"])
	}
	text := f.call("get_bandwidth_utilisation", `{"server_id":"`+cost["id"].(string)+`","from":"`+f.now.Format("2006-01")+`-01"}`).Text
	if m := wholeTraffic.FindStringSubmatch(text); m == nil || m[1] != fmt.Sprintf("%.1f", gb) {
		f.Errorf("%v used %v GB, and by its hours: %s", cost["id"], gb, text)
	}
}

// stateAgrees: a server's power and its newest backup are the same in the report, of the server itself, in its diagnosis and its backups.
func (f *fleet) stateAgrees(id, power string, backup any) {
	f.Helper()
	one := f.told("get_cloud_server", `{"server_id":"`+id+`"}`)
	state := f.told("diagnose_server", `{"server_id":"`+id+`"}`)["state"].(string)
	if on := one["running"] == true; power != "pending" && (on != (power == "on") || on != strings.Contains(state, "is running")) {
		f.Errorf("%s: power %s, running %v, and %s", id, power, one["running"], state)
	}
	newest := ""
	items, _ := f.told("list_backups", `{"server_id":"`+id+`"}`)["items"].([]any)
	for _, item := range items {
		if at, err := vpsapi.Timestamp(fmt.Sprint(item.(map[string]any)["created_at"])); err == nil {
			newest = max(newest, at.UTC().Format(time.DateOnly))
		}
	}
	if reported, _ := backup.(string); reported != newest {
		f.Errorf("%s: the newest backup is of %q, and by its list of %q", id, reported, newest)
	}
}
