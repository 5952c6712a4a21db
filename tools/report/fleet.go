// Package report answers questions about the whole account or all that concerns one server: the fleet, a diagnosis.
// It reads, and nothing else.
package report

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// FleetArguments are those of fleet_report.
type FleetArguments struct {
	Days *vpsapi.Int `json:"days,omitempty" jsonschema:"minimum=1,maximum=3650" jsonschema_description:"Look for backups of that many days; one call a server"`
}

// accountReads is what a fleet report has read of the account; what could not be read
// has no flag.
type accountReads struct {
	reader   *account.Reader // words the calls that a report advises
	servers  []vpsapi.Server
	ssd      []vpsapi.SSDServer
	nodes    []vpsapi.Node
	ips      []vpsapi.IP
	clouds   []vpsapi.Cloud
	profile  vpsapi.Profile
	billing  vpsapi.Billing
	invoices []vpsapi.Invoice
	backups  map[vpsapi.ServerID]lastBackup // of the servers whose backups were read
	since    time.Time                      // a newest backup before it is old
	platform platformFleet

	hasServers, hasSSD, hasNodes, hasIPs, hasInvoices bool
}

// lastBackup is when a server's newest built backup was made, zero for none, and whether one is being made.
type lastBackup struct {
	at     time.Time
	making bool
}

// nodeTypes are the types of nodes, each asked for by itself: a list of nodes
// without a type may hold those of type vps alone. Nodes of type fusion are asked
// for where there may be any, see mayHaveFusion.
var nodeTypes = []string{"vps", "ram", "storage", "bandwidth"}

// uniqueNodes drops nodes that a list holds again: a service that heeds no type
// gives all of them for each.
func uniqueNodes(nodes []vpsapi.Node) []vpsapi.Node {
	type name struct {
		kind vpsapi.Text
		id   vpsapi.NodeID
	}
	seen := map[name]bool{}
	return slices.DeleteFunc(nodes, func(n vpsapi.Node) bool {
		again := seen[name{n.Type, n.ID}]
		seen[name{n.Type, n.ID}] = true
		return again
	})
}

// Journal reads what was changed lately on the account of a call.
type Journal func(ctx context.Context, r *account.Reader) ([]state.Entry, error)

// Fleet makes 10 upstream calls (servers, SSD servers, nodes of 4 types, IPs, clouds, profile,
// invoices), one more where there may be nodes of type fusion, two fewer within a minute of another, and one more a server where days is given.
func Fleet(ctx context.Context, r *account.Reader, in FleetArguments, past Journal) (*answer.Answer, error) {
	a, missing, err := readHoldings(ctx, r)
	if err != nil {
		return nil, err
	}
	if a.platform.read {
		if a.platform.bought, err = boughtServers(ctx, r, past); err != nil {
			return nil, err
		}
	}
	if in.Days != nil {
		a.since = r.Now().AddDate(0, 0, -int(*in.Days))
		missing = append(missing, a.readBackups(ctx, r)...)
	}
	return reportAnswer("Fleet report", a.report(missing))
}

