package tools

import (
	"context"
	"fmt"
	"reflect"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// lookupSSD lists what SSD servers may be called.
func lookupSSD(ctx context.Context, r *reader, _ reflect.Value) ([]candidate, error) {
	servers, err := read(ctx, r, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(servers))
	for i, s := range servers {
		all[i] = serverCandidate(words.AsServer(s))
	}
	return all, nil
}

// ssd adds an SSD server; to the policy it is a server.
func (t *touch) ssd(ctx context.Context, id vpsapi.SSDServerID) error {
	s, err := t.r.ssdServer(ctx, id)
	if err == nil {
		t.add(policy.Thing{Kind: "server", ID: string(s.ID), Label: string(s.Label), Cloud: string(s.CloudID)})
	}
	return err
}

// ssdOf is the SSD server that a plan was about, or that its reply names.
func ssdOf(p *plan.Plan, reply any) vpsapi.SSDServerID {
	if s, ok := reply.(vpsapi.SSDServer); ok && s.ID != "" {
		return s.ID
	}
	return vpsapi.SSDServerID(p.FirstNamed("SSD server"))
}

func ssdIs(r *reader, id vpsapi.SSDServerID, wanted until) look {
	return func(ctx context.Context) (bool, string, string, error) {
		now, err := vpsapi.GetSSDServer.Call(ctx, r.client, vpsapi.GetSSDServerIn{ID: id})
		if err != nil {
			return false, "", "", err
		}
		now.ID = id
		return wanted(words.AsServer(now)), describeState("SSD server", words.AsServer(now)), "wait_for_server", nil
	}
}

// ssdConcerns are what a fleet report says of SSD servers, worst first.
var ssdConcerns = []struct {
	what, next string
	of         func(s vpsapi.SSDServer) bool
}{
	{"SSD servers that are off, and billed", vpsapi.ListSSDServers.Name + ` {"filter":["running=false"]}`, func(s vpsapi.SSDServer) bool {
		return words.IsOff(s.Running) && !words.IsOn(s.PowerActionPending)
	}},
	{"SSD servers with a task pending", vpsapi.ListSSDServers.Name + ` {"filter":["power_action_pending=true"]}`, func(s vpsapi.SSDServer) bool {
		return words.IsOn(s.PowerActionPending)
	}},
}

// ssdNamed names the SSD servers that something is true of.
func (a *holdings) ssdNamed(of func(vpsapi.SSDServer) bool) []string {
	var names []string
	for _, s := range a.ssd {
		if of(s) {
			names = append(names, fmt.Sprintf("%s %s", s.ID, clipRunes(string(s.Label), mostRunes)))
		}
	}
	return names
}
