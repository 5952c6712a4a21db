package vpsapi

import (
	"bytes"
	"unicode/utf8"
)

// The functions below walk over JSON that is known to be valid, and copy
// nothing. On what is not valid they stop early; they never read past the end.

// Members calls do for each field of an object, in their order, until it says
// false. The name is the literal, with its quotes.
func Members(object []byte, do func(name, value []byte) bool) {
	at := skipSpace(object, 0)
	if at >= len(object) || object[at] != '{' {
		return
	}
	for at = skipSpace(object, at+1); at < len(object) && object[at] == '"'; {
		name := at
		at = endOf(object, at)
		ends := at
		if at = skipSpace(object, at); at >= len(object) || object[at] != ':' {
			return
		}
		at = skipSpace(object, at+1)
		value := at
		if at = endOf(object, at); at == value || !do(object[name:ends:ends], object[value:at:at]) {
			return
		}
		if at = skipSpace(object, at); at >= len(object) || object[at] != ',' {
			return
		}
		at = skipSpace(object, at+1)
	}
}

// Elements calls do for each element of a list, until it says false.
func Elements(list []byte, do func(value []byte) bool) {
	at := skipSpace(list, 0)
	if at >= len(list) || list[at] != '[' {
		return
	}
	for at = skipSpace(list, at+1); at < len(list) && list[at] != ']'; {
		value := at
		if at = endOf(list, at); at == value || !do(list[value:at:at]) {
			return
		}
		if at = skipSpace(list, at); at >= len(list) || list[at] != ',' {
			return
		}
		at = skipSpace(list, at+1)
	}
}

// TokenKind is what a token of a JSON text is.
type TokenKind byte

// The kinds of tokens.
const (
	OpeningToken TokenKind = iota // a bracket that begins an object or a list
	ClosingToken                  // a bracket that ends one
	NameToken                     // the name of an object's field, with its quotes
	TextToken                     // a string, with its quotes
	NumberToken                   // a number
	WordToken                     // true, false or null
)

// Token is a part of a JSON text, from Start to before End. Commas and colons are none.
type Token struct {
	Kind       TokenKind
	Start, End int
}

// Tokens calls do for each token, in their order.
func Tokens(b []byte, do func(Token)) {
	for at := skipSpace(b, 0); at < len(b); at = skipSpace(b, at) {
		t := Token{Start: at, End: at + 1}
		switch b[at] {
		case ',', ':':
			at++
			continue
		case '{', '[':
			t.Kind = OpeningToken
		case '}', ']':
			t.Kind = ClosingToken
		case '"':
			t.Kind, t.End = TextToken, endOfText(b, at)
			if after := skipSpace(b, t.End); after < len(b) && b[after] == ':' {
				t.Kind = NameToken
			}
		case 't', 'f', 'n':
			t.Kind, t.End = WordToken, endOfScalar(b, at)
		default:
			t.Kind, t.End = NumberToken, endOfScalar(b, at)
		}
		do(t)
		at = t.End
	}
}

// endOf gives the place after the value that begins at a place.
func endOf(b []byte, at int) int {
	depth := 0
	for at < len(b) {
		switch b[at] {
		case '"':
			at = endOfText(b, at)
		case '{', '[':
			depth++
			at++
		case '}', ']':
			if depth == 0 {
				return at
			}
			depth--
			at++
		case ',', ':', ' ', '\t', '\r', '\n':
			if depth == 0 {
				return at
			}
			at++
			continue
		default:
			at = endOfScalar(b, at)
		}
		if depth == 0 {
			return at
		}
	}
	return at
}

// endOfText gives the place after the string literal at a place.
func endOfText(b []byte, at int) int {
	for at++; at < len(b); at++ {
		n := bytes.IndexByte(b[at:], '"')
		if n < 0 {
			return len(b)
		}
		at += n
		back := at
		for b[back-1] == '\\' { // stops at the opening quote
			back--
		}
		if (at-back)%2 == 0 {
			return at + 1
		}
	}
	return len(b)
}

// endOfScalar gives the place after the number or the word at a place.
func endOfScalar(b []byte, at int) int {
	for at < len(b) {
		switch b[at] {
		case ',', ':', '}', ']', ' ', '\t', '\r', '\n':
			return at
		}
		at++
	}
	return at
}

// skipSpace gives the first place from one on that is not white space.
func skipSpace(b []byte, at int) int {
	for at < len(b) && (b[at] == ' ' || b[at] == '\t' || b[at] == '\r' || b[at] == '\n') {
		at++
	}
	return at
}

// UnescapedText returns the text of a string literal that is written as it reads: without
// escapes, in valid UTF-8. It is a part of the literal.
func UnescapedText(literal []byte) ([]byte, bool) {
	if len(literal) < 2 || literal[0] != '"' || bytes.IndexByte(literal, '\\') >= 0 || !utf8.Valid(literal) {
		return nil, false
	}
	return literal[1 : len(literal)-1], true
}
