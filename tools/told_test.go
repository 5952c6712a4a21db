package tools

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
)

// TestEmptyListsSayWhy: a list of none says why there may be none, and what to try.
func TestEmptyListsSayWhy(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	for _, c := range []struct{ tool, arguments, want string }{
		{catalog.History, `{}`, "No matching change was made through vpsnet-mcp"},
		{vpsapi.ListNodes.Name, `{"filter":["type=nowhere"]}`, `type occurs as "vps"`},
		{vpsapi.ListJustifiedIPs.Name, `{}`, "The account has none, or none that fits the arguments."},
		{vpsapi.ListTickets.Name, `{"status":"closed"}`, "Without status, tickets of every status are listed."},
	} {
		if a := f.call(c.tool, c.arguments); a.IsError || !strings.Contains(a.Text, c.want) {
			t.Errorf("%s %s: %s", c.tool, c.arguments, a.Text)
		}
	}
}

// TestLogNamesTheCaller: a hosted server's log says who called.
func TestLogNamesTheCaller(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	ctx := WithCaller(context.Background(), confirm.Caller{Name: "night-watch", Client: f.server.options.Client})
	f.server.Call(ctx, vpsapi.GetProfile.Name, json.RawMessage(`{}`))
	if !strings.Contains(f.log.String(), `"caller":"night-watch"`) {
		t.Errorf("the log:\n%s", f.log.String())
	}
}
