package vpsapi

// Cloud is a place that servers run in.
type Cloud struct {
	ID                   CloudID         `json:"id"`
	Label                Text            `json:"label"`
	Available            *Flag           `json:"available,omitempty"`
	FusionIO             *Flag           `json:"fusion_io,omitempty"`
	Version              *Int            `json:"cloud_version,omitempty"`
	PremiumPrice         Money           `json:"premium_price,omitempty" wire:"number"` // per node, on top
	CurrencyCode         Text            `json:"currency_code,omitempty"`
	DailyNodeBandwidth   *Int            `json:"daily_node_bandwidth,omitempty"`   // GB per node
	MonthlyNodeBandwidth *Int            `json:"monthly_node_bandwidth,omitempty"` // GB per node
	BandwidthNodes       *Flag           `json:"bandwidth_nodes_enabled,omitempty"`
	SystemTemplates      []CloudTemplate `json:"system_templates,omitzero"`
	ClusterStats         Raw             `json:"cluster_stats,omitempty"`
}

// CloudTemplate is a template that a cloud offers.
type CloudTemplate struct {
	ID    TemplateID `json:"id"`
	Label Text       `json:"label"`
}

// ListCloudsIn has no arguments.
type ListCloudsIn struct{}

// ListClouds lists the clouds, those that are not available included.
var ListClouds = Op[ListCloudsIn, []Cloud]{
	Name: "list_clouds", Title: "List clouds",
	Doc:     "List the clouds (locations) with availability, premium price, bandwidth per node (GB) and template ids.",
	Heading: "GET Clouds",
	Route:   "GET /available_clouds", Reply: wrappedList[Cloud]("cloud"), Safety: Reads, Evidence: Clients,
}

// ListSSDCloudsIn has no arguments.
type ListSSDCloudsIn struct{}

// ListSSDClouds lists the clouds of SSD servers.
var ListSSDClouds = Op[ListSSDCloudsIn, []Cloud]{
	Name: "list_ssd_clouds", Title: "List SSD clouds",
	Doc:     "List the clouds for SSD servers.",
	Heading: "GET SSD Clouds",
	Route:   "GET /available_ssd_clouds", Reply: wrappedList[Cloud]("cloud"), Safety: Reads, Evidence: Clients,
}

// GetCloudIn names a cloud.
type GetCloudIn struct {
	CloudID CloudID `json:"cloud_id"`
}

// GetCloud reads one cloud.
var GetCloud = Op[GetCloudIn, Cloud]{
	Name: "get_cloud", Title: "Get cloud",
	Doc:     "Get one cloud: templates, memory and disk in use and free.",
	Heading: "GET properties for a Cloud",
	Route:   "GET /clouds/{cloud_id}", Reply: bareObject[Cloud](), Safety: Reads, Evidence: Clients,
}

// ListCloudGroupsIn has no arguments.
type ListCloudGroupsIn struct{}

// ListCloudGroups lists the groups of clouds.
var ListCloudGroups = Op[ListCloudGroupsIn, Raw]{
	Name: "list_cloud_groups", Title: "List cloud groups",
	Doc:     "List the groups of clouds.",
	Heading: "GET Cloud Groups",
	Route:   "GET /available_cloud_groups", Reply: rawShape(), Safety: Reads, Evidence: Inferred,
}

// Clouds is the group of functions about clouds.
var Clouds = Group{Name: "clouds", Title: "Clouds", Operations: []Operation{ListClouds, ListSSDClouds, GetCloud, ListCloudGroups}}
