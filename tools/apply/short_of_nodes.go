package apply

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// nodeKinds are the kinds of nodes that a plan may need: the type that lists them, and the option that buys them. Fusion nodes
// cannot be bought by the API.
var nodeKinds = map[string]struct {
	list, buy string
	daily     bool
	bought    bool
}{
	"monthly": {list: "vps", bought: true}, "daily": {list: "vps", buy: "daily", daily: true, bought: true},
	"RAM": {list: "ram", buy: "ram", bought: true}, "storage": {list: "storage", buy: "storage", bought: true},
	"bandwidth": {list: "bandwidth", buy: "bandwidth", bought: true}, "fusion": {list: "fusion"},
}

// shortOfNodes says, of a change that was refused for want of nodes, how many it needs, how many are free, and what to buy. It
// reads the nodes anew; it is empty for any other refusal, and where the plan does not know what it needs.
func shortOfNodes(ctx context.Context, o Outcome) string {
	var e *vpsapi.Error
	if !errors.As(o.failed, &e) || !e.ShortOfNodes() {
		return ""
	}
	r := o.Reader.Fresh()
	var texts []string
	for _, need := range o.Plan.Needs {
		kind := nodeKinds[need.Kind]
		text := fmt.Sprintf("%s needed", words.Counted(need.N, need.Kind+" node"))
		nodes, err := account.Read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: kind.list})
		if err != nil {
			texts = append(texts, text+", how many are free could not be read")
			continue
		}
		free, unknown := 0, 0
		for _, n := range nodes {
			switch user := words.UsingServer(n.VirtualMachineID); {
			case string(n.Type) != kind.list && n.Type != "", kind.list == "vps" && words.IsOn(n.DailyNode) != kind.daily:
			case user == vpsapi.UnknownServer:
				unknown++
			case user == "":
				free++
			}
		}
		text += fmt.Sprintf(", %d free", free)
		if unknown > 0 {
			text += fmt.Sprintf(" (for %d more, the service does not say whether they are)", unknown)
		}
		texts = append(texts, text+purchaseCallText(need.N-free, kind.buy, kind.bought))
	}
	return strings.Join(texts, "; ")
}

// purchaseCallText returns the call that buys the nodes that are missing, in words.
func purchaseCallText(missing int, option string, bought bool) string {
	switch {
	case missing <= 0:
		return ", which should be enough; nodes of another consumer may not be usable for it"
	case !bought:
		return fmt.Sprintf(", %d missing; the API sells none", missing)
	case option == "":
		return fmt.Sprintf(`, %d to buy: %s {"quantity":%d}`, missing, vpsapi.CreateNodes.Name, missing)
	default:
		return fmt.Sprintf(`, %d to buy: %s {"quantity":%d,"upgrade_option":%q}`, missing, vpsapi.CreateNodes.Name, missing, option)
	}
}
