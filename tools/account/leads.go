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

// maxRecordDepth bounds how far a name is followed from record to record.
const maxRecordDepth = 8

// normalizeName returns a name as it is compared.
func normalizeName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// isBelow reports a name that is another one or below it.
func isBelow(name, other string) bool { return name == other || strings.HasSuffix(name, "."+other) }

// zoneOf finds the domain of the account that answers for a name: the longest one.
func (t *touchedThings) zoneOf(ctx context.Context, name string) (zone vpsapi.Domain, ok bool, err error) {
	all, err := Read(ctx, t.r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	for _, d := range all {
		if isBelow(name, normalizeName(string(d.Name))) && len(d.Name) > len(zone.Name) {
			zone, ok = d, true
		}
	}
	return zone, ok, err
}

// answeringRecords lists the records that answer for a name in its zone: its own, or those of
// a wildcard above it.
func answeringRecords(zone vpsapi.Domain, records []vpsapi.Record, name string) []vpsapi.Record {
	of := func(owner string) []vpsapi.Record {
		var own []vpsapi.Record
		for _, x := range records {
			if normalizeName(words.FullName(string(x.Host), zone)) == owner {
				own = append(own, x)
			}
		}
		return own
	}
	found := of(name)
	for at := name; len(found) == 0 && at != normalizeName(string(zone.Name)); {
		_, at, _ = strings.Cut(at, ".")
		found = of("*." + at)
	}
	return found
}

// followName adds the servers that a name leads to by the account's own domains, from
// record to record: addresses, CNAME, MX and the like.
func (t *touchedThings) followName(ctx context.Context, name string, depth int) error {
	name = normalizeName(name)
	zone, ok, err := t.zoneOf(ctx, name)
	if err != nil || !ok || depth == 0 {
		return err
	}
	records, err := t.r.Records(ctx, zone.ID)
	if err != nil {
		return err
	}
	for _, x := range answeringRecords(zone, records, name) {
		if err := t.followRecord(ctx, x.Zone(), depth-1); err != nil {
			return err
		}
	}
	return nil
}

// followRecord adds the servers that what a record says leads to.
func (t *touchedThings) followRecord(ctx context.Context, z vpsapi.ZoneRecord, depth int) error {
	for _, text := range append(slices.Clone(z.Data), z.PrimaryData) {
		var err error
		if address, no := netip.ParseAddr(text); no == nil {
			err = t.addServerAt(ctx, address)
		} else if leadsOn(z.Type) {
			err = t.followName(ctx, text, depth)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addRecordNames adds a record's name, with what is below it where the record speaks for that
// too, and the servers that the name leads to now and by the record.
func (t *touchedThings) addRecordNames(ctx context.Context, d vpsapi.Domain, z vpsapi.ZoneRecord, present []vpsapi.Record) error {
	name := words.FullName(z.Host, d)
	owner, wild := strings.CutPrefix(name, "*.")
	apex := normalizeName(name) == normalizeName(string(d.Name))
	delegates := strings.EqualFold(z.Type, "ns") && (!apex || !isVendors(z)) // VPS.NET's own say nothing new of the domain
	t.add(policy.Thing{Kind: "record", Label: name, Domain: owner, Below: wild || delegates})
	names := []string{name}
	for _, x := range present {
		if full := normalizeName(words.FullName(string(x.Host), d)); delegates && isBelow(full, normalizeName(name)) {
			names = append(names, full)
		}
	}
	t.followers(d, normalizeName(name), present)
	for _, name := range names {
		if err := t.followName(ctx, name, maxRecordDepth); err != nil {
			return err
		}
	}
	return t.followRecord(ctx, z, maxRecordDepth)
}

// followers adds the names of a domain whose records lead to a name, from record to
// record: what becomes of it becomes of them.
func (t *touchedThings) followers(d vpsapi.Domain, name string, present []vpsapi.Record) {
	reached := []string{name}
	for i := 0; i < len(reached); i++ {
		for _, x := range present {
			full := normalizeName(words.FullName(string(x.Host), d))
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
		to = normalizeName(to)
		if !strings.Contains(to, ".") { // it may be taken within the domain
			to = normalizeName(words.FullName(to, d))
		}
		return to == name || (wild && to != base && isBelow(to, base))
	})
}

// isVendors reports a record of VPS.NET's own name servers.
func isVendors(z vpsapi.ZoneRecord) bool {
	return !slices.ContainsFunc(z.Data, func(to string) bool { return !isBelow(normalizeName(to), "vps.net") })
}

// leadsOn reports a type of records that lead to names.
func leadsOn(kind string) bool {
	return slices.Contains([]string{"cname", "mx", "ns", "srv"}, strings.ToLower(kind))
}

// addTakenNames adds what a new domain takes out of the one that answers for its names now.
func (t *touchedThings) addTakenNames(ctx context.Context, name string) error {
	name = normalizeName(name)
	t.add(policy.Thing{Kind: "domain", Label: name, Domain: name, Below: true})
	zone, ok, err := t.zoneOf(ctx, name)
	if err != nil || !ok {
		return err
	}
	records, err := t.r.Records(ctx, zone.ID)
	if err != nil {
		return err
	}
	for _, x := range append(answeringRecords(zone, records, name), records...) {
		full := normalizeName(words.FullName(string(x.Host), zone))
		if !isBelow(full, name) && !strings.HasPrefix(full, "*.") {
			continue
		}
		if err := t.addRecordNames(ctx, zone, x.Zone(), records); err != nil {
			return err
		}
	}
	return nil
}
