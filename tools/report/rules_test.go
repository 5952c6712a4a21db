package report

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

func counted(n vpsapi.Int) *vpsapi.Int { return &n }

// still makes rows of no traffic.
func still(rows []vpsapi.NetworkRow) {
	for i := range rows {
		none := vpsapi.Int(0)
		rows[i].DataSent, rows[i].DataReceived = &none, &none
	}
}

// TestUnknownSigns: what could not be read is named, and never counts as well.
func TestUnknownSigns(t *testing.T) {
	if s := (&serverSigns{cpu: make([]vpsapi.CPURow, 2), traffic: make([]vpsapi.NetworkRow, 2)}).causes(); !strings.HasSuffix(s[0].Evidence, "unknown: power, tasks, CPU, traffic") {
		t.Errorf("%+v", s)
	}
	full := vpsapi.CPURow{CPUTime: counted(36_000), ElapsedTime: counted(3600)}
	if s := (&serverSigns{server: vpsapi.Server{ID: "1384"}, cpu: []vpsapi.CPURow{full, full}}).causes(); !strings.HasPrefix(s[0].Next, vpsapi.GetServer.Name+" ") || !strings.Contains(s[0].Evidence, "an unknown number of nodes") {
		t.Errorf("%+v", s)
	}
}

// TestRules holds each rule against signs that meet it, and signs that just do not.
func TestRules(t *testing.T) {
	on, off := vpsapi.Flag(true), vpsapi.Flag(false)
	two := vpsapi.Int(2)
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	sound := func() serverSigns {
		s := serverSigns{now: now, server: vpsapi.Server{
			ID: "1384", Label: "Web Server 01", Hostname: "web01", DomainName: "example.com", Running: &on, PowerActionPending: &off, Built: &on,
			RegularNodesCount: &two, PrimaryIPAddress: &vpsapi.IPWrapper{IP: vpsapi.IP{Address: "192.0.2.3"}},
		}}
		for range 24 {
			s.cpu = append(s.cpu, vpsapi.CPURow{CreatedAt: "2026-11-24T11:00:00Z", CPUTime: counted(720), ElapsedTime: counted(3600)})
			s.traffic = append(s.traffic, vpsapi.NetworkRow{DataSent: counted(10_240), DataReceived: counted(0)})
		}
		return s
	}
	for _, c := range []struct {
		want   string // empty for none
		change func(s *serverSigns)
	}{
		{"", func(*serverSigns) {}},
		{"it is switched off", func(s *serverSigns) { s.server.Running = &off }},
		{"its build is not finished", func(s *serverSigns) { s.server.Built, s.server.Running = &off, &off }},
		{"a task holds it", func(s *serverSigns) {
			s.server.PowerActionPending = &on
			s.activity = []activity{{"reboot", "pending", now.Add(-59 * time.Minute)}}
		}},
		{"a task hangs", func(s *serverSigns) {
			s.server.PowerActionPending = &on
			s.activity = []activity{{"reboot", "pending", now.Add(-time.Hour)}}
		}},
		{"its last task failed", func(s *serverSigns) { s.activity = []activity{{"rebuild", "Failed", now}} }},
		{"", func(s *serverSigns) {
			s.activity = []activity{{"reboot", "complete", now}, {"rebuild", "failed", now.Add(-time.Hour)}}
		}},
		{"no traffic has reached it lately", func(s *serverSigns) { still(s.traffic[21:]) }},
		{"", func(s *serverSigns) { still(s.traffic[22:]) }},
		{"", func(s *serverSigns) { still(s.traffic) }},
		{"", func(s *serverSigns) { clear(s.traffic[21:]) }}, // unknown is not none
		{"the processor is at its limit", func(s *serverSigns) { s.cpu[3].CPUTime = counted(36_000) }},
		{"the processor is busy at times", func(s *serverSigns) { s.cpu[3].CPUTime = counted(28_000) }},
		{"", func(s *serverSigns) { s.cpu[3].CPUTime = counted(25_000) }},
		{"unusual traffic", func(s *serverSigns) { s.traffic[3].DataReceived = counted(2 << 20) }},
		{"", func(s *serverSigns) { s.traffic[3].DataReceived = counted(1 << 19) }},
		{"its name leads elsewhere", func(s *serverSigns) {
			s.follow(vpsapi.Domain{ID: "51", Name: "Example.com"}, []vpsapi.Record{{Type: "a", Host: "WEB01", Data: vpsapi.RecordData{"192.0.2.9"}}})
		}},
		{"no DNS record leads to it", func(s *serverSigns) { s.follow(vpsapi.Domain{ID: "51", Name: "example.com"}, nil) }},
		{"", func(s *serverSigns) { s.follow(vpsapi.Domain{ID: "51", Name: "ample.com"}, nil) }},
		{"", func(s *serverSigns) {
			s.follow(vpsapi.Domain{ID: "51", Name: "example.com"}, []vpsapi.Record{{Type: "cname", Host: "web01", Data: vpsapi.RecordData{"other.example.com."}}, {Type: "a", Host: "other", Data: vpsapi.RecordData{"192.0.2.3"}}})
		}},
		{"its disk is smaller than its nodes allow", func(s *serverSigns) {
			s.server.DelayedStorage, s.server.DeployedDiskSize, s.server.AvailableDiskSize = &on, "20", "40"
		}},
		{"", func(s *serverSigns) {
			s.server.DelayedStorage, s.server.DeployedDiskSize, s.server.AvailableDiskSize = &on, "20", "20"
		}},
		{"an invoice is overdue, and what is not paid may be suspended", func(s *serverSigns) {
			s.invoices = []vpsapi.Invoice{{No: "9130", Status: "unpaid", DateDue: "2026-11-23T00:00:00Z"}, {No: "9131", Status: "open", DateDue: "2026-12-23T00:00:00Z"}}
		}},
		{"", func(s *serverSigns) {
			s.invoices = []vpsapi.Invoice{{No: "9130", Status: "paid"}, {No: "9131", Status: "open", DateDue: "2026-12-23T00:00:00Z"}}
		}},
		{"a ticket about it is open", func(s *serverSigns) { s.tickets = []vpsapi.Ticket{{ID: "979", Status: "Open"}} }},
	} {
		s := sound()
		c.change(&s)
		got := s.causes()
		const none = "none that the API shows for a slow or failing server"
		if beside := len(got) == 2 && got[0].Cause == none; beside { // what makes no server slow or fail stands after that
			got = got[1:]
		}
		if c.want == "" {
			c.want = none
		} else {
			checkCall(t, got[0])
		}
		if len(got) != 1 || got[0].Cause != c.want || got[0].Evidence == "" {
			t.Errorf("want %q, got %+v", c.want, got)
		}
	}
}

