package tools

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

// The pauses of a call that waits for a server.
const (
	firstPause    = 2 * time.Second       // before the second look at the server; each later pause is longer
	maxPause      = 15 * time.Second      // the longest pause between two looks
	progressDrain = 10 * time.Millisecond // lets the last progress message go out before the answer
)

// waitFor adds to an answer what came of waiting for it. It looks after a pause:
// a server that was as wanted before (one that reboots) may not have begun yet.
func (s *Server) waitFor(ctx context.Context, o outcome, a *answer.Answer) {
	until := catalog.RowOf(o.query.Tool).Until
	if until == nil {
		return
	}
	look := until(o.reader, o.plan, o.lastReply())
	if look == nil {
		return
	}
	left := max(0, time.Until(calls.DeadlineOf(ctx, calls.AnswerTimeout)).Round(time.Second)) // of what asking has left
	text, w, err := s.poll(ctx, look, waitLimit{limit: left, late: true})
	if err != nil {
		text = strings.TrimSuffix("Waiting ended: "+o.reader.Client.Clean(err.Error())+". "+o.plan.Words.After, " ")
	}
	a.Text += "\n" + text
	b, err := json.Marshal(w)
	if members := answer.Members(a.Structured); err == nil && len(members) > 0 {
		a.Structured = answer.Join(append(members, answer.Member{Name: "waited", Value: b}))
	}
}

// waitResult is what came of waiting, as structured content.
type waitResult struct {
	Done  bool   `json:"done"`
	State string `json:"state,omitempty"`
}

// waitLimit is how long to wait, and whether to pause before the first look.
type waitLimit struct {
	limit time.Duration
	late  bool
}

// poll looks at a growing pace until it is done, the limit is over or the caller
// gives up; it sends progress in words.
func (s *Server) poll(ctx context.Context, look catalog.Look, p waitLimit) (string, waitResult, error) {
	tell := calls.ProgressOf(ctx)
	pause, passed, how := min(firstPause, p.limit), time.Duration(0), "it was not looked at"
	until, cancel := calls.UntilHalt(ctx)
	defer cancel()
	for n := 1; ; n++ {
		if n > 1 || p.late {
			back := calls.LeavePlace(ctx)
			err := s.options.Pause(until, pause)
			back()
			if err != nil {
				return "Waiting stopped; " + how + ".", waitResult{false, how}, nil
			}
			passed += pause
			pause = min(pause*3/2, maxPause, max(p.limit-passed, time.Second))
		}
		done, now, again, err := look(vpsapi.WithLowPriority(ctx))
		if err != nil {
			return "", waitResult{false, how}, err
		}
		how = now
		switch {
		case done:
			_ = s.options.Pause(ctx, progressDrain)
			return "Now " + how + ".", waitResult{true, how}, nil
		case passed >= p.limit:
			_ = s.options.Pause(ctx, progressDrain)
			return stillText(how, again), waitResult{false, how}, nil
		}
		tell(how)
	}
}

// stillText says how something is that is not as wanted.
func stillText(how, again string) string {
	if again == "" {
		return "Not reached: " + how + "."
	}
	return "Still pending: " + how + "; call " + again + " again."
}

// sleep waits for d, or until the context ends.
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

// withProgress returns a context in which calls report progress, when the client asked for it.
func withProgress(ctx context.Context, request mcp.CallToolRequest) context.Context {
	var tell func(string)
	if call := rpc.CallOf(ctx); call != nil {
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
	return calls.WithProgress(ctx, tell)
}

// waitArguments are the arguments of wait_for_server; a server is named by one of the two ids.
type waitArguments struct {
	ServerID vpsapi.AnyServerID `json:"server_id,omitempty"`
	SSD      vpsapi.SSDServerID `json:"ssd_server_id,omitempty"`
	State    string             `json:"state" jsonschema:"enum=running,enum=stopped,enum=built,enum=idle" jsonschema_description:"idle: no task pending"`
	Timeout  *vpsapi.Int        `json:"timeout,omitempty" jsonschema:"minimum=1" jsonschema_description:"Seconds, 45 at most"`
}

// Check refuses a call that names no server, or two.
func (in waitArguments) Check() []vpsapi.Fault {
	if (in.ServerID == "") == (in.SSD == "") {
		return []vpsapi.Fault{{Field: "server_id", Message: "give it, or ssd_server_id, and not both"}}
	}
	return nil
}

// waitTool returns the tool that waits for a server's state, 45 s at most.
func (s *Server) waitTool() *tool {
	return readTool(catalog.WaitForServer, "Wait for server",
		"Wait up to 45 seconds until a cloud or SSD server is running, stopped, built or idle; call again while it is pending.", "wait until ready finished running done server",
		"servers", func(ctx context.Context, r *account.Reader, in waitArguments) (*answer.Answer, error) {
			wanted := map[string]catalog.Until{"running": catalog.IsRunning, "stopped": catalog.IsStopped, "built": catalog.IsBuilt, "idle": catalog.IsIdle}[in.State]
			limit := calls.AnswerTimeout
			if in.Timeout != nil {
				limit = time.Duration(min(int64(*in.Timeout), int64(calls.AnswerTimeout/time.Second))) * time.Second
			}
			look := catalog.LookAtServer(r, vpsapi.ServerID(in.ServerID), wanted)
			if newer, ok := in.ServerID.Newer(); ok {
				look = catalog.LookAtPlatform(r, newer, in.State != "stopped")
			}
			if in.SSD != "" {
				look = catalog.LookAtSSD(r, in.SSD, wanted)
			}
			text, w, err := s.poll(ctx, look, waitLimit{limit: limit})
			if err != nil {
				return nil, err
			}
			b, err := json.Marshal(w)
			return &answer.Answer{Text: text, Structured: b}, err
		})
}
