package find

import (
	"strings"
)

// document is a function's words with their weight.
type document struct {
	Function
	verb  string             // what it does: a class of verbs
	named []string           // the words of its name, verb apart
	words map[string]float64 // by where they stand
}

// Weights of a word by where it stands.
const (
	// nameWeight is the weight of a word in a function's name.
	nameWeight = 3.0
	// aliasWeight is the weight of a function's further search words.
	aliasWeight = 1.6
	// titleWeight is the weight of a word in a function's title.
	titleWeight = 1.5
	// docWeight is the weight of a word in a function's description.
	docWeight = 0.6
)

// New indexes the words of all functions.
func New(functions []Function) *Finder {
	f := &Finder{known: map[string]int{}}
	for _, function := range functions {
		d := document{Function: function, words: map[string]float64{}}
		d.name()
		for _, word := range strings.Fields(function.Called) {
			for _, meaning := range meaningsOf(word) {
				d.words[meaning] = max(d.words[meaning], aliasWeight)
			}
		}
		d.add(function.Title, titleWeight)
		d.add(function.Group, titleWeight)
		d.add(function.Doc, docWeight)
		for word := range d.words {
			f.known[word]++
		}
		f.docs = append(f.docs, d)
	}
	return f
}

// verbOf returns the class of a function's verb, such as Create or Edit; Act for a verb of its own, such as reboot.
func verbOf(f Function, verb string) string {
	if verb == listClass || verb == getClass {
		return verb
	}
	if classes := verbs()[verb]; len(classes) == 1 {
		return classes[0]
	}
	if f.Reads {
		return readClass
	}
	return Act
}

// name reads a function's name. A verb that many names share is not a word of it.
func (d *document) name() {
	verb, _, _ := strings.Cut(d.Name, "_")
	d.verb = verbOf(d.Function, verb)
	for _, word := range strings.Fields(plain(strings.ReplaceAll(d.Name, "_", " "))) {
		if word != verb && meaningsOf(word) != nil || word == verb && (d.verb == Act || d.verb == readClass) {
			d.named = append(d.named, stem(word))
			d.words[stem(word)] = nameWeight
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
