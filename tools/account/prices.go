package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// currency is what the account is billed in, as the cloud on which something is bought says beside its premium, or else the balance;
// empty where the service does not say.
func (r *Reader) currency(ctx context.Context, cloud vpsapi.CloudID) string {
	if cloud != "" {
		c, _ := r.cloud(ctx, cloud)
		if code := words.CurrencyText(c.CurrencyCode); code != "" {
			return code
		}
	}
	billing, err := Lookup(ctx, r, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{})
	if err != nil {
		return ""
	}
	return words.CurrencyText(billing.Currency)
}

// NodePrice is what a monthly node costs a month: the account's price and, on a
// cloud, its premium. It is read freshly.
func (r *Reader) NodePrice(ctx context.Context, cloud vpsapi.CloudID) words.Price {
	r.PrefetchPrice(ctx, cloud)
	return r.ShownPrice(ctx, cloud)
}

// PrefetchCurrency begins to read what the account is billed in, by which a price is chosen.
func (r *Reader) PrefetchCurrency(ctx context.Context) {
	Prefetch(ctx, r, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{})
}

// PrefetchPrice begins the reads of NodePrice.
func (r *Reader) PrefetchPrice(ctx context.Context, cloud vpsapi.CloudID) {
	Prefetch(ctx, r, vpsapi.GetProfile, vpsapi.GetProfileIn{})
	if cloud == "" {
		r.PrefetchCurrency(ctx)
		return
	}
	Prefetch(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
}

// ShownPrice is NodePrice where nothing is bought: for the words alone.
func (r *Reader) ShownPrice(ctx context.Context, cloud vpsapi.CloudID) words.Price {
	r.PrefetchShownPrice(ctx, cloud)
	profile, err := Lookup(ctx, r, vpsapi.GetProfile, vpsapi.GetProfileIn{})
	if err != nil {
		return words.Price{}
	}
	if cloud == "" {
		return words.NodePrice(profile, nil, r.currency(ctx, ""))
	}
	c, ok := r.cloud(ctx, cloud)
	if !ok {
		return words.Price{}
	}
	return words.NodePrice(profile, &c, r.currency(ctx, cloud))
}

// PrefetchShownPrice begins the reads of ShownPrice.
func (r *Reader) PrefetchShownPrice(ctx context.Context, cloud vpsapi.CloudID) {
	PrefetchLookup(ctx, r, vpsapi.GetProfile, vpsapi.GetProfileIn{})
	if cloud == "" {
		PrefetchLookup(ctx, r, vpsapi.GetBillingInfo, vpsapi.GetBillingInfoIn{})
		return
	}
	PrefetchLookup(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
}

// Template reads a template on a cloud.
func (r *Reader) Template(ctx context.Context, cloud vpsapi.CloudID, id vpsapi.TemplateID) (vpsapi.SystemTemplate, error) {
	return Read(ctx, r, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: cloud, SystemTemplateID: id})
}

// TemplatePrice is what a template costs; none for one that costs nothing. A cloud may tell the currency.
func (r *Reader) TemplatePrice(ctx context.Context, t vpsapi.SystemTemplate, cloud vpsapi.CloudID) (cost words.Price, charged bool) {
	for _, c := range slices.Sorted(maps.Keys(t.ApplicablePrice)) {
		p := words.PriceOf(t.ApplicablePrice[c], words.CurrencyText(vpsapi.Text(c)))
		if p.Known && p.Amount == 0 {
			continue
		}
		charged = true
		if own := r.currency(ctx, cloud); own == p.Currency || (own == "" && p.Amount > cost.Amount) {
			cost = p
		}
	}
	return cost, charged
}

// AddTemplatePrice adds a template's price to a plan, where it has one or nobody
// knows: whether the price is for once or a month is not documented. A cloud may tell the currency.
func AddTemplatePrice(ctx context.Context, p *plan.Plan, r *Reader, t vpsapi.SystemTemplate, cloud vpsapi.CloudID, err error) (text string) {
	cost, charged := r.TemplatePrice(ctx, t, cloud)
	switch {
	case err != nil:
		return "template: " + words.PriceUnknown
	case !charged:
		return ""
	}
	p.Buys++
	p.Cost += cost.Amount
	p.Effect(vpsapi.Commits, "a chargeable template")
	return fmt.Sprintf("%s for the template (whether once or a month is not documented)", cost)
}

// LicenseText names a license as the service's own lists do, which nobody has
// documented. A cloud may tell the currency.
func (r *Reader) LicenseText(ctx context.Context, id vpsapi.LicenseID, cloud vpsapi.CloudID) string {
	raw, err := Read(ctx, r, vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{})
	text := "license " + words.IDText(id)
	if err != nil {
		return text
	}
	if l := FindRaw(raw, string(id), "license_id", "id"); l != nil {
		if name, ok := l["name"].(string); ok {
			text += " " + vpsapi.Quote(name)
		}
		if amount := fmt.Sprint(l["price"]); words.PriceOf(vpsapi.Money(amount), "").Known {
			text += fmt.Sprintf(" (listed at %s)", words.PriceOf(vpsapi.Money(amount), r.currency(ctx, cloud)))
		}
	}
	return text
}

// FindRaw finds the object that has an id in a reply that nobody has documented.
func FindRaw(raw vpsapi.Raw, id string, keys ...string) map[string]any {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return findObject(v, id, keys)
}

// findObject returns the object, at any depth of v, that has id under one of the keys; nil for none.
func findObject(v any, id string, keys []string) map[string]any {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if m := findObject(e, id, keys); m != nil {
				return m
			}
		}
	case map[string]any:
		for _, key := range keys {
			if got, ok := v[key]; ok && fmt.Sprint(got) == id {
				return v
			}
		}
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if m := findObject(v[name], id, keys); m != nil {
				return m
			}
		}
	}
	return nil
}

// CreatedID returns the id of what a change made, from a reply that nobody has
// documented: the object's own, or that of the one that it wraps.
func CreatedID(reply any) string {
	raw, _ := reply.(vpsapi.Raw)
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return ""
	}
	for range 3 {
		switch inner := v.(type) {
		case []any:
			if len(inner) != 1 {
				return ""
			}
			v = inner[0]
		case map[string]any:
			if id, ok := inner["id"]; ok {
				return idDigits(fmt.Sprint(id))
			}
			if len(inner) != 1 {
				return ""
			}
			for _, only := range inner {
				v = only
			}
		}
	}
	return ""
}

// idDigits gives an id, and nothing for what is none.
func idDigits(s string) string {
	if strings.Trim(s, "0123456789") != "" {
		return ""
	}
	return s
}
