package report

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Bounds of a cost report.
const (
	// maxCosts is how many rows of servers a cost report has at most.
	maxCosts = 25
	// maxInvoices is how many invoices a cost report has at most.
	maxInvoices = 6
)

// costReads is what a cost report reads beside the holdings.
type costReads struct {
	cloudLinux  []vpsapi.CommercialTemplate
	windows     []vpsapi.WindowsTemplate
	recoverable []vpsapi.Server
	onSale      vpsapi.Raw // licenses

	hasTemplates bool
}

// CostArguments are those of cost_report: none.
type CostArguments struct{}

// Costs makes 15 upstream calls: those of a fleet report, and the balance, the bought templates, the
// licenses on sale and the servers that can be recovered.
func Costs(ctx context.Context, r *account.Reader, _ CostArguments) (*answer.Answer, error) {
	a, missing, err := readHoldings(ctx, r)
	if err != nil {
		return nil, err
	}
	var b costReads
	g := account.NewGather(ctx, r)
	linux := account.TryFetch(g, vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{}, &b.cloudLinux)
	windows := account.TryFetch(g, vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{}, &b.windows)
	account.TryFetch(g, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{}, &a.billing)
	account.TryFetch(g, vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{}, &b.onSale)
	account.TryFetch(g, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{}, &b.recoverable)
	more, _ := g.Wait()
	b.hasTemplates = *linux && *windows
	return reportAnswer("Cost report", a.costs(b, r.Now(), append(missing, more...)))
}

// costReport is what the account pays a month, as far as the API tells. What is not
// known is named, and is in no sum.
type costReport struct {
	Known    string           `json:"known_monthly_cost"`
	Unknown  []string         `json:"not_in_that"` // what is billed, and whose price the API does not tell
	Against  string           `json:"against_the_last_invoice,omitempty"`
	Balance  string           `json:"balance,omitempty"`
	Kinds    []costKind       `json:"by_kind"`
	Idle     []idleThing      `json:"idle"`
	Servers  []serverCost     `json:"by_server"` // the most expensive first
	Used     string           `json:"traffic_total_this_month,omitempty"`
	First    string           `json:"traffic_first_to_run_out,omitempty"`
	Traffic  []allowance      `json:"traffic_this_month"` // first to run out first
	Invoices []invoiceSummary `json:"last_invoices"`
	LeftOut  string           `json:"left_out,omitempty"`
	Missing  []string         `json:"not_known,omitempty"`
}

// costKind is a kind of thing that is billed.
type costKind struct {
	What    string `json:"what"`
	Count   string `json:"count"`
	Monthly string `json:"monthly_cost"`
}

// idleThing is what is billed and used by nothing.
type idleThing struct {
	What  string `json:"what"`
	Count int    `json:"count"`
	Which string `json:"which"`
	Saves string `json:"saves_a_month"`
	Next  string `json:"next_step"`
}

// serverCost is what a server costs; More is what it has whose price is unknown.
type serverCost struct {
	ID      vpsapi.AnyServerID `json:"id"`
	Label   string             `json:"label"`
	Cloud   string             `json:"cloud"`
	Nodes   string             `json:"nodes"`
	Monthly string             `json:"monthly_cost"`
	More    string             `json:"price_unknown,omitempty"`

	amount float64
}

// invoiceSummary is an invoice.
type invoiceSummary struct {
	No     vpsapi.InvoiceNo `json:"invoice_no"`
	Sent   string           `json:"sent"`
	Due    string           `json:"due"`
	Amount string           `json:"amount"`
	Status string           `json:"status"`
}

