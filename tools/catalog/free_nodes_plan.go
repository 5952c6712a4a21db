package catalog

import (
	"context"
	"fmt"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// addFreeNodes says which monthly nodes no server uses, and which deleted server may need
// them: whether they are used before new ones are bought is not documented. A plan that
// buys nodes for themselves does not list them: it would be another plan after each purchase.
func addFreeNodes(ctx context.Context, p *plan.Plan, r *account.Reader) {
	all, err := account.Read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "vps"})
	if err != nil {
		return
	}
	var free []string
	for _, n := range all {
		if words.UsingServer(n.VirtualMachineID) == "" && !words.IsOn(n.DailyNode) {
			free = append(free, words.IDText(n.ID))
		}
	}
	if len(free) == 0 {
		return
	}
	p.AddSay("Nodes that no server uses, and that may be used for it: %s (%s).", words.Counted(len(free), "monthly node"), strings.Join(free[:min(len(free), 5)], ", "))
	nodesKeptFree(ctx, p, r)
}

// nodesKeptFree says which deleted servers may need nodes of no server to be recovered.
func nodesKeptFree(ctx context.Context, p *plan.Plan, r *account.Reader) {
	if needed := recoverableServers(ctx, r); needed != "" {
		p.AddSay("Nodes that no server uses may be needed to recover %s.", needed)
	}
}

// recoverableServers names the deleted servers that can still be recovered with their nodes.
func recoverableServers(ctx context.Context, r *account.Reader) string {
	deleted, err := account.Lookup(ctx, r, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	if err != nil || len(deleted) == 0 {
		return ""
	}
	var names []string
	for _, s := range deleted {
		names = append(names, fmt.Sprintf("%s with %s", account.ServerThing(s), words.NodesText(s)))
	}
	return words.JoinAnd(names)
}
