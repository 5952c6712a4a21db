package zone

import (
	"cmp"
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
	now, before := z.findings(present.Alone, true), present.findings(present.Alone, true)
	fresh, old := partition(now.wrong, before.wrong)
	for _, w := range old {
		now.doubts = append(now.doubts, w+" (it is so already)")
	}
	return fresh, now.doubts
}

// LintRecords is Lint for a change of single records: the domain's records before
// and after it. What was so before is left out.
func LintRecords(name string, before, after []vpsapi.Record) (wrong, doubtful []string) {
	a, b := New(name, after), New(name, before)
	now, then := a.findings(a.Alone, false), b.findings(b.Alone, false)
	wrong, _ = partition(now.wrong, then.wrong)
	doubtful, _ = partition(now.doubts, then.doubts)
	return wrong, doubtful
}

// partition parts a list into what another has not and what it has.
func partition(list, other []string) (fresh, old []string) {
	for _, s := range list {
		if slices.Contains(other, s) {
			old = append(old, s)
		} else {
			fresh = append(fresh, s)
		}
	}
	return fresh, old
}

// linter looks at a zone's records and at those beside them that are left alone.
type linter struct {
	findings
	Zone
	file  bool                       // the zone is a file's, not single records of the API's
	all   []vpsapi.Record            // to look at, one by one
	kinds map[string][]string        // of an owner within the domain, such as www or _sip._tcp
	ttls  map[string]map[int64]bool  // of a host, as the service has them
	at    map[string][]vpsapi.Record // of an owner
}

// findings checks the zone with the records that are left alone, by all rules of lint; file marks a zone that came as a file.
func (z Zone) findings(alone []keptRecord, file bool) findings {
	l := &linter{Zone: z, file: file, all: z.Records, kinds: map[string][]string{}, ttls: map[string]map[int64]bool{}, at: map[string][]vpsapi.Record{}}
	for _, k := range alone {
		l.addRecord(k.Record)
		if !file && (whyServiceOwned(k.Record) == "" || kindOf(k.Record) == "failover") {
			l.all = append(l.all[:len(l.all):len(l.all)], k.Record)
		}
	}
	for _, r := range z.Records {
		l.addRecord(r)
		host := hostOf(r)
		if l.ttls[host] == nil {
			l.ttls[host] = map[int64]bool{}
		}
		l.ttls[host][NumberOf(r.TTL)] = true
	}
	l.records()
	for _, host := range slices.Sorted(maps.Keys(l.kinds)) {
		l.host(host)
	}
	if len(z.Records) == 0 && file {
		l.addDoubt("the zone has no records of its own")
	}
	return l.findings
}

// addRecord notes a record at its owner within the domain.
func (l *linter) addRecord(r vpsapi.Record) {
	owner := l.relativeOwner(r)
	l.kinds[owner] = append(l.kinds[owner], kindOf(r))
	l.at[owner] = append(l.at[owner], r)
}

// relativeOwner returns a record's owner within the domain; empty is the domain itself.
func (z Zone) relativeOwner(r vpsapi.Record) string {
	return strings.TrimSuffix(strings.TrimSuffix(z.owner(r), z.name+"."), ".")
}

// records checks each record by itself.
func (l *linter) records() {
	seen := map[string]vpsapi.Record{}
	for _, r := range l.all {
		host, kind := hostOf(r), kindOf(r)
		where := hostText(host) + " " + strings.ToUpper(kind)
		l.checkName(where, host, kind)
		key := strings.Join([]string{host, kind, dataKey(r)}, "\x00")
		other, again := seen[key]
		if again {
			l.repeated(where, r, other)
		}
		if !again || other.ID == "" {
			seen[key] = r
		}
		if address := l.addressAsName(r); address != "" {
			l.addFault("%s: its target is the address %s, where a name belongs (without a final dot it is read as %s): give the address to a name by an A or AAAA record, and point to that name",
				where, address, vpsapi.Quote(strings.ToLower(target(strings.Join(r.Data, " ")))))
			continue
		}
		if kind == "failover" {
			l.failover(where, r)
			continue
		}
		for _, f := range r.Zone().Check() {
			l.addFault("%s: %s", where, f)
		}
		switch kind {
		case "txt":
			f := lintText(host, strings.Join(r.Data, " "), l.file)
			for _, w := range f.wrong {
				l.addFault("%s: %s", where, w)
			}
			for _, d := range f.doubts {
				l.addDoubt("%s: %s", where, d)
			}
		case "ns", "mx", "cname", "srv":
			l.target(where, r)
		}
	}
}