// readHoldings reads what the account has; missing is what could not be read, and
// the error is for when nothing could.
func readHoldings(ctx context.Context, r *account.Reader) (a *accountReads, missing []string, err error) {
	a = &accountReads{reader: r}
	g := account.NewGather(ctx, r)
	servers := account.TryFetch(g, vpsapi.ListServers, vpsapi.ListServersIn{}, &a.servers)
	ssd := account.TryFetch(g, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{}, &a.ssd)
	lists, read := make([][]vpsapi.Node, len(nodeTypes)), make([]*bool, len(nodeTypes))
	for i, kind := range nodeTypes {
		read[i] = account.TryFetch(g, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: kind}, &lists[i])
	}
	ips := account.TryFetch(g, vpsapi.ListIPs, vpsapi.ListIPsIn{}, &a.ips)
	clouds := account.TryFetchKept(g, vpsapi.ListClouds, vpsapi.ListCloudsIn{}, &a.clouds)
	account.TryFetchKept(g, vpsapi.GetProfile, vpsapi.GetProfileIn{}, &a.profile)
	invoices := account.TryFetch(g, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}, &a.invoices)
	platform := account.TryFetch(g, vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{}, &a.platform.servers)
	if missing, err = g.Wait(); err != nil {
		return nil, nil, err
	}
	a.hasServers, a.hasSSD, a.hasIPs, a.hasInvoices, a.platform.read = *servers, *ssd, *ips, *invoices, *platform
	if a.mayHaveFusion(*clouds) {
		var fusion []vpsapi.Node
		late := account.NewGather(ctx, r)
		read = append(read, account.TryFetch(late, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: "fusion"}, &fusion))
		unread, _ := late.Wait()
		lists, missing = append(lists, fusion), append(missing, unread...)
	}
	a.hasNodes = !slices.ContainsFunc(read, func(got *bool) bool { return !*got })
	a.nodes = uniqueNodes(slices.Concat(lists...))
	if a.platform.read {
		missing = append(missing, a.readPlatform(ctx, r)...)
	}
	return a, missing, nil
}

// mayHaveFusion reports an account on which a server uses nodes of type fusion, a cloud takes them, or nobody knows.
func (a *accountReads) mayHaveFusion(cloudsRead bool) bool {
	return !a.hasServers || !cloudsRead ||
		slices.ContainsFunc(a.servers, func(s vpsapi.Server) bool { return s.FusionNodesCount == nil || *s.FusionNodesCount > 0 }) ||
		slices.ContainsFunc(a.clouds, func(c vpsapi.Cloud) bool { return !words.IsOff(c.FusionIO) })
}

// readBackups reads each server's backups, as long as clients wait for an answer;
// servers whose backups were not read stay without a word on them.
func (a *accountReads) readBackups(ctx context.Context, r *account.Reader) []string {
	tell := calls.ProgressOf(ctx)
	ctx, cancel := context.WithTimeout(ctx, calls.AnswerTimeout)
	defer cancel()
	lists := make([][]vpsapi.Backup, len(a.servers))
	got := make([]*bool, len(a.servers))
	g := account.NewGather(vpsapi.WithLowPriority(ctx), r)
	g.Each = func(done int) {
		if done%25 == 0 {
			tell(fmt.Sprintf("backups of %d of %d servers are read", done, len(a.servers)))
		}
	}
	for i, s := range a.servers {
		got[i] = account.Fetch(g, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: s.ID}, &lists[i])
	}
	missing, _ := g.Wait()
	a.backups = map[vpsapi.ServerID]lastBackup{}
	for i, s := range a.servers {
		if *got[i] {
			a.backups[s.ID] = newestBackup(lists[i])
		}
	}
	return missing
}

// newestBackup returns when the newest finished backup was made, and whether another is being made.
func newestBackup(list []vpsapi.Backup) (last lastBackup) {
	for _, b := range list {
		last.making = last.making || words.IsOff(b.Built)
		if at, err := vpsapi.Timestamp(string(b.CreatedAt)); err == nil && !words.IsOff(b.Built) && at.After(last.at) {
			last.at = at
		}
	}
	return last
}

// fleetReport is the account at a glance; a part that could not be read is not in it.
type fleetReport struct {
	*serverTotals
	*ssdTotals
	*platformTotals
	*nodeTotals
	*ipTotals
	*invoiceTotals
	Backups   string     `json:"backup_dates,omitempty"` // where they were not looked at
	Attention []concern  `json:"attention"`              // worst first
	Rows      []fleetRow `json:"worst_servers"`          // worst first
	LeftOut   string     `json:"left_out,omitempty"`
	Missing   []string   `json:"not_known,omitempty"`
}

