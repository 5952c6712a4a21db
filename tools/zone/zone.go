// Package zone parses a DNS zone file, compares it with what an account holds, and says what is wrong with it. It sends nothing.
package zone

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Zone is a domain's records as a zone file has them.
type Zone struct {
	name    string // without the final dot
	Records []vpsapi.Record
	Alone   []keptRecord // never changed by a zone file, nor by one without them
	Serial  uint32       // of the SOA record, as the service shows it; 0 is unknown, and written as 1
}

// keptRecord is a record that is left alone, and why.
type keptRecord struct {
	vpsapi.Record
	why string
}

// New sorts out what the account holds: records that a zone file can say and
// the API would take back, and the rest.
func New(name string, records []vpsapi.Record) Zone {
	z := Zone{name: zoneName(name)}
	for _, r := range records {
		if r.Host == "" {
			r.Host = "@"
		}
		if why := z.whyLeftAlone(r); why != "" {
			z.Alone = append(z.Alone, keptRecord{r, why})
		} else {
			z.Records = append(z.Records, r)
		}
	}
	z.sort()
	return z
}

// zoneName returns a domain's name in lower case, without the dot at its end.
func zoneName(name string) string { return strings.ToLower(strings.TrimSuffix(name, ".")) }

// sort puts the records into one order, whatever order the service has.
func (z Zone) sort() {
	slices.SortStableFunc(z.Records, recordOrder)
	slices.SortStableFunc(z.Alone, func(a, b keptRecord) int { return recordOrder(a.Record, b.Record) })
}

// recordOrder compares records for a zone file: by host, type and data.
func recordOrder(a, b vpsapi.Record) int {
	return cmp.Or(cmp.Compare(hostOf(a), hostOf(b)), cmp.Compare(typeRank(a), typeRank(b)), cmp.Compare(dataKey(a), dataKey(b)), cmp.Compare(a.ID, b.ID))
}

// whyLeftAlone says why a record is none of a zone file's; empty when it is one. A
// record that the API would not take back could not be put back by undo.
func (z Zone) whyLeftAlone(r vpsapi.Record) string {
	if why := whyServiceOwned(r); why != "" {
		return why
	}
	if kindOf(r) == "srv" && strings.HasPrefix(string(r.Host), "_") {
		return "its service is part of its host, and not of its own field"
	}
	if kindOf(r) == "srv" && !isService(serviceOf(r)) {
		return "its service has no usable name"
	}
	if faults := r.Zone().Check(); len(faults) > 0 {
		return "the API would not accept it again"
	}
	if len(z.owner(r)) > 254 {
		return "its whole name is too long"
	}
	return ""
}

// whyServiceOwned says why a record is the service's own affair; empty when it is not.
func whyServiceOwned(r vpsapi.Record) string {
	switch kindOf(r) {
	case "soa":
		return "the service keeps it"
	case "failover":
		return "zone files have no such records"
	case "ns":
		if hostOf(r) == "" && len(r.Data) == 1 && strings.HasSuffix(strings.ToLower(r.Data[0]), ".vps.net.") {
			return "the service's own"
		}
	}
	return ""
}

// kindOf returns a record's type in lower case.
func kindOf(r vpsapi.Record) string { return strings.ToLower(string(r.Type)) }

// hostOf is a record's host for comparing: empty is the domain itself, and sorts
// first.
func hostOf(r vpsapi.Record) string {
	host := strings.ToLower(strings.TrimSuffix(string(r.Host), "."))
	if host == "@" {
		return ""
	}
	return host
}

// hostText returns a host as messages show it; @ is the domain itself.
func hostText(host string) string {
	switch bare := strings.TrimPrefix(host, "*."); {
	case host == "":
		return "@"
	case host == "*", isNames(bare):
		return host
	}
	return vpsapi.Quote(host) // from outside, and no name
}

// owner is a record's whole name, with its final dot. An srv record's begins with
// its service and protocol.
func (z Zone) owner(r vpsapi.Record) string {
	owner := z.name + "."
	if host := hostOf(r); host != "" {
		owner = host + "." + owner
	}
	if kindOf(r) == "srv" {
		owner = "_" + serviceOf(r) + "." + strings.ToLower(string(r.Protocol)) + "." + owner
	}
	return owner
}

// serviceOf is an srv record's service. The service shows it without the
// underscore; one with it means the same.
func serviceOf(r vpsapi.Record) string {
	return strings.TrimPrefix(strings.ToLower(string(r.Service)), "_")
}

// isService reports the name of a service or protocol without the underscore before it.
func isService(s string) bool { return isLabel(s) && s[0] != '_' }

// typeOrder is the order of types in a zone file.
var typeOrder = []string{"soa", "ns", "a", "aaaa", "mx", "txt", "cname", "srv", "failover"}

// typeRank returns a type's place in typeOrder; -1 for any other.
func typeRank(r vpsapi.Record) int { return slices.Index(typeOrder, kindOf(r)) }

// dataKey is what a record says, for comparing.
func dataKey(r vpsapi.Record) string {
	data := strings.Join(r.Data, " ")
	switch kindOf(r) {
	case "txt":
		return data
	case "a", "aaaa":
		if address, err := netip.ParseAddr(data); err == nil {
			return address.String()
		}
		return data
	case "mx":
		return strings.ToLower(fmt.Sprintf("%d %s", NumberOf(r.MXPriority), data))
	case "srv":
		return strings.ToLower(fmt.Sprintf("%s %s %d %d %d %s", serviceOf(r), r.Protocol, NumberOf(r.Priority), NumberOf(r.Weight), NumberOf(r.Port), target(data)))
	default:
		return strings.ToLower(data)
	}
}

// target is an srv record's target with the final dot that the document's own
// example goes without.
func target(data string) string { return strings.TrimSuffix(data, ".") + "." }

// NumberOf returns a number of a record; zero for one that it does not have.
func NumberOf(n *vpsapi.Int) int64 {
	if n == nil {
		return 0
	}
	return int64(*n)
}

// WithoutRepeats returns the zone of a file with each record once, as name servers read it: a file
// that was merged from two has some twice. What the present zone has more often
// stays so, and is not a difference.
func (z Zone) WithoutRepeats(present Zone) Zone {
	key := func(r vpsapi.Record) string { return hostOf(r) + "\x00" + kindOf(r) + "\x00" + dataKey(r) }
	left := map[string]int{}
	for _, r := range present.Records {
		left[key(r)]++
	}
	seen := map[string]bool{}
	once := z
	once.Records = nil
	for _, r := range z.Records {
		if k := key(r); !seen[k] || left[k] > 0 {
			once.Records = append(once.Records, r)
			seen[k] = true
			left[k]--
		}
	}
	return once
}
