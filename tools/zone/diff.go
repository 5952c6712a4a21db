package zone

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Change is one call that makes a zone more like another.
type Change struct {
	Was, Now *vpsapi.Record // nil: created, deleted
	TTLOnly  bool           // an edit for the sake of the TTL
	First    *vpsapi.Int    // a new record's TTL where the API takes the wanted one by an edit alone, which follows
}

// Text writes the change on one line: + for a new record, - for one that goes, ~ for one that is edited.
func (c Change) Text(z Zone) string {
	switch {
	case c.Was == nil:
		return "+ " + z.text(*c.Now)
	case c.Now == nil:
		return "- " + z.text(*c.Was)
	default:
		return "~ " + z.text(*c.Was) + "  ->  " + z.text(*c.Now)
	}
}

// host returns the host whose record changes.
func (c Change) host() string {
	if c.Was != nil {
		return hostOf(*c.Was)
	}
	return hostOf(*c.Now)
}

// createTTLs are what the API takes for a new record, in seconds; an edit takes
// any.
var createTTLs = []int64{900, 3600, 86400, 604800}

// Diff gives the fewest calls that make z as wanted, in their order: what stands
// in a CNAME's way goes first, then the new comes, then the old changes, and the
// rest goes last, so that a name which is replaced never stands without records.
func (z Zone) Diff(wanted Zone) []Change {
	var d difference
	for _, g := range groupsOf(z, wanted) {
		d.group(g[0], g[1])
	}
	d.settleTTLs()
	return d.orderedChanges()
}

// groupsOf puts the records of both zones together by host and type.
func groupsOf(z, wanted Zone) [][2][]*vpsapi.Record {
	var groups [][2][]*vpsapi.Record
	at := map[string]int{}
	for side, records := range [][]vpsapi.Record{z.Records, wanted.Records} {
		for i := range records {
			key := hostOf(records[i]) + "\x00" + kindOf(records[i])
			n, known := at[key]
			if !known {
				n, at[key] = len(groups), len(groups)
				groups = append(groups, [2][]*vpsapi.Record{})
			}
			groups[n][side] = append(groups[n][side], &records[i])
		}
	}
	return groups
}

// difference is a diff in the making.
type difference struct {
	gone, changed, come []Change
	same                []Change // no calls: what stays as it is, but for its TTL
}

// group sorts out the records of one host and type. What says the same stays;
// of the rest, an old record becomes a new one by an edit.
func (d *difference) group(was, now []*vpsapi.Record) {
	saying := map[string][]*vpsapi.Record{}
	for _, b := range now {
		saying[dataKey(*b)] = append(saying[dataKey(*b)], b)
	}
	var old, fresh []*vpsapi.Record
	for _, a := range was {
		key := dataKey(*a)
		if len(saying[key]) == 0 {
			old = append(old, a)
			continue
		}
		d.same = append(d.same, Change{Was: a, Now: saying[key][0]})
		saying[key] = saying[key][1:]
	}
	for _, b := range now { // of those that say the same, the last ones are left
		if key := dataKey(*b); slices.Contains(saying[key], b) {
			fresh = append(fresh, b)
		}
	}
	n := min(len(old), len(fresh))
	for i := range n {
		d.changed = append(d.changed, Change{Was: old[i], Now: fresh[i]})
	}
	for _, a := range old[n:] {
		d.gone = append(d.gone, Change{Was: a})
	}
	for _, b := range fresh[n:] {
		d.come = append(d.come, Change{Now: b})
	}
}

// settleTTLs sees that every host ends with its TTL. A host has one: whatever sets
// it moves all of the host's records. So an edit is added only where no call sets
// it anyway, or where the records that come need another first.
func (d *difference) settleTTLs() {
	edited, set := map[string]bool{}, map[string]bool{}
	for _, c := range d.changed {
		edited[c.host()], set[c.host()] = true, true
	}
	stays := map[string]bool{}
	for _, c := range d.same {
		stays[c.host()] = true
	}
	detour := map[string]bool{}
	for i, c := range d.come {
		host := c.host()
		if slices.Contains(createTTLs, NumberOf(c.Now.TTL)) {
			set[host] = true
		} else if edited[host] || stays[host] {
			first := vpsapi.Int(createTTLs[0])
			d.come[i].First, detour[host] = &first, !edited[host]
		}
	}
	for _, c := range d.same {
		host := c.host()
		if detour[host] || (NumberOf(c.Was.TTL) != NumberOf(c.Now.TTL) && !set[host]) {
			c.TTLOnly, detour[host], set[host] = true, false, true
			d.changed = append(d.changed, c)
		}
	}
}

// orderedChanges returns the changes in an order that the service takes: a CNAME goes before what comes in its place.
func (d *difference) orderedChanges() []Change {
	alias := map[string]bool{}
	for _, c := range slices.Concat(d.gone, d.come) {
		alias[c.host()] = alias[c.host()] || (c.Was != nil && kindOf(*c.Was) == "cname") || (c.Now != nil && kindOf(*c.Now) == "cname")
	}
	var before, after []Change
	for _, c := range d.gone {
		if alias[c.host()] {
			before = append(before, c)
		} else {
			after = append(after, c)
		}
	}
	return slices.Concat(before, d.come, d.changed, after)
}

// ChangeLines returns the changes for a person: what is lost first.
func ChangeLines(present Zone, changes []Change) []string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = c.Text(present)
	}
	rank := func(line string) int { return strings.Index("-~+", line[:1]) }
	slices.SortStableFunc(lines, func(a, b string) int { return rank(a) - rank(b) })
	return lines
}

// Counts says how many records go, change and come.
func Counts(changes []Change) string {
	var gone, changed, come int
	for _, c := range changes {
		switch {
		case c.Now == nil:
			gone++
		case c.Was == nil:
			come++
		default:
			changed++
		}
	}
	return fmt.Sprintf("%d removed, %d changed, %d added", gone, changed, come)
}

// TTLFaults names new records whose TTL the API's create does not take, where no
// record of the host stays that an edit could give it to.
func TTLFaults(z Zone, changes []Change) []string {
	var wrong []string
	for _, c := range changes {
		if c.Was == nil && c.First == nil && !slices.Contains(createTTLs, NumberOf(c.Now.TTL)) {
			wrong = append(wrong, fmt.Sprintf("%s: a new record takes a TTL of 900, 3600, 86400 or 604800, not %d", c.Text(z), NumberOf(c.Now.TTL)))
		}
	}
	return wrong
}