// serverTotals are the fleet report's figures of cloud servers.
type serverTotals struct {
	Servers   int      `json:"servers"`
	Running   int      `json:"running"`
	Off       int      `json:"off"`
	Unknown   int      `json:"power_unknown,omitempty"`
	Pending   int      `json:"pending"`
	Licenses  *int     `json:"server_licenses,omitempty"` // of those servers of which they are known
	NoLicense int      `json:"servers_of_unknown_licenses,omitempty"`
	TrafficGB *float64 `json:"bandwidth_used_gb_this_month,omitempty"` // of those servers of which it is known
	NoTraffic int      `json:"servers_of_unknown_bandwidth,omitempty"`
	Clouds    string   `json:"servers_by_cloud_id"`
}

// ssdTotals are the fleet report's figures of SSD servers.
type ssdTotals struct {
	SSD int `json:"ssd_servers"`
}

// nodeTotals are the fleet report's figures of nodes; costs are per month.
type nodeTotals struct {
	Nodes  int    `json:"nodes"`
	Unused int    `json:"nodes_without_server"`
	Untold int    `json:"nodes_of_unknown_use,omitempty"`
	Cost   string `json:"monthly_nodes_cost,omitempty"`
	Wasted string `json:"monthly_cost_without_server,omitempty"`
}

// ipTotals are the fleet report's figures of IP addresses.
type ipTotals struct {
	IPs    int `json:"ips"`
	Unused int `json:"ips_without_server"`
	Untold int `json:"ips_of_unknown_use,omitempty"`
}

// invoiceTotals are the fleet report's figures of invoices.
type invoiceTotals struct {
	Unpaid int `json:"unpaid_invoices"`
}

// report puts the fleet report together; missing names the reads that failed.
func (a *accountReads) report(missing []string) fleetReport {
	f := fleetReport{Attention: a.concerns(), Missing: missing}
	if a.hasServers {
		f.serverTotals = a.serverTotals()
		if a.backups == nil && len(a.servers) > 0 {
			f.Backups = "not looked at: " + a.words(call{catalog.FleetReport, `{"days":7}`}) + " does"
		}
	}
	if a.hasSSD {
		f.ssdTotals = &ssdTotals{SSD: len(a.ssd)}
	}
	if a.platform.read {
		f.platformTotals = a.platformTotals()
	}
	if a.hasNodes {
		f.nodeTotals = a.nodeTotals()
	}
	if a.hasIPs {
		f.ipTotals = &ipTotals{IPs: len(a.ips), Unused: len(a.unusedIPs())}
		for _, ip := range a.ips {
			if words.UsingServer(ip.VirtualMachineID) == vpsapi.UnknownServer {
				f.ipTotals.Untold++
			}
		}
	}
	if a.hasInvoices {
		f.invoiceTotals = &invoiceTotals{Unpaid: len(a.unpaid())}
		if n := len(slices.DeleteFunc(slices.Clone(a.invoices), func(i vpsapi.Invoice) bool { return i.Status != "" })); n > 0 {
			f.Missing = append(f.Missing, "whether "+words.Counted(n, "invoice")+" without a status is paid")
		}
	}
	f.Rows = a.rows()
	if n := len(a.servers) + len(a.platform.servers) - len(f.Rows); n > 0 {
		f.LeftOut = fmt.Sprintf("%s left out; %s shows all, and filters", words.Counted(n, "further server"), a.words(call{function: vpsapi.ListServers.Name}))
	}
	return f
}

