package vpsapi

import "bytes"

// secretScan walks over JSON, notes where values stand under secret keys, and
// checks all of it: what it takes for JSON is what encoding/json takes.
type secretScan struct {
	src    []byte
	pos    int
	depth  int
	broken bool
	places []secretPlace
}

// secretPlace is where a secret stands: its key, and its literal in the text.
type secretPlace struct {
	key        string
	start, end int
}

// maxJSONDepth is how deep encoding/json goes.
const maxJSONDepth = 10000

// scanValue walks over src, and reports that it is one valid JSON value.
func (c *secretScan) scanValue() bool {
	c.value("")
	return !c.broken && c.pos == len(c.src)
}

// fail ends the walk: there is nothing after it.
func (c *secretScan) fail() {
	c.broken, c.pos = true, len(c.src)
}

// next is the byte at pos; 0, which is not part of JSON there, at the end.
func (c *secretScan) next() byte {
	if c.pos < len(c.src) {
		return c.src[c.pos]
	}
	return 0
}

// expectByte passes one byte, which must be the one that is wanted: a bracket, a comma,
// a colon.
func (c *secretScan) expectByte(wanted byte) {
	if c.next() != wanted {
		c.fail()
		return
	}
	c.pos++
}

// space skips white space.
func (c *secretScan) space() { c.pos = skipSpace(c.src, c.pos) }

// value passes one value that stands under a secret key, or under none, and what
// is white around it.
func (c *secretScan) value(key string) {
	c.space()
	switch c.next() {
	case '{':
		c.scanBrackets('{', '}', func() { c.member(key) })
	case '[':
		c.scanBrackets('[', ']', func() { c.value(key) })
	case '"':
		start := c.pos
		if token := c.token(); len(token) > len(`""`) {
			c.note(key, start)
		}
	default:
		c.scalar(key)
	}
	c.space()
}

// note notes a value that has just been passed, if it is a secret.
func (c *secretScan) note(key string, start int) {
	if key != "" && !c.broken {
		c.places = append(c.places, secretPlace{key, start, c.pos})
	}
}

// scanBrackets passes what stands between two brackets, part by part.
func (c *secretScan) scanBrackets(begin, end byte, part func()) {
	c.depth++
	if c.depth > maxJSONDepth {
		c.fail()
	}
	c.expectByte(begin)
	c.space()
	if c.next() != end {
		for part(); c.next() == ','; part() {
			c.expectByte(',')
		}
	}
	c.expectByte(end)
	c.depth--
}

// member reads a member of an object, whose value is secret where its key or an outer one says so.
func (c *secretScan) member(key string) {
	c.space()
	name := c.token()
	c.space()
	c.expectByte(':')
	c.value(nestedSecretKey(key, name))
}

// nestedSecretKey returns the secret key that holds for a member: one keeps over everything
// inside it.
func nestedSecretKey(outer string, name []byte) string {
	if outer != "" {
		return outer
	}
	if plain, ok := UnescapedText(name); ok && !secretKey(string(plain)) { // without an allocation
		return ""
	}
	if key := unquote(name); secretKey(key) {
		return key
	}
	return ""
}

// scalar passes a number or a word.
func (c *secretScan) scalar(key string) {
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(c.src[c.pos:], []byte(word)) {
			c.pos += len(word)
			return
		}
	}
	start := c.pos
	c.number()
	c.note(key, start)
}

// number passes a number: its sign, its whole part, its fraction, its exponent.
func (c *secretScan) number() {
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
func (c *secretScan) skip(some string) bool {
	for i := range len(some) {
		if c.next() == some[i] {
			c.pos++
			return true
		}
	}
	return false
}

// digits passes one digit or more.
func (c *secretScan) digits() {
	start := c.pos
	for '0' <= c.next() && c.next() <= '9' {
		c.pos++
	}
	if c.pos == start {
		c.fail()
	}
}

// token reads the string literal at pos, quotes included.
func (c *secretScan) token() []byte {
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
func (c *secretScan) escape() {
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
