package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// refuseZone answers a bad zone as the service is seen to: with a status 200.
func refuseZone(pairs ...string) error {
	var words []string
	for i := 0; i+1 < len(pairs); i += 2 {
		words = append(words, pairs[i]+" "+pairs[i+1])
	}
	return errorInSuccess(strings.Join(words, "; "))
}

// updateDomainRecords replaces a zone by the given one, whole or not at all.
// Unchanged records keep their ids; a zone given without an SOA record keeps its
// own.
func updateDomainRecords(a *account, in vpsapi.UpdateDomainRecordsIn) (vpsapi.ZoneUpdate, error) {
	d, err := a.domain(in.DomainID)
	if err != nil {
		return vpsapi.ZoneUpdate{}, err
	}
	zone, err := newZone(d, in.DomainRecords)
	if err != nil {
		return vpsapi.ZoneUpdate{}, err
	}
	changed := len(zone) != len(d.records)
	old := slices.Clone(d.records)
	for _, r := range zone {
		i := slices.IndexFunc(old, func(o *vpsapi.Record) bool { return sameRecord(o, r) })
		if i < 0 {
			r.ID, changed = newID[vpsapi.Record](a), true
			continue
		}
		r.ID, changed = old[i].ID, changed || *old[i].TTL != *r.TTL
		old = slices.Delete(old, i, i+1)
	}
	d.records = zone
	if changed {
		a.markChanged(d)
	}
	return vpsapi.ZoneUpdate{Message: "Domain records were successfully updated"}, nil
}

// newZone makes the records of a whole zone, without ids.
func newZone(d *domain, given []vpsapi.ZoneRecord) ([]*vpsapi.Record, error) {
	var zone []*vpsapi.Record
	ttls := map[string]vpsapi.Int{}
	for i, z := range given {
		r := newRecord("", z)
		at := fmt.Sprintf("domain_records[%d].", i)
		if field, message := conflict(zone, r); field != "" {
			return nil, refuseZone(at+field, message)
		}
		host := strings.ToLower(z.Host)
		if ttl, ok := ttls[host]; ok && r.Type != "failover" && ttl != *r.TTL {
			return nil, refuseZone(at+"ttl", "differs from that of other records of the host: a host has one TTL")
		}
		if r.Type != "failover" {
			ttls[host] = *r.TTL
		}
		zone = append(zone, r)
	}
	isSOA := func(r *vpsapi.Record) bool { return r.Type == "soa" }
	if i := slices.IndexFunc(d.records, isSOA); i >= 0 && !slices.ContainsFunc(zone, isSOA) {
		soa := *d.records[i]
		if ttl, ok := ttls["@"]; ok {
			soa.TTL = &ttl
		}
		zone = append([]*vpsapi.Record{&soa}, zone...)
	}
	return zone, nil
}
