package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

type fleetArguments struct {
	Days *vpsapi.Int `json:"days,omitempty" jsonschema:"minimum=1" jsonschema_description:"Look for backups of that many days; one call a server"`
}

func (s *Server) fleetTool() *tool {
	return readTool("fleet_report", "Fleet report",
		"All servers in one answer: what is off, pending or without backups, and what is paid for and unused (nodes, IPs), with known costs.",
		"servers", s.fleet)
}

// fleet is the account at a glance.
type fleetReport struct {
	Servers   int      `json:"servers"`
	Running   int      `json:"running"`
	Off       int      `json:"off"`
	Pending   int      `json:"pending"`
	TrafficGB int      `json:"bandwidth_used_gb"` // this month
	Clouds    []string `json:"servers_by_cloud_id"`
	Nodes     int      `json:"nodes"`
	FreeNodes int      `json:"free_nodes"`
	IPs       int      `json:"ips"`
	FreeIPs   int      `json:"ips_without_server"`
	Monthly   string   `json:"monthly_nodes_cost,omitempty"`
	Wasted    string   `json:"monthly_cost_of_free_nodes,omitempty"`
	Unpaid    int      `json:"unpaid_invoices"`
	SSD       int      `json:"ssd_servers"`

	Attention []finding `json:"attention"`
	Missing   []string  `json:"not_known,omitempty"`
}

