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
	fresh, old := parted(now.wrong, before.wrong)
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
	wrong, _ = parted(now.wrong, then.wrong)
	doubtful, _ = parted(now.doubts, then.doubts)
	return wrong, doubtful
}

// parted parts a list into what another has not and what it has.
func parted(list, other []string) (fresh, old []string) {
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

func (z Zone) findings(alone []kept, file bool) findings {
	l := &linter{Zone: z, file: file, all: z.Records, kinds: map[string][]string{}, ttls: map[string]map[int64]bool{}, at: map[string][]vpsapi.Record{}}
	for _, k := range alone {
		l.place(k.Record)
		if !file && (vendors(k.Record) == "" || kindOf(k.Record) == "failover") {
			l.all = append(l.all[:len(l.all):len(l.all)], k.Record)
		}
	}
	for _, r := range z.Records {
		l.place(r)
		host := hostOf(r)
		if l.ttls[host] == nil {
			l.ttls[host] = map[int64]bool{}
		}
		l.ttls[host][Number(r.TTL)] = true
	}
	l.records()
	for _, host := range slices.Sorted(maps.Keys(l.kinds)) {
		l.host(host)
	}
	if len(z.Records) == 0 && file {
		l.doubt("the zone has no records of its own")
	}
	return l.findings
}

// place notes a record at its owner within the domain.
func (l *linter) place(r vpsapi.Record) {
	owner := l.within(r)
	l.kinds[owner] = append(l.kinds[owner], kindOf(r))
	l.at[owner] = append(l.at[owner], r)
}

// within is a record's owner within the domain; empty is the domain itself.
func (z Zone) within(r vpsapi.Record) string {
	return strings.TrimSuffix(strings.TrimSuffix(z.owner(r), z.name+"."), ".")
}

// records looks at each record.
func (l *linter) records() {
	seen := map[string]vpsapi.Record{}
	for _, r := range l.all {
		host, kind := hostOf(r), kindOf(r)
		where := shown(host) + " " + strings.ToUpper(kind)
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
			l.fault("%s: its target is the address %s, where a name belongs (without a final dot it is read as %s): give the address to a name by an A or AAAA record, and point to that name",
				where, address, vpsapi.Quote(strings.ToLower(target(strings.Join(r.Data, " ")))))
			continue
		}
		if kind == "failover" {
			l.failover(where, r)
			continue
		}
		for _, f := range r.Zone().Check() {
			l.fault("%s: %s", where, f)
		}
		switch kind {
		case "txt":
			f := lintText(host, strings.Join(r.Data, " "), l.file)
			for _, w := range f.wrong {
				l.fault("%s: %s", where, w)
			}
			for _, d := range f.doubts {
				l.doubt("%s: %s", where, d)
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
		l.doubt("%s is there twice", where)
	case id == "":
		l.fault("%s is given twice; give it once", where)
	default:
		l.fault("%s is there already, as record %s; its TTL changes by an edit of that record", where, words.IDText(id))
	}
}

// host looks at what stands together at one name.
func (l *linter) host(host string) {
	kinds := l.kinds[host]
	has := func(kind string) bool { return slices.Contains(kinds, kind) }
	switch {
	case has("cname") && host == "":
		l.fault("a CNAME cannot stand at the domain itself")
	case has("cname") && len(kinds) > 1:
		l.fault("%s has a CNAME beside other records", shown(host))
	case has("failover") && (has("a") || has("aaaa")):
		l.doubt("%s has a failover record beside an A or AAAA record: names go to that one too, also when it is down", shown(host))
	}
	if len(l.ttls[host]) > 1 {
		l.fault("%s has several TTLs; the service keeps one for all records of a host", shown(host))
	}
	l.only(host)
	l.delegated(host)
}

// only looks at what a name may have one of.
func (l *linter) only(host string) {
	var spf, dmarc, null, mx int
	for _, r := range l.at[host] {
		data := strings.TrimSpace(strings.Join(r.Data, " "))
		switch kind := kindOf(r); {
		case kind == "txt" && isSPF(data):
			spf++
		case kind == "txt" && begins(data, "v=dmarc1"):
			dmarc++
		case kind == "mx":
			mx++
			if data == "." {
				null++
			}
		}
	}
	if spf > 1 {
		l.fault("%s has two SPF records; receivers ignore both", shown(host))
	}
	if dmarc > 1 {
		l.fault("%s has two DMARC records; receivers ignore both", shown(host))
	}
	if null > 0 && mx > null {
		l.fault(`%s has a null MX (".": it takes no mail) beside another MX`, shown(host))
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
					l.doubt("%s %s is within %s, which NS records delegate to other name servers: it is never answered", shown(host), strings.ToUpper(kindOf(r)), shown(part))
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
