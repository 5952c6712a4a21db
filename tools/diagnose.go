package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

type diagnoseArguments struct {
	ServerID vpsapi.ServerID `json:"server_id"`
}

func (s *Server) diagnoseTool() *tool {
	return readTool("diagnose_server", "Diagnose server",
		"What is wrong with a cloud server, such as slow or unreachable: likely causes first, each with evidence and one safe next step.",
		"servers", s.diagnose)
}

// signs are what a diagnosis looks at.
type signs struct {
	now      time.Time
	server   vpsapi.Server
	log      vpsapi.Raw
	cpu      []vpsapi.CPURow
	traffic  []vpsapi.NetworkRow
	tickets  []vpsapi.Ticket
	invoices []vpsapi.Invoice
	pointing []string // DNS names that point to the server
	domains  int      // that were looked through
}

// cause is one thing that may be wrong: a rule finds its evidence in the signs.
type cause struct {
	Cause    string `json:"cause"`
	Evidence string `json:"evidence"`
	Next     string `json:"next_step"`
}

// rules, the likeliest to explain everything first. Each gives the evidence, or
// nothing.
var rules = []struct {
	cause, next string
	evidence    func(s signs) string
}{
	{"it is switched off", "start_cloud_server", func(s signs) string {
		if s.server.Running != nil && !bool(*s.server.Running) && idleNow(s.server) {
			return "running is false, and no task is pending"
		}
		return ""
	}},
	{"a task holds it", "wait_for_server with state idle", func(s signs) string {
		if !idleNow(s.server) {
			return "power_action_pending is true; the newest activity: " + newestActivity(s.log)
		}
		return ""
	}},
	{"its build is not finished", "wait_for_server with state built; if it hangs, rebuild_cloud_server", func(s signs) string {
		if s.server.Built != nil && !bool(*s.server.Built) {
			return "built is false"
		}
		return ""
	}},
	{"the processor is at its limit", "find the process on the server; or more nodes with edit_cloud_server", func(s signs) string {
		mean, peak, at := cpuFigures(s.cpu)
		if mean >= 70 || peak >= 95 {
			return fmt.Sprintf("CPU of the last day: mean %.0f %%, peak %.0f %% at %s", mean, peak, at)
		}
		return ""
	}},
	{"unusual traffic", "look at the server's own logs for who sends it", func(s signs) string {
		mean, peak, at := trafficFigures(s.traffic)
		if mean > 0 && peak > 5*mean && peak > 1<<20 {
			return fmt.Sprintf("traffic of the last day: mean %.0f MB an hour, peak %.0f MB at %s", mean/1024, peak/1024, at)
		}
		return ""
	}},
	{"its disk is small for its nodes", "deploy_all_storage, which means downtime", func(s signs) string {
		if s.server.DelayedStorage != nil && bool(*s.server.DelayedStorage) {
			return fmt.Sprintf("storage is delayed: %s of %s GB deployed", s.server.DeployedDiskSize, s.server.AvailableDiskSize)
		}
		return ""
	}},
	{"the account has unpaid invoices", "get_invoice, and pay in the portal", func(s signs) string {
		var open []string
		for _, i := range s.invoices {
			if unpaid(i) {
				open = append(open, fmt.Sprintf("%s (%s %s, %s)", i.No, i.Amount, i.Currency, i.Status))
			}
		}
		return strings.Join(open, ", ")
	}},
	{"support is at work on it", "get_ticket", func(s signs) string {
		var open []string
		for _, t := range s.tickets {
			text := strings.ToLower(string(t.Subject))
			if strings.Contains(text, strings.ToLower(string(s.server.Hostname))) || strings.Contains(text, string(s.server.ID)) {
				open = append(open, fmt.Sprintf("ticket %s, %s", t.ID, t.Status))
			}
		}
		return strings.Join(open, ", ")
	}},
	{"no DNS name points to it", "list_domain_records of the domain that should", func(s signs) string {
		if s.domains > 0 && len(s.pointing) == 0 {
			return fmt.Sprintf("none of the records of the account's first %d domains has one of its addresses", s.domains)
		}
		return ""
	}},
}

// mostDomains bounds the domains whose records a diagnosis looks through.
const mostDomains = 10

