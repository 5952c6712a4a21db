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
// them: whether they are used before new ones are bought is not documented. It returns how many they are;
// known is false where the nodes could not be read.
func addFreeNodes(ctx context.Context, p *plan.Plan, r *account.Reader) (n int, known bool) {
	if _, err := account.Read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "vps"}); err != nil {
		return 0, false
	}
	free := freeNodes(ctx, r)
	if len(free) == 0 {
		return 0, true
	}
	p.AddSay("Nodes that no server uses, and that may be used for it: %s (%s).", words.Counted(len(free), "monthly node"), strings.Join(free[:min(len(free), 5)], ", "))
	nodesKeptFree(ctx, p, r)
	return len(free), true
}

// freeNodes are the ids of the monthly nodes that no server uses, as far as they could be read.
func freeNodes(ctx context.Context, r *account.Reader) []string {
	all, err := account.Read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "vps"})
	if err != nil {
		return nil
	}
	var free []string
	for _, n := range all {
		if words.UsingServer(n.VirtualMachineID) == "" && !words.IsOn(n.DailyNode) {
			free = append(free, words.IDText(n.ID))
		}
	}
	return free
}

// moreNodesCost says what further monthly nodes cost where so many are free: those are billed already, and whether they are used
// first is not documented. A premium is of the cloud that a node is used on.
func moreNodesCost(more, free int, known bool, each words.Price) string {
	all := words.NodesCost(more, each)
	switch {
	case !known:
		return all + ", unless the account has free ones"
	case free == 0:
		return all
	case free >= more:
		return fmt.Sprintf("nothing more but a cloud's premium if free nodes of the account are used, which are billed already; else at most %s. Which is the case is not documented", all)
	default:
		return fmt.Sprintf("if free nodes of the account are used, which are billed already, %s; else at most %s. Which is the case is not documented",
			words.NodesCost(more-free, each), all)
	}
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