// finding is something that a person should look at.
type finding struct {
	What string `json:"what"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	Why  string `json:"why"`
}

// fleet makes 6 upstream calls (servers, SSD servers, nodes, IPs, profile, invoices), and one
// more a server where days is given.
func (s *Server) fleet(ctx context.Context, r *reader, in fleetArguments) (*Answer, error) {
	var (
		servers  []vpsapi.Server
		ssd      []vpsapi.SSDServer
		nodes    []vpsapi.Node
		ips      []vpsapi.IP
		profile  vpsapi.Profile
		invoices []vpsapi.Invoice
	)
	g := newGather(ctx, r)
	fetch(g, vpsapi.ListServers, vpsapi.ListServersIn{}, &servers)
	fetch(g, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{}, &ssd)
	fetch(g, vpsapi.ListNodes, vpsapi.ListNodesIn{}, &nodes)
	fetch(g, vpsapi.ListIPs, vpsapi.ListIPsIn{}, &ips)
	fetch(g, vpsapi.GetProfile, vpsapi.GetProfileIn{}, &profile)
	fetch(g, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}, &invoices)
	report := fleetReport{Missing: g.wait(), Attention: []finding{}}
	report.addServers(servers)
	report.addSSD(ssd)
	report.addUnused(nodes, ips, profile.PerNodePrice)
	for _, inv := range invoices {
		if unpaid(inv) {
			report.Unpaid++
			report.Attention = append(report.Attention, finding{"invoice", string(inv.No), "", fmt.Sprintf("%s: %s %s, due %s", inv.Status, inv.Amount, inv.Currency, inv.DateDue)})
		}
	}
	if in.Days != nil {
		report.addBackups(ctx, r, servers, s.now().AddDate(0, 0, -int(*in.Days)))
	}
	return reportAnswer("Fleet report", report)
}

func (f *fleetReport) addServers(servers []vpsapi.Server) {
	byCloud := map[string]int{}
	kb := 0
	for _, s := range servers {
		f.Servers++
		byCloud[string(s.CloudID)]++
		if s.BandwidthUsed != nil {
			kb += int(*s.BandwidthUsed)
		}
		note := func(why string) {
			f.Attention = append(f.Attention, finding{"cloud server", string(s.ID), string(s.Label), why})
		}
		if s.PowerActionPending != nil && bool(*s.PowerActionPending) {
			f.Pending++
			note("a task is pending")
		}
		switch {
		case s.Running != nil && bool(*s.Running):
			f.Running++
		case s.Running != nil:
			f.Off++
			note("it is off, and its nodes are billed")
		}
		if s.BackupsEnabled != nil && !bool(*s.BackupsEnabled) && (s.RsyncEnabled == nil || !bool(*s.RsyncEnabled)) && (s.R1SoftEnabled == nil || !bool(*s.R1SoftEnabled)) {
			note("no automatic backups of any kind")
		}
	}
	f.TrafficGB = kb / (1 << 20)
	for _, id := range slices.Sorted(maps.Keys(byCloud)) {
		f.Clouds = append(f.Clouds, fmt.Sprintf("%s: %d", id, byCloud[id]))
	}
}

func (f *fleetReport) addUnused(nodes []vpsapi.Node, ips []vpsapi.IP, price vpsapi.Money) {
	monthly, free := 0, 0
	for _, n := range nodes {
		f.Nodes++
		daily := n.DailyNode != nil && bool(*n.DailyNode)
		if !daily {
			monthly++
		}
		if n.VirtualMachineID == nil {
			f.FreeNodes++
			if !daily {
				free++
			}
			f.Attention = append(f.Attention, finding{"node", string(n.ID), string(n.Type), "no server uses it; delete_node ends its billing"})
		}
	}
	for _, ip := range ips {
		f.IPs++
		if ip.VirtualMachineID == nil {
			f.FreeIPs++
			f.Attention = append(f.Attention, finding{"IP address", string(ip.ID), string(ip.Address), "no server has it; delete_ip ends its billing"})
		}
	}
	if each, err := strconv.ParseFloat(string(price), 64); err == nil {
		f.Monthly = fmt.Sprintf("%.2f (%d monthly nodes at %s)", each*float64(monthly), monthly, price)
		f.Wasted = fmt.Sprintf("%.2f", each*float64(free))
	}
}

func (f *fleetReport) addBackups(ctx context.Context, r *reader, servers []vpsapi.Server, since time.Time) {
	lists := make([][]vpsapi.Backup, len(servers))
	g := newGather(ctx, r)
	for i, s := range servers {
		fetch(g, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: s.ID}, &lists[i])
	}
	f.Missing = append(f.Missing, g.wait()...)
	for i, s := range servers {
		if lists[i] == nil {
			continue // it could not be read
		}
		newest := time.Time{}
		for _, b := range lists[i] {
			if at, err := time.Parse(time.RFC3339, string(b.CreatedAt)); err == nil && at.After(newest) {
				newest = at
			}
		}
		switch {
		case newest.IsZero():
			f.Attention = append(f.Attention, finding{"cloud server", string(s.ID), string(s.Label), "it has no backup"})
		case newest.Before(since):
			f.Attention = append(f.Attention, finding{"cloud server", string(s.ID), string(s.Label), "its newest backup is of " + newest.UTC().Format("2006-01-02")})
		}
	}
}

// unpaid reports an invoice that waits for money.
func unpaid(i vpsapi.Invoice) bool {
	switch strings.ToLower(string(i.Status)) {
	case "paid", "cancelled", "canceled", "refunded", "void", "":
		return false
	}
	return true
}

// reportAnswer shows a report; what it found stands in its own lines. A long one
// is cut, and says so.
func reportAnswer(title string, report any) (*Answer, error) {
	b, err := json.Marshal(report)
	if err != nil {
		return nil, err
	}
	object := fit(visible(b))
	var text strings.Builder
	for _, m := range membersOf(object) {
		var rows []json.RawMessage
		if len(m.value) > 0 && m.value[0] == '[' && json.Unmarshal(m.value, &rows) == nil && len(rows) > 0 && rows[0][0] == '{' {
			fmt.Fprintf(&text, "%s:\n%s\n", m.name, tableText(rows))
			continue
		}
		fmt.Fprintf(&text, "%s: %s\n", m.name, scalarText(m.value))
	}
	return &Answer{Text: title + ":\n" + fenced(strings.TrimRight(text.String(), "\n")), Structured: object}, nil
}
