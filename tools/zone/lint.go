package zone

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Lint lists what is wrong with a zone file (errors), and what may be (warnings).
// What is wrong with the present zone already is a warning: a file that leaves it
// as it is makes nothing worse.
func (z Zone) Lint(present Zone) (wrong, doubtful []string) {
	wrong, doubtful = z.faults(present.Alone)
	faults, _ := present.faults(present.Alone)
	old := map[string]bool{}
	for _, f := range faults {
		old[f] = true
	}
	var fresh []string
	for _, w := range wrong {
		if old[w] {
			doubtful = append(doubtful, w+" (it is so already)")
		} else {
			fresh = append(fresh, w)
		}
	}
	return fresh, doubtful
}

// linter looks at a zone's records and at those beside them that are left alone.
type linter struct {
	Zone
	kinds  map[string][]string       // of a host
	ttls   map[string]map[int64]bool // of a host
	owners map[string]bool
	wrong  []string
	doubts []string
}

func (z Zone) faults(alone []kept) (wrong, doubtful []string) {
	l := &linter{Zone: z, kinds: map[string][]string{}, ttls: map[string]map[int64]bool{}, owners: map[string]bool{}}
	for _, k := range alone {
		l.kinds[hostOf(k.Record)] = append(l.kinds[hostOf(k.Record)], kindOf(k.Record))
		l.owners[hostOf(k.Record)] = true
	}
	for _, r := range z.Records {
		host := hostOf(r)
		l.kinds[host] = append(l.kinds[host], kindOf(r))
		l.owners[strings.TrimSuffix(strings.TrimSuffix(z.owner(r), z.name+"."), ".")] = true
		if l.ttls[host] == nil {
			l.ttls[host] = map[int64]bool{}
		}
		l.ttls[host][Number(r.TTL)] = true
	}
	l.records()
	l.hosts()
	if len(z.Records) == 0 {
		l.doubt("the zone has no records of its own")
	}
	return l.wrong, l.doubts
}

func (l *linter) fault(format string, args ...any) {
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

func (l *linter) doubt(format string, args ...any) {
	l.doubts = append(l.doubts, fmt.Sprintf(format, args...))
}

// records looks at each record.
func (l *linter) records() {
	spf, seen := map[string]int{}, map[string]bool{}
	for _, r := range l.Records {
		host, kind, data := hostOf(r), kindOf(r), strings.Join(r.Data, " ")
		where := shown(host) + " " + strings.ToUpper(kind)
		for _, f := range r.Zone().Check() {
			l.fault("%s: %s", where, f)
		}
		if host == l.name || strings.HasSuffix(host, "."+l.name) {
			l.fault("%s: its name has the domain twice; a final dot is missing", where)
		}
		key := strings.Join([]string{host, kind, dataKey(r)}, "\x00")
		if seen[key] {
			l.doubt("%s %s stands there twice", where, words.LongQuote(data))
		}
		seen[key] = true
		if kind == "txt" && isSPF(data) {
			if spf[host]++; spf[host] == 2 { //nolint:gocritic // counted, then compared
				l.fault("%s has two SPF records; receivers take neither", shown(host))
			}
		}
		if kind == "ns" || kind == "mx" || kind == "cname" || kind == "srv" {
			l.target(where, kind, strings.ToLower(target(data)))
		}
	}
}

func isSPF(data string) bool {
	version, _, _ := strings.Cut(data, " ")
	return strings.EqualFold(version, "v=spf1")
}

// target looks at the name that a record points to.
func (l *linter) target(where, kind, name string) {
	if strings.HasSuffix("."+name, "."+l.name+"."+l.name+".") {
		l.fault("%s: %s has the domain twice; a final dot is missing", where, vpsapi.Quote(name))
		return
	}
	host, ok := strings.CutSuffix(name, "."+l.name+".")
	if !ok {
		if name != l.name+"." {
			return
		}
		host = ""
	}
	if slices.Contains(l.kinds[host], "cname") && (kind == "mx" || kind == "ns") {
		l.fault("%s: its target %s is a CNAME, which it must not be", where, vpsapi.Quote(name))
	}
	if !l.known(host) {
		l.doubt("%s: the zone has nothing at its target %s; is a final dot missing?", where, vpsapi.Quote(name))
	}
}

// known reports a host of the zone, one that a wildcard stands for, or one in a
// part that other name servers have.
func (l *linter) known(host string) bool {
	if host == "" || l.owners[host] || l.owners["*"] {
		return true
	}
	for {
		_, rest, more := strings.Cut(host, ".")
		switch {
		case !more:
			return false
		case l.owners["*."+rest] || slices.Contains(l.kinds[rest], "ns"):
			return true
		}
		host = rest
	}
}

// hosts looks at what stands together.
func (l *linter) hosts() {
	for _, host := range slices.Sorted(maps.Keys(l.kinds)) {
		kinds := l.kinds[host]
		switch alias := slices.Contains(kinds, "cname"); {
		case alias && host == "":
			l.fault("a CNAME cannot stand at the domain itself")
		case alias && len(kinds) > 1:
			l.fault("%s has a CNAME beside other records", shown(host))
		}
		if len(l.ttls[host]) > 1 {
			l.fault("%s has several TTLs; the service keeps one for all records of a host", shown(host))
		}
	}
}
