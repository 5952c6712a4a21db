package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// idle lists what is billed and used by nothing, and what its removal saves.
func (a *accountReads) idle(b costReads) []idleThing {
	list := []idleThing{}
	add := func(what, saves string, names []string, next ...call) {
		if len(names) > 0 {
			list = append(list, idleThing{what, len(names), joinFirst(names, maxNamed), saves, a.words(next...)})
		}
	}
	costs := a.nodeCosts()
	what := "nodes that no server uses"
	if need := serversNeedingNodes(b.recoverable); need != "" {
		what += "; " + need + " may need them to be recovered"
	}
	add(what, a.unusedNodesCost(), a.unusedNodes(), unusedNodes, call{function: vpsapi.DeleteNode.Name})
	var names []string
	for _, ip := range a.unusedIPs() {
		names = append(names, fmt.Sprintf("%s %s", ip.ID, answer.Clip(string(ip.Address), maxLabelRunes)))
	}
	add("IP addresses that no server has", "unknown", names, unused(vpsapi.ListIPs.Name), call{function: vpsapi.DeleteIP.Name})
	var off monthlySum
	names = nil
	for _, s := range a.servers {
		if !isOff(a, s) {
			continue
		}
		names = append(names, fmt.Sprintf("%s %s", s.ID, answer.Clip(string(s.Label), maxLabelRunes)))
		if own := costs.of[s.ID]; own.known > 0 {
			off.add(own.Price)
		}
	}
	saves := "unknown"
	if off.known > 0 {
		saves = off.String() + ", once they are deleted and their nodes too"
	}
	add("cloud servers that are switched off", saves, names, offServers)
	names = nil
	for _, t := range b.cloudLinux {
		if words.UsingServer(t.VirtualMachineID) == "" {
			names = append(names, string(t.ID))
		}
	}
	add("CloudLinux templates that no server uses", "unknown", names, unused(vpsapi.ListCloudLinuxTemplates.Name))
	names = nil
	for _, t := range b.windows {
		if words.UsingServer(t.VirtualMachineID) == "" {
			names = append(names, string(t.ID))
		}
	}
	add("Windows templates that no server uses", "unknown", names, unused(vpsapi.ListWindowsTemplates.Name))
	return list
}

// unusedNodesCost is what the nodes that no server uses cost a month, with how many are of unknown price.
func (a *accountReads) unusedNodesCost() string {
	unused := a.nodeCosts().unused
	text := unused.text()
	switch others := len(a.unusedNodes()) - unused.known - unused.unknown; {
	case text == "":
		return "unknown"
	case others > 0:
		return text + ", and " + words.Counted(others, "node") + " of unknown price"
	}
	return text
}

// unusedNodes names the nodes that no server uses and that are billed.
func (a *accountReads) unusedNodes() []string {
	var names []string
	for _, n := range a.nodes {
		if words.UsingServer(n.VirtualMachineID) == "" && !words.IsOn(n.FreeNode) {
			names = append(names, fmt.Sprintf("%s %s", n.ID, nodeKind(n)))
		}
	}
	return names
}

// serversNeedingNodes names the deleted servers that can still be recovered.
func serversNeedingNodes(recoverable []vpsapi.Server) string {
	var names []string
	for _, s := range recoverable {
		names = append(names, fmt.Sprintf("%s (%s)", vpsapi.Quote(answer.Clip(string(s.Label), maxLabelRunes)), strings.TrimPrefix(words.NodesText(s), "its ")))
	}
	return words.JoinAnd(names)
}

// lastInvoices are the newest, newest first.
func (a *accountReads) lastInvoices() []invoiceSummary {
	list := []invoiceSummary{}
	for _, i := range a.sortedInvoices()[:min(len(a.invoices), maxInvoices)] {
		list = append(list, invoiceSummary{i.No, words.TimeText(i.DateSent), words.TimeText(i.DateDue), invoiceAmount(i).String(), answer.Clip(string(i.Status), 20)})
	}
	return list
}

// sortedInvoices returns the invoices, the latest first.
func (a *accountReads) sortedInvoices() []vpsapi.Invoice {
	sent := func(i vpsapi.Invoice) int64 {
		t, err := vpsapi.Timestamp(string(i.DateSent))
		if err != nil {
			return 0
		}
		return t.Unix()
	}
	return slices.SortedStableFunc(slices.Values(a.invoices), func(x, y vpsapi.Invoice) int { return cmp.Compare(sent(y), sent(x)) })
}

// newestInvoice is nil for an account without any.
func (a *accountReads) newestInvoice() *vpsapi.Invoice {
	if len(a.invoices) == 0 {
		return nil
	}
	return &a.sortedInvoices()[0]
}

// invoiceAmount is an invoice's amount in its currency.
func invoiceAmount(i vpsapi.Invoice) words.Price {
	return words.PriceOf(i.Amount, words.CurrencyText(i.Currency))
}

// newestInvoiceText tells the newest invoice beside what the nodes cost a month. An invoice may be of one purchase
// alone, so that the two are not subtracted.
func (a *accountReads) newestInvoiceText(cost monthlySum) string {
	last := a.newestInvoice()
	if last == nil || cost.known == 0 {
		return ""
	}
	shows := a.words(call{vpsapi.GetInvoice.Name, fmt.Sprintf(`{"invoice_no":%q}`, last.No)})
	return fmt.Sprintf("the newest invoice, %s of %s, is %s; it may be of one purchase or of a month: %s shows what of", last.No, words.TimeText(last.DateSent), invoiceAmount(*last), shows)
}
