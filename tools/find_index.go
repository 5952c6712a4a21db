package tools

import (
	"strings"

	"vpsnet-mcp/vpsapi"
)

// document is a tool's words with their weight.
type document struct {
	tool  *tool
	verb  string             // what it does: a class of verbs
	named []string           // the words of its name, verb apart
	words map[string]float64 // by where they stand
}

// Weights of a word by where it stands.
const (
	inName   = 3.0
	inCalled = 1.6
	inTitle  = 1.5
	inDoc    = 0.6
)

// newFinder reads the words of all tools.
func newFinder(tools []*tool) *finder {
	f := &finder{known: map[string]int{}}
	for _, t := range tools {
		d := document{tool: t, words: map[string]float64{}}
		d.name()
		for _, word := range strings.Fields(alsoCalled[t.name]) {
			for _, meaning := range meaningsOf(word) {
				d.words[meaning] = max(d.words[meaning], inCalled)
			}
		}
		d.add(t.title, inTitle)
		d.add(t.group, inTitle)
		d.add(t.doc, inDoc)
		for word := range d.words {
			f.known[word]++
		}
		f.docs = append(f.docs, d)
	}
	return f
}

// verbOf is the class of a tool's verb.
func verbOf(t *tool, verb string) string {
	if verb == toList || verb == toGet {
		return verb
	}
	if classes := verbs()[verb]; len(classes) == 1 {
		return classes[0]
	}
	if t.safety == vpsapi.Reads {
		return toRead
	}
	return toAct
}

// name reads a tool's name. A verb that many names share is no word of it.
func (d *document) name() {
	verb, _, _ := strings.Cut(d.tool.name, "_")
	d.verb = verbOf(d.tool, verb)
	for _, word := range strings.Fields(plain(strings.ReplaceAll(d.tool.name, "_", " "))) {
		if word != verb && meaningsOf(word) != nil || word == verb && (d.verb == toAct || d.verb == toRead) {
			d.named = append(d.named, stem(word))
			d.words[stem(word)] = inName
		}
	}
}

// add gives the words of a text a weight; a word counts where it weighs most.
func (d document) add(text string, weight float64) {
	for _, word := range strings.Fields(plain(text)) {
		if _, isVerb := verbs()[word]; isVerb && synonyms()[word] == nil {
			continue
		}
		word = stem(word)
		d.words[word] = max(d.words[word], weight)
	}
}
