package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"vpsnet-mcp/tools/wait"
)

// waiting is a fleet whose clock moves while it waits.
func waiting(t *testing.T) *fleet {
	var f *fleet
	f = newFleet(t, Options{Consent: "flag", Policy: generous(), Pause: func(ctx context.Context, d time.Duration) error {
		f.now = f.now.Add(d)
		return ctx.Err()
	}}, nil)
	return f
}

func TestWait(t *testing.T) {
	f := waiting(t)
	for _, c := range []struct{ tool, arguments, want string }{
		{"shutdown_cloud_server", `{"server_id":"web01","confirm":"yes","wait":true}`, "Now cloud server \"Web Server 01\" (id 1384) is stopped"},
		{"start_cloud_server", `{"server_id":"web01"}`, "Done"},
		{"wait_for_server", `{"server_id":"web01","state":"running"}`, "is running"},
		{"create_backup", `{"server_id":"web01"}`, "Done"},
		{"create_cloud_server", `{"label":"New","fqdn":"new.example.com","system_template_id":"9","cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1,"confirm":"yes","wait":true}`, "Still pending"},
		{"wait_for_server", `{"server_id":"New","state":"built"}`, "Still pending"},
		{"wait_for_server", `{"server_id":"New","state":"built"}`, "Now cloud server \"New\""},
		{"create_backup", `{"server_id":"mysql01","wait":true}`, `to wait on: list_backups {"server_id":"1385"}`},
		{"clone_cloud_server", `{"server_id":"mysql01","cloud_id":"3","confirm":"yes","wait":true}`, `to wait on: list_clones {"server_id":"1385"}`},
	} {
		a := f.call(c.tool, c.arguments)
		if a.IsError || !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: error %v, want %q in %s", c.tool, c.arguments, a.IsError, c.want, a.Text)
		}
	}
	if a := f.call("wait_for_server", `{"server_id":"99999","state":"built"}`); !a.IsError {
		t.Errorf("an unknown server: %s", a.Text)
	}
}

// TestRebootIsWaitedFor: a server that runs is not taken for one that has
// rebooted.
func TestRebootIsWaitedFor(t *testing.T) {
	f := waiting(t)
	a := f.call("reboot_cloud_server", `{"server_id":"1384","confirm":"yes","wait":true}`)
	if !strings.Contains(a.Text, "Now cloud server") || !strings.Contains(string(a.Structured), `"waited":{"done":true,`) {
		t.Errorf("%s %s", a.Text, a.Structured)
	}
	if log := f.call("get_activity_log", `{"server_id":"1384"}`).Text; !strings.Contains(log, "reboot | complete | "+f.now.Format("2006-01-02")) {
		t.Errorf("it was not waited for: %s", log)
	}
}

// TestWaitIsPolite: the looks grow apart, and end in time.
func TestWaitIsPolite(t *testing.T) {
	for timeout, want := range map[string]string{
		"":                     "[2s 3s 4.5s 6.75s 10.125s 15s 3.625s 10ms]",
		`,"timeout":5`:         "[2s 3s 10ms]",
		`,"timeout":1`:         "[1s 10ms]",
		`,"timeout":999999999`: "[2s 3s 4.5s 6.75s 10.125s 15s 3.625s 10ms]",
	} {
		var pauses []time.Duration
		f := newFleet(t, Options{Pause: func(_ context.Context, d time.Duration) error { pauses = append(pauses, d); return nil }}, nil)
		f.tap.take()
		a := f.call("wait_for_server", `{"server_id":"1384","state":"stopped"`+timeout+`}`)
		if got := fmt.Sprint(pauses); got != want {
			t.Errorf("timeout %q: the pauses are %s, want %s", timeout, got, want)
		}
		if n := len(f.tap.take()); n != len(pauses) {
			t.Errorf("timeout %q: %d looks, %d pauses", timeout, n, len(pauses))
		}
		if !strings.HasSuffix(a.Text, "shutdown_cloud_server stops it.") || !strings.Contains(string(a.Structured), `"done":false`) {
			t.Errorf("%s %s", a.Text, a.Structured)
		}
	}
}

// TestWaitIsGivenUp: a caller that goes away in the middle leaves nothing running.
func TestWaitIsGivenUp(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(context.Background())
	f := newFleet(t, Options{Consent: "flag", Pause: func(ctx context.Context, d time.Duration) error {
		cancel()
		return wait.Sleep(ctx, d)
	}}, nil)
	f.call("shutdown_cloud_server", `{"server_id":"1384","confirm":"yes"}`)
	a := f.server.Call(ctx, "wait_for_server", []byte(`{"server_id":"1384","state":"stopped"}`))
	if !strings.Contains(a.Text, "Waiting stopped") {
		t.Errorf("%s", a.Text)
	}
}

// TestWaitedIsShownAlone: an answer that waited shows the state that was seen last, and not beside it the one of the reply before.
func TestWaitedIsShownAlone(t *testing.T) {
	for _, call := range []string{
		`shutdown_cloud_server {"server_id":"web01","confirm":"yes","wait":true}`,
		`start_cloud_server {"server_id":"web01","wait":true}`,
		`reboot_cloud_server {"server_id":"web01","confirm":"yes","wait":true}`,
		`create_backup {"server_id":"web01","wait":true}`,
		`create_cloud_server {"label":"New","fqdn":"new.example.com","system_template_id":"9","cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1,"confirm":"yes","wait":true}`,
		`clone_cloud_server {"server_id":"web01","cloud_id":"3","confirm":"yes","wait":true}`,
		`create_ssd_server {"ssd_vps_plan":"2","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false,"confirm":"yes","wait":true}`,
		`shutdown_ssd_server {"ssd_server_id":"fast1","wait":true,"confirm":"yes"}`,
	} {
		f := waiting(t)
		if strings.HasPrefix(call, "start_") {
			f.call("shutdown_cloud_server", `{"server_id":"web01","confirm":"yes","wait":true}`)
		}
		if strings.HasPrefix(call, "shutdown_ssd") {
			f.call("create_ssd_server", `{"ssd_vps_plan":"2","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false,"confirm":"yes","wait":true}`)
		}
		f.now = f.now.Add(20 * time.Minute)
		tool, arguments, _ := strings.Cut(call, " ")
		a := f.call(tool, arguments)
		var told map[string]json.RawMessage
		if err := json.Unmarshal(a.Structured, &told); err != nil || a.IsError || told["waited"] == nil {
			t.Fatalf("%s: %v: %s", call, err, a.Text)
		}
		for _, field := range []string{"running", "built", "power_action_pending", "virtual_machine_status", "status"} {
			if told[field] != nil || strings.Contains(a.Text, "\n"+field+": ") {
				t.Errorf("%s: %s %s beside %s", call, field, told[field], told["waited"])
			}
		}
	}
}
