package pages

import (
	_ "embed"
	"fmt"
	"html"
	"strings"
	"time"
)

// style is what every page looks like.
//
//go:embed style.css
var style string

// constant is markup that is written in this package: a text from elsewhere is none unless it is made one.
type constant string

// markup is a page in the making. What is put into its constants is text wherever it comes from, and never markup.
type markup struct{ b strings.Builder }

// add writes markup with a value in the place of each %s.
func (m *markup) add(text constant, values ...any) {
	escaped := make([]any, len(values))
	for i, v := range values {
		escaped[i] = html.EscapeString(fmt.Sprint(v))
	}
	_, _ = fmt.Fprintf(&m.b, string(text), escaped...) // a builder takes everything
}

// addIf is add of what may be empty, and is left out then.
func (m *markup) addIf(text constant, value string) {
	if value != "" {
		m.add(text, value)
	}
}

// list writes each text between what is before and after all of them; nothing where there is none.
func (m *markup) list(before, each, after constant, texts []string) {
	if len(texts) == 0 {
		return
	}
	m.add(before)
	for _, text := range texts {
		m.add(each, text)
	}
	m.add(after)
}

// begin writes what is before a page's body.
func (m *markup) begin(title string) {
	m.add(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>%s</title>
<link rel="icon" href="data:,">
<style>
`, title)
	m.b.WriteString(style)
	m.add(`</style>
</head>
<body>
`)
}

// end writes what is after a page's body.
func (m *markup) end() { m.add("</body>\n</html>\n") }

// utc writes a time for people, as a layout says.
func utc(t time.Time, layout string) string { return t.UTC().Format(layout) }
