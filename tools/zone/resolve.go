package zone

import (
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Redirects lists what a change of a domain's records does to names beside making
// fresh plain ones: what resolves differently for a name that was there, and what
// is new but speaks for others (the domain itself, a wildcard, mail, name servers,
// a name with an underscore). Each says why, in one sentence; none says that
// nothing that anybody could have resolved before resolves otherwise.
func Redirects(name string, before, after []vpsapi.Record) []string {
	old, now := New(name, before).answers(before), New(name, after).answers(after)
	var why []string
	for _, r := range after {
		owner := now.zone.relativeOwner(r)
		if slices.Contains(old.sets[owner][kindOf(r)], answerKey(r)) {
			continue // it was there
		}
		if reason := old.affectsOthers(owner, r); reason != "" {
			why = append(why, strings.ToUpper(kindOf(r))+" of "+hostText(owner)+": "+reason)
		}
	}
	for _, r := range before {
		owner := old.zone.relativeOwner(r)
		if !slices.Contains(now.sets[owner][kindOf(r)], answerKey(r)) {
			why = append(why, strings.ToUpper(kindOf(r))+" of "+hostText(owner)+": its present value is lost")
		}
	}
	for _, owner := range slices.Sorted(maps.Keys(old.ttls)) {
		if t, ok := now.ttls[owner]; ok && t != old.ttls[owner] && old.ttls[owner] != 0 {
			why = append(why, hostText(owner)+": the TTL of records that are there changes")
		}
	}
	slices.Sort(why)
	return slices.Compact(why)
}

// nameAnswers is what a zone's names say.
type nameAnswers struct {
	zone Zone
	sets map[string]map[string][]string // owner, then type: what is said
	ttls map[string]int64               // of a host
	led  map[string]bool                // owners to which records lead, or that texts name
}

// answers returns what the zone's name servers answer for each name, as far as the records tell.
func (z Zone) answers(records []vpsapi.Record) nameAnswers {
	a := nameAnswers{z, map[string]map[string][]string{}, map[string]int64{}, map[string]bool{}}
	for _, r := range records {
		owner, kind := z.relativeOwner(r), kindOf(r)
		if a.sets[owner] == nil {
			a.sets[owner] = map[string][]string{}
		}
		a.sets[owner][kind] = append(a.sets[owner][kind], answerKey(r))
		for _, led := range z.ledTo(r) {
			a.led[led] = true
		}
		if kind != "failover" && kind != "soa" {
			a.ttls[hostOf(r)] = NumberOf(r.TTL)
		}
	}
	return a
}

// answerKey is what a record says, for comparing; a failover's addresses too.
func answerKey(r vpsapi.Record) string {
	return dataKey(r) + "\x00" + string(r.PrimaryData) + "\x00" + string(r.ServiceType)
}

// affectsOthers says why a record that comes says something for names that were there, or
// for others than its own; empty for a fresh plain name.
func (a nameAnswers) affectsOthers(owner string, r vpsapi.Record) string {
	first, _, _ := strings.Cut(owner, ".")
	switch kind := kindOf(r); {
	case owner == "":
		return "it is about the domain itself"
	case strings.HasPrefix(owner, "*"):
		return "a wildcard stands for every name below it"
	case kind == "mx", kind == "ns", kind == "failover", kind == "soa":
		return "it decides where mail or requests for the name go"
	case strings.HasPrefix(first, "_") || strings.Contains(owner, "._"):
		return "names with an underscore prove who owns a domain, or let others act for it"
	case kind == "txt" && isPolicy(strings.TrimSpace(strings.Join(r.Data, " "))):
		return "it decides from whom mail is accepted"
	case len(a.sets[owner]) > 0:
		return "the name has records already"
	case a.isCovered(owner):
		return "a wildcard or other name servers answered for the name before"
	case a.led[owner]:
		return "other records of the domain point to the name, so it may have been looked up already"
	case slices.Contains(soughtNames, first):
		return "programs look up that name without being told to"
	}
	return ""
}

// soughtNames are hosts that mail programs, browsers, telephones and mail servers look for in a
// domain without being told: who has one says where mail and passwords go.
var soughtNames = []string{
	"autoconfig", "autodiscover", "enterpriseenrollment", "enterpriseregistration", "isatap", "lyncdiscover", "lyncdiscoverinternal", "mta-sts",
	"openpgpkey", "sip", "sipexternal", "sipinternal", "wpad",
}

// ledTo lists the owners within the zone that a record leads to or names, though
// nothing may be there yet: what comes there answers for the record's name.
func (z Zone) ledTo(r vpsapi.Record) []string {
	var owners []string
	points := slices.Contains([]string{"cname", "mx", "ns", "srv"}, kindOf(r))
	for _, word := range strings.FieldsFunc(strings.ToLower(strings.Join(r.Data, " ")), betweenNames) {
		name := strings.TrimSuffix(word, ".")
		if owner, within := strings.CutSuffix(name, "."+z.name); within {
			owners = append(owners, owner)
		}
		if points && word == name { // without a final dot it may be taken within the domain
			owners = append(owners, name)
		}
	}
	return owners
}

// betweenNames reports a character that no name has.
func betweenNames(c rune) bool {
	return !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789-_.*", c)
}

// isCovered reports a name that a wildcard answers, or that other name servers do.
func (a nameAnswers) isCovered(owner string) bool {
	for part := owner; part != ""; {
		_, rest, _ := strings.Cut(part, ".")
		wild := "*"
		if rest != "" {
			wild = "*." + rest
		}
		if len(a.sets[wild]) > 0 || len(a.sets[part]["ns"]) > 0 {
			return true
		}
		part = rest
	}
	return false
}
