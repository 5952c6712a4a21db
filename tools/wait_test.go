package tools

import (
	"context"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
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

// TestWaitIsGivenUp: a caller that goes away in the middle leaves nothing running.
func TestWaitIsGivenUp(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(context.Background())
	f := newFleet(t, Options{Consent: "flag", Pause: func(ctx context.Context, d time.Duration) error {
		cancel()
		return sleep(ctx, d)
	}}, nil)
	f.call("shutdown_cloud_server", `{"server_id":"1384","confirm":"yes"}`)
	a := f.server.Call(ctx, "wait_for_server", []byte(`{"server_id":"1384","state":"stopped"}`))
	if !strings.Contains(a.Text, "given up") {
		t.Errorf("%s", a.Text)
	}
}
