package report

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// DiagnoseArguments are those of diagnose_server.
type DiagnoseArguments struct {
	ServerID vpsapi.AnyServerID `json:"server_id"`
}

// Bounds of what a diagnosis looks through, however large the account is.
const (
	// maxDomains is how many domains a diagnosis reads at most.
	maxDomains = 10
	// maxTickets is how many tickets a diagnosis looks through and shows at most.
	maxTickets = 5
	// maxNames is how many DNS names a diagnosis shows at most.
	maxNames = 20
)

// serverSigns are what a diagnosis looks at.
type serverSigns struct {
	reader   *account.Reader // words the next steps
	now      time.Time
	server   vpsapi.Server
	activity []activity // newest first
	cpu      []vpsapi.CPURow
	traffic  []vpsapi.NetworkRow
	tickets  []vpsapi.Ticket // open ones that name the server
	invoices []vpsapi.Invoice
	pointing []string      // DNS names that point to the server
	zone     vpsapi.Domain // the account's domain that the server's own name is in
	astray   string        // where that name points, if not to the server
	domains  int           // that were looked through
}

// Diagnose makes 7 upstream calls, and one more for each of at most ten domains,
// the server's own first, and of at most five open tickets.
func Diagnose(ctx context.Context, r *account.Reader, in DiagnoseArguments) (*answer.Answer, error) {
	if newer, ok := in.ServerID.Newer(); ok {
		return diagnosePlatform(ctx, r, newer)
	}
	id := vpsapi.ServerID(in.ServerID)
	account.Prefetch(ctx, r, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: id})
	seen := serverSigns{reader: r, now: r.Now()}
	from, to := r.Now().Add(-24*time.Hour).UTC().Format(time.RFC3339), r.Now().UTC().Format(time.RFC3339)
	var (
		log     vpsapi.Raw
		domains []vpsapi.Domain
		tickets []vpsapi.Ticket
	)
	g := account.NewGather(ctx, r)
	account.Fetch(g, vpsapi.GetActivityLog, vpsapi.GetActivityLogIn{ServerID: id}, &log)
	account.Fetch(g, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: id, From: from, To: to}, &seen.cpu)
	account.Fetch(g, vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: id, From: from, To: to}, &seen.traffic)
	account.Fetch(g, vpsapi.ListTickets, vpsapi.ListTicketsIn{Status: "open"}, &tickets)
	account.Fetch(g, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}, &seen.invoices)
	account.Fetch(g, vpsapi.ListDomains, vpsapi.ListDomainsIn{}, &domains)
	missing, _ := g.Wait()
	server, err := account.Read(ctx, r, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: id})
	if err != nil {
		return nil, err
	}
	seen.server = server
	seen.activity = activities(log)
	missing = append(missing, seen.readFurther(ctx, r, domains, tickets)...)
	return reportAnswer(fmt.Sprintf("Diagnosis of %s", plan.Thing{Kind: "cloud server", ID: string(server.ID), Label: string(server.Label)}), seen.report(missing))
}

// readFurther finds the names that point to the server, and the tickets that name
// it: their subjects are chosen from a list, so that the name stands in the text.
func (s *serverSigns) readFurther(ctx context.Context, r *account.Reader, domains []vpsapi.Domain, tickets []vpsapi.Ticket) []string {
	own := s.name()
	domains = slices.Clone(domains)
	slices.SortStableFunc(domains, func(a, b vpsapi.Domain) int { return len(domainSuffix(own, b)) - len(domainSuffix(own, a)) })
	domains, tickets = domains[:min(len(domains), maxDomains)], tickets[:min(len(tickets), maxTickets)]
	records, texts := make([][]vpsapi.Record, len(domains)), make([]vpsapi.Ticket, len(tickets))
	g := account.NewGather(ctx, r)
	for i, d := range domains {
		account.Fetch(g, vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: d.ID}, &records[i])
	}
	for i, t := range tickets {
		account.Fetch(g, vpsapi.GetTicket, vpsapi.GetTicketIn{TicketID: t.ID}, &texts[i])
	}
	missing, _ := g.Wait()
	for i, d := range domains {
		if records[i] != nil {
			s.domains++
			s.follow(d, records[i])
		}
	}
	for i, t := range tickets {
		if s.isNamedIn(t) || s.isNamedIn(texts[i]) {
			s.tickets = append(s.tickets, t)
		}
	}
	return missing
}

// name returns the server's full hostname in lower case.
func (s *serverSigns) name() string {
	return strings.ToLower(strings.Trim(string(s.server.Hostname)+"."+string(s.server.DomainName), "."))
}

// domainSuffix returns the domain's name if a host is of it.
func domainSuffix(host string, d vpsapi.Domain) string {
	name := strings.ToLower(string(d.Name))
	if name != "" && (host == name || strings.HasSuffix(host, "."+name)) {
		return name
	}
	return ""
}

// follow sees where a domain's records lead.
func (s *serverSigns) follow(d vpsapi.Domain, records []vpsapi.Record) {
	addresses := account.AddressesOf(s.server)
	var elsewhere []string
	found := false
	if domainSuffix(s.name(), d) != "" && len(d.Name) > len(s.zone.Name) {
		s.zone = d
	}
	for _, record := range records {
		host := strings.ToLower(string(record.Host) + "." + string(d.Name))
		host = strings.TrimPrefix(host, "@.")
		here := slices.ContainsFunc(record.Data, func(data string) bool { return slices.Contains(addresses, data) })
		if here {
			s.pointing = append(s.pointing, answer.Clip(host, 80))
		}
		if host == s.name() && (record.Type == "a" || record.Type == "failover" || record.Type == "cname") {
			found = found || here || record.Type == "cname"
			elsewhere = append(elsewhere, record.Data...)
		}
	}
	if !found && len(elsewhere) > 0 {
		s.astray = answer.Clip(strings.Join(elsewhere, ", "), 80)
	}
}