// serverTotals counts the cloud servers by state, and adds up licenses and traffic.
func (a *accountReads) serverTotals() *serverTotals {
	t := &serverTotals{Servers: len(a.servers)}
	byCloud := map[string]int{}
	kb, licenses := 0, 0
	for _, s := range a.servers {
		byCloud[answer.Clip(string(s.CloudID), 20)]++
		if s.Licenses == nil {
			t.NoLicense++
		}
		licenses += len(s.Licenses)
		if s.BandwidthUsed != nil {
			kb += int(*s.BandwidthUsed)
		} else {
			t.NoTraffic++
		}
		if words.IsOn(s.PowerActionPending) {
			t.Pending++
		}
		switch {
		case words.IsOn(s.Running):
			t.Running++
		case words.IsOff(s.Running):
			t.Off++
		default:
			t.Unknown++
		}
	}
	if gb := gigabytes(kb); t.NoTraffic < len(a.servers) || len(a.servers) == 0 {
		t.TrafficGB = &gb
	}
	if t.NoLicense < len(a.servers) || len(a.servers) == 0 {
		t.Licenses = &licenses
	}
	var clouds []string
	for _, id := range slices.Sorted(maps.Keys(byCloud)) {
		clouds = append(clouds, fmt.Sprintf("%s: %d", id, byCloud[id]))
	}
	t.Clouds = joinFirst(clouds, 30)
	return t
}

// nodeTotals counts nodes, and what the monthly ones cost: the prices of other kinds
// are not known.
func (a *accountReads) nodeTotals() *nodeTotals {
	t := &nodeTotals{Nodes: len(a.nodes)}
	for _, n := range a.nodes {
		switch words.UsingServer(n.VirtualMachineID) {
		case "":
			t.Unused++
		case vpsapi.UnknownServer:
			t.Untold++
		}
	}
	t.Cost = a.nodeCosts().all.text()
	if t.Unused > 0 {
		t.Wasted = a.unusedNodesCost()
	}
	return t
}

// monthlyPaid reports a node that the account pays its price per node for, as far as is known: unknown is whether it does.
func monthlyPaid(n vpsapi.Node) (paid, unknown bool) {
	if n.Type != "vps" || words.IsOn(n.DailyNode) || words.IsOn(n.FreeNode) {
		return false, false
	}
	return true, n.DailyNode == nil || n.FreeNode == nil
}

// unpaid lists the invoices that wait for money.
func (a *accountReads) unpaid() []vpsapi.Invoice {
	var list []vpsapi.Invoice
	for _, i := range a.invoices {
		if isUnpaid(i) {
			list = append(list, i)
		}
	}
	return list
}

// settledStates are the states of invoices that nothing is to be paid of; one without a
// state may be anything.
var settledStates = []string{"paid", "cancelled", "canceled", "refunded", "void", ""}

// isUnpaid reports an invoice that waits for money.
func isUnpaid(i vpsapi.Invoice) bool {
	return !slices.Contains(settledStates, strings.ToLower(string(i.Status)))
}

// unusedIPs returns the IP addresses that no server uses.
func (a *accountReads) unusedIPs() []vpsapi.IP {
	var list []vpsapi.IP
	for _, ip := range a.ips {
		if words.UsingServer(ip.VirtualMachineID) == "" {
			list = append(list, ip)
		}
	}
	return list
}

// reportAnswer shows a report; what it found stands in its own lines. A long one
// is cut, and says so.
func reportAnswer(title string, report any) (*answer.Answer, error) {
	b, err := json.Marshal(report)
	if err != nil {
		return nil, err
	}
	object := answer.TrimToFit(answer.RemoveInvisible(b))
	var text strings.Builder
	for _, m := range answer.Members(object) {
		var rows []json.RawMessage
		if len(m.Value) > 0 && m.Value[0] == '[' && json.Unmarshal(m.Value, &rows) == nil && len(rows) > 0 && rows[0][0] == '{' {
			fmt.Fprintf(&text, "%s:\n%s\n", m.Name, answer.Table(rows))
			continue
		}
		fmt.Fprintf(&text, "%s: %s\n", m.Name, answer.FormatScalar(m.Value))
	}
	return &answer.Answer{Text: title + ":\n" + answer.Fence(strings.TrimRight(text.String(), "\n")), Structured: object}, nil
}
