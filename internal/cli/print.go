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

// stripControls removes from a text what steers a terminal or turns the direction of writing: labels, tickets and
// records are written by others.
func stripControls(text string) string {
	return strings.Map(func(r rune) rune {
		if isControlRune(r) {
			return -1
		}
		return r
	}, text)
}

// isControlRune reports whether a character could control a terminal or reorder text.
func isControlRune(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case unicode.IsControl(r):
		return true
	default:
		return unicode.Is(unicode.Bidi_Control, r)
	}
}

// dataFence opens what an answer marks as data from the account, for models.
var dataFence = regexp.MustCompile(`(?m)^<data-([a-z0-9]+)>.*\n`)

// formatForTerminal returns an answer's text for a person: without the marks that tell a model what is data, with the
// columns of tables aligned.
func formatForTerminal(text string) string {
	var b strings.Builder
	for {
		at := dataFence.FindStringSubmatchIndex(text)
		if at == nil {
			break
		}
		inside, after, whole := strings.Cut(text[at[1]:], "\n</data-"+text[at[2]:at[3]]+">")
		if !whole {
			break
		}
		b.WriteString(text[:at[0]] + alignColumns(inside))
		text = after
	}
	return stripControls(b.String() + text)
}

// tableHeader is the first line of a table in an answer.
var tableHeader = regexp.MustCompile(`^[A-Za-z0-9_]+( \| [A-Za-z0-9_]+)+(\n|$)`)

// alignColumns puts a table's columns in line, by the width that a terminal gives a text:
// two columns to CJK and emoji, none to a combining mark. Any other text stays as it is.
func alignColumns(text string) string {
	if !tableHeader.MatchString(text) {
		return text
	}
	var rows [][]string
	var widths []int
	anyCut := false
	for line := range strings.Lines(text) {
		cells := strings.Split(strings.ReplaceAll(strings.TrimSuffix(line, "\n"), "\t", " "), " | ")
		for i, cell := range cells {
			short, cut := shortenNested(cell)
			cells[i], anyCut = short, anyCut || cut
		}
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
	if anyCut {
		b.WriteString(cutNote + "\n")
	}
	return strings.TrimSuffix(b.String(), "\n") + text[len(strings.TrimSuffix(text, "\n")):]
}

// println prints a line to standard output.
func (p *program) println(text string) error {
	_, err := fmt.Fprintln(p.out, text)
	return writeError(err)
}

// printJSON writes JSON indented. What steers a terminal stays in it, escaped.
func (p *program) printJSON(object json.RawMessage) error {
	var b bytes.Buffer
	if err := json.Indent(&b, vpsapi.PlainJSON(object), "", "  "); err != nil {
		return failuref("writing the answer: %w", err)
	}
	var escaped strings.Builder
	for _, r := range b.String() {
		if isControlRune(r) {
			fmt.Fprintf(&escaped, `\u%04x`, r)
			continue
		}
		escaped.WriteRune(r)
	}
	return p.println(escaped.String())
}

// writeError returns the error of output that could not be written.
func writeError(err error) error {
	if err == nil {
		return nil
	}
	return failuref("writing the answer: %w", err)
}
