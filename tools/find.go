package tools

import (
	"math"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// finder ranks tools by the words that a person would use.
type finder struct {
	docs  []document
	known map[string]int // in how many documents a word stands
}

// document is a tool's words with their weight.
type document struct {
	tool  *tool
	words map[string]float64
}

// Weights of a word by where it stands.
const (
	inName    = 3.0
	inTitle   = 2.0
	inHeading = 1.5
	inDoc     = 0.7
	inGroup   = 0.5
	inSchema  = 0.3
)

func newFinder(tools []*tool) *finder {
	f := &finder{known: map[string]int{}}
	for _, t := range tools {
		d := document{t, map[string]float64{}}
		d.add(strings.ReplaceAll(t.name, "_", " "), inName)
		d.add(t.title, inTitle)
		if t.op != nil {
			d.add(t.op.Info().Heading, inHeading)
		}
		d.add(t.doc, inDoc)
		d.add(strings.NewReplacer("_", " ", `"`, " ").Replace(string(t.schema())), inSchema)
		d.add(t.group, inGroup)
		for word := range d.words {
			f.known[word]++
		}
		f.docs = append(f.docs, d)
	}
	return f
}

// add gives the words of a text a weight; a word counts where it weighs most.
func (d document) add(text string, weight float64) {
	for _, word := range words(text) {
		d.words[word] = max(d.words[word], weight)
	}
}

// find gives the tools that fit a query best, the best first.
func (f *finder) find(query string, most int) []*tool {
	type hit struct {
		tool  *tool
		score float64
	}
	var hits []hit
	asked := words(query)
	for _, d := range f.docs {
		score, matched := 0.0, 0.0
		for _, word := range asked {
			if weight, ok := d.words[word]; ok {
				score += weight * math.Log(1+float64(len(f.docs))/float64(f.known[word]))
				matched++
			}
		}
		if matched > 0 {
			// A tool whose own name says more than was asked fits less.
			named := 0.0
			for _, weight := range d.words {
				if weight == inName {
					named++
				}
			}
			if d.tool.safety == vpsapi.Reads && !asksForChange(asked) {
				score *= forQuestions
			}
			hits = append(hits, hit{d.tool, score * (matched / float64(len(asked))) / math.Sqrt(2+named)})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		default:
			return strings.Compare(a.tool.name, b.tool.name)
		}
	})
	found := make([]*tool, 0, most)
	for _, h := range hits[:min(most, len(hits))] {
		found = append(found, h.tool)
	}
	return found
}

// words are a text's words as the tools' own: phrases and synonyms in their
// place, endings off, words that say nothing left out.
func words(text string) []string {
	text = " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), " ") + " "
	for _, p := range phrases {
		text = strings.ReplaceAll(text, " "+p[0]+" ", " "+p[1]+" ")
	}
	var out []string
	for _, word := range strings.Fields(text) {
		if noise[word] {
			continue
		}
		word = meaning(word)
		if !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// meaning is the word that stands for a word.
func meaning(word string) string {
	for _, form := range []string{word, stem(word)} {
		if m, ok := synonyms[form]; ok {
			return m
		}
	}
	return stem(word)
}

// stem takes the common endings off.
func stem(word string) string {
	for _, ending := range [][2]string{{"ies", "y"}, {"sses", "ss"}, {"xes", "x"}, {"ches", "ch"}, {"shes", "sh"}, {"ing", ""}, {"ed", ""}, {"es", "e"}, {"s", ""}} {
		if base, ok := strings.CutSuffix(word, ending[0]); ok && len(base) >= 3 && !strings.HasSuffix(word, "ss") {
			return base + ending[1]
		}
	}
	return word
}
