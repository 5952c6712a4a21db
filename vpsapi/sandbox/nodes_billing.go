package sandbox

import (
	"fmt"
	"math"
	"time"

	"vpsnet-mcp/vpsapi"
)

// restOfMonth is what a thing of a monthly price costs until the next first, and
// the words for it.
func (a *account) restOfMonth(price float64, what string) (float64, string) {
	now := a.now.UTC()
	days := now.AddDate(0, 1, -now.Day()).Day()
	left := days - now.Day() + 1
	return roundToCents(price * float64(left) / float64(days)), fmt.Sprintf("%s, pro rata for %d of %d days", what, left, days)
}

// restOfDay is restOfMonth for a daily price, until midnight.
func (a *account) restOfDay(price float64, what string) (float64, string) {
	left := 24 - a.now.UTC().Hour()
	return roundToCents(price * float64(left) / 24), fmt.Sprintf("%s, pro rata for %d of 24 hours", what, left)
}

// dailyNodePrice is the price of a daily node a day.
const dailyNodePrice = nodePrice / 30

// billFromMidnight bills the account at every midnight (UTC): what is on it then
// is paid for the day or the month that begins, what was removed is not.
func (a *account) billFromMidnight() {
	midnight := a.now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour)
	a.schedule(midnight.Sub(a.now), func() {
		a.billDay(midnight)
		a.billFromMidnight()
	})
}

// billDay adds the nodes of a day to the invoices.
func (a *account) billDay(day time.Time) {
	counts := nodesByType{}
	for _, n := range a.nodes {
		counts[nodeKind(n)]++
	}
	a.chargeNodes(counts[dailyNodes], dailyNodes, dailyNodePrice, day.Format("2 January 2006"))
	if day.Day() != 1 {
		return
	}
	month := day.Format("January 2006")
	for _, kind := range []string{monthlyNodes, ramNodes, storageNodes, fusionNodes, bandwidthNodes} {
		a.chargeNodes(counts[kind], kind, nodePrice, month)
	}
	if n := a.billedIPs(); n > 0 {
		a.charge(ipPrice*float64(n), countText(n, "IP address", "es")+", "+month)
	}
}

// chargeNodes adds nodes of one kind to the invoice at their price; none add nothing.
func (a *account) chargeNodes(count int, kind string, price float64, when string) {
	if count > 0 {
		a.charge(roundToCents(price*float64(count)), countedNodes(count, kind)+", "+when)
	}
}

// billedIPs counts the addresses that are billed: the public ones that are no
// server's primary one.
func (a *account) billedIPs() int {
	count, served := 0, map[vpsapi.ServerID]bool{}
	for _, ip := range a.ips {
		switch {
		case ip.CloudID == nil:
		case ip.VirtualMachineID != nil && !served[*ip.VirtualMachineID]:
			served[*ip.VirtualMachineID] = true
		default:
			count++
		}
	}
	return count
}

// countedNodes is such as "1 node", "2 storage nodes".
func countedNodes(n int, kind string) string {
	if kind == monthlyNodes {
		return countText(n, "node", "s")
	}
	return countText(n, kind+" node", "s")
}

// countText says a number of things, with the plural's ending where it is needed.
func countText(n int, what, plural string) string {
	if n != 1 {
		what += plural
	}
	return fmt.Sprintf("%d %s", n, what)
}

// roundToCents rounds an amount to cents.
func roundToCents(amount float64) float64 { return math.Round(amount*100) / 100 }