// diagnose makes 7 upstream calls, and one more for each of the account's first
// ten domains.
func (s *Server) diagnose(ctx context.Context, r *reader, in diagnoseArguments) (*Answer, error) {
	server, err := read(ctx, r, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: in.ServerID})
	if err != nil {
		return nil, err
	}
	seen := signs{now: s.now(), server: server}
	from, to := s.now().Add(-24*time.Hour).UTC().Format(time.RFC3339), s.now().UTC().Format(time.RFC3339)
	var domains []vpsapi.Domain
	g := newGather(ctx, r)
	fetch(g, vpsapi.GetActivityLog, vpsapi.GetActivityLogIn{ServerID: in.ServerID}, &seen.log)
	fetch(g, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: in.ServerID, From: from, To: to}, &seen.cpu)
	fetch(g, vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: in.ServerID, From: from, To: to}, &seen.traffic)
	fetch(g, vpsapi.ListTickets, vpsapi.ListTicketsIn{Status: "open"}, &seen.tickets)
	fetch(g, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}, &seen.invoices)
	fetch(g, vpsapi.ListDomains, vpsapi.ListDomainsIn{}, &domains)
	missing, _ := g.wait()
	missing = append(missing, seen.readNames(ctx, r, domains)...)
	return reportAnswer(fmt.Sprintf("Diagnosis of %s", Thing{Kind: "cloud server", ID: string(server.ID), Label: string(server.Label)}), seen.report(missing))
}

// readNames finds the names that point to the server's addresses.
func (s *signs) readNames(ctx context.Context, r *reader, domains []vpsapi.Domain) []string {
	domains = domains[:min(len(domains), mostDomains)]
	s.domains = len(domains)
	lists := make([][]vpsapi.Record, len(domains))
	g := newGather(ctx, r)
	for i, d := range domains {
		fetch(g, vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: d.ID}, &lists[i])
	}
	missing, _ := g.wait()
	addresses := addressesOf(s.server)
	for i, d := range domains {
		for _, record := range lists[i] {
			if slices.ContainsFunc(record.Data, func(data string) bool { return slices.Contains(addresses, data) }) {
				s.pointing = append(s.pointing, strings.TrimPrefix(string(record.Host)+"."+string(d.Name), "@."))
			}
		}
	}
	return missing
}

func addressesOf(s vpsapi.Server) []string {
	var list []string
	if s.PrimaryIPAddress != nil {
		list = append(list, string(s.PrimaryIPAddress.IP.Address))
	}
	for _, w := range slices.Concat(s.IPAddresses, s.AdditionalIPs) {
		list = append(list, string(w.IP.Address))
	}
	return list
}

func (s *signs) report(missing []string) any {
	causes := []cause{}
	for _, r := range rules {
		if evidence := r.evidence(*s); evidence != "" {
			causes = append(causes, cause{r.cause, evidence, r.next})
		}
	}
	if len(causes) == 0 {
		causes = append(causes, cause{"nothing that the API shows", "power, tasks, CPU, traffic, disk, invoices, tickets and DNS look as they should", "look inside the server: its memory, disk and services"})
	}
	mean, peak, at := cpuFigures(s.cpu)
	down, most, when := trafficFigures(s.traffic)
	return struct {
		Causes   []cause  `json:"causes"`
		State    string   `json:"state"`
		Activity string   `json:"newest_activity,omitempty"`
		CPU      string   `json:"cpu_last_day,omitempty"`
		Traffic  string   `json:"traffic_last_day,omitempty"`
		Names    []string `json:"dns_names,omitempty"`
		Missing  []string `json:"not_known,omitempty"`
	}{
		causes, describeState(s.server), newestActivity(s.log),
		figure(len(s.cpu), "mean %.0f %%, peak %.0f %% at %s", mean, peak, at),
		figure(len(s.traffic), "mean %.1f MB an hour, peak %.1f MB at %s", down/1024, most/1024, when),
		s.pointing[:min(len(s.pointing), 20)], missing,
	}
}

func figure(rows int, format string, args ...any) string {
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf(format, args...)
}

// newestActivity is the first line of an activity log, in whatever form it came.
func newestActivity(log vpsapi.Raw) string {
	var rows []json.RawMessage
	if json.Unmarshal(unwrapped(log), &rows) != nil || len(rows) == 0 {
		return "none"
	}
	var words []string
	for _, m := range membersOf(visible(rows[0])) {
		if m.name != "id" {
			words = append(words, scalarText(m.value))
		}
	}
	return vpsapi.Quote(strings.Join(words, " "))
}

// cpuFigures are mean and peak in per cent, and when the peak was.
func cpuFigures(rows []vpsapi.CPURow) (mean, peak float64, at vpsapi.Time) {
	for _, row := range rows {
		p := cpuPerCent(row)
		mean += p / float64(len(rows))
		if p > peak {
			peak, at = p, row.CreatedAt
		}
	}
	return mean, peak, at
}

// trafficFigures are mean and peak in KB an hour, both directions together.
func trafficFigures(rows []vpsapi.NetworkRow) (mean, peak float64, at vpsapi.Time) {
	for _, row := range rows {
		kb := float64(row.DataSent + row.DataReceived)
		mean += kb / float64(len(rows))
		if kb > peak {
			peak, at = kb, row.CreatedAt
		}
	}
	return mean, peak, at
}
