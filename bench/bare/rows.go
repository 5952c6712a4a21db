package main

import "vpsnet-mcp/vpsapi"

// row is what vpsnet-mcp shows of a server in a list.
type row struct {
	ID       vpsapi.ServerID   `json:"id"`
	Label    vpsapi.Text       `json:"label"`
	Hostname vpsapi.Text       `json:"hostname,omitempty"`
	IP       vpsapi.Text       `json:"ip,omitempty"`
	Running  *vpsapi.Flag      `json:"running,omitempty"`
	Pending  *vpsapi.Flag      `json:"power_action_pending,omitempty"`
	Built    *vpsapi.Flag      `json:"built,omitempty"`
	CloudID  vpsapi.CloudID    `json:"cloud_id,omitempty"`
	Template vpsapi.TemplateID `json:"system_template_id,omitempty"`
	Consumer vpsapi.ConsumerID `json:"consumer_id,omitempty"`
	Monthly  *vpsapi.Int       `json:"regular_nodes_count,omitempty"`
	Daily    *vpsapi.Int       `json:"daily_nodes_count,omitempty"`
	Backups  *vpsapi.Flag      `json:"backups_enabled,omitempty"`
	Traffic  *vpsapi.Int       `json:"bandwidth_used_kb,omitempty"`
}

func rowOf(s vpsapi.Server) row {
	r := row{
		ID: s.ID, Label: s.Label, Hostname: s.Hostname, Running: s.Running, CloudID: s.CloudID, Template: s.SystemTemplateID,
		Monthly: some(s.RegularNodesCount), Daily: some(s.DailyNodesCount), Backups: s.BackupsEnabled, Traffic: s.BandwidthUsed,
	}
	if s.DomainName != "" {
		r.Hostname = s.Hostname + "." + s.DomainName
	}
	if s.RegularNodesCount == nil {
		r.Monthly = some(s.SlicesCount)
	}
	if s.PrimaryIPAddress != nil {
		r.IP = s.PrimaryIPAddress.IP.Address
	}
	if s.ConsumerID != "0" {
		r.Consumer = s.ConsumerID
	}
	if s.Built != nil && !bool(*s.Built) {
		r.Built = s.Built
	}
	if s.PowerActionPending != nil && bool(*s.PowerActionPending) {
		r.Pending = s.PowerActionPending
	}
	return r
}

func some(n *vpsapi.Int) *vpsapi.Int {
	if n == nil || *n == 0 {
		return nil
	}
	return n
}
