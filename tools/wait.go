package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Waiting asks politely, and ends before clients give up a call.
const (
	firstPause = 2 * time.Second
	maxPause   = 15 * time.Second
	settle     = 10 * time.Millisecond // lets the last progress go out before the answer
)

// answerWithin is how long a call may work before it answers: clients give up after about a minute.
const answerWithin = 45 * time.Second

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

// waitFor adds to an answer what came of waiting for it. It looks after a pause:
// a server that was as wanted before (one that reboots) may not have begun yet.
func (s *Server) waitFor(ctx context.Context, o outcome, a *Answer) {
	until := rowNamed(o.query.Tool).until
	if until == nil {
		return
	}
	look := until(o.reader, o.plan, o.reply())
	if look == nil {
		return
	}
	left := max(0, time.Until(deadlineOf(ctx, answerWithin)).Round(time.Second)) // of what asking has left
	text, w, err := s.poll(ctx, look, patience{limit: left, late: true})
	if err != nil {
		text = "Waiting ended: " + o.reader.client.Clean(err.Error()) + "."
	}
	a.Text += "\n" + text
	b, err := json.Marshal(w)
	if members := membersOf(a.Structured); err == nil && len(members) > 0 {
		a.Structured = joined(append(members, member{name: "waited", value: b}))
	}
}

// waiter makes the look at what a call waits for; nil where the call names nothing to look at.
type waiter func(r *reader, p *plan.Plan, reply any) look

// untilServer waits until the server of a call, of either kind, is as wanted.
func untilServer(wanted until) waiter {
	return func(r *reader, p *plan.Plan, reply any) look {
		if id := ssdOf(p, reply); id != "" {
			return ssdIs(r, id, wanted)
		}
		if id := serverOf(p, reply); id != "" {
			return serverIs(r, id, wanted)
		}
		return nil
	}
}

// untilBackup waits until all backups of the call's server are built.
func untilBackup(r *reader, p *plan.Plan, reply any) look {
	if id := serverOf(p, reply); id != "" {
		return backupIs(r, id)
	}
	return nil
}

// untilClone waits until the newest clone of the call's server has ended.
func untilClone(r *reader, p *plan.Plan, reply any) look {
	if id := serverOf(p, reply); id != "" {
		return cloneIs(r, id)
	}
	return nil
}

// untilPlatform waits until the server of the newer API is as the call wanted it.
func untilPlatform(r *reader, p *plan.Plan, _ any) look { return platformLook(r, p) }

// serverOf is the server that a plan was about, or that its reply names.
func serverOf(p *plan.Plan, reply any) vpsapi.ServerID {
	if s, ok := reply.(vpsapi.Server); ok && s.ID != "" {
		return s.ID
	}
	return vpsapi.ServerID(p.FirstNamed("cloud server"))
}

// look sees once whether something is as wanted, says how it is, and which tool
// looks again.
type look func(ctx context.Context) (done bool, how, again string, err error)

func serverIs(r *reader, id vpsapi.ServerID, wanted until) look {
	return func(ctx context.Context) (bool, string, string, error) {
		now, err := vpsapi.GetServer.Call(ctx, r.client, vpsapi.GetServerIn{ServerID: id})
		if err != nil {
			return false, "", "", err
		}
		return wanted(now), describeState("cloud server", now), WaitForServer, nil
	}
}

func backupIs(r *reader, id vpsapi.ServerID) look {
	return func(ctx context.Context) (bool, string, string, error) {
		backups, err := vpsapi.ListBackups.Call(ctx, r.client, vpsapi.ListBackupsIn{ServerID: id})
		if err != nil {
			return false, "", "", err
		}
		for _, b := range backups {
			if b.Built != nil && !bool(*b.Built) {
				return false, fmt.Sprintf("backup %s is being made", words.IDText(b.ID)), vpsapi.ListBackups.Name, nil
			}
		}
		return true, "the backup is built", "", nil
	}
}

// cloneIs looks at the newest entry of a server's clone list: older ones may
// have ended in any way.
func cloneIs(r *reader, id vpsapi.ServerID) look {
	return func(ctx context.Context) (bool, string, string, error) {
		clones, err := vpsapi.ListClones.Call(ctx, r.client, vpsapi.ListClonesIn{ServerID: id})
		if err != nil {
			return false, "", "", err
		}
		if len(clones) == 0 {
			return false, "the clone is not listed yet", vpsapi.ListClones.Name, nil
		}
		newest := slices.MaxFunc(clones, func(a, b vpsapi.Clone) int { return cmp.Compare(number64(a.ID), number64(b.ID)) })
		status := strings.ToLower(string(newest.Status))
		ended := strings.Contains(status, "success") || strings.Contains(status, "fail") || strings.Contains(status, "error")
		return ended, fmt.Sprintf("clone %s, which makes cloud server %s, has the status %s",
			words.IDText(newest.ID), words.IDText(newest.ClonedServerID), vpsapi.Quote(string(newest.Status))), vpsapi.ListClones.Name, nil
	}
}