// checkCall holds that the next step of a cause is a function with arguments that it takes, or a tool of more than one.
func checkCall(t *testing.T, c Cause) {
	t.Helper()
	name, arguments, _ := strings.Cut(c.Next, " {")
	op := catalog.RowOf(name).Op
	if op == nil {
		if name != catalog.WaitForServer {
			t.Errorf("%s: the next step is not a call: %s", c.Cause, c.Next)
		}
		return
	}
	decoder := json.NewDecoder(strings.NewReader("{" + arguments))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(reflect.New(op.Info().In).Interface()); err != nil {
		t.Errorf("%s: %s does not take its arguments: %v", c.Cause, c.Next, err)
	}
}

func TestMentions(t *testing.T) {
	for _, c := range []struct {
		text, name string
		want       bool
	}{
		{"web01 is slow", "web01", true},
		{"about web01.", "web01", true},
		{"about (web01)", "web01", true},
		{"web01.other.com is slow", "web01", false},
		{"old-web01 is slow", "web01", false},
		{"web012", "web01", false},
		{"13841 and 1384", "1384", true},
		{"13841", "1384", false},
		{"192.0.2.31", "192.0.2.3", false},
		{"WEB SERVER 01!", "Web Server 01", true},
		{"a db is slow", "db", false},
		{"anything", "", false},
	} {
		if got := mentions(c.text, c.name); got != c.want {
			t.Errorf("mentions(%q, %q) = %v", c.text, c.name, got)
		}
	}
}
