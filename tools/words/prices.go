package words

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// PriceUnknown is what a plan says where the API does not tell what a thing costs.
const PriceUnknown = "the API does not tell the price"

// Price is an amount of money; the zero value is an unknown one.
type Price struct {
	Amount   float64
	Currency string
	Known    bool
}

// PriceOf reads an amount; what is not a number of a plausible size is an unknown price.
func PriceOf(m vpsapi.Money, currency string) Price {
	amount, err := strconv.ParseFloat(string(m), 64)
	return Price{amount, currency, err == nil && amount >= 0 && amount < 1e9}
}

// NodePrice is what a monthly node costs a month wherever that is told: the account's
// price and, on a cloud, its premium; a nil cloud is a node that no server uses.
func NodePrice(profile vpsapi.Profile, cloud *vpsapi.Cloud, currency string) Price {
	p := PriceOf(profile.PerNodePrice, currency)
	if cloud == nil || !p.Known {
		return p
	}
	if premium := PriceOf(cloud.PremiumPrice, ""); premium.Known {
		p.Amount += premium.Amount
	}
	return p
}

// Plus adds a price of the same currency; with an unknown one the sum is unknown.
func (p Price) Plus(o Price) Price {
	return Price{p.Amount + o.Amount, cmp.Or(p.Currency, o.Currency), p.Known && o.Known}
}

// Times returns the price of n things, each at this price.
func (p Price) Times(n int) Price {
	p.Amount *= float64(n)
	return p
}

// String writes the amount with its currency, or that it is unknown.
func (p Price) String() string {
	if !p.Known {
		return PriceUnknown
	}
	return strings.TrimSpace(fmt.Sprintf("%.2f %s", p.Amount, p.Currency))
}

// CurrencyText takes a currency's three letters and nothing else.
func CurrencyText(c vpsapi.Text) string {
	if len(c) != 3 || strings.Trim(strings.ToUpper(string(c)), "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return ""
	}
	return strings.ToUpper(string(c))
}

// NodesCost says what monthly nodes cost.
func NodesCost(n int, each Price) string {
	if !each.Known {
		return fmt.Sprintf("%s: %s", Counted(n, "monthly node"), PriceUnknown)
	}
	return fmt.Sprintf("%s a month for %s (%s each), the first month pro rata at once", each.Times(n), Counted(n, "monthly node"), each)
}

// TemplateText names a template, and says whether it is known.
func TemplateText(t vpsapi.SystemTemplate, id vpsapi.TemplateID, err error) string {
	if err != nil {
		return "template " + IDText(id) + " (which could not be looked up)"
	}
	return fmt.Sprintf("template %s (id %s)", vpsapi.Quote(string(t.Label)), IDText(id))
}
