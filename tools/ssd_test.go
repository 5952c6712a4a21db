package tools

import (
	"strings"
	"testing"
	"time"
)

// TestSSDServersAreKnownAbove: fleet_report, names and waits know SSD servers.
func TestSSDServersAreKnownAbove(t *testing.T) {
	f := waiting(t)
	made := f.call("create_ssd_server", `{"ssd_vps_plan":"2","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"test SSD cloud","backups_enabled":false,"rsync_backups_enabled":false,"confirm":"yes"}`)
	if made.IsError {
		t.Fatal(made.Text)
	}
	if a := f.call("fleet_report", `{}`); !strings.Contains(a.Text, "ssd_servers: 1") || !strings.Contains(a.Text, "SSD servers with a task pending | 1 | 5018 fast1 |") {
		t.Errorf("fleet: %s", a.Text)
	}
	f.now = f.now.Add(time.Hour)
	if a := f.call("wait_for_server", `{"ssd_server_id":"fast1.example.com","state":"running"}`); a.IsError || !strings.Contains(a.Text, "SSD server") || !strings.Contains(a.Text, "running") {
		t.Errorf("wait: %s", a.Text)
	}
	if a := f.call("shutdown_ssd_server", `{"ssd_server_id":"fast1","wait":true,"confirm":"yes"}`); a.IsError || !strings.Contains(a.Text, `Now SSD server "fast1" (id 5018) is stopped.`) {
		t.Errorf("shut down: %s", a.Text)
	}
	if a := f.call("fleet_report", `{}`); !strings.Contains(a.Text, "SSD servers that are switched off, and still billed | 1 | 5018 fast1 |") {
		t.Errorf("fleet: %s", a.Text)
	}
	for _, arguments := range []string{`{"state":"running"}`, `{"state":"running","server_id":"1384","ssd_server_id":"fast1"}`} {
		if a := f.call("wait_for_server", arguments); !a.IsError || !strings.Contains(a.Text, "ssd_server_id") {
			t.Errorf("%s: %s", arguments, a.Text)
		}
	}
}

// TestOneNameOverBothKinds: where a cloud server and an SSD server share a name,
// what a person types to delete either has its id too.
func TestOneNameOverBothKinds(t *testing.T) {
	l := newLab(t, nil)
	l.do("create_ssd_server", `{"ssd_vps_label":"WEB server 01","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`)
	for tool, c := range map[string]struct{ arguments, want string }{
		"delete_cloud_server": {`{"server_id":"1384"}`, "Web Server 01 1384"},
		"delete_ssd_server":   {`{"ssd_server_id":"5018"}`, "WEB server 01 5018"},
	} {
		call, refused := l.server.prepare(t.Context(), tool, []byte(c.arguments))
		w, instead := l.server.planner.PlanCall(t.Context(), call)
		if refused != nil || instead != nil {
			t.Fatal(refused, instead)
		}
		if got := w.WordToType(t.Context()); got != c.want {
			t.Errorf("%s: %q is typed, want %q", tool, got, c.want)
		}
	}
}
