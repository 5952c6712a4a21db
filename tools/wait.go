package tools

import (
	"context"
	"fmt"
	"time"

	"github.com/mark3labs/mcp-go/mcp"

	"vpsnet-mcp/vpsapi"
)

// Waiting asks politely, and ends before clients give up a call.
const (
	firstPause = 2 * time.Second
	maxPause   = 15 * time.Second
	slice      = 45 * time.Second      // of waiting in one call
	settle     = 10 * time.Millisecond // lets the last progress go out before the answer
)

// waitArgument is added to the arguments of tools whose work takes time.
type waitArgument struct {
	Wait *vpsapi.Flag `json:"wait,omitempty" jsonschema_description:"Until it is done, 45 s at most"`
}

// until says when a server is as a call wanted it.
type until func(vpsapi.Server) bool

func idleNow(s vpsapi.Server) bool {
	return s.PowerActionPending != nil && !bool(*s.PowerActionPending)
}
func runningNow(s vpsapi.Server) bool { return idleNow(s) && s.Running != nil && bool(*s.Running) }
func stoppedNow(s vpsapi.Server) bool { return idleNow(s) && s.Running != nil && !bool(*s.Running) }
func builtNow(s vpsapi.Server) bool   { return runningNow(s) && (s.Built == nil || bool(*s.Built)) }

// waits are the functions that can wait, and for what.
var waits = map[string]until{
	"create_cloud_server": builtNow, "create_instant_cloud_server": builtNow,
	"shutdown_cloud_server": stoppedNow, "power_off_cloud_server": stoppedNow,
	"reboot_cloud_server": runningNow, "start_cloud_server": runningNow,
	"rebuild_cloud_server": builtNow, "reinstall_cloud_server": builtNow, "rebuild_cloud_server_network": idleNow,
	"restore_cloud_server": idleNow, "reset_root_password": idleNow, "deploy_all_storage": idleNow, "clone_cloud_server": idleNow,
	"create_ssd_server": builtNow, "start_ssd_server": runningNow, "reboot_ssd_server": runningNow,
	"shutdown_ssd_server": stoppedNow, "power_off_ssd_server": stoppedNow,
	"create_backup": nil, // by the list of backups
}

// waitFor adds to an answer what came of waiting for it.
func (s *Server) waitFor(ctx context.Context, c *call, r *reader, answer *Answer, reply any) {
	if id := ssdOf(c.plan, reply); id != "" {
		answer.Text += "\n" + s.poll(ctx, s.ssdIs(r, id, waits[c.acts()]))
		return
	}
	id := serverOf(c.plan, reply)
	if id == "" {
		return
	}
	look := s.serverIs(r, id, waits[c.acts()])
	if c.acts() == "create_backup" {
		look = s.backupIs(r, id)
	}
	answer.Text += "\n" + s.poll(ctx, look)
}

// serverOf is the server that a plan was about, or that its reply names.
func serverOf(p *Plan, reply any) vpsapi.ServerID {
	if s, ok := reply.(vpsapi.Server); ok && s.ID != "" {
		return s.ID
	}
	for _, step := range p.Steps {
		for _, n := range namedIn(step.In) {
			if n.kind == "cloud server" {
				return vpsapi.ServerID(n.id)
			}
		}
	}
	return ""
}

// look sees once whether something is as wanted, and says how it is.
type look func(ctx context.Context) (done bool, how string, err error)

func (s *Server) serverIs(r *reader, id vpsapi.ServerID, wanted until) look {
	return func(ctx context.Context) (bool, string, error) {
		now, err := vpsapi.GetServer.Call(ctx, r.client, vpsapi.GetServerIn{ServerID: id})
		if err != nil {
			return false, "", err
		}
		return wanted(now), describeState("cloud server", now), nil
	}
}

func (s *Server) backupIs(r *reader, id vpsapi.ServerID) look {
	return func(ctx context.Context) (bool, string, error) {
		backups, err := vpsapi.ListBackups.Call(ctx, r.client, vpsapi.ListBackupsIn{ServerID: id})
		if err != nil {
			return false, "", err
		}
		for _, b := range backups {
			if b.Built != nil && !bool(*b.Built) {
				return false, fmt.Sprintf("backup %s is being made", b.ID), nil
			}
		}
		return true, "the backup is built", nil
	}
}

func describeState(kind string, s vpsapi.Server) string {
	state := "stopped"
	switch {
	case s.Running != nil && bool(*s.Running):
		state = "running"
	case s.Built != nil && !bool(*s.Built):
		state = "being built"
	}
	if !idleNow(s) {
		state += ", a task is pending"
	}
	return fmt.Sprintf("%s %s (id %s) is %s", kind, vpsapi.Quote(string(s.Label)), s.ID, state)
}

// poll looks at a growing pace until it is done, the slice is over or the caller
// gives up; it sends progress in words.
func (s *Server) poll(ctx context.Context, look look) string {
	tell := progressOf(ctx)
	pause, waited := firstPause, time.Duration(0)
	for n := 1; ; n++ {
		done, how, err := look(ctx)
		switch {
		case err != nil:
			return "Waiting ended: " + err.Error() + "."
		case done:
			_ = s.options.Pause(ctx, settle)
			return "Now " + how + "."
		case waited >= slice:
			_ = s.options.Pause(ctx, settle)
			return "Still pending: " + how + "; call wait_for_server again."
		}
		tell(n, how)
		if err := s.options.Pause(ctx, pause); err != nil {
			return "Waiting was given up; " + how + "."
		}
		waited += pause
		pause = min(pause*3/2, maxPause, max(slice-waited, time.Second))
	}
}

// sleep is the pause between looks, ended by the context.
func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

type progressKey struct{}

// withProgress lets calls of a context tell how they fare, when the client asked
// for it.
func withProgress(ctx context.Context, request mcp.CallToolRequest) context.Context {
	if m := request.Params.Meta; m != nil && m.ProgressToken != nil {
		token := m.ProgressToken
		return context.WithValue(ctx, progressKey{}, func(n int, message string) { progress(ctx, token, n, message) })
	}
	return ctx
}

func progressOf(ctx context.Context) func(n int, message string) {
	if tell, ok := ctx.Value(progressKey{}).(func(int, string)); ok {
		return tell
	}
	return func(int, string) {}
}

type waitArguments struct {
	ServerID vpsapi.ServerID    `json:"server_id,omitempty"`
	SSD      vpsapi.SSDServerID `json:"ssd_server_id,omitempty"`
	State    string             `json:"state" jsonschema:"enum=running,enum=stopped,enum=built,enum=idle" jsonschema_description:"idle: no task pending"`
}

// Check holds that one server is named.
func (in waitArguments) Check() []vpsapi.Fault {
	if (in.ServerID == "") == (in.SSD == "") {
		return []vpsapi.Fault{{Field: "server_id", Message: "give it, or ssd_server_id, and not both"}}
	}
	return nil
}

func (s *Server) waitTool() *tool {
	return readTool("wait_for_server", "Wait for server",
		"Wait up to 45 seconds until a cloud or SSD server is running, stopped, built or idle; call again while it is pending.",
		"servers", func(ctx context.Context, r *reader, in waitArguments) (*Answer, error) {
			wanted := map[string]until{"running": runningNow, "stopped": stoppedNow, "built": builtNow, "idle": idleNow}[in.State]
			look := s.serverIs(r, in.ServerID, wanted)
			if in.SSD != "" {
				look = s.ssdIs(r, in.SSD, wanted)
			}
			if _, _, err := look(ctx); err != nil {
				return nil, err
			}
			return &Answer{Text: s.poll(ctx, look)}, nil
		})
}
