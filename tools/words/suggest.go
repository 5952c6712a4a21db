package words

import (
	"cmp"
	"slices"
	"strings"
)

// Suggest names what was probably meant; all of it when that is little. Names with
// the same words go before those that a few letters make of another one.
func Suggest(given string, known []string) string {
	best, least := "", 1+len(given)/2
	for _, k := range known {
		if d := editDistance(given, k); d < least {
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

// IsNear reports two names of which a letter or two are others: one in four to seven, two in longer ones.
func IsNear(a, b string) bool {
	n := min(len(a), len(b))
	return n > 3 && editDistance(a, b) <= 1+n/8
}

// editDistance returns the number of single-character edits between two names.
func editDistance(a, b string) int {
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
