// Package wait looks at something until it is as wanted, at a pace that is polite, and ends before
// clients give up a call. What is looked at comes from tools/catalog, when to end from tools/calls;
// it knows neither the tools nor the protocol.
package wait

import (
	"context"
	"encoding/json"
	"time"

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

// Result is what came of waiting, as structured content.
type Result struct {
	Done  bool   `json:"done"`
	State string `json:"state,omitempty"`
}

// Pause pauses as long as d, or until ctx ends: then it says why.
type Pause func(ctx context.Context, d time.Duration) error

// Limit is how long to wait, and whether to pause before the first look.
type Limit struct {
	For  time.Duration
	Late bool
}

// Poll looks at a growing pace until it is done, the limit is over or the caller
// gives up, with a rest between two looks; it sends progress in words.
func Poll(ctx context.Context, rest Pause, look catalog.Look, p Limit) (string, Result, error) {
	tell := calls.ProgressOf(ctx)
	pause, passed, how := min(firstPause, p.For), time.Duration(0), "it was not looked at"
	until, cancel := calls.UntilHalt(ctx)
	defer cancel()
	for n := 1; ; n++ {
		if n > 1 || p.Late {
			back := calls.LeavePlace(ctx)
			err := rest(until, pause)
			back()
			if err != nil {
				return "Waiting stopped; " + how + ".", Result{false, how}, nil
			}
			passed += pause
			pause = min(pause*3/2, maxPause, max(p.For-passed, time.Second))
		}
		done, now, again, err := look(vpsapi.WithLowPriority(ctx))
		if err != nil {
			return "", Result{false, how}, err
		}
		how = now
		switch {
		case done:
			_ = rest(ctx, progressDrain)
			return "Now " + how + ".", Result{true, how}, nil
		case passed >= p.For:
			_ = rest(ctx, progressDrain)
			return stillText(how, again), Result{false, how}, nil
		}
		tell(how)
	}
}

// stillText says how something is that is not as wanted.
func stillText(how, again string) string {
	if again == "" {
		return "Not reached: " + how + "."
	}
	return "Still pending: " + how + "; to wait on: " + again + "."
}

// Sleep waits for d, or until the context ends.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Arguments are those of wait_for_server; a server is named by one of the two ids.
type Arguments struct {
	ServerID vpsapi.AnyServerID `json:"server_id,omitempty"`
	SSD      vpsapi.SSDServerID `json:"ssd_server_id,omitempty"`
	State    string             `json:"state" jsonschema:"enum=running,enum=stopped,enum=built,enum=idle" jsonschema_description:"idle: no task pending"`
	Timeout  *vpsapi.Int        `json:"timeout,omitempty" jsonschema:"minimum=1" jsonschema_description:"Seconds, 45 at most"`
}

// Check refuses a call that names no server, or two.
func (in Arguments) Check() []vpsapi.Fault {
	if (in.ServerID == "") == (in.SSD == "") {
		return []vpsapi.Fault{{Field: "server_id", Message: "give it, or ssd_server_id, and not both"}}
	}
	return nil
}

// ForServer waits until a server is as wanted.
func ForServer(ctx context.Context, r *account.Reader, rest Pause, in Arguments) (*answer.Answer, error) {
	wanted := map[string]catalog.Until{"running": catalog.Running, "stopped": catalog.Stopped, "built": catalog.Built, "idle": catalog.Idle}[in.State]
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
	text, w, err := Poll(ctx, rest, look, Limit{For: limit})
	if err != nil {
		return nil, err
	}
	b, err := json.Marshal(w)
	return &answer.Answer{Text: text, Structured: b, Pending: !w.Done}, err
}