// isNamedIn reports a ticket that has the server's id, label, name or address as
// a word of its own.
func (s *serverSigns) isNamedIn(t vpsapi.Ticket) bool {
	texts := []string{string(t.Subject)}
	for _, reply := range t.Replies {
		texts = append(texts, string(reply.Comment))
	}
	names := append(account.AddressesOf(s.server), string(s.server.ID), string(s.server.Label), string(s.server.Hostname), s.name())
	for _, text := range texts {
		for _, name := range names {
			if mentions(text, name) {
				return true
			}
		}
	}
	return false
}

// mentions reports a name that stands in a text, not as a part of a longer one.
// What is shorter than four characters is not a name to go by.
func mentions(text, name string) bool {
	text, name = strings.ToLower(text), strings.ToLower(name)
	if len(name) < 4 {
		return false
	}
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		from += i
		before, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(text[:from], "."))
		after, _ := utf8.DecodeRuneInString(strings.TrimPrefix(text[from+len(name):], "."))
		if !isWordRune(before) && !isWordRune(after) {
			return true
		}
		from += len(name)
	}
}

// isWordRune reports a character that a host name or number may go on with.
func isWordRune(r rune) bool {
	return r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_')
}

// activity is one line of a server's log. Its form is not documented.
type activity struct {
	action, status string
	at             time.Time
}

// activities reads a log as far as it is understood, newest first.
func activities(log vpsapi.Raw) []activity {
	var rows []json.RawMessage
	if json.Unmarshal(answer.Unwrap(log), &rows) != nil {
		return nil
	}
	var list []activity
	for _, row := range rows {
		var a activity
		for _, m := range answer.Members(row) {
			switch text := answer.Clip(answer.FormatScalar(m.Value), maxLabelRunes); m.Name {
			case "action":
				a.action = text
			case "status":
				a.status = text
			case "created_at":
				a.at, _ = vpsapi.Timestamp(text)
			}
		}
		list = append(list, a)
	}
	slices.SortStableFunc(list, func(a, b activity) int { return b.at.Compare(a.at) })
	return list
}

// String says what was done with a server, how that went and when.
func (a activity) String() string {
	text := strings.TrimSpace(a.action + " " + a.status)
	if !a.at.IsZero() {
		text += " at " + words.MomentText(a.at)
	}
	return text
}

// newest returns the newest entry of the server's activity log.
func (s *serverSigns) newest() activity {
	if len(s.activity) == 0 {
		return activity{action: "none"}
	}
	return s.activity[0]
}

// Diagnosis is what a diagnosis answers.
type Diagnosis struct {
	Causes   []Cause  `json:"causes"` // likeliest first
	State    string   `json:"state"`
	Nodes    int      `json:"nodes,omitempty"`
	Activity []string `json:"recent_activity,omitempty"`
	CPU      string   `json:"cpu_last_day,omitempty"`
	Traffic  string   `json:"traffic_last_day,omitempty"`
	Names    []string `json:"dns_names,omitempty"`
	Compared string   `json:"compared,omitempty"`
	Unseen   string   `json:"cannot_see,omitempty"`
	Missing  []string `json:"not_known,omitempty"`
}

// What a diagnosis looks at, and what the API does not show.
const (
	// comparedText says what a diagnosis looks at.
	comparedText = "power, build and tasks now; CPU and traffic of the last day by their means and peaks; the disk deployed against what its nodes allow; DNS against its addresses; overdue invoices; open tickets"
	// notShownText says what the API does not show, and a diagnosis cannot see.
	notShownText = "memory and swap, disk speed and free space, programs and logs, and the host: look inside the server"
)

// report puts the diagnosis together; missing names the reads that failed.
func (s *serverSigns) report(missing []string) Diagnosis {
	d := Diagnosis{Compared: comparedText, Unseen: notShownText, Causes: s.causes(), State: catalog.DescribeState("cloud server", s.server), Nodes: nodesOf(s.server), Missing: missing}
	for _, a := range s.activity[:min(len(s.activity), 3)] {
		d.Activity = append(d.Activity, a.String())
	}
	if len(s.cpu) > 0 {
		d.CPU = cpuFigures(s.cpu).String()
	}
	if len(s.traffic) > 0 {
		d.Traffic = trafficFigures(s.traffic).String()
	}
	d.Names = s.pointing[:min(len(s.pointing), maxNames)]
	return d
}

// nodesText counts a server's nodes in words.
func nodesText(s vpsapi.Server) string {
	if n := nodesOf(s); n > 0 {
		return words.Counted(n, "node")
	}
	return "an unknown number of nodes"
}

// nodesOf counts the nodes that make a server's processor, memory and disk; 0 is unknown.
func nodesOf(s vpsapi.Server) int {
	n := int(zone.NumberOf(s.RegularNodesCount) + zone.NumberOf(s.DailyNodesCount))
	if n == 0 {
		n = int(zone.NumberOf(s.SlicesCount))
	}
	return n
}
