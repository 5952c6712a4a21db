package report

import (
	"fmt"
	"slices"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// monthlySum is what a number of things costs a month: of those whose price is known, and
// how many others there are.
type monthlySum struct {
	words.Price    // of the known ones
	known, unknown int
}

// add adds a price per month, or counts it as unknown.
func (s *monthlySum) add(p words.Price) {
	if !p.Known {
		s.unknown++
		return
	}
	s.known++
	if s.known == 1 {
		s.Price = p
		return
	}
	s.Price = s.Plus(p)
}

// text tells the sum with what is not in it; empty for a sum of nothing.
func (s monthlySum) text() string {
	switch {
	case s.known+s.unknown == 0:
		return ""
	case s.known == 0:
		return "unknown (" + words.Counted(s.unknown, "monthly node") + ")"
	case s.unknown > 0:
		return fmt.Sprintf("%s, and %s of unknown price", s.Price, words.Counted(s.unknown, "monthly node"))
	}
	return s.String()
}

// nodeCosts are what the monthly nodes of an account cost, wherever that is told.
type nodeCosts struct {
	all, unused monthlySum
	of          map[vpsapi.ServerID]monthlySum
}

// nodeCosts adds up the monthly nodes: the account's price and the premium of the
// cloud that their server is on.
func (a *accountReads) nodeCosts() nodeCosts {
	c := nodeCosts{of: map[vpsapi.ServerID]monthlySum{}}
	each := a.nodePrices()
	for _, n := range a.nodes {
		paid, unknown := monthlyPaid(n)
		if !paid {
			continue
		}
		user := words.UsingServer(n.VirtualMachineID)
		price := each[user]
		if unknown {
			price = words.Price{}
		}
		c.all.add(price)
		if user == "" {
			c.unused.add(price)
			continue
		}
		s := c.of[user]
		s.add(price)
		c.of[user] = s
	}
	return c
}

// nodePrices are what a monthly node of each server costs, as plans tell it too; the
// empty id is for a node that no server uses. Of a server that is not there, or whose
// cloud is not, the price is unknown.
func (a *accountReads) nodePrices() map[vpsapi.ServerID]words.Price {
	prices := map[vpsapi.ServerID]words.Price{"": words.NodePrice(a.profile, nil, a.currency())}
	for _, s := range a.servers {
		if cloud := a.cloud(s.CloudID); cloud != nil {
			prices[s.ID] = words.NodePrice(a.profile, cloud, a.currency())
		}
	}
	return prices
}

// cloud finds a cloud; nil where the account's list does not have it.
func (a *accountReads) cloud(id vpsapi.CloudID) *vpsapi.Cloud {
	i := slices.IndexFunc(a.clouds, func(c vpsapi.Cloud) bool { return c.ID == id })
	if i < 0 {
		return nil
	}
	return &a.clouds[i]
}

// currency is that of the balance where it was read, else of an invoice or a cloud's premium: an account has one.
func (a *accountReads) currency() string {
	codes := []vpsapi.Text{a.billing.Currency}
	for _, i := range a.invoices {
		codes = append(codes, i.Currency)
	}
	for _, c := range a.clouds {
		codes = append(codes, c.CurrencyCode)
	}
	for _, code := range codes {
		if text := words.CurrencyText(code); text != "" {
			return text
		}
	}
	return ""
}