// costs puts the cost report together from what was read; missing names the reads that failed.
func (a *accountReads) costs(b costReads, now time.Time, missing []string) costReport {
	nodes := a.nodeCosts()
	c := costReport{Known: "unknown", Kinds: a.costKinds(b), Idle: a.idle(b), Servers: a.serverCosts(nodes), Traffic: a.allowances(now), Missing: missing}
	if nodes.all.known > 0 || a.hasNodes && nodes.all.unknown == 0 {
		c.Known = nodes.all.money(a.currency()) + " for " + words.Counted(nodes.all.known, "monthly node") + ", cloud premiums included"
	}
	c.Unknown = []string{}
	for _, k := range c.Kinds {
		if strings.HasPrefix(k.Monthly, "unknown") && k.Count != "0" {
			c.Unknown = append(c.Unknown, fmt.Sprintf("%s (%s)", k.What, k.Count))
		}
	}
	if balance := words.PriceOf(a.billing.CurrentBalance, a.currency()); balance.Known {
		c.Balance = balance.String() + " (whether that is credit or debt the API does not tell)"
		if credits := words.PriceOf(a.billing.AccountCredits, a.currency()); credits.Known && credits.Amount > 0 {
			c.Balance += ", credits " + credits.String()
		}
	}
	c.Invoices = a.lastInvoices()
	c.Against = a.newestInvoiceText(nodes.all)
	c.Used, c.First = a.trafficTotal(), firstToRunOut(c.Traffic)
	if n := len(a.servers) + len(a.platform.servers) - len(c.Servers); n > 0 {
		c.LeftOut = words.Counted(n, "further server") + " left out, but counted in the sums; " + a.words(call{function: vpsapi.ListServers.Name}) + " shows all"
	}
	c.Traffic = c.Traffic[:min(len(c.Traffic), maxCosts)]
	return c
}

// money writes the sum with its currency; unknown when no price is known.
func (s monthlySum) money(currency string) string {
	if s.known == 0 {
		return words.Price{Currency: currency, Known: true}.String()
	}
	return s.String()
}

// costKinds count what is billed, each kind with its price where the API tells one.
func (a *accountReads) costKinds(b costReads) []costKind {
	var list []costKind
	add := func(n int, what string) {
		if n > 0 {
			list = append(list, costKind{what, strconv.Itoa(n), "unknown"})
		}
	}
	unsaid := func(read bool, what string) {
		if !read {
			list = append(list, costKind{what, "unknown", "unknown"})
		}
	}
	unsaid(a.hasNodes, "nodes")
	list = append(list, a.nodeKinds()...)
	unsaid(a.hasIPs, "IP addresses")
	add(len(a.ips), "IP addresses; the first one of each server may be included in its price")
	list = append(list, a.licenseKinds(b)...)
	unsaid(b.hasTemplates, "bought templates")
	add(len(b.cloudLinux)+len(b.windows), "bought templates; whether they are paid once or monthly is not documented")
	for _, service := range []struct {
		name string
		on   func(s vpsapi.Server) *vpsapi.Flag
	}{
		{"automatic backups", func(s vpsapi.Server) *vpsapi.Flag { return s.BackupsEnabled }},
		{"rsync backup", func(s vpsapi.Server) *vpsapi.Flag { return s.RsyncEnabled }},
		{"R1Soft backup", func(s vpsapi.Server) *vpsapi.Flag { return s.R1SoftEnabled }},
	} {
		n := 0
		for _, s := range a.servers {
			if words.IsOn(service.on(s)) {
				n++
			}
		}
		add(n, "servers with "+service.name)
	}
	add(len(a.ssd), "SSD servers")
	add(len(a.platform.servers), "servers of the newer API")
	return list
}

// nodeKinds are the kinds of nodes: monthly ones at the account's price, the premiums of
// clouds, and those whose price the API does not tell.
func (a *accountReads) nodeKinds() []costKind {
	count, premium := map[string]int{}, map[vpsapi.CloudID]int{}
	clouds := map[vpsapi.ServerID]vpsapi.CloudID{}
	for _, s := range a.servers {
		clouds[s.ID] = s.CloudID
	}
	for _, n := range a.nodes {
		kind := nodeKind(n) + " nodes"
		switch paid, unknown := monthlyPaid(n); {
		case words.IsOn(n.FreeNode):
			kind = "free nodes"
		case unknown:
			kind = "nodes of which the service does not say whether they are monthly, daily or free"
		case paid:
			kind = "monthly nodes"
			premium[clouds[words.UsingServer(n.VirtualMachineID)]]++
		}
		count[kind]++
	}
	var list []costKind
	for _, kind := range slices.Sorted(maps.Keys(count)) {
		monthly := "unknown"
		switch kind {
		case "free nodes":
			monthly = "none"
		case "monthly nodes":
			if each := words.NodePrice(a.profile, nil, a.currency()); each.Known {
				monthly = fmt.Sprintf("%s (%s each)", each.Times(count[kind]), each)
			}
		}
		list = append(list, costKind{kind, strconv.Itoa(count[kind]), monthly})
	}
	for _, id := range slices.Sorted(maps.Keys(premium)) {
		cloud := a.cloud(id)
		if id == "" || cloud == nil {
			continue
		}
		each := words.PriceOf(cloud.PremiumPrice, a.currency())
		if each.Known && each.Amount == 0 {
			continue
		}
		monthly := "unknown"
		if each.Known {
			monthly = fmt.Sprintf("%s (%s each)", each.Times(premium[id]), each)
		}
		list = append(list, costKind{fmt.Sprintf("premiums of cloud %s %s", id, answer.Clip(string(cloud.Label), maxLabelRunes)), strconv.Itoa(premium[id]), monthly})
	}
	return list
}

