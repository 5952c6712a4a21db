package vpsapi

// Autoscaling is a server's auto scaling rules, as the service gives them: node
// types as words, and no word on which rule is enabled.
type Autoscaling struct {
	MaxNodes    *ScalingRule `json:"max_nodes,omitempty"` // most nodes added in 24 hours
	LoadAverage *ScalingRule `json:"load_average,omitempty"`
	RAMUsage    *ScalingRule `json:"ram_usage,omitempty"`
	DiskUsage   *ScalingRule `json:"disk_usage,omitempty"`
	SwapUsage   *ScalingRule `json:"swap_usage,omitempty"`
}

// ScalingRule adds Nodes when a reading stays above its limit for Period
// minutes; disk usage has no period, max_nodes only Nodes.
type ScalingRule struct {
	Average    Text `json:"average,omitempty" wire:"number"` // load; the service may give a fraction
	Percentage *Int `json:"percentage,omitempty"`
	NodeType   Text `json:"node_type,omitempty"` // permanent, daily, or storage for disk usage
	Nodes      *Int `json:"nodes,omitempty"`
	Period     *Int `json:"period,omitempty"`
}

// GetAutoscalingIn names a server.
type GetAutoscalingIn struct {
	ServerID ServerID `json:"server_id"`
}

// GetAutoscaling reads a server's auto scaling rules.
var GetAutoscaling = Op[GetAutoscalingIn, Autoscaling]{
	Name: "get_autoscaling", Title: "Get auto scaling",
	Doc:     "A server's auto scaling rules, not which are on. Node types are words; edit_autoscaling takes numbers.",
	Heading: "Get Auto scaling configuration",
	Route:   "GET /virtual_machines/{server_id}/auto_scaling", Reply: bareObject[Autoscaling](),
	Safety: Reads, Evidence: Inferred,
}

// EditAutoscalingIn holds the rules to set; the others are not sent.
type EditAutoscalingIn struct {
	ServerID    ServerID             `json:"server_id"`
	MaxNodes    *MaxNodesScalingRule `json:"max_nodes,omitempty" jsonschema_description:"Most nodes added in 24 hours"`
	SwapUsage   *UsageScalingRule    `json:"swap_usage,omitempty"`
	RAMUsage    *UsageScalingRule    `json:"ram_usage,omitempty"`
	LoadAverage *LoadScalingRule     `json:"load_average,omitempty"`
	DiskUsage   *DiskScalingRule     `json:"disk_usage,omitempty"`
}

// MaxNodesScalingRule limits what all rules add in 24 hours.
type MaxNodesScalingRule struct {
	Enabled Flag `json:"enabled" wire:"digit"`
	Nodes   *Int `json:"nodes,omitempty" jsonschema:"minimum=1"`
}

// UsageScalingRule adds nodes when the usage of RAM or swap is above a percentage.
type UsageScalingRule struct {
	Enabled    Flag `json:"enabled" wire:"digit"`
	Percentage *Int `json:"percentage,omitempty" jsonschema:"minimum=1,maximum=100"`
	Period     *Int `json:"period,omitempty" jsonschema:"minimum=1" jsonschema_description:"Minutes"`
	Nodes      *Int `json:"nodes,omitempty" jsonschema:"minimum=1" jsonschema_description:"To add"`
	NodeType   *Int `json:"node_type,omitempty" jsonschema:"enum=1,enum=2" jsonschema_description:"1 permanent, 2 daily"`
}

// LoadScalingRule adds nodes when the load average is above a number.
type LoadScalingRule struct {
	Enabled  Flag     `json:"enabled" wire:"digit"`
	Average  *float64 `json:"average,omitempty" jsonschema:"minimum=0"` // the service may give a fraction
	Period   *Int     `json:"period,omitempty" jsonschema:"minimum=1" jsonschema_description:"Minutes"`
	Nodes    *Int     `json:"nodes,omitempty" jsonschema:"minimum=1" jsonschema_description:"To add"`
	NodeType *Int     `json:"node_type,omitempty" jsonschema:"enum=1,enum=2" jsonschema_description:"1 permanent, 2 daily"`
}

// DiskScalingRule adds nodes when the disk is fuller than a percentage. Its node types
// are numbered differently from the other rules'.
type DiskScalingRule struct {
	Enabled    Flag `json:"enabled" wire:"digit"`
	Percentage *Int `json:"percentage,omitempty" jsonschema:"minimum=1,maximum=100"`
	Nodes      *Int `json:"nodes,omitempty" jsonschema:"minimum=1" jsonschema_description:"To add"`
	NodeType   *Int `json:"node_type,omitempty" jsonschema:"enum=1,enum=2" jsonschema_description:"1 storage, 2 permanent"`
}

// Check asks for at least one rule, and for every part of a rule that is switched
// on: half a rule would buy nodes by limits that nobody chose.
func (in EditAutoscalingIn) Check() []Fault {
	type part struct {
		name string
		v    *Int
	}
	var faults []Fault
	whole := func(rule string, enabled Flag, parts ...part) {
		for _, p := range parts {
			if bool(enabled) && p.v == nil {
				faults = append(faults, Fault{rule + "." + p.name, "needed when the rule is enabled"})
			}
		}
	}
	if r := in.MaxNodes; r != nil {
		whole("max_nodes", r.Enabled, part{"nodes", r.Nodes})
	}
	if r := in.SwapUsage; r != nil {
		whole("swap_usage", r.Enabled, part{"percentage", r.Percentage}, part{"period", r.Period}, part{"nodes", r.Nodes}, part{"node_type", r.NodeType})
	}
	if r := in.RAMUsage; r != nil {
		whole("ram_usage", r.Enabled, part{"percentage", r.Percentage}, part{"period", r.Period}, part{"nodes", r.Nodes}, part{"node_type", r.NodeType})
	}
	if r := in.LoadAverage; r != nil {
		var average *Int // whether it is given
		if r.Average != nil {
			average = new(Int)
			if *r.Average <= 0 {
				faults = append(faults, Fault{"load_average.average", "must be above 0"})
			}
		}
		whole("load_average", r.Enabled, part{"average", average}, part{"period", r.Period}, part{"nodes", r.Nodes}, part{"node_type", r.NodeType})
	}
	if r := in.DiskUsage; r != nil {
		whole("disk_usage", r.Enabled, part{"percentage", r.Percentage}, part{"nodes", r.Nodes}, part{"node_type", r.NodeType})
	}
	if in.MaxNodes == nil && in.SwapUsage == nil && in.RAMUsage == nil && in.LoadAverage == nil && in.DiskUsage == nil {
		faults = append(faults, Fault{"", "no rule given: give max_nodes, swap_usage, ram_usage, load_average or disk_usage"})
	}
	return faults
}

// EditAutoscaling sets auto scaling rules of a server.
var EditAutoscaling = Op[EditAutoscalingIn, Raw]{
	Name: "edit_autoscaling", Title: "Edit auto scaling",
	Doc:     "Switch a server's auto scaling rules on or off. An enabled rule buys nodes by itself, billed, up to max_nodes in 24 hours.",
	Heading: "Edit Auto scaling configuration",
	Route:   "PUT /virtual_machines/{server_id}/auto_scaling", Reply: rawShape(),
	Safety: Commits, Evidence: Inferred,
}
