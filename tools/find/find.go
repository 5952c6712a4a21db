// Package find ranks functions by the words in which a person asks for them. It knows their names and texts, and none of their code.
package find

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Function is what is known of a function for finding it.
type Function struct {
	Name, Title, Doc, Group string
	Reads                   bool
	Called                  string // further words by which a person asks for it
	Acts                    string // a further class of verbs for what it does, such as Create; empty for none
}

// Finder ranks functions by the words that a person would use.
type Finder struct {
	docs  []document
	known map[string]int // in how many documents a word stands
}

// unnamedDivisor is what a tool's score is divided by apart from the words of its
// name that the query does not say.
const unnamedDivisor = 3

// What a tool keeps of its score where the query asks for something else.
const (
	laterVerbWeight   = 1.15 // what the query says by a later verb
	otherNameWeight   = 0.8  // what the tool does by another name
	otherNumberWeight = 0.7  // one thing for several, or several for one
	otherChangeWeight = 0.5  // another change
	otherSafetyWeight = 0.45 // a change for a question, or a read for a change
)

// Find gives the names of the functions that fit a query best, the best first, at most so many, of those that may
// be found. The others weigh the words too: a rank is nobody's own.
func (f *Finder) Find(text string, most int, may func(name string) bool) []string {
	type hit struct {
		name  string
		score float64
	}
	q := readQuery(text)
	var hits []hit
	for _, d := range f.docs {
		if !may(d.Name) {
			continue
		}
		if score := f.score(d, q); score > 0 {
			hits = append(hits, hit{d.Name, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.name, b.name))
	})
	found := make([]string, 0, most)
	for _, h := range hits[:min(most, len(hits))] {
		found = append(found, h.name)
	}
	return found
}

// score tells how well a tool fits: by the rare words more than by the common
// ones, by how much of the query and of the tool's name the two share, and by
// what is to be done.
func (f *Finder) score(d document, q query) float64 {
	score, matched, all := 0.0, 0.0, 0.0
	shared := map[string]bool{}
	for _, t := range q.terms {
		best, rare := 0.0, 0.0
		for _, word := range t.meanings {
			if f.known[word] == 0 {
				continue
			}
			rarity := f.rarity(word)
			rare = max(rare, rarity)
			if weight, ok := d.words[word]; ok {
				best = max(best, weight*rarity)
				shared[word] = true
			}
		}
		score += t.weight * best
		all += t.weight * rare
		if best > 0 {
			matched += t.weight * rare
		}
	}
	if score == 0 {
		return 0
	}
	unsaid := 0.0
	for at, word := range d.named {
		switch {
		case shared[word]:
		case at == 0 && d.verb == Act: // said by a verb of its class
			unsaid += f.rarity(word) / 2
		default:
			unsaid += f.rarity(word)
		}
	}
	return score * (matched / all) / (unnamedDivisor + unsaid) * q.actionScore(d)
}

// actionScore returns how far what a tool does is what the query asks for.
func (q query) actionScore(d document) float64 {
	asks := q.verbs
	if len(asks) == 0 {
		asks = []string{readClass}
		if slices.ContainsFunc(q.terms, func(t term) bool {
			return d.verb == Act && slices.Contains(t.meanings, d.named[0])
		}) {
			asks = []string{Act}
		}
	}
	fits := otherSafetyWeight
	for _, class := range asks {
		switch {
		case class == d.verb, isReadClass(class) && isReadClass(d.verb):
			fits = 1
		case class == d.Acts:
			fits = max(fits, otherNameWeight)
		case !isReadClass(class) && !isReadClass(d.verb):
			fits = max(fits, otherChangeWeight)
		}
	}
	if fits >= otherChangeWeight && slices.Contains(q.also, d.verb) {
		fits *= laterVerbWeight
	}
	if q.number == "" || d.verb == readClass || d.verb == Act {
		return fits
	}
	if several := d.verb == listClass || !isReadClass(d.verb) && isPlural(d.Name); several != (q.number == listClass) {
		fits *= otherNumberWeight
	}
	return fits
}

// isReadClass reports a class of words that asks to read: read, list or get.
func isReadClass(class string) bool {
	return class == readClass || class == listClass || class == getClass
}

// rarity returns the weight of a word: the fewer tools have it, the higher.
func (f *Finder) rarity(word string) float64 {
	return math.Log(1 + float64(len(f.docs))/float64(f.known[word]))
}
