package find

import (
	"slices"
	"strings"
)

// prepositionWeight is what a thing weighs that stands after a preposition: in "an image of
// my server" the image is asked for.
const prepositionWeight = 0.7

// Classes of verbs for what a function does.
const (
	// Create is the class of verbs that make something, such as add or build.
	Create = "create"
	// Edit is the class of verbs that change something, such as rename or move.
	Edit = "edit"
	// Delete is the class of verbs that remove something, such as drop or cancel.
	Delete = "delete"
	Act    = "act" // a verb of its own, such as reboot
)

// Classes of verbs for what a function reads.
const (
	readClass = "read"
	listClass = "list" // reads several
	getClass  = "get"  // reads one
)

// query is what a person asked for.
type query struct {
	terms  []term   // the words that say something
	verbs  []string // the classes that its first verb can be of; none for a question
	also   []string // the classes of its other verbs
	number string   // list or get where the query says so
}

// term is a word of a query: what it can mean, and how much it weighs.
type term struct {
	meanings []string
	weight   float64
}

// readQuery reads a query: its first verb tells what is to be done, and the
// other words tell with what.
func readQuery(text string) query {
	var q query
	weight := 1.0
	for at, word := range strings.Fields(plain(text)) {
		classes, isVerb := verbClasses(word)
		switch {
		case at == 0 && (slices.Contains(questions, word) || !isVerb && isPlural(word)):
			q.verbs = []string{readClass}
		case isVerb && q.verbs == nil:
			q.verbs = classes
		case isVerb:
			q.also = append(q.also, classes...)
		}
		meanings := meaningsOf(word)
		switch {
		case slices.Contains(singularWords, word):
			q.number = getClass
		case slices.Contains(pluralWords, word), q.number == "" && weight == 1 && meanings != nil && isPlural(word):
			q.number = listClass
		case len(q.terms) > 0 && slices.Contains(prepositions, word):
			weight = prepositionWeight
		}
		if meanings != nil && !slices.ContainsFunc(q.terms, func(t term) bool { return slices.Equal(t.meanings, meanings) }) {
			q.terms = append(q.terms, term{meanings, weight})
		}
	}
	return q
}

// verbClasses are the classes of a verb, as it stands or ending in -ing.
func verbClasses(word string) ([]string, bool) {
	if classes, ok := verbs()[word]; ok {
		return classes, true
	}
	base, ok := strings.CutSuffix(word, "ing")
	if !ok {
		return nil, false
	}
	for _, verb := range []string{base, base + "e", stem(word)} {
		if classes, ok := verbs()[verb]; ok {
			return classes, true
		}
	}
	return nil, false
}

// meaningsOf are the stems of the words that the tools use for a word; none
// where it says nothing about which thing is meant.
func meaningsOf(word string) []string {
	if meanings, ok := synonyms()[word]; ok {
		return meanings
	}
	if noiseWords()[word] || verbs()[word] != nil || slices.Contains(pluralWords, word) || slices.Contains(singularWords, word) {
		return nil
	}
	if meanings, ok := synonyms()[stem(word)]; ok {
		return meanings
	}
	if _, isVerb := verbClasses(word); isVerb {
		return nil
	}
	return []string{stem(word)}
}
