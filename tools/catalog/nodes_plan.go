package catalog

import (
	"cmp"
	"context"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// nodeKinds are the kinds of nodes that can be bought.
var nodeKinds = map[string]string{"": "monthly", "daily": "daily", "ram": "RAM", "storage": "storage", "bandwidth": "bandwidth"}

// typeOfNodes is the type that bought nodes are listed under: daily ones are vps
// nodes.
func typeOfNodes(in vpsapi.CreateNodesIn) string {
	if in.UpgradeOption == "" || in.UpgradeOption == "daily" {
		return "vps"
	}
	return in.UpgradeOption
}

// planCreateNodes plans create_nodes: what the call would change, cost and break. It only reads.
func planCreateNodes(ctx context.Context, r *account.Reader, in vpsapi.CreateNodesIn) (*plan.Plan, error) {
	p, err := plan.New(r.Client, vpsapi.CreateNodes, in)
	if err != nil {
		return nil, err
	}
	if in.UpgradeOption == "" {
		account.Prefetch(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "vps"})
	}
	checkPayPal(ctx, p, r, in)
	n := int(in.Quantity)
	p.Buys, p.Creates = n, n
	p.Say("Buy %s for the account; no server uses them yet.", words.Counted(n, nodeKinds[in.UpgradeOption]+" node"))
	if in.ConsumerID != "" {
		p.AddSay("They belong to %s.", words.ConsumerText(in.ConsumerID))
	}
	p.Words.Cost = "pro rata at once, then monthly until they are deleted: " + words.PriceUnknown
	switch in.UpgradeOption {
	case "":
		if free := freeNodes(ctx, r); len(free) > 0 {
			p.AddSay("The account has %s already that no server uses (%s).", words.Counted(len(free), "monthly node"), strings.Join(free[:min(len(free), 5)], ", "))
		}
		each := r.NodePrice(ctx, "")
		p.Cost = each.Times(n).Amount
		p.Words.Cost = words.NodesCost(n, each) + ", until they are deleted; a cloud's premium comes on top"
	case "daily":
		p.Words.Cost = "at once, then daily until they are deleted: " + words.PriceUnknown
	}
	ends := vpsapi.DeleteNode.Name
	if of := typeOfNodes(in); of != "vps" { // its default
		ends += " with type " + of
	}
	p.Words.Undo = ends + " ends the billing of each, as long as no server uses it; nothing is known to be refunded."
	return p, nil
}

// checkPayPal rules out what an account that pays by PayPal cannot buy. Where the
// profile does not tell a price too, it is not read for that alone.
func checkPayPal(ctx context.Context, p *plan.Plan, r *account.Reader, in vpsapi.CreateNodesIn) {
	if in.UpgradeOption != "" {
		p.Words.Warnings = append(p.Words.Warnings, "an account that pays by PayPal cannot buy nodes by the API")
		return
	}
	r.PrefetchPrice(ctx, "")
	profile, err := account.Read(ctx, r, vpsapi.GetProfile, vpsapi.GetProfileIn{})
	switch {
	case err != nil:
	case strings.EqualFold(string(profile.PaymentType), "paypal"):
		p.RuleOut("the account pays by PayPal, and such accounts cannot buy nodes by the API", "buy them in the control panel of VPS.NET")
	case profile.PayPalAddress != nil && *profile.PayPalAddress != "":
		p.Words.Warnings = append(p.Words.Warnings, "the profile has a PayPal address, and accounts that pay by PayPal cannot buy nodes by the API")
	}
}

// startNode starts the plan of what happens to a node.
func startNode(ctx context.Context, r *account.Reader, op vpsapi.Operation, in any, id vpsapi.NodeID, kind string) (*plan.Plan, vpsapi.Node, error) {
	n, err := r.Node(ctx, id, kind)
	if err != nil {
		return nil, n, err
	}
	p, err := plan.New(r.Client, op, in)
	return p, n, err
}

// planEditNode plans edit_node: what the call would change, cost and break. It only reads.
func planEditNode(ctx context.Context, r *account.Reader, in vpsapi.EditNodeIn) (*plan.Plan, error) {
	p, n, err := startNode(ctx, r, vpsapi.EditNode, in, in.NodeID, in.Type)
	if err != nil {
		return nil, err
	}
	p.Moves = true
	p.Say("Give %s to another consumer.", words.NodeText(n))
	if !p.Change("consumer", words.ConsumerText(n.ConsumerID), words.ConsumerText(in.ConsumerID)) {
		p.Nothing = words.NodeText(n) + " has this consumer already"
	}
	if user := words.UsingServer(n.VirtualMachineID); user != "" {
		p.AddSay("It is used by %s; what that does to the server is not documented.", r.OtherServer(ctx, user))
	}
	back := in
	back.ConsumerID = cmp.Or(n.ConsumerID, "0")
	p.Undo(vpsapi.EditNode.Name+" gives the node back to its present consumer.", vpsapi.EditNode, back, "")
	return p, nil
}

// planDeleteNode plans delete_node: what the call would change, cost and break. It only reads.
func planDeleteNode(ctx context.Context, r *account.Reader, in vpsapi.DeleteNodeIn) (*plan.Plan, error) {
	p, n, err := startNode(ctx, r, vpsapi.DeleteNode, in, in.NodeID, in.Type)
	if err != nil {
		return nil, err
	}
	p.Say("Remove %s from the account.", words.NodeText(n))
	p.Loses("the node: it can no longer be used, and is no longer billed")
	switch user := words.UsingServer(n.VirtualMachineID); user {
	case "":
	case vpsapi.UnknownServer:
		p.Words.Warnings = append(p.Words.Warnings, "the service does not say whether a server uses it; it is removed only if none does")
	default:
		p.RuleOut(words.NodeText(n)+" is used by "+r.OtherServer(ctx, user)+", and nodes are removed only once no server uses them",
			vpsapi.EditServer.Name+" with fewer nodes, or "+vpsapi.DeleteServer.Name+", frees it")
	}
	if n.Type == "vps" {
		nodesKeptFree(ctx, p, r)
	}
	p.Words.Undo = "no; " + vpsapi.CreateNodes.Name + " buys another one"
	if n.Type == "vps" && !words.IsOn(n.DailyNode) {
		profile, err := account.Lookup(ctx, r, vpsapi.GetProfile, vpsapi.GetProfileIn{})
		if each := words.PriceOf(profile.PerNodePrice, ""); err == nil && each.Known {
			p.Words.Undo += ", " + each.String() + " a month in the account's currency"
		}
	}
	p.Words.Undo += "."
	return p, nil
}
