package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
)

// reader is a person who says no, and keeps what they were asked.
type reader struct{ last answer.Question }

func (r *reader) Ask(_ context.Context, q answer.Question) (confirm.Reply, error) {
	r.last = q
	return confirm.Reply{Code: q.Code}, nil
}

// TestANoIsBeyondAnEarlierYes: what was agreed to before the plan was read, as by --yes, does
// not cover what a person said no to in the last ten minutes.
func TestANoIsBeyondAnEarlierYes(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
	who := &reader{}
	ask := func() string {
		f.server.Call(confirm.WithAsker(t.Context(), who), "reboot_cloud_server", json.RawMessage(`{"server_id":"1384"}`))
		return who.last.Extra
	}
	if extra := ask(); extra != "" {
		t.Errorf("beyond the call at first: %q", extra)
	}
	if extra := ask(); !strings.Contains(extra, "a person declined") {
		t.Errorf("beyond the call after a no: %q", extra)
	}
	f.now = f.now.Add(11 * time.Minute)
	if extra := ask(); extra != "" {
		t.Errorf("beyond the call ten minutes later: %q", extra)
	}
}
