package catalog

import (
	"context"
	"fmt"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planAutoscaling plans edit_autoscaling: which rules would be on, and what added nodes cost.
func planAutoscaling(ctx context.Context, r *account.Reader, in vpsapi.EditAutoscalingIn) (*plan.Plan, error) {
	account.Prefetch(ctx, r, vpsapi.GetAutoscaling, vpsapi.GetAutoscalingIn{ServerID: in.ServerID})
	p, s, err := account.OnServer(ctx, r, vpsapi.EditAutoscaling, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	present, unread := account.Read(ctx, r, vpsapi.GetAutoscaling, vpsapi.GetAutoscalingIn{ServerID: in.ServerID})
	p.Say("Set the auto scaling of %s. The service does not say which of its rules are on.", words.ServerText(s))
	on, off := changedRules(in, present)
	for _, rule := range append(on, off...) {
		before := ruleText(rule.name, rule.before)
		if unread != nil {
			before = "unknown"
		}
		p.Change(rule.name, before, rule.after)
	}
	p.Words.Undo = "set the rules again by hand: the service does not say which were on."
	switch {
	case len(on) > 0:
		p.Words.Cost = "the rules that are on buy nodes by themselves, until they are switched off. " + scalingPrice(ctx, r, s)
	case in.MaxNodes != nil && leavesUnlimited(in, present, unread):
		p.SetEffect(vpsapi.Commits, "takes the limit off rules that buy nodes")
		p.Words.Cost = "max_nodes is what limits the nodes that the other rules buy in 24 hours: without it there is no limit. " + scalingPrice(ctx, r, s)
	default:
		p.SetEffect(vpsapi.Disrupts, "switches rules off")
		p.Words.Downtime = "none by itself; but these rules no longer add nodes when the server needs them"
	}
	return p, nil
}

// scalingPrice says what nodes that auto scaling adds cost a month.
func scalingPrice(ctx context.Context, r *account.Reader, s vpsapi.Server) string {
	each := r.ShownPrice(ctx, s.CloudID)
	if !each.Known {
		return "Of nodes " + words.PriceUnknown
	}
	return fmt.Sprintf("A permanent node is %s a month; of other nodes %s", each, words.PriceUnknown)
}

// leavesUnlimited reports that a rule may stay on while max_nodes goes off.
func leavesUnlimited(in vpsapi.EditAutoscalingIn, present vpsapi.Autoscaling, unread error) bool {
	return unread != nil || (present.SwapUsage != nil && in.SwapUsage == nil) || (present.RAMUsage != nil && in.RAMUsage == nil) ||
		(present.LoadAverage != nil && in.LoadAverage == nil) || (present.DiskUsage != nil && in.DiskUsage == nil)
}

// scalingChange is one rule of an edit.
type scalingChange struct {
	name   string
	before *vpsapi.ScalingRule
	after  string
}

// changedRules lists the rules that an edit switches on and off.
func changedRules(in vpsapi.EditAutoscalingIn, present vpsapi.Autoscaling) (on, off []scalingChange) {
	add := func(name string, enabled vpsapi.Flag, before, rule *vpsapi.ScalingRule) {
		if enabled {
			on = append(on, scalingChange{name, before, "on: " + ruleText(name, rule)})
		} else {
			off = append(off, scalingChange{name, before, "off"})
		}
	}
	if x := in.MaxNodes; x != nil {
		add("max_nodes", x.Enabled, present.MaxNodes, &vpsapi.ScalingRule{Nodes: x.Nodes})
	}
	if x := in.SwapUsage; x != nil {
		add("swap_usage", x.Enabled, present.SwapUsage, usageRule(x))
	}
	if x := in.RAMUsage; x != nil {
		add("ram_usage", x.Enabled, present.RAMUsage, usageRule(x))
	}
	if x := in.LoadAverage; x != nil {
		rule := usageRule(&vpsapi.UsageScalingRule{Period: x.Period, Nodes: x.Nodes, NodeType: x.NodeType})
		if x.Average != nil {
			rule.Average = vpsapi.Text(fmt.Sprint(*x.Average))
		}
		add("load_average", x.Enabled, present.LoadAverage, rule)
	}
	if x := in.DiskUsage; x != nil {
		rule := &vpsapi.ScalingRule{Percentage: x.Percentage, Nodes: x.Nodes, NodeType: words.NodeType(x.NodeType, "storage", "permanent")}
		add("disk_usage", x.Enabled, present.DiskUsage, rule)
	}
	return on, off
}

// usageRule returns the rule as the service would show it.
func usageRule(x *vpsapi.UsageScalingRule) *vpsapi.ScalingRule {
	return &vpsapi.ScalingRule{Percentage: x.Percentage, Period: x.Period, Nodes: x.Nodes, NodeType: words.NodeType(x.NodeType, "permanent", "daily")}
}

// ruleText says in words what an auto scaling rule does.
func ruleText(name string, rule *vpsapi.ScalingRule) string {
	if rule == nil {
		return "none"
	}
	number := func(n *vpsapi.Int) string {
		if n == nil {
			return "?"
		}
		return fmt.Sprint(*n)
	}
	if name == "max_nodes" {
		return "added nodes in 24 hours: at most " + number(rule.Nodes)
	}
	limit := number(rule.Percentage) + "%"
	if rule.Average != "" {
		limit = vpsapi.Quote(string(rule.Average))
	}
	text := fmt.Sprintf("add nodes: %s, of type %s, above %s", number(rule.Nodes), vpsapi.Quote(string(rule.NodeType)), limit)
	if rule.Period != nil {
		text += fmt.Sprintf(" for %d minutes", *rule.Period)
	}
	return text
}
