package catalog

import (
	"context"
	"fmt"
	"slices"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planRecoverServer plans recover_cloud_server: what the call would change, cost and break. It only reads.
func planRecoverServer(ctx context.Context, r *account.Reader, in vpsapi.RecoverServerIn) (*plan.Plan, error) {
	account.Prefetch(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "vps"})
	p, err := plan.New(r.Client, vpsapi.RecoverServer, in)
	if err != nil {
		return nil, err
	}
	deleted, err := account.Read(ctx, r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(deleted, func(s vpsapi.Server) bool { return s.ID == in.ServerID })
	if i < 0 {
		if s, err := r.Server(ctx, in.ServerID); err == nil {
			p.Thing, p.Nothing = account.ServerThing(s), account.ServerThing(s).String()+" is not deleted"
			return p, nil
		}
		return nil, fmt.Errorf("%s: cloud server %s is not among those that can be recovered, according to "+vpsapi.ListRecoverableServers.Name+"; nothing was sent", p.Tool, in.ServerID)
	}
	s := deleted[i]
	p.Thing = account.ServerThing(s)
	p.NeedAs(s)
	p.Say("Bring back cloud server %s (id %s).", vpsapi.Quote(string(s.Label)), words.IDText(s.ID))
	p.Words.Cost = "its nodes are billed as before; whether they must still be free on the account, or are bought, is not documented"
	p.Words.Undo = vpsapi.DeleteServer.Name + " deletes it again."
	recoveredNodes(ctx, p, r, s)
	return p, nil
}

// recoveredNodes takes nodes that a server had, and that are not free on the account by
// now, for bought: whether they are is not documented.
func recoveredNodes(ctx context.Context, p *plan.Plan, r *account.Reader, s vpsapi.Server) {
	monthly, daily, _ := words.NodeCounts(s)
	missing := 0
	for _, n := range []struct {
		kind  string
		count *vpsapi.Int
		daily bool
	}{
		{"vps", monthly, false}, {"vps", daily, true}, {"ram", s.RAMNodesCount, false}, {"storage", s.StorageNodesCount, false}, {"bandwidth", s.BandwidthNodesCount, false},
	} {
		if n.count == nil || *n.count == 0 {
			continue
		}
		all, err := account.Read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: n.kind})
		free := 0
		for _, node := range all {
			if user := words.UsingServer(node.VirtualMachineID); (user == "" || user == s.ID) && words.IsOn(node.DailyNode) == n.daily {
				free++
			}
		}
		if err != nil {
			free = 0 // that they are bought cannot be ruled out
		}
		missing += max(0, int(*n.count)-free)
	}
	if missing == 0 {
		return
	}
	p.SetEffect(vpsapi.Commits, "may buy nodes")
	p.Does(vpsapi.CreateNodes, plan.Thing{})
	p.Buys, p.State = missing, append(p.State, fmt.Sprintf("%d nodes missing", missing))
	p.Words.Cost = fmt.Sprintf("of its nodes %d are not free on the account now: whether they are bought is not documented; %s", missing, words.PriceUnknown)
}
