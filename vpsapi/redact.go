package vpsapi

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// A secret is a secret by its kind: a field of the type Secret, or a JSON key
// that names one. It is hidden where it is printed, and nowhere else: names,
// plans and what is written back go by the texts as the service sent them, and
// no text becomes a secret because it equals one.

// FoundSecret is a secret of a reply: the key that it stands under, and its value.
type FoundSecret struct {
	Key   string
	Value Secret
}

// secretKey reports a JSON key whose value is a secret, whatever its nesting.
func secretKey(key string) bool {
	key = strings.ToLower(key)
	switch key {
	case "password", "token", "secret":
		return true
	case "text_key", // names a service type of DNS failover
		"public_key": // half of an SSH key pair, made to be shown
		return false
	}
	return strings.HasSuffix(key, "_password") || strings.HasSuffix(key, "_key")
}

// HasSecret reports an input with a value in one of its Secret fields.
func HasSecret(in any) bool {
	v := reflect.ValueOf(in)
	return slices.ContainsFunc(fieldsOf(v.Type()), func(f structField) bool {
		secret, ok := v.FieldByIndex(f.index).Interface().(Secret)
		return ok && secret != ""
	})
}

// HideSecrets gives a JSON text with a mark in place of each value under a secret
// key, without white space between its parts. What is not JSON is searched for
// names and values as people write them.
func HideSecrets(body []byte) []byte {
	var b bytes.Buffer
	b.Grow(len(body))
	if json.Compact(&b, body) != nil {
		text, _ := hideInText(string(body))
		return []byte(text)
	}
	compact, at := b.Bytes(), 0
	places := secretPlaces(compact)
	if len(places) == 0 {
		return compact
	}
	out := make([]byte, 0, len(compact))
	for _, p := range places {
		out = append(append(append(append(out, compact[at:p.start]...), '"'), Redacted...), '"')
		at = p.end
	}
	return append(out, compact[at:]...)
}

// findSecrets lists the secrets of a text, and reports that it is JSON.
func findSecrets(body []byte) (found []FoundSecret, valid bool) {
	if !json.Valid(body) {
		_, found = hideInText(string(body))
		return found, false
	}
	for _, p := range secretPlaces(body) {
		value := string(body[p.start:p.end])
		if value[0] == '"' {
			value = unquote(body[p.start:p.end])
		}
		if value != Redacted {
			found = append(found, FoundSecret{p.key, Secret(value)})
		}
	}
	return found, true
}

// secretPlace is where a secret stands: its key, and its literal in the text.
type secretPlace struct {
	key        string
	start, end int
}

// secretPlaces finds the texts and numbers that stand under secret keys in a valid JSON text. A key holds for all that is inside its value.
func secretPlaces(b []byte) (places []secretPlace) {
	key := ""              // of the value that comes next; empty for none that is secret
	depth, within := 0, -1 // how many brackets are open, and how many were when the key's value began
	Tokens(b, func(t Token) {
		switch {
		case t.Kind == OpeningToken:
			if key != "" && within < 0 {
				within = depth
			}
			depth++
			return
		case t.Kind == ClosingToken:
			depth--
		case t.Kind == NameToken:
			if within < 0 {
				key = secretKeyOf(b[t.Start:t.End])
			}
			return
		case key != "" && (t.Kind == NumberToken || t.Kind == TextToken && t.End-t.Start > len(`""`)):
			places = append(places, secretPlace{key, t.Start, t.End})
		}
		if depth <= within { // the key's value ends
			within = -1
		}
		if within < 0 {
			key = ""
		}
	})
	return places
}

// secretKeyOf returns a field's name, given as its literal, where it is a secret key; empty for another.
func secretKeyOf(literal []byte) string {
	if plain, ok := UnescapedText(literal); ok && !secretKey(string(plain)) { // without an allocation
		return ""
	}
	if key := unquote(literal); secretKey(key) {
		return key
	}
	return ""
}

// keyValuePattern is a key and its value in a text that may once have been JSON: a form's
// name=value, or a reply that broke off, or a page's dump of parameters.
var keyValuePattern = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(\w+)(=)([^\s"'&<>]+)` +
		`|("(?:[^"\\]|\\.)*"|'[^']*'|\b\w+)(\s*(?::|=>?)\s*)("(?:[^"\\]|\\.)*["\\]?|'(?:[^'\\]|\\.)*['\\]?|-?[0-9][^\s,;\]}"'&<>]*)`)
})

// hideInText is HideSecrets for text that is not JSON: what follows a secret key.
func hideInText(body string) (string, []FoundSecret) {
	var found []FoundSecret
	text := keyValuePattern().ReplaceAllStringFunc(body, func(match string) string {
		m := keyValuePattern().FindStringSubmatch(match)
		key, between, value := m[1]+m[4], m[2]+m[5], m[3]+m[6] // of one alternative, the other's are empty
		name, secret := unquoteLoose(key), unquoteLoose(value)
		if !secretKey(name) || secret == "" || secret == Redacted {
			return match
		}
		found = append(found, FoundSecret{name, Secret(secret)})
		return key + between + `"` + Redacted + `"`
	})
	return text, found
}

// minSecret is the length in bytes below which a value is too common to be
// searched for in a text.
const minSecret = 6

// textReplacer replaces values in texts; the zero value replaces none.
type textReplacer struct {
	values   []string // the longest first: the end of one that another begins would remain
	replacer *strings.Replacer
}

// newTextReplacer returns a replacer of secrets in texts; the longest is replaced first, too short ones never.
func newTextReplacer(values ...string) textReplacer {
	values = slices.DeleteFunc(slices.Clone(values), func(v string) bool {
		return len(v) < minSecret || strings.Contains(Redacted, v) || v == string(CurrentPassword)
	})
	slices.SortFunc(values, func(x, y string) int {
		if len(x) != len(y) {
			return len(y) - len(x)
		}
		return strings.Compare(x, y)
	})
	values = slices.Compact(values)
	pairs := make([]string, 0, 2*len(values))
	for _, value := range values {
		pairs = append(pairs, value, Redacted)
	}
	return textReplacer{values, strings.NewReplacer(pairs...)}
}

// replace returns the text with Redacted in place of each secret.
func (r textReplacer) replace(text string) string {
	if !slices.ContainsFunc(r.values, func(v string) bool { return strings.Contains(text, v) }) {
		return text
	}
	return r.replacer.Replace(text)
}

// sandboxToken is the token of the embedded VPS.NET: a word, and no secret.
const sandboxToken = "sandbox"

// ownCredentials replaces an account's API key and token in the forms in which
// they may come back: as they are, in a URL, in the header that carries the key.
func ownCredentials(c Config) textReplacer {
	var values []string
	if !strings.Contains(c.Email, c.APIKey) { // the sandbox's key is in its address, and no secret
		values = append(values, c.APIKey, url.QueryEscape(c.APIKey), base64.StdEncoding.EncodeToString([]byte(c.Email+":"+c.APIKey)))
	}
	if c.Token != sandboxToken {
		values = append(values, c.Token, url.QueryEscape(c.Token))
	}
	return newTextReplacer(values...)
}

// wordsCleaner cleans what the service says of a request that it refused, which
// may repeat the request's secrets, or those of its own reply.
func (c *Client) wordsCleaner(r Request, found []FoundSecret) func(string) string {
	sent, _ := findSecrets(r.Body)
	values := make([]string, 0, len(sent)+len(found))
	for _, f := range slices.Concat(sent, found) {
		values = append(values, string(f.Value))
	}
	exchanged := newTextReplacer(values...)
	return func(text string) string { return exchanged.replace(c.Clean(text)) }
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
