package tools

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// finder ranks tools by the words that a person would use.
type finder struct {
	docs  []document
	known map[string]int // in how many documents a word stands
}

// nameless is what a tool's score is divided by apart from the words of its
// name that the query does not say.
const nameless = 3

// What a tool keeps of its score where the query asks for something else.
const (
	alsoAsked   = 1.15 // what the query says by a later verb
	alsoDone    = 0.8  // what the tool does by another name
	otherNumber = 0.7  // one thing for several, or several for one
	otherChange = 0.5  // another change
	otherSafety = 0.45 // a change for a question, or a read for a change
)

// find gives the tools that fit a query best, the best first, of those that may
// be found. The others weigh the words too: a rank is nobody's own.
func (f *finder) find(text string, most int, may func(*tool) bool) []*tool {
	type hit struct {
		tool  *tool
		score float64
	}
	q := readQuery(text)
	var hits []hit
	for _, d := range f.docs {
		if !may(d.tool) {
			continue
		}
		if score := f.score(d, q); score > 0 {
			hits = append(hits, hit{d.tool, score})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		return cmp.Or(cmp.Compare(b.score, a.score), strings.Compare(a.tool.name, b.tool.name))
	})
	found := make([]*tool, 0, most)
	for _, h := range hits[:min(most, len(hits))] {
		found = append(found, h.tool)
	}
	return found
}

// score tells how well a tool fits: by the rare words more than by the common
// ones, by how much of the query and of the tool's name the two share, and by
// what is to be done.
func (f *finder) score(d document, q query) float64 {
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
		case at == 0 && d.verb == toAct: // said by a verb of its class
			unsaid += f.rarity(word) / 2
		default:
			unsaid += f.rarity(word)
		}
	}
	return score * (matched / all) / (nameless + unsaid) * q.wants(d)
}

// wants is how far what a tool does is what the query asks for.
func (q query) wants(d document) float64 {
	asks := q.verbs
	if len(asks) == 0 {
		asks = []string{toRead}
		if slices.ContainsFunc(q.terms, func(t term) bool {
			return d.verb == toAct && slices.Contains(t.meanings, d.named[0])
		}) {
			asks = []string{toAct}
		}
	}
	fits := otherSafety
	for _, class := range asks {
		switch {
		case class == d.verb, reads(class) && reads(d.verb):
			fits = 1
		case class == alsoDoes[d.tool.name]:
			fits = max(fits, alsoDone)
		case !reads(class) && !reads(d.verb):
			fits = max(fits, otherChange)
		}
	}
	if fits >= otherChange && slices.Contains(q.also, d.verb) {
		fits *= alsoAsked
	}
	if q.number == "" || d.verb == toRead || d.verb == toAct {
		return fits
	}
	if several := d.verb == toList || !reads(d.verb) && isPlural(d.tool.name); several != (q.number == toList) {
		fits *= otherNumber
	}
	return fits
}

func reads(class string) bool { return class == toRead || class == toList || class == toGet }

// rarity is high for a word of few tools.
func (f *finder) rarity(word string) float64 {
	return math.Log(1 + float64(len(f.docs))/float64(f.known[word]))
}
