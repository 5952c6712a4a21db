package vpsapi

import (
	"bytes"
	"encoding/json"
)

// cleaner copies JSON from src to dst, takes secrets out on the way, and checks
// all of it: what it takes for JSON is what encoding/json takes.
type cleaner struct {
	src, dst []byte
	pos      int
	depth    int
	broken   bool
	secrets  *secrets
	found    []Found
}

// deepest is how deep encoding/json goes.
const deepest = 10000

// whole copies src, and reports that it is one valid JSON value.
func (c *cleaner) whole() bool {
	c.value("")
	return !c.broken && c.pos == len(c.src)
}

// fail ends the walk: there is nothing after it.
func (c *cleaner) fail() {
	c.broken, c.pos = true, len(c.src)
}

// next is the byte at pos; 0, which is no part of JSON there, at the end.
func (c *cleaner) next() byte {
	if c.pos < len(c.src) {
		return c.src[c.pos]
	}
	return 0
}

// copy takes one byte over, which must be the one that is wanted: a bracket, a
// comma, a colon.
func (c *cleaner) copy(wanted byte) {
	if c.next() != wanted {
		c.fail()
		return
	}
	c.dst = append(c.dst, wanted)
	c.pos++
}

func (c *cleaner) space() { c.pos = skipSpace(c.src, c.pos) }

// value copies one value that stands under a secret key, or under none, and what
// is white around it.
func (c *cleaner) value(key string) {
	c.space()
	switch c.next() {
	case '{':
		c.inside('{', '}', func() { c.member(key) })
	case '[':
		c.inside('[', ']', func() { c.value(key) })
	case '"':
		c.stringValue(key)
	default:
		c.scalar(key)
	}
	c.space()
}

// inside copies what stands between two brackets, part by part.
func (c *cleaner) inside(begin, end byte, part func()) {
	c.depth++
	if c.depth > deepest {
		c.fail()
	}
	c.copy(begin)
	c.space()
	if c.next() != end {
		for part(); c.next() == ','; part() {
			c.copy(',')
		}
	}
	c.copy(end)
	c.depth--
}

func (c *cleaner) member(key string) {
	c.space()
	name := c.token()
	c.dst = append(c.dst, name...)
	c.space()
	c.copy(':')
	c.value(innerKey(key, name))
}

// innerKey is the secret key that holds for a member: one keeps over everything
// inside it.
func innerKey(outer string, name []byte) string {
	if outer != "" {
		return outer
	}
	if plain, ok := Plain(name); ok && !secretKey(string(plain)) { // without an allocation
		return ""
	}
	if key := unquote(name); secretKey(key) {
		return key
	}
	return ""
}

func (c *cleaner) stringValue(key string) {
	token := c.token()
	if key != "" {
		c.take(key, unquote(token))
		return
	}
	if plain, ok := Plain(token); ok && !mayHold(&c.secrets.marks, plain) {
		c.dst = append(c.dst, token...)
		return
	}
	text := unquote(token)
	if cleaned := c.secrets.clean(text); cleaned != text {
		token, _ = json.Marshal(cleaned)
	}
	c.dst = append(c.dst, token...)
}

// scalar copies a number or a word.
func (c *cleaner) scalar(key string) {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(c.src[c.pos:], []byte(word)) {
			c.dst = append(c.dst, word...)
			c.pos += len(word)
			return
		}
	}
	start := c.pos
	c.number()
	if token := c.src[start:c.pos]; key != "" {
		c.take(key, string(token))
	} else {
		c.dst = append(c.dst, token...)
	}
}

// number passes a number: its sign, its whole part, its fraction, its exponent.
func (c *cleaner) number() {
	c.skip("-")
	if !c.skip("0") {
		c.digits()
	}
	if c.skip(".") {
		c.digits()
	}
	if c.skip("eE") {
		c.skip("+-")
		c.digits()
	}
}

// skip passes one of some bytes if it is there.
func (c *cleaner) skip(some string) bool {
	for i := range len(some) {
		if c.next() == some[i] {
			c.pos++
			return true
		}
	}
	return false
}

// digits passes one digit or more.
func (c *cleaner) digits() {
	start := c.pos
	for '0' <= c.next() && c.next() <= '9' {
		c.pos++
	}
	if c.pos == start {
		c.fail()
	}
}

// take writes the mark in place of a secret and remembers the secret.
func (c *cleaner) take(key, value string) {
	if value == "" {
		c.dst = append(c.dst, `""`...)
		return
	}
	c.dst = append(append(append(c.dst, '"'), Redacted...), '"')
	if value != Redacted {
		c.found = append(c.found, Found{key, Secret(value)})
	}
}

// token reads the string literal at pos, quotes included.
func (c *cleaner) token() []byte {
	start := c.pos
	if c.next() == '"' {
		c.pos++
		for c.pos < len(c.src) {
			switch b := c.src[c.pos]; {
			case b == '"':
				c.pos++
				return c.src[start:c.pos]
			case b == '\\':
				c.escape()
			case b < ' ':
				c.fail()
			default:
				c.pos++
			}
		}
	}
	c.fail()
	return []byte(`""`)
}

// escape passes what a backslash begins.
func (c *cleaner) escape() {
	c.pos++
	if c.skip(`"\/bfnrt`) {
		return
	}
	if !c.skip("u") {
		c.fail()
	}
	for range 4 {
		if !c.skip("0123456789abcdefABCDEF") {
			c.fail()
		}
	}
}
