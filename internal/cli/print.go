package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"

	"vpsnet-mcp/vpsapi"
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

// fence opens what an answer marks as data from the account, for models.
var fence = regexp.MustCompile(`(?m)^<data-([a-z0-9]+)>.*\n`)

// readable is an answer's text for a person: without the marks that tell a model
// what is data, tables with their columns in line.
func readable(text string) string {
	var b strings.Builder
	for {
		at := fence.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		inside, after, whole := strings.Cut(text[at[1]:], "\n</data-"+text[at[2]:at[3]]+">")
		if !whole {
			break
		}
		b.WriteString(text[:at[0]] + aligned(inside))
		text = after
	}
	return plain(b.String() + text)
}

var tableHead = regexp.MustCompile(`^[A-Za-z0-9_]+( \| [A-Za-z0-9_]+)+(\n|$)`)

// aligned puts a table's columns in line, by the width that a terminal gives a text:
// two columns to CJK and emoji, none to a combining mark. Any other text stays as it is.
func aligned(text string) string {
	if !tableHead.MatchString(text) {
		return text
	}
	var rows [][]string
	var widths []int
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\t", " "), " | ")
		for i, cell := range cells[:len(cells)-1] { // nothing follows the last
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], uniseg.StringWidth(cell))
		}
		rows = append(rows, cells)
	}
	var b strings.Builder
	for _, cells := range rows {
		for i, cell := range cells {
			b.WriteString(cell)
			if i < len(cells)-1 {
				b.WriteString(strings.Repeat(" ", widths[i]-uniseg.StringWidth(cell)+2))
			}
		}
		b.WriteByte('\n')
	}
	return strings.TrimSuffix(b.String(), "\n") + text[len(strings.TrimSuffix(text, "\n")):]
}

func (p *program) println(text string) error {
	_, err := fmt.Fprintln(p.out, text)
	return writing(err)
}

// printJSON writes JSON indented. What steers a terminal stays in it, escaped.
func (p *program) printJSON(object json.RawMessage) error {
	var b bytes.Buffer
	if err := json.Indent(&b, vpsapi.PlainJSON(object), "", "  "); err != nil {
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
