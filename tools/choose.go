package tools

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// choose gives the tools that the options offer.
func choose(all []*tool, o Options) ([]*tool, error) {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.name
	}
	for _, c := range []struct {
		what         string
		given, known []string
	}{
		{"toolset", o.Toolsets, Toolsets()}, {"tool", o.Tools, names}, {"tool to exclude", o.Exclude, names},
	} {
		for _, g := range c.given {
			if !slices.Contains(c.known, g) {
				return nil, fmt.Errorf("unknown %s %s%s", c.what, vpsapi.Quote(g), suggest(g, c.known))
			}
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(t *tool) bool {
		return (o.ReadOnly && t.safety != vpsapi.Reads) ||
			(o.NoDestroy && t.safety == vpsapi.Destroys && !t.row.mild) ||
			(o.NoCommit && t.safety == vpsapi.Commits && !t.row.mild) ||
			o.Policy.DeniesTool(t.name, t.group) ||
			!inToolsets(t, o.Toolsets) ||
			(len(o.Tools) > 0 && !slices.Contains(o.Tools, t.name)) ||
			slices.Contains(o.Exclude, t.name)
	})
	if len(chosen) == 0 {
		return nil, fmt.Errorf("the choice of toolsets and tools leaves no tool to offer")
	}
	return chosen, nil
}

// unknownTool refuses a name, and suggests none that the caller may not use.
func (s *Server) unknownTool(c Caller, name string) *Answer {
	var names []string
	for _, t := range s.order {
		if c.allows(t) {
			names = append(names, t.name)
		}
	}
	return refusal("unknown tool %s%s", vpsapi.Quote(name), suggest(name, names))
}

// suggest names what was probably meant; all of it when that is little. Names with
// the same words go before those that a few letters make of another one.
func suggest(given string, known []string) string {
	best, least := "", 1+len(given)/2
	for _, k := range known {
		if d := distance(given, k); d < least {
			best, least = k, d
		}
	}
	if alike := sameWords(given, known); least > 2 && len(alike) > 0 {
		best = strings.Join(alike, " or ")
	}
	switch {
	case best != "":
		return "; did you mean " + best + "?"
	case len(known) <= 20:
		return "; known are " + strings.Join(known, ", ")
	default:
		return ""
	}
}

// sameWords are the names that have each word of a given one of several, or begin one
// of theirs with it: list_server is in list_cloud_servers. The three shortest are enough.
func sameWords(given string, known []string) []string {
	words := strings.FieldsFunc(strings.ToLower(given), func(c rune) bool { return c == '_' || c == '-' })
	var alike []string
	for _, k := range known {
		own := strings.Split(k, "_")
		if len(words) > 1 && !slices.ContainsFunc(words, func(w string) bool {
			return !slices.ContainsFunc(own, func(o string) bool { return strings.HasPrefix(o, w) })
		}) {
			alike = append(alike, k)
		}
	}
	slices.SortStableFunc(alike, func(a, b string) int { return cmp.Compare(strings.Count(a, "_"), strings.Count(b, "_")) })
	return alike[:min(3, len(alike))]
}

// distance is the number of single-character edits between two names.
func distance(a, b string) int {
	if len(a) > 64 {
		return len(a)
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}
