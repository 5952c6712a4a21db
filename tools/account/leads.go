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

// followName adds a name, the servers that are called so, and those that it leads to by the
// account's own domains, from record to record: addresses, CNAME, MX and the like, with
// the names on the way.
func (t *touchedThings) followName(ctx context.Context, name string) error {
	if name = normalizeName(name); t.followed[name] {
		return nil
	}
	t.followed[name] = true
	t.add(policy.Thing{Kind: "name", Label: name, Domain: name})
	if err := t.addServersCalled(ctx, name, false); err != nil {
		return err
	}
	zone, ok, err := t.zoneOf(ctx, name)
	if err != nil || !ok {
		return err
	}
	records, err := t.r.Records(ctx, zone.ID)
	if err != nil {
		return err
	}
	for _, x := range answeringRecords(zone, records, name) {
		if err := t.followRecord(ctx, x.Zone(), zone); err != nil {
			return err
		}
	}
	return nil
}

// followRecord adds the names and servers that what a record of a domain says leads to.
func (t *touchedThings) followRecord(ctx context.Context, z vpsapi.ZoneRecord, d vpsapi.Domain) error {
	for _, text := range append(slices.Clone(z.Data), z.PrimaryData) {
		var err error
		if address, no := netip.ParseAddr(text); no == nil {
			err = t.addServerAt(ctx, address)
		} else if leadsOn(z.Type) && text != "" {
			err = t.followName(ctx, targetName(text, d))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// targetName is the name that a record of a domain leads to.
func targetName(text string, d vpsapi.Domain) string {
	if text = normalizeName(text); !strings.Contains(text, ".") { // it may be taken within the domain
		text = normalizeName(words.FullName(text, d))
	}
	return text
}

// addRecordNames adds a record's name, with what is below it where the record speaks for that
// too, and the names and servers that it leads to now and by the record. VPS.NET's own
// name servers say nothing new of a domain; without them nobody finds it.
func (t *touchedThings) addRecordNames(ctx context.Context, d vpsapi.Domain, z vpsapi.ZoneRecord, present []vpsapi.Record, goes bool) error {
	name := words.FullName(z.Host, d)
	owner, wild := strings.CutPrefix(name, "*.")
	apex := normalizeName(name) == normalizeName(string(d.Name))
	delegates := strings.EqualFold(z.Type, "ns") && (goes || !apex || !isVendors(z))
	t.add(policy.Thing{Kind: "record", Label: name, Domain: owner, Below: wild || delegates})
	if err := t.addServersCalled(ctx, normalizeName(owner), wild || delegates && !goes); err != nil {
		return err
	}
	names := []string{name}
	for _, x := range present {
		if full := normalizeName(words.FullName(string(x.Host), d)); delegates && isBelow(full, normalizeName(name)) {
			names = append(names, full)
		}
	}
	if err := t.followers(ctx, d, changedName{normalizeName(name), delegates}, present); err != nil {
		return err
	}
	for _, name := range names {
		if err := t.followName(ctx, name); err != nil {
			return err
		}
	}
	return t.followRecord(ctx, z, d)
}

// zoneRecords is a domain with its records.
type zoneRecords struct {
	vpsapi.Domain
	records []vpsapi.Record
}

// changedName is a name that something becomes of, and, where other name servers answer or the
// ones that do are lost, whatever is below it.
type changedName struct {
	name  string
	below bool
}

// followers adds the names whose records lead to a name, from record to record: what
// becomes of it becomes of them. Looked through are its own domain and the watched ones.
func (t *touchedThings) followers(ctx context.Context, d vpsapi.Domain, changed changedName, present []vpsapi.Record) error {
	zones, err := t.watchedZones(ctx, d)
	if err != nil {
		return err
	}
	reached := []changedName{changed}
	for i := 0; i < len(reached); i++ {
		for _, z := range append(zones, zoneRecords{d, present}) {
			for _, x := range z.records {
				full := normalizeName(words.FullName(string(x.Host), z.Domain))
				next := changedName{full, strings.EqualFold(string(x.Type), "ns")}
				if slices.Contains(reached, next) || !follows(x, z.Domain, reached[i]) {
					continue
				}
				reached = append(reached, next)
				owner, wild := strings.CutPrefix(full, "*.")
				t.add(policy.Thing{Kind: "record", Label: full, Domain: owner, Below: wild || next.below})
			}
		}
	}
	return nil
}

// watchedZones reads the domains, other than one, in which names that the policy speaks of
// are, and those that their records lead into.
func (t *touchedThings) watchedZones(ctx context.Context, but vpsapi.Domain) ([]zoneRecords, error) {
	all, err := Read(ctx, t.r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
	if err != nil || len(t.watched) == 0 || t.zones != nil {
		return t.zones, err
	}
	zones := []zoneRecords{}
	have := map[vpsapi.DomainID]bool{but.ID: true}
	add := func(d vpsapi.Domain) error {
		if have[d.ID] {
			return nil
		}
		have[d.ID] = true
		records, err := t.r.Records(ctx, d.ID)
		zones = append(zones, zoneRecords{d, records})
		return err
	}
	for _, d := range all {
		name := normalizeName(string(d.Name))
		if slices.ContainsFunc(t.watched, func(w string) bool { return isBelow(normalizeName(w), name) || isBelow(name, normalizeName(w)) }) {
			if err := add(d); err != nil {
				return nil, err
			}
		}
	}
	for i := 0; i < len(zones); i++ {
		for _, x := range zones[i].records {
			for _, to := range x.Data {
				if !leadsOn(string(x.Type)) {
					continue
				}
				if d, ok, err := t.zoneOf(ctx, targetName(to, zones[i].Domain)); err != nil {
					return nil, err
				} else if ok {
					if err := add(d); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	t.zones = zones
	return zones, nil
}

// follows reports a record that leads to a changed name, or to one below it where that is changed too, as below a wildcard.
func follows(x vpsapi.Record, d vpsapi.Domain, changed changedName) bool {
	base, wild := strings.CutPrefix(changed.name, "*.")
	return leadsOn(string(x.Type)) && slices.ContainsFunc(x.Data, func(to string) bool {
		to = targetName(to, d)
		return to == changed.name || (wild && to != base || changed.below) && isBelow(to, base)
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
	if err := t.addServersCalled(ctx, name, true); err != nil {
		return err
	}
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
		if err := t.addRecordNames(ctx, zone, x.Zone(), records, true); err != nil {
			return err
		}
	}
	return nil
}
