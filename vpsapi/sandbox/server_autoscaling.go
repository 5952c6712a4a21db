package sandbox

import (
	"strconv"

	"vpsnet-mcp/vpsapi"
)

// Words of the node types by their number, the unused 0 first. Disk usage
// numbers them differently.
var (
	// nodeTypes are the words of auto scaling's node types by their number; 0 is not used.
	nodeTypes = []vpsapi.Text{"", "permanent", "daily"}
	// diskNodeTypes are the words of the node types of a disk's rule by their number; 0 is not used.
	diskNodeTypes = []vpsapi.Text{"", "storage", "permanent"}
)

// documentScaling is the document's example of a configuration.
func documentScaling() vpsapi.Autoscaling {
	one, ten, fifty := ptr(vpsapi.Int(1)), ptr(vpsapi.Int(10)), ptr(vpsapi.Int(50))
	return vpsapi.Autoscaling{
		MaxNodes:    &vpsapi.ScalingRule{Nodes: one},
		LoadAverage: &vpsapi.ScalingRule{Average: "2", NodeType: "permanent", Nodes: one, Period: ten},
		RAMUsage:    &vpsapi.ScalingRule{Percentage: fifty, NodeType: "permanent", Nodes: one, Period: ten},
		DiskUsage:   &vpsapi.ScalingRule{Percentage: fifty, NodeType: "storage", Nodes: one},
		SwapUsage:   &vpsapi.ScalingRule{Percentage: fifty, NodeType: "permanent", Nodes: one, Period: ten},
	}
}

// getAutoscaling answers get_autoscaling from the account in memory.
func getAutoscaling(a *account, in vpsapi.GetAutoscalingIn) (vpsapi.Autoscaling, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return vpsapi.Autoscaling{}, err
	}
	return s.autoscaling, nil
}

// editAutoscaling changes the rules that the request names. A rule that is
// switched off is left out of what the service gives, which has no "enabled".
func editAutoscaling(a *account, in vpsapi.EditAutoscalingIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	rules := s.autoscaling
	var faults []string
	for _, c := range ruleChanges(in, &rules) {
		*c.slot = nil
		if bool(c.on) {
			*c.slot = &c.rule
			faults = append(faults, ruleFaults(c)...)
		}
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	s.autoscaling = rules
	a.logAction(s, "edit_auto_scaling", "complete")
	return vpsapi.RawOf(rules)
}

// ruleChange is what a request says of one rule.
type ruleChange struct {
	name  string
	on    vpsapi.Flag
	slot  **vpsapi.ScalingRule
	rule  vpsapi.ScalingRule
	typed bool // the rule has a node type
}

// ruleChanges lists what a request says of each auto scaling rule.
func ruleChanges(in vpsapi.EditAutoscalingIn, rules *vpsapi.Autoscaling) []ruleChange {
	var changes []ruleChange
	if r := in.MaxNodes; r != nil {
		changes = append(changes, ruleChange{"max_nodes", r.Enabled, &rules.MaxNodes, vpsapi.ScalingRule{Nodes: r.Nodes}, false})
	}
	if r := in.SwapUsage; r != nil {
		changes = append(changes, ruleChange{"swap_usage", r.Enabled, &rules.SwapUsage, usageRule(r), true})
	}
	if r := in.RAMUsage; r != nil {
		changes = append(changes, ruleChange{"ram_usage", r.Enabled, &rules.RAMUsage, usageRule(r), true})
	}
	if r := in.LoadAverage; r != nil {
		rule := vpsapi.ScalingRule{Period: r.Period, Nodes: r.Nodes, NodeType: nodeTypeWord(nodeTypes, r.NodeType)}
		if r.Average != nil {
			rule.Average = vpsapi.Text(strconv.FormatFloat(*r.Average, 'f', -1, 64))
		}
		changes = append(changes, ruleChange{"load_average", r.Enabled, &rules.LoadAverage, rule, true})
	}
	if r := in.DiskUsage; r != nil {
		rule := vpsapi.ScalingRule{Percentage: r.Percentage, Nodes: r.Nodes, NodeType: nodeTypeWord(diskNodeTypes, r.NodeType)}
		changes = append(changes, ruleChange{"disk_usage", r.Enabled, &rules.DiskUsage, rule, true})
	}
	return changes
}

// usageRule returns the rule in the form that get_autoscaling gives.
func usageRule(r *vpsapi.UsageScalingRule) vpsapi.ScalingRule {
	return vpsapi.ScalingRule{Percentage: r.Percentage, Period: r.Period, Nodes: r.Nodes, NodeType: nodeTypeWord(nodeTypes, r.NodeType)}
}

// ruleFaults lists what is out of its bounds in a rule that is switched on, as
// pairs of field and message.
func ruleFaults(c ruleChange) []string {
	var faults []string
	if p := c.rule.Percentage; p != nil && (*p < 1 || *p > 100) {
		faults = append(faults, c.name, "percentage must be between 1 and 100")
	}
	if p := c.rule.Period; p != nil && *p < 1 {
		faults = append(faults, c.name, "period must be greater than 0")
	}
	if n := c.rule.Nodes; n == nil || *n < 1 {
		faults = append(faults, c.name, "nodes must be greater than 0")
	}
	if c.typed && c.rule.NodeType == "" {
		faults = append(faults, c.name, "node type must be 1 or 2")
	}
	return faults
}

// nodeTypeWord returns a node type's word, empty when there is no such type.
func nodeTypeWord(types []vpsapi.Text, n *vpsapi.Int) vpsapi.Text {
	if n == nil || *n < 0 || int(*n) >= len(types) {
		return ""
	}
	return types[*n]
}