// repeated is a record that says what another of its host and type says. In a file
// it counts once; the service would keep both, whatever their TTLs.
func (l *linter) repeated(where string, r, other vpsapi.Record) {
	where += " " + words.LongQuote(strings.Join(r.Data, " "))
	switch id := cmp.Or(other.ID, r.ID); {
	case l.file:
		l.addDoubt("%s is there twice", where)
	case id == "":
		l.addFault("%s is given twice; give it once", where)
	case other.ID != "" && r.ID != "":
		l.addFault("%s would be there twice, as records %s and %s; delete one of them", where, words.IDText(other.ID), words.IDText(r.ID))
	default:
		l.addFault("%s is there already, as record %s; its TTL changes by an edit of that record", where, words.IDText(id))
	}
}

// host looks at what stands together at one name.
func (l *linter) host(host string) {
	kinds := l.kinds[host]
	has := func(kind string) bool { return slices.Contains(kinds, kind) }
	switch {
	case has("cname") && host == "":
		l.addFault("a CNAME cannot stand at the domain itself")
	case has("cname") && len(kinds) > 1:
		l.addFault("%s has a CNAME beside other records", hostText(host))
	case has("failover") && (has("a") || has("aaaa")):
		l.addDoubt("%s has a failover record beside an A or AAAA record: requests go to that address too, also when it is down", hostText(host))
	}
	if len(l.ttls[host]) > 1 {
		l.addFault("%s has several TTLs; the service keeps one for all records of a host", hostText(host))
	}
	l.checkSingle(host)
	l.delegated(host)
}

// checkSingle looks at what a name may have one of.
func (l *linter) checkSingle(host string) {
	var spf, dmarc, null, mx int
	for _, r := range l.at[host] {
		data := strings.TrimSpace(strings.Join(r.Data, " "))
		switch kind := kindOf(r); {
		case kind == "txt" && isSPF(data):
			spf++
		case kind == "txt" && hasPrefixFold(data, "v=dmarc1"):
			dmarc++
		case kind == "mx":
			mx++
			if data == "." {
				null++
			}
		}
	}
	if spf > 1 {
		l.addFault("%s has two SPF records; receivers ignore both", hostText(host))
	}
	if dmarc > 1 {
		l.addFault("%s has two DMARC records; receivers ignore both", hostText(host))
	}
	if null > 0 && mx > null {
		l.addFault(`%s has a null MX (".": it takes no mail) beside another MX`, hostText(host))
	}
}

// delegated looks at records at or below a name that other name servers have: but
// for the addresses of those, nobody is told of them.
func (l *linter) delegated(host string) {
	for part := host; part != ""; {
		if slices.Contains(l.kinds[part], "ns") {
			for _, r := range l.at[host] {
				glue := (kindOf(r) == "a" || kindOf(r) == "aaaa") && l.isNameServer(part, host)
				if !glue && (kindOf(r) != "ns" || part != host) {
					l.addDoubt("%s %s is within %s, which NS records delegate to other name servers: it is never answered", hostText(host), strings.ToUpper(kindOf(r)), hostText(part))
				}
			}
			return
		}
		_, part, _ = strings.Cut(part, ".")
	}
}

// isNameServer reports a host that the NS records of a part name.
func (l *linter) isNameServer(part, host string) bool {
	return slices.ContainsFunc(l.at[part], func(r vpsapi.Record) bool {
		return kindOf(r) == "ns" && strings.EqualFold(target(strings.Join(r.Data, " ")), host+"."+l.name+".")
	})
}
