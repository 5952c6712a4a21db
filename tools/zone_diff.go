package tools

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// zoneChange is one call that makes a zone more like another.
type zoneChange struct {
	was, now *vpsapi.Record // nil: created, deleted
	ttlOnly  bool
}

func (c zoneChange) text(z zone) string {
	line := func(r *vpsapi.Record) string {
		rr, err := z.rr(*r)
		if err != nil {
			return fmt.Sprintf("%s %s %s", r.Host, r.Type, strings.Join(r.Data, " "))
		}
		return vpsapi.Visible(z.line(rr))
	}
	switch {
	case c.was == nil:
		return "+ " + line(c.now)
	case c.now == nil:
		return "- " + line(c.was)
	default:
		return "~ " + line(c.was) + "  ->  " + line(c.now)
	}
}

// diff gives the fewest calls that make z as wanted: what goes, what changes,
// what comes, in that order. A host has one TTL: changing it once moves all of
// the host's records.
func (z zone) diff(wanted zone) []zoneChange {
	var gone, changed, come []zoneChange
	moved := map[string]bool{} // hosts whose TTL a change moves already
	groups := map[string][2][]*vpsapi.Record{}
	var order []string
	collect := func(side int, records []vpsapi.Record) {
		for i := range records {
			r := &records[i]
			key := hostKey(string(r.Host)) + "\x00" + strings.ToLower(string(r.Type))
			g, known := groups[key]
			if !known {
				order = append(order, key)
			}
			g[side] = append(g[side], r)
			groups[key] = g
		}
	}
	collect(0, z.records)
	collect(1, wanted.records)
	for _, key := range order {
		host, _, _ := strings.Cut(key, "\x00")
		was, now := groups[key][0], groups[key][1]
		was, now = unmatched(was, now, func(a, b *vpsapi.Record) {
			if number(a.TTL) != number(b.TTL) && !moved[host] {
				moved[host] = true
				changed = append(changed, zoneChange{was: a, now: b, ttlOnly: true})
			}
		})
		for len(was) > 0 && len(now) > 0 {
			if number(was[0].TTL) != number(now[0].TTL) {
				moved[host] = true
			}
			changed = append(changed, zoneChange{was: was[0], now: now[0]})
			was, now = was[1:], now[1:]
		}
		for _, r := range was {
			gone = append(gone, zoneChange{was: r})
		}
		for _, r := range now {
			come = append(come, zoneChange{now: r})
		}
	}
	return slices.Concat(gone, changed, come)
}

// unmatched pairs the records that say the same, and gives the rest of both.
func unmatched(was, now []*vpsapi.Record, same func(a, b *vpsapi.Record)) (onlyWas, onlyNow []*vpsapi.Record) {
	onlyNow = slices.Clone(now)
	for _, a := range was {
		i := slices.IndexFunc(onlyNow, func(b *vpsapi.Record) bool { return dataKey(*a) == dataKey(*b) })
		if i < 0 {
			onlyWas = append(onlyWas, a)
			continue
		}
		same(a, onlyNow[i])
		onlyNow = slices.Delete(onlyNow, i, i+1)
	}
	return onlyWas, onlyNow
}

// lint lists what is wrong with a zone (errors), and what may be (warnings).
func (z zone) lint() (wrong, doubtful []string) {
	kinds, ttls, cnames := map[string][]string{}, map[string]map[int64]bool{}, map[string]bool{}
	for _, r := range z.records {
		host, kind := hostKey(string(r.Host)), strings.ToLower(string(r.Type))
		kinds[host] = append(kinds[host], kind)
		cnames[host] = cnames[host] || kind == "cname"
		if ttls[host] == nil {
			ttls[host] = map[int64]bool{}
		}
		ttls[host][number(r.TTL)] = true
	}
	spf := map[string]int{}
	for _, r := range z.records {
		host, kind := hostKey(string(r.Host)), strings.ToLower(string(r.Type))
		data := strings.ToLower(strings.Join(r.Data, ""))
		if doubled := "." + z.name + "." + z.name + "."; strings.HasSuffix("."+data, doubled) {
			wrong = append(wrong, fmt.Sprintf("%s %s: %s has the domain twice; a final dot is missing", shown(host), strings.ToUpper(kind), vpsapi.Quote(data)))
		}
		if kind == "mx" || kind == "ns" {
			if target, ok := strings.CutSuffix(data, "."+z.name+"."); (ok && cnames[target]) || (data == z.name+"." && cnames[""]) {
				wrong = append(wrong, fmt.Sprintf("%s %s: its target %s is a CNAME, which it must not be", shown(host), strings.ToUpper(kind), data))
			}
		}
		if kind == "txt" && strings.HasPrefix(data, "v=spf1") {
			if spf[host]++; spf[host] == 2 { //nolint:gocritic // counted, then compared
				wrong = append(wrong, shown(host)+" has two SPF records; receivers take neither")
			}
		}
		for _, f := range r.Zone().Check() {
			wrong = append(wrong, fmt.Sprintf("%s %s: %s", shown(host), strings.ToUpper(kind), f))
		}
	}
	for _, host := range sortedKeys(kinds) {
		if cnames[host] && len(kinds[host]) > 1 {
			wrong = append(wrong, shown(host)+" has a CNAME beside other records")
		}
		if host == "" && cnames[host] {
			wrong = append(wrong, "a CNAME cannot stand at the domain itself")
		}
		if len(ttls[host]) > 1 {
			wrong = append(wrong, shown(host)+" has several TTLs; the service keeps one for all records of a host")
		}
	}
	if len(z.records) == 0 {
		doubtful = append(doubtful, "the zone has no records of its own")
	}
	return wrong, doubtful
}

func shown(host string) string {
	if host == "" {
		return "@"
	}
	return host
}
