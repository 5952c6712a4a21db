package catalog

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// ZoneDifference is what reverses a change of a zone: the records that came go, and
// those that went come back. What else has changed in the zone since stays. The
// journal keeps it in the place of the whole zone, which has up to thousands of
// records.
type ZoneDifference struct {
	DomainID vpsapi.DomainID     `json:"domain_id"`
	Came     []vpsapi.ZoneRecord `json:"came,omitempty"`
	Went     []vpsapi.ZoneRecord `json:"went,omitempty"`

	// TTLs are those of the hosts of these records, as far as they had one: a host has
	// one TTL, which a record that comes sets for all.
	TTLs map[string]vpsapi.Int `json:"ttls,omitempty"`
}

// NewZoneDifference is the difference of a zone that records come to and go from.
func NewZoneDifference(domain vpsapi.DomainID, present []vpsapi.Record, came, went []vpsapi.ZoneRecord) ZoneDifference {
	d := ZoneDifference{domain, came, went, map[string]vpsapi.Int{}}
	hosts := map[string]bool{}
	for _, z := range slices.Concat(came, went) {
		hosts[hostName(z)] = true
	}
	for _, x := range present {
		if z := x.Zone(); z.TTL != nil && hosts[hostName(z)] {
			d.TTLs[hostName(z)] = *z.TTL
		}
	}
	return d
}

// hostName returns a record's host in one spelling.
func hostName(z vpsapi.ZoneRecord) string { return strings.ToLower(account.HostText(z.Host)) }

// Inverse is the call that reverses the change, as the journal keeps it.
func (d ZoneDifference) Inverse(tool, note string) *state.Inverse {
	arguments, err := json.Marshal(d)
	if err != nil {
		return nil
	}
	return &state.Inverse{Tool: tool, Arguments: arguments, Note: note}
}

// DifferenceOf reads an inverse of the journal; ok is false for one that is a call as
// it stands, such as those of before there were differences.
func DifferenceOf(inverse *state.Inverse) (d ZoneDifference, ok bool) {
	if inverse.Tool != ApplyZone && inverse.Tool != vpsapi.UpdateDomainRecords.Name {
		return d, false
	}
	err := json.Unmarshal(inverse.Arguments, &d)
	return d, err == nil && len(d.Came)+len(d.Went) > 0
}

// Restored is a zone with the difference reversed, and what of it has changed since, so that the reversal does not fit or
// overwrites it. A record that came, and has got another TTL since, goes too.
func (d ZoneDifference) Restored(present []vpsapi.Record) (zone []vpsapi.ZoneRecord, since []string) {
	now := map[string]vpsapi.Int{}
	for _, x := range present {
		z := x.Zone()
		zone = append(zone, z)
		if z.TTL != nil {
			now[hostName(z)] = *z.TTL
		}
	}
	find := func(z vpsapi.ZoneRecord, key func(vpsapi.ZoneRecord) string) int {
		return slices.IndexFunc(zone, func(has vpsapi.ZoneRecord) bool { return key(has) == key(z) })
	}
	set := map[string]vpsapi.Int{} // the TTLs that the change gave hosts
	for _, z := range d.Came {
		host := hostName(z)
		if old, known := d.TTLs[host]; known && z.TTL != nil && *z.TTL != old {
			set[host] = *z.TTL
		}
		i := find(z, recordKey)
		if i < 0 {
			i = find(z, withoutTTL)
		}
		if i >= 0 {
			zone = slices.Delete(zone, i, i+1)
			continue
		}
		since = append(since, fmt.Sprintf("%s %s %s, which it made, was changed or removed", strings.ToUpper(words.RecordTypeText(z.Type)), vpsapi.Quote(z.Host), words.DataText(vpsapi.ZoneRecord{Data: z.Data})))
	}
	for _, z := range d.Went {
		if find(z, withoutTTL) < 0 {
			zone = append(zone, z)
		}
	}
	told := map[string]bool{}
	for i, z := range zone {
		host := hostName(z)
		old, known := d.TTLs[host]
		if !known || z.TTL == nil {
			continue
		}
		ttl, has := now[host]
		if made, changed := set[host]; !has || changed {
			if has && made != ttl && ttl != old && !told[host] {
				told[host] = true
				since = append(since, fmt.Sprintf("the TTL of %s, which it made %d, became %d and is overwritten", vpsapi.Quote(host), made, ttl))
			}
			ttl = old
		}
		zone[i].TTL = &ttl
	}
	return zone, since
}

// ChangedSince are the records that came and are no longer there, as they came.
func (d ZoneDifference) ChangedSince(present []vpsapi.Record) []vpsapi.ZoneRecord {
	return slices.DeleteFunc(slices.Clone(d.Came), func(z vpsapi.ZoneRecord) bool {
		return slices.ContainsFunc(present, func(x vpsapi.Record) bool { return recordKey(x.Zone()) == recordKey(z) })
	})
}

// recordKey and withoutTTL are what a record is known by; @ and no host are the same.
func recordKey(z vpsapi.ZoneRecord) string {
	z.Host = account.HostText(z.Host)
	return account.ZoneKey(z)
}

// withoutTTL returns the key of a record without its time to live.
func withoutTTL(z vpsapi.ZoneRecord) string {
	z.TTL = nil
	return recordKey(z)
}

// RecordsOf are a zone's records as the account lists them, without ids.
func RecordsOf(zone []vpsapi.ZoneRecord) []vpsapi.Record {
	records := make([]vpsapi.Record, len(zone))
	for i, z := range zone {
		records[i] = recordOf(z)
	}
	return records
}

// addZoneInverse says how the replacing of a zone is reversed: by the difference, where
// the API would take back all that the zone has.
func addZoneInverse(p *plan.Plan, domain vpsapi.DomainID, all []vpsapi.Record, removed, added []vpsapi.ZoneRecord) {
	old := vpsapi.UpdateDomainRecordsIn{DomainID: domain}
	for _, x := range all {
		old.DomainRecords = append(old.DomainRecords, x.Zone())
		p.State = append(p.State, account.ZoneKey(x.Zone()))
	}
	if plan.Inverse(vpsapi.UpdateDomainRecords, old, "") == nil {
		p.Words.Undo = "not by the API: it would refuse to make some of the present records again."
		return
	}
	back := NewZoneDifference(domain, all, added, removed).Inverse(vpsapi.UpdateDomainRecords.Name, "records get new ids")
	p.UndoMade(vpsapi.UpdateDomainRecords.Name+" puts these records back, with new ids; what has changed in the zone since stays.", func(any) *state.Inverse { return back })
}
