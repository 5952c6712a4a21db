package policy

import (
	"slices"
	"strings"
	"time"
)

// matches reports a rule that speaks of a plan. Deny and ask speak where any of a
// plan's functions, effects and things fits; allow where nothing is left that it
// does not name.
func (r Rule) matches(q Query) bool {
	if !r.appliesTo(q) || (r.Action == Deny && r.Limit != nil) { // a deny with a limit denies past it
		return false
	}
	if r.Action != Allow {
		return true
	}
	if isGrave(q.Effects) && !slices.Contains(r.Tools, q.Tool) {
		return false // a purchase or a loss must be allowed by the tool's name
	}
	return r.matchesTool(q.Function) && r.coversEffects(q.Effects) && r.coversThings(q.Things)
}

// appliesTo reports a rule of which any part of a plan is spoken of: its limit counts
// the plan, whatever its action.
func (r Rule) appliesTo(q Query) bool {
	return (r.Hours == nil || r.Hours.contains(q.Now)) && r.matchesAny(q.Function, q.Also, q.Parts) && r.matchesEffects(q.Effects) &&
		(!r.dependsOnThings() || slices.ContainsFunc(q.Things, r.matchesName) || r.Action != Allow && slices.ContainsFunc(q.Taken, r.matchesName))
}

// matchesTool reports a rule for the tool or its group; a rule that names neither is for all.
func (r Rule) matchesTool(f Function) bool {
	return (len(r.Tools) == 0 || slices.ContainsFunc(r.Tools, func(p string) bool { return matchGlob(p, f.Tool) })) &&
		(len(r.Groups) == 0 || slices.Contains(r.Groups, f.Group))
}

// matchesAny reports a rule for a function or one of the others.
func (r Rule) matchesAny(f Function, also ...[]Function) bool {
	return r.matchesTool(f) || slices.ContainsFunc(slices.Concat(also...), r.matchesTool)
}

// matchesEffects reports a rule for one of the effects; a rule that names none is for all.
func (r Rule) matchesEffects(effects []string) bool {
	return len(r.Effects) == 0 || slices.ContainsFunc(effects, func(e string) bool { return slices.Contains(r.Effects, e) })
}

// coversEffects reports a rule that names every effect, or none.
func (r Rule) coversEffects(effects []string) bool {
	return len(r.Effects) == 0 || !slices.ContainsFunc(effects, func(e string) bool { return !slices.Contains(r.Effects, e) })
}

// coversThings reports a rule that names every server and domain of a plan: what
// else there is belongs to one of them, or to the account.
func (r Rule) coversThings(things []Thing) bool {
	if !r.dependsOnThings() {
		return true
	}
	owner := func(t Thing) bool { return t.Kind == "server" || t.Kind == "domain" || t.Kind == "record" }
	return !slices.ContainsFunc(things, func(t Thing) bool { return owner(t) && !r.matchesThing(t) })
}

// dependsOnThings reports a rule that depends on what a plan touches.
func (r Rule) dependsOnThings() bool {
	return len(r.Servers)+len(r.Labels)+len(r.Clouds)+len(r.Domains) > 0
}

// matchesThing reports a rule for the thing; each kind that a rule names must fit.
func (r Rule) matchesThing(t Thing) bool {
	return (len(r.Servers) == 0 || (t.Kind == "server" && slices.Contains(r.Servers, t.ID))) &&
		(len(r.Labels) == 0 || slices.ContainsFunc(r.Labels, func(p string) bool { return matchGlobFold(p, t.Label) })) &&
		(len(r.Clouds) == 0 || slices.Contains(r.Clouds, t.Cloud)) &&
		(len(r.Domains) == 0 || slices.ContainsFunc(r.Domains, func(d string) bool { return isWithinDomain(t.Domain, d) }))
}

// matchesName reports a rule that speaks of a thing, or of a name that goes with it.
func (r Rule) matchesName(t Thing) bool {
	anywhere := r
	anywhere.Domains = nil
	return anywhere.matchesThing(t) && (len(r.Domains) == 0 || slices.ContainsFunc(r.Domains, t.belongsTo))
}

// belongsTo reports a thing of a domain, or one with which the domain goes.
func (t Thing) belongsTo(domain string) bool {
	return isWithinDomain(t.Domain, domain) || (t.Below && isWithinDomain(domain, t.Domain))
}

// matches reports a thing that the target protects.
func (t Target) matches(thing Thing) bool {
	return (t.Server == "" || (thing.Kind == "server" && thing.ID == t.Server)) &&
		(t.Label == "" || matchGlobFold(t.Label, thing.Label)) &&
		(t.Cloud == "" || thing.Cloud == t.Cloud) &&
		(t.Domain == "" || thing.belongsTo(t.Domain))
}

// isGrave reports effects that cost money or lose something.
func isGrave(effects []string) bool {
	return slices.Contains(effects, "commit") || slices.Contains(effects, "destructive")
}

// isWithinDomain reports a name that is a domain or below it.
func isWithinDomain(name, domain string) bool {
	name, domain = strings.ToLower(strings.TrimSuffix(name, ".")), strings.ToLower(strings.TrimSuffix(domain, "."))
	return name != "" && (name == domain || strings.HasSuffix(name, "."+domain))
}

// matchGlobFold is matchGlob without regard to case: a label that differs from a pattern only by case is taken to be
// meant.
func matchGlobFold(pattern, s string) bool {
	return s != "" && matchGlob(strings.ToLower(pattern), strings.ToLower(s))
}

// matchGlob reports whether a pattern matches the whole of s; * stands for any characters.
func matchGlob(pattern, s string) bool {
	parts := strings.Split(pattern, "*")
	if len(parts) == 1 {
		return pattern == s
	}
	first, last := parts[0], parts[len(parts)-1]
	if !strings.HasPrefix(s, first) {
		return false
	}
	s = s[len(first):]
	for _, part := range parts[1 : len(parts)-1] {
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s = s[i+len(part):]
	}
	return strings.HasSuffix(s, last)
}

// Hours are the hours of a day, on some days, in a time zone.
type Hours struct {
	From string   `yaml:"from"` // "09:00"
	To   string   `yaml:"to"`   // "17:30"; before From it is the next day's
	Days []string `yaml:"days"` // mon to sun; empty means every day
	Zone string   `yaml:"zone"` // such as Europe/Berlin; UTC when empty

	from, to time.Duration
	zone     *time.Location
}

// contains reports that a moment is within the hours, in their time zone.
func (h *Hours) contains(now time.Time) bool {
	local := now.In(h.zone)
	at := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute
	day := local
	inside := at >= h.from && at < h.to
	if h.to <= h.from {
		inside = at >= h.from || at < h.to
		if at < h.to {
			day = local.AddDate(0, 0, -1) // the night belongs to the day it began on
		}
	}
	return inside && (len(h.Days) == 0 || slices.Contains(h.Days, strings.ToLower(day.Weekday().String()[:3])))
}
