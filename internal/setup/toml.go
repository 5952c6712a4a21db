package setup

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// decodeTOML reads a TOML text.
func decodeTOML(text []byte) (map[string]any, error) {
	doc := map[string]any{}
	return doc, toml.Unmarshal(bytes.TrimPrefix(text, bom), &doc)
}

// setTOML edits TOML by cuts in the text.
func setTOML(c Client, text []byte, name string, e *Entry) ([]byte, error) {
	if body, ok := bytes.CutPrefix(text, bom); ok {
		edited, err := setTOML(c, body, name, e)
		return slices.Concat(bom, edited), err
	}
	line := lineEnd(text)
	kept, err := userAddedTOML(c, text, name)
	if err != nil {
		return nil, err
	}
	blocks, err := tables(text, c.Table, name)
	if err != nil {
		return nil, err
	}
	put := ""
	if e != nil {
		put = fmt.Sprintf("[%s.%s]\n", c.Table, Name)
		for _, p := range c.entryPairs(*e) {
			put += fmt.Sprintf("%s = %s\n", p.name, p.value)
		}
		put = strings.ReplaceAll(put+kept, "\n", line)
	}
	if len(blocks) > 0 {
		edited := slices.Clone(text)
		for i, b := range slices.Backward(blocks) {
			with := ""
			if i == 0 {
				with = put
			}
			from := b.from
			if with == "" { // the blank line before it goes with it
				from -= len(trailingBlankLine(edited[:b.from]))
			}
			edited = splice(edited, from, b.to, with)
		}
		return edited, nil
	}
	if e == nil {
		return text, nil
	}
	edited := slices.Clone(text)
	if len(edited) > 0 && !bytes.HasSuffix(edited, []byte("\n")) {
		edited = append(edited, line...)
	}
	if len(edited) > 0 {
		edited = append(edited, line...)
	}
	return append(edited, put...), nil
}

// trailingBlankLine returns the blank line that a text ends with.
func trailingBlankLine(text []byte) []byte {
	for _, blank := range []string{"\r\n", "\n"} {
		if rest, ok := bytes.CutSuffix(text, []byte(blank)); ok && bytes.HasSuffix(rest, []byte("\n")) {
			return text[len(rest):]
		}
	}
	return nil
}

// tomlBlock is a table in the text: its header's line up to its last value's.
type tomlBlock struct{ from, to int }

// tables finds the blocks of a table and of those inside it.
func tables(text []byte, path ...string) ([]tomlBlock, error) {
	type header struct {
		at   int
		mine bool
	}
	var headers []header
	p := unstable.Parser{}
	p.Reset(text)
	for p.NextExpression() {
		e := p.Expression()
		if e.Kind != unstable.Table && e.Kind != unstable.ArrayTable {
			continue
		}
		var keys []string
		first := -1
		for it := e.Key(); it.Next(); {
			if keys = append(keys, string(it.Node().Data)); first < 0 {
				first = int(it.Node().Raw.Offset)
			}
		}
		mine := len(keys) >= len(path) && slices.Equal(keys[:len(path)], path)
		headers = append(headers, header{bytes.LastIndexByte(text[:first], '\n') + 1, mine})
	}
	if err := p.Error(); err != nil {
		return nil, err
	}
	var blocks []tomlBlock
	for i, h := range headers {
		if !h.mine {
			continue
		}
		to := len(text)
		if i+1 < len(headers) {
			to = headers[i+1].at
		}
		blocks = append(blocks, tomlBlock{h.at, h.at + len(trimComments(text[h.at:to]))})
	}
	return blocks, nil
}

// trimComments takes off the blank and comment lines that a block ends with: they
// belong to what follows, or to nothing.
func trimComments(text []byte) []byte {
	for {
		rest := bytes.TrimSuffix(text, []byte("\n"))
		start := bytes.LastIndexByte(rest, '\n') + 1
		last := bytes.TrimSpace(rest[start:])
		if len(text) == 0 || start == 0 || (len(last) > 0 && last[0] != '#') {
			return text
		}
		text = text[:start]
	}
}

// userAddedTOML returns what a person added to our tables, as text.
func userAddedTOML(c Client, text []byte, name string) (string, error) {
	doc, err := decodeTOML(text)
	if err != nil {
		return "", err
	}
	entry := entryNamed(doc, c.Table, name)
	maps.DeleteFunc(entry, func(name string, _ any) bool { return !isKeptMember(name) })
	if len(entry) == 0 {
		return "", nil
	}
	whole, err := toml.Marshal(map[string]any{c.Table: map[string]any{Name: entry}})
	if err != nil {
		return "", err
	}
	_, kept, _ := strings.Cut(string(whole), fmt.Sprintf("[%s.%s]\n", c.Table, Name))
	return kept, nil
}
