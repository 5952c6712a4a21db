package zone

import (
	"net/netip"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// endings are those of names that stand for a whole domain: within another they are seldom meant.
var endings = []string{"com", "net", "org"}

// checkName checks a record's host for names that are written wrongly.
func (l *linter) checkName(where, host, kind string) {
	short, whole := strings.CutSuffix("."+host, "."+l.name)
	for again := whole; again; {
		short, again = strings.CutSuffix(short, "."+l.name)
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch {
	case whole && l.file:
		l.addFault("%s: its name has the domain twice; a final dot is missing", where)
	case whole:
		l.addFault("%s: its name would have the domain twice, %s.%s: give the host as %s", where, host, l.name, vpsapi.Quote(hostText(strings.TrimPrefix(short, "."))))
	case kind == "srv" && strings.HasPrefix(host, "_"):
		l.addDoubt("%s: the host repeats service and protocol, which are arguments of their own; is it meant without them, such as @?", where)
	case last != host && slices.Contains(endings, last):
		l.addDoubt("%s: its name would be %s.%s; is a name within the domain meant, such as www?", where, hostText(host), l.name)
	default:
		l.partOfDomain(where, host)
	}
}

// partOfDomain finds a host that ends as the domain begins, such as www.example of example.com.
func (l *linter) partOfDomain(where, host string) {
	for part := l.name; strings.Contains(part, "."); {
		part = part[:strings.LastIndexByte(part, '.')]
		if short, ok := strings.CutSuffix("."+host, "."+part); ok {
			l.addDoubt("%s: its name would be %s.%s; is the host meant without the domain, as %s?", where, hostText(host), l.name, vpsapi.Quote(hostText(strings.TrimPrefix(short, "."))))
			return
		}
	}
}

// addressAsName is the IP address that stands where a name belongs, and was taken
// within the domain for want of a final dot; empty for none. A name of the zone that
// reads as one is a name.
func (l *linter) addressAsName(r vpsapi.Record) string {
	if !slices.Contains([]string{"ns", "mx", "cname", "srv"}, kindOf(r)) {
		return ""
	}
	host, ok := strings.CutSuffix(strings.ToLower(target(strings.Join(r.Data, " "))), "."+l.name+".")
	labels := strings.Split(host, ".")
	if !ok || l.kinds[host] != nil || len(labels) > 4 && l.isKnownHost(host) {
		return ""
	}
	for n := range min(len(labels), 4) {
		if ip, err := netip.ParseAddr(strings.Trim(strings.Join(labels[:n+1], "."), "[]")); err == nil {
			return ip.String()
		}
	}
	return ""
}

// target looks at the name that a record points to.
func (l *linter) target(where string, r vpsapi.Record) {
	data, kind := strings.Join(r.Data, " "), kindOf(r)
	name := strings.ToLower(target(data))
	if _, err := netip.ParseAddr(strings.TrimSuffix(name, ".")); err == nil {
		return // as the check of the record says
	}
	if !l.file && kind == "srv" && !strings.HasSuffix(data, ".") {
		whole := name
		if !strings.Contains(data, ".") {
			whole += l.name + "."
		}
		l.addDoubt("%s: its target %s has no final dot; the service may take it within the domain: give %s", where, vpsapi.Quote(data), vpsapi.Quote(whole))
	}
	if strings.HasSuffix("."+name, "."+l.name+"."+l.name+".") {
		l.addFault("%s: its target %s has the domain twice", where, vpsapi.Quote(name))
		return
	}
	host, ok := strings.CutSuffix("."+name, "."+l.name+".")
	if !ok || name == "." {
		return
	}
	host = strings.TrimPrefix(host, ".")
	if kind == "cname" && host == l.relativeOwner(r) {
		l.addFault("%s: it points to itself", where)
	}
	if slices.Contains(l.kinds[host], "cname") && (kind == "mx" || kind == "ns") {
		l.addFault("%s: its target %s is a CNAME, which it must not be", where, vpsapi.Quote(name))
	}
	if !l.isKnownHost(host) {
		guess := "is it spelled right?"
		if l.file {
			guess = "is a final dot missing?"
		}
		l.addDoubt("%s: the zone has nothing at its target %s; %s", where, vpsapi.Quote(name), guess)
	}
}

// isKnownHost reports a host of the zone, one that a wildcard stands for, or one in a
// part that other name servers have.
func (l *linter) isKnownHost(host string) bool {
	if host == "" || l.kinds[host] != nil || l.kinds["*"] != nil {
		return true
	}
	for {
		_, rest, more := strings.Cut(host, ".")
		switch {
		case !more:
			return false
		case l.kinds["*."+rest] != nil || slices.Contains(l.kinds[rest], "ns"):
			return true
		}
		host = rest
	}
}

// failover looks at the addresses between which a record chooses.
func (l *linter) failover(where string, r vpsapi.Record) {
	seen := map[string]bool{}
	for _, text := range r.Data {
		key := text
		if ip, err := netip.ParseAddr(text); err == nil {
			key = ip.String()
		}
		if seen[key] {
			l.addDoubt("%s: the address %s is given twice", where, vpsapi.Quote(text))
		}
		seen[key] = true
	}
	if len(seen) < 2 {
		l.addDoubt("%s: it names no second address to go to when the primary one is down", where)
	}
}
