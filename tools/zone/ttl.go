package zone

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Neighbours are the records whose TTL changes along with one of their host, by host, although no call names them: a host
// has one TTL. Failover records have their own.
func Neighbours(records []vpsapi.Record, changes []Change) []vpsapi.Record {
	ttl, named := map[string]int64{}, map[vpsapi.RecordID]bool{}
	for _, c := range changes {
		if c.Now != nil && c.Now.TTL != nil && kindOf(*c.Now) != "failover" {
			ttl[hostOf(*c.Now)] = NumberOf(c.Now.TTL)
		}
		if c.Was != nil {
			named[c.Was.ID] = true
		}
	}
	var along []vpsapi.Record
	for _, x := range records {
		wanted, set := ttl[hostOf(x)]
		if set && !named[x.ID] && kindOf(x) != "failover" && x.TTL != nil && NumberOf(x.TTL) != wanted {
			x.TTL = new(vpsapi.Int)
			*x.TTL = vpsapi.Int(wanted)
			along = append(along, x)
		}
	}
	return along
}

// CountsWith says how many records go, change and come, and how many more get another TTL along.
func CountsWith(changes []Change, along []vpsapi.Record) string {
	if len(along) == 0 {
		return Counts(changes)
	}
	return fmt.Sprintf("%s, and the TTL of %d more", Counts(changes), len(along))
}

// HostTTL is a host with the TTL that its records of these types get along.
type HostTTL struct {
	Host  string // empty for the domain itself
	TTL   int64  // in seconds
	Types []string
}

// HostTTLs groups Neighbours by host.
func HostTTLs(along []vpsapi.Record) []HostTTL {
	var hosts []HostTTL
	for _, x := range along {
		host := hostOf(x)
		i := slices.IndexFunc(hosts, func(h HostTTL) bool { return h.Host == host })
		if i < 0 {
			i = len(hosts)
			hosts = append(hosts, HostTTL{Host: host, TTL: NumberOf(x.TTL)})
		}
		hosts[i].Types = append(hosts[i].Types, strings.ToUpper(kindOf(x)))
	}
	for _, h := range hosts {
		slices.Sort(h.Types)
	}
	return hosts
}

// NeighbourLines says of each host how many records get its new TTL along.
func NeighbourLines(along []vpsapi.Record) []string {
	var lines []string
	for _, h := range HostTTLs(along) {
		lines = append(lines, fmt.Sprintf("~ TTL of %s of %s too: %d (%s)", words.Counted(len(h.Types), "other record"), hostText(h.Host), h.TTL, strings.Join(h.Types, ", ")))
	}
	return lines
}

// IsTTLAlone reports changes of nothing but times to live.
func IsTTLAlone(changes []Change) bool {
	return !slices.ContainsFunc(changes, func(c Change) bool { return !c.TTLOnly })
}

// Untouched are the records that a zone file leaves alone and that get no other TTL along.
func (z Zone) Untouched(along []vpsapi.Record) []vpsapi.Record {
	var stay []vpsapi.Record
	for _, k := range z.Alone {
		if !slices.ContainsFunc(along, func(x vpsapi.Record) bool { return x.ID == k.ID }) {
			stay = append(stay, k.Record)
		}
	}
	return stay
}