// number64 orders ids as the numbers that they are.
func number64[T any](id vpsapi.ID[T]) int64 {
	n, err := strconv.ParseInt(string(id), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

func describeState(kind string, s vpsapi.Server) string {
	state := "in an unknown state: the service does not say whether it runs"
	switch {
	case words.IsOn(s.Running):
		state = "running"
	case words.IsOff(s.Built):
		state = "being built"
	case words.IsOff(s.Running):
		state = "stopped"
	}
	switch {
	case s.PowerActionPending == nil:
		state += ", whether a task is pending is unknown"
	case bool(*s.PowerActionPending):
		state += ", a task is pending"
	}
	return fmt.Sprintf("%s %s (id %s) is %s", kind, vpsapi.Quote(string(s.Label)), words.IDText(s.ID), state)
}

// waited is what came of waiting, for who does not read the words.
type waited struct {
	Done  bool   `json:"done"`
	State string `json:"state,omitempty"`
}

// patience is how long to wait, and whether to pause before the first look.
type patience struct {
	limit time.Duration
	late  bool
}

// poll looks at a growing pace until it is done, the limit is over or the caller
// gives up; it sends progress in words.
func (s *Server) poll(ctx context.Context, look look, p patience) (string, waited, error) {
	tell := progressOf(ctx)
	pause, passed, how := min(firstPause, p.limit), time.Duration(0), "it was not looked at"
	until, cancel := untilHalt(ctx)
	defer cancel()
	for n := 1; ; n++ {
		if n > 1 || p.late {
			back := rest(ctx)
			err := s.options.Pause(until, pause)
			back()
			if err != nil {
				return "Waiting was given up; " + how + ".", waited{false, how}, nil
			}
			passed += pause
			pause = min(pause*3/2, maxPause, max(p.limit-passed, time.Second))
		}
		done, now, again, err := look(vpsapi.WithPatience(ctx))
		if err != nil {
			return "", waited{false, how}, err
		}
		how = now
		switch {
		case done:
			_ = s.options.Pause(ctx, settle)
			return "Now " + how + ".", waited{true, how}, nil
		case passed >= p.limit:
			_ = s.options.Pause(ctx, settle)
			return "Still pending: " + how + "; call " + again + " again.", waited{false, how}, nil
		}
		tell(how)
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
	var tell func(string)
	if call := rpc.Of(ctx); call != nil {
		if !call.TellsProgress() {
			return ctx
		}
		tell = call.Progress
	} else if m := request.Params.Meta; m != nil && m.ProgressToken != nil {
		var told atomic.Int64
		tell = func(message string) {
			if s := server.ServerFromContext(ctx); s != nil {
				_ = s.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), map[string]any{
					"progressToken": m.ProgressToken, "progress": told.Add(1), "message": message,
				})
			}
		}
	} else {
		return ctx
	}
	return withTeller(ctx, tell)
}

// withTeller gives the calls of a context a way to tell how they fare.
func withTeller(ctx context.Context, tell func(string)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// progressOf is how a call of a context tells how it fares; a client that did not
// ask for it is not told.
func progressOf(ctx context.Context) func(message string) {
	if tell, ok := ctx.Value(progressKey{}).(func(string)); ok {
		return tell
	}
	return func(string) {}
}

type waitArguments struct {
	ServerID vpsapi.AnyServerID `json:"server_id,omitempty"`
	SSD      vpsapi.SSDServerID `json:"ssd_server_id,omitempty"`
	State    string             `json:"state" jsonschema:"enum=running,enum=stopped,enum=built,enum=idle" jsonschema_description:"idle: no task pending"`
	Timeout  *vpsapi.Int        `json:"timeout,omitempty" jsonschema:"minimum=1" jsonschema_description:"Seconds, 45 at most"`
}

// Check holds that one server is named.
func (in waitArguments) Check() []vpsapi.Fault {
	if (in.ServerID == "") == (in.SSD == "") {
		return []vpsapi.Fault{{Field: "server_id", Message: "give it, or ssd_server_id, and not both"}}
	}
	return nil
}

func (s *Server) waitTool() *tool {
	return readTool(WaitForServer, "Wait for server",
		"Wait up to 45 seconds until a cloud or SSD server is running, stopped, built or idle; call again while it is pending.", "wait until ready finished running done server",
		"servers", func(ctx context.Context, r *reader, in waitArguments) (*Answer, error) {
			wanted := map[string]until{"running": runningNow, "stopped": stoppedNow, "built": builtNow, "idle": idleNow}[in.State]
			limit := answerWithin
			if in.Timeout != nil {
				limit = time.Duration(min(int64(*in.Timeout), int64(answerWithin/time.Second))) * time.Second
			}
			look := serverIs(r, vpsapi.ServerID(in.ServerID), wanted)
			if newer, ok := in.ServerID.Newer(); ok {
				look = platformIs(r, newer, in.State != "stopped")
			}
			if in.SSD != "" {
				look = ssdIs(r, in.SSD, wanted)
			}
			text, w, err := s.poll(ctx, look, patience{limit: limit})
			if err != nil {
				return nil, err
			}
			b, err := json.Marshal(w)
			return &Answer{Text: text, Structured: b}, err
		})
}
