package account

import (
	"context"
	"reflect"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// SSDServer reads an SSD server.
func (r *Reader) SSDServer(ctx context.Context, id vpsapi.SSDServerID) (vpsapi.SSDServer, error) {
	s, err := Read(ctx, r, vpsapi.GetSSDServer, vpsapi.GetSSDServerIn{ID: id})
	s.ID = id
	return s, err
}

// SSDThing is an SSD server as a plan names it.
func SSDThing(s vpsapi.SSDServer) plan.Thing {
	return plan.Thing{Kind: "SSD server", ID: string(s.ID), Label: string(s.Label)}
}

// lookupSSD lists what SSD servers may be called.
func lookupSSD(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	servers, err := Read(ctx, r, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(servers))
	for i, s := range servers {
		all[i] = serverCandidate(words.ServerOfSSD(s))
	}
	return all, nil
}

// ssd adds an SSD server; to the policy it is a server.
func (t *touchedThings) ssd(ctx context.Context, id vpsapi.SSDServerID) error {
	s, err := t.r.SSDServer(ctx, id)
	if err == nil {
		t.add(ssdTarget(s))
	}
	return err
}

// ssdTarget returns an SSD server as what policy rules name.
func ssdTarget(s vpsapi.SSDServer) policy.Thing {
	return policy.Thing{Kind: "server", ID: string(s.ID), Label: string(s.Label), Cloud: string(s.CloudID)}
}
