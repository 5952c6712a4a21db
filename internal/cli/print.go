package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
)

// plain takes out of a text what steers a terminal or turns the direction of
// writing: labels, tickets and records are written by others.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if steers(r) {
			return -1
		}
		return r
	}, text)
}

func steers(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	default:
		return unicode.Is(unicode.Bidi_Control, r)
	}
}

func (p *program) println(text string) error {
	_, err := fmt.Fprintln(p.out, text)
	return writing(err)
}

// printJSON writes JSON indented. What steers a terminal stays in it, escaped.
func (p *program) printJSON(object json.RawMessage) error {
	var b bytes.Buffer
	if err := json.Indent(&b, object, "", "  "); err != nil {
		return failed("writing the answer: %w", err)
	}
	var escaped strings.Builder
	for _, r := range b.String() {
		if steers(r) {
			fmt.Fprintf(&escaped, `\u%04x`, r)
			continue
		}
		escaped.WriteRune(r)
	}
	return p.println(escaped.String())
}

// writing is the error of output that could not be written.
func writing(err error) error {
	if err == nil {
		return nil
	}
	return failed("writing the answer: %w", err)
}
