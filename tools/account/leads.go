package account

import (
	"context"
	"net/netip"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// maxLeads bounds how far a name is followed from record to record.
const maxLeads = 8

// plainName is a name as it is compared.
func plainName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// below reports a name that is another one or below it.
func below(name, other string) bool { return name == other || strings.HasSuffix(name, "."+other) }

// zoneOf finds the domain of the account that answers for a name: the longest one.
func (t *touch) zoneOf(ctx context.Context, name string) (zone vpsapi.Domain, ok bool, err error) {
	all, err := Read(ctx, t.r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	for _, d := range all {
		if below(name, plainName(string(d.Name))) && len(d.Name) > len(zone.Name) {
			zone, ok = d, true
		}
	}
	return zone, ok, err
}

// answers lists the records that answer for a name in its zone: its own, or those of
// a wildcard above it.
func answers(zone vpsapi.Domain, records []vpsapi.Record, name string) []vpsapi.Record {
	of := func(owner string) []vpsapi.Record {
		var own []vpsapi.Record
		for _, x := range records {
			if plainName(words.FullName(string(x.Host), zone)) == owner {
				own = append(own, x)
			}
		}
		return own
	}
	found := of(name)
	for at := name; len(found) == 0 && at != plainName(string(zone.Name)); {
		_, at, _ = strings.Cut(at, ".")
		found = of("*." + at)
	}
	return found
}

// leads adds a name of the account's own domains, and the names and servers that it
// leads to, from record to record: addresses, CNAME, MX and the like.
func (t *touch) leads(ctx context.Context, name string, depth int) error {
	name = plainName(name)
	zone, ok, err := t.zoneOf(ctx, name)
	if err != nil || !ok || depth == 0 {
		return err
	}
	t.add(policy.Thing{Kind: "record", Label: name, Domain: name})
	records, err := t.r.Records(ctx, zone.ID)
	if err != nil {
		return err
	}
	for _, x := range answers(zone, records, name) {
		if err := t.said(ctx, x.Zone(), depth-1); err != nil {
			return err
		}
	}
	return nil
}

// said adds the servers that what a record says leads to.
func (t *touch) said(ctx context.Context, z vpsapi.ZoneRecord, depth int) error {
	for _, text := range append(slices.Clone(z.Data), z.PrimaryData) {
		var err error
		if address, no := netip.ParseAddr(text); no == nil {
			err = t.pointedTo(ctx, address)
		} else if leadsOn(z.Type) {
			err = t.leads(ctx, text, depth)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// owned adds a record's name, with what is below it where the record speaks for that
// too, and the servers that the name leads to now and by the record.
func (t *touch) owned(ctx context.Context, d vpsapi.Domain, z vpsapi.ZoneRecord, present []vpsapi.Record) error {
	name := words.FullName(z.Host, d)
	owner, wild := strings.CutPrefix(name, "*.")
	delegates := strings.EqualFold(z.Type, "ns")
	t.add(policy.Thing{Kind: "record", Label: name, Domain: owner, Below: wild || delegates})
	names := []string{name}
	for _, x := range present {
		if full := plainName(words.FullName(string(x.Host), d)); delegates && below(full, plainName(name)) {
			names = append(names, full)
		}
	}
	t.followers(d, plainName(name), present)
	for _, name := range names {
		if err := t.leads(ctx, name, maxLeads); err != nil {
			return err
		}
	}
	return t.said(ctx, z, maxLeads)
}

// followers adds the names of a domain whose records lead to a name, from record to
// record: what becomes of it becomes of them.
func (t *touch) followers(d vpsapi.Domain, name string, present []vpsapi.Record) {
	reached := []string{name}
	for i := 0; i < len(reached); i++ {
		for _, x := range present {
			full := plainName(words.FullName(string(x.Host), d))
			if slices.Contains(reached, full) || !follows(x, d, reached[i]) {
				continue
			}
			reached = append(reached, full)
			owner, wild := strings.CutPrefix(full, "*.")
			t.add(policy.Thing{Kind: "record", Label: full, Domain: owner, Below: wild})
		}
	}
}

// follows reports a record that leads to a name, or, at a wildcard's, to one below it.
func follows(x vpsapi.Record, d vpsapi.Domain, name string) bool {
	base, wild := strings.CutPrefix(name, "*.")
	return leadsOn(string(x.Type)) && slices.ContainsFunc(x.Data, func(to string) bool {
		to = plainName(to)
		if !strings.Contains(to, ".") { // it may be taken within the domain
			to = plainName(words.FullName(to, d))
		}
		return to == name || (wild && to != base && below(to, base))
	})
}

// leadsOn reports a type of records that lead to names.
func leadsOn(kind string) bool {
	return slices.Contains([]string{"cname", "mx", "ns", "srv"}, strings.ToLower(kind))
}

// taken adds what a new domain takes out of the one that answers for its names now.
func (t *touch) taken(ctx context.Context, name string) error {
	name = plainName(name)
	t.add(policy.Thing{Kind: "domain", Label: name, Domain: name, Below: true})
	zone, ok, err := t.zoneOf(ctx, name)
	if err != nil || !ok {
		return err
	}
	records, err := t.r.Records(ctx, zone.ID)
	if err != nil {
		return err
	}
	for _, x := range append(answers(zone, records, name), records...) {
		full := plainName(words.FullName(string(x.Host), zone))
		if !below(full, name) && !strings.HasPrefix(full, "*.") {
			continue
		}
		if err := t.owned(ctx, zone, x.Zone(), records); err != nil {
			return err
		}
	}
	return nil
}