// licenseKinds count the servers' licenses by what they are called on sale.
func (a *accountReads) licenseKinds(b costReads) []costKind {
	count, unknown := map[vpsapi.LicenseID]int{}, 0
	for _, s := range a.servers {
		if s.Licenses == nil {
			unknown++
		}
		for _, l := range s.Licenses {
			count[l.License.ID]++
		}
	}
	var list []costKind
	for _, id := range slices.Sorted(maps.Keys(count)) {
		what, monthly := "license "+string(id), "unknown"
		if l := account.FindRaw(b.onSale, string(id), "license_id", "id"); l != nil {
			if name, ok := l["name"].(string); ok {
				what += " " + answer.Clip(name, maxLabelRunes)
			}
			if price := words.PriceOf(vpsapi.Money(fmt.Sprint(l["price"])), a.currency()); price.Known {
				monthly = "unknown: listed at " + price.String() + ", and whether that is per month is not documented"
			}
		}
		list = append(list, costKind{what, strconv.Itoa(count[id]), monthly})
	}
	if unknown > 0 {
		list = append(list, costKind{"licenses of " + words.Counted(unknown, "server") + ", which the list does not show: " + a.words(call{function: vpsapi.GetServerLicenses.Name}) + " does", "unknown", "unknown"})
	}
	return list
}

// serverCosts are the servers, the most expensive first.
func (a *accountReads) serverCosts(nodes nodeCosts) []serverCost {
	ips := map[vpsapi.ServerID]int{}
	for _, ip := range a.ips {
		ips[words.UsingServer(ip.VirtualMachineID)]++
	}
	var list []serverCost
	for _, s := range a.servers {
		own := nodes.of[s.ID]
		row := serverCost{
			ID: vpsapi.AnyServerID(s.ID), Label: answer.Clip(string(s.Label), maxLabelRunes), Cloud: string(s.CloudID),
			Nodes: strings.TrimPrefix(words.NodesText(s), "its "), Monthly: cmp.Or(own.text(), "none of monthly nodes"), amount: own.Amount,
		}
		if !a.hasNodes {
			row.Monthly = "unknown"
		}
		row.More = strings.Join(billedMore(s, ips[s.ID]), ", ")
		list = append(list, row)
	}
	for _, s := range a.platform.servers {
		list = append(list, serverCost{
			ID: vpsapi.AnyServerID(s.ServerID()), Label: answer.Clip(string(s.Label), maxLabelRunes), Cloud: answer.Clip(string(s.Location.Name), maxLabelRunes), Monthly: "unknown", More: "its plan",
		})
	}
	slices.SortStableFunc(list, func(x, y serverCost) int { return cmp.Compare(y.amount, x.amount) })
	return list[:min(len(list), maxCosts)]
}

// billedMore lists what a server has whose price the API does not tell.
func billedMore(s vpsapi.Server, ips int) []string {
	var more []string
	if _, daily, others := words.NodeCounts(s); true {
		if daily != nil && *daily > 0 {
			more = append(more, words.Counted(int(*daily), "daily node"))
		}
		more = append(more, others...)
	}
	if ips > 1 {
		more = append(more, words.Counted(ips-1, "further IP address"))
	}
	switch {
	case s.Licenses == nil:
		more = append(more, "licenses (not told)")
	case len(s.Licenses) > 0:
		more = append(more, words.Counted(len(s.Licenses), "license"))
	}
	for _, service := range []struct {
		name string
		on   *vpsapi.Flag
	}{{"automatic backups", s.BackupsEnabled}, {"rsync backup", s.RsyncEnabled}, {"R1Soft backup", s.R1SoftEnabled}} {
		if words.IsOn(service.on) {
			more = append(more, service.name)
		}
	}
	return more
}
