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
	SystemTemplates      []CloudTemplate `json:"system_templates,omitempty"`
	ClusterStats         Raw             `json:"cluster_stats,omitempty"`
}

// CloudTemplate is a template that a cloud offers.
type CloudTemplate struct {
	ID    TemplateID `json:"id"`
	Label Text       `json:"label"`
}

// Clouds is the group of functions about clouds.
var Clouds = Group{Name: "clouds", Title: "Clouds"}
