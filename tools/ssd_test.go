package tools

import (
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// TestSSDServersAreKnownAbove: fleet_report, names and waits know SSD servers.
func TestSSDServersAreKnownAbove(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
	made := f.call("create_ssd_server", `{"ssd_vps_plan":"2","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"test SSD cloud","backups_enabled":false,"rsync_backups_enabled":false,"confirm":"yes"}`)
	if made.IsError {
		t.Fatal(made.Text)
	}
	if a := f.call("fleet_report", `{}`); !strings.Contains(a.Text, "ssd_servers: 1") || !strings.Contains(a.Text, "fast1") {
		t.Errorf("fleet: %s", a.Text)
	}
	f.now = f.now.Add(time.Hour)
	if a := f.call("wait_for_server", `{"ssd_server_id":"fast1.example.com","state":"running"}`); a.IsError || !strings.Contains(a.Text, "SSD server") || !strings.Contains(a.Text, "running") {
		t.Errorf("wait: %s", a.Text)
	}
	for _, arguments := range []string{`{"state":"running"}`, `{"state":"running","server_id":"1384","ssd_server_id":"fast1"}`} {
		if a := f.call("wait_for_server", arguments); !a.IsError || !strings.Contains(a.Text, "ssd_server_id") {
			t.Errorf("%s: %s", arguments, a.Text)
		}
	}
}
