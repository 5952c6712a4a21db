package vpsapi

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
)

// Found is a secret that was taken out of a reply: the key it stood under, and
// its value.
type Found struct {
	Key   string
	Value Secret
}

// secretKey reports a JSON key whose value is a secret, whatever its nesting.
func secretKey(key string) bool {
	key = strings.ToLower(key)
	switch key {
	case "password", "token", "secret":
		return true
	case "text_key": // names a service type of DNS failover
		return false
	}
	return strings.HasSuffix(key, "_password") || strings.HasSuffix(key, "_key")
}

// secrets is the set of secret values that this process has seen.
type secrets struct {
	marks    marks
	mu       sync.RWMutex
	seen     map[string]bool
	replacer *strings.Replacer // nil after a change of seen
}

// minSecret is the length below which a value is too common to be searched for.
const minSecret = 6

// marks says fast, and without a lock, that a text holds the beginning of no
// secret: a bit for a hash of each secret's first four bytes.
type marks [1 << 10]atomic.Uint64

// markOf gives the bit of four bytes, as the word that it stands in and the
// place in that word.
func markOf(head uint32) (word, bit uint32) {
	h := head * 2654435761 >> 16
	return h >> 6, h & 63
}

func (m *marks) add(secret string) {
	word, bit := markOf(uint32(secret[0]) | uint32(secret[1])<<8 | uint32(secret[2])<<16 | uint32(secret[3])<<24)
	m[word].Or(1 << bit)
}

// mayHold reports that a text may hold a secret.
func mayHold[T string | []byte](m *marks, text T) bool {
	if len(text) < minSecret {
		return false
	}
	head := uint32(text[0])<<8 | uint32(text[1])<<16 | uint32(text[2])<<24
	for i := 3; i+minSecret-3 <= len(text); i++ {
		head = head>>8 | uint32(text[i])<<24
		if word, bit := markOf(head); m[word].Load()&(1<<bit) != 0 {
			return true
		}
	}
	return false
}

func (s *secrets) add(value string) {
	if len(value) < minSecret || strings.Contains(Redacted, value) || value == string(CurrentPassword) {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.seen[value] {
		return
	}
	if s.seen == nil {
		s.seen = map[string]bool{}
	}
	s.seen[value] = true
	s.replacer = nil
	s.marks.add(value)
}

// count is how many secrets are searched for.
func (s *secrets) count() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.seen)
}

// clean replaces every secret value in a text.
func (s *secrets) clean(text string) string {
	if !mayHold(&s.marks, text) {
		return text
	}
	s.mu.RLock()
	r := s.replacer
	s.mu.RUnlock()
	if r == nil {
		r = s.build()
	}
	return r.Replace(text)
}

func (s *secrets) build() *strings.Replacer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.replacer == nil {
		pairs := make([]string, 0, 2*len(s.seen))
		for _, value := range longestFirst(s.seen) {
			pairs = append(pairs, value, Redacted)
		}
		s.replacer = strings.NewReplacer(pairs...)
	}
	return s.replacer
}

// longestFirst puts a secret before those that it begins with: the first that
// fits is replaced, and the end of the longer one would remain.
func longestFirst(seen map[string]bool) []string {
	values := sortedKeys(seen)
	slices.SortStableFunc(values, func(x, y string) int { return len(y) - len(x) })
	return values
}

// cleanJSON takes the secrets out of a JSON text: the values under secret keys,
// whatever their type, and every known secret value inside any other string. It
// says whether the text was valid; what was not is cleaned as plain text.
func (s *secrets) cleanJSON(body []byte) (clean []byte, found []Found, valid bool) {
	known := s.count()
	c := cleaner{src: body, dst: make([]byte, 0, len(body)), secrets: s}
	if !c.whole() {
		clean, found = s.cleanText(body)
		return clean, found, false
	}
	for _, f := range c.found {
		s.add(string(f.Value))
	}
	if len(c.found) > 0 && s.count() != known { // also where another call noted the same secret meanwhile
		// A secret may also stand in a string that came before its key.
		again := cleaner{src: c.dst, dst: make([]byte, 0, len(c.dst)), secrets: s}
		again.whole()
		return again.dst, c.found, true
	}
	return c.dst, c.found, true
}

// pair is a key and its value in a text that may once have been JSON: a form's
// name=value, or a reply that broke off, or a page's dump of parameters.
var pair = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(\w+)(=)([^\s"'&<>]+)` +
		`|("(?:[^"\\]|\\.)*"|'[^']*'|\b\w+)(\s*(?::|=>?)\s*)("(?:[^"\\]|\\.)*["\\]?|'(?:[^'\\]|\\.)*['\\]?|-?[0-9][^\s,;\]}"'&<>]*)`)
})

// cleanText is cleanJSON for text that is no JSON: what follows a secret key,
// and every known secret value.
func (s *secrets) cleanText(body []byte) ([]byte, []Found) {
	var found []Found
	text := pair().ReplaceAllStringFunc(string(body), func(match string) string {
		m := pair().FindStringSubmatch(match)
		key, between, value := m[1]+m[4], m[2]+m[5], m[3]+m[6] // of one alternative, the other's are empty
		name, secret := unquoteLoose(key), unquoteLoose(value)
		if !secretKey(name) || secret == "" || secret == Redacted {
			return match
		}
		found = append(found, Found{name, Secret(secret)})
		s.add(secret)
		return key + between + `"` + Redacted + `"`
	})
	return []byte(s.clean(text)), found
}

// unquoteLoose reads text in quotes of either kind, whose last may be missing.
func unquoteLoose(text string) string {
	if text == "" || (text[0] != '"' && text[0] != '\'') {
		return text
	}
	inner := strings.TrimSuffix(text[1:], text[:1])
	var s string
	if json.Unmarshal([]byte(`"`+inner+`"`), &s) != nil {
		return inner
	}
	return s
}

// unquote reads a valid JSON string literal.
func unquote(token []byte) string {
	if !bytes.ContainsRune(token, '\\') {
		return string(token[1 : len(token)-1])
	}
	var s string
	if json.Unmarshal(token, &s) != nil {
		return string(token)
	}
	return s
}

// HideSecrets takes the values under secret keys out of a JSON text.
func HideSecrets(body []byte) []byte {
	clean, _, _ := new(secrets).cleanJSON(body)
	return clean
}

// Hide takes secrets out of a text, as a client does with those that it has seen.
func Hide(text string, given ...Secret) string {
	s := new(secrets)
	for _, secret := range given {
		s.add(string(secret))
	}
	return s.clean(text)
}
