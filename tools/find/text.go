package find

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// formPatterns are what stands for a thing by its form: an address for an ip.
var formPatterns = sync.OnceValue(func() (s struct{ ip, host, domain, server, short, number *regexp.Regexp }) {
	s.ip = regexp.MustCompile(`\d+\.\d+\.\d+\.\d+`)
	s.host = regexp.MustCompile(`(?i)(?:[a-z0-9-]+\.){2,}[a-z]{2,}`)
	s.domain = regexp.MustCompile(`(?i)[a-z0-9-]+\.(?:com|org|io|example|test|de|uk|eu)\b`)
	s.server = regexp.MustCompile(`\b(?:web|www|db|mail|app|srv|host|prod|dev|test|vm|vps|server|box)-?\d+\b`)
	s.short = regexp.MustCompile(`['’](?:(?:s|re|ve|ll|d|m)\b)?`)
	s.number = regexp.MustCompile(`\b\d+\b`)
	return s
})

// plain is a text in small letters and without signs, its phrases as one word.
func plain(text string) string {
	is := formPatterns()
	text = is.ip.ReplaceAllString(text, " ip ")
	text = is.domain.ReplaceAllString(is.host.ReplaceAllString(text, " record "), " domain ")
	text = is.server.ReplaceAllString(is.short.ReplaceAllString(strings.ToLower(text), ""), " server ")
	text = " " + strings.Join(strings.FieldsFunc(text, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9')
	}), " ") + " "
	text = is.number.ReplaceAllString(text, "n")
	for _, p := range phrases() {
		text = p.said.ReplaceAllString(text, p.means)
	}
	return text
}

// phrase is several words that mean one.
type phrase struct {
	said  *regexp.Regexp
	means string
}

// phraseOf reads a phrase: * is none to four words, (s) a plural that stays one.
func phraseOf(said, means string) phrase {
	pattern := strings.NewReplacer(`\* `, `((?:\w+ ){0,4})`, `\(s\)`, `(s?)`).Replace(regexp.QuoteMeta(said))
	means = strings.ReplaceAll(means, "(s)", "${1}")
	if strings.Contains(said, "*") {
		means += " $1"
	}
	return phrase{regexp.MustCompile(" (?:" + pattern + ") "), " " + means + " "}
}

// isPlural reports an English plural by its ending.
func isPlural(word string) bool {
	return strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !slices.Contains(singular, word)
}

// endings, what stands in their place, and how much must stay.
var endings = []struct {
	ending, instead string
	least           int
}{
	{"ies", "y", 3}, {"ied", "y", 3}, {"sses", "ss", 3}, {"xes", "x", 2}, {"able", "", 3}, {"ing", "", 3},
	{"ed", "", 3}, {"es", "", 3}, {"s", "", 2}, {"e", "", 3}, {"ly", "", 4},
}

// stem returns a word without its common endings, so that forms of a word match.
func stem(word string) string {
	if strings.HasSuffix(word, "ss") || strings.HasSuffix(word, "us") {
		return word
	}
	for _, e := range endings {
		base, ok := strings.CutSuffix(word, e.ending)
		if !ok || len(base) < e.least {
			continue
		}
		n := len(base)
		if twice := base[n-1] == base[n-2]; twice && (e.ending == "ing" || e.ending == "ed") && !strings.ContainsRune("lsz", rune(base[n-1])) {
			return base[:n-1] // stopped, stop
		}
		return base + e.instead
	}
	return word
}
