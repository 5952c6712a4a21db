package tools

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// shaping is what a caller asked of the form of an answer.
type shaping struct {
	Fields  []string
	Limit   int
	Cursor  string
	Filter  []string
	NoChart bool
}

// listArguments are added to the arguments of the lists that can be long.
type listArguments struct {
	Fields []string    `json:"fields,omitempty" jsonschema_description:"Instead of the usual ones, or all"`
	Filter []string    `json:"filter,omitempty" jsonschema_description:"Such as running=false"`
	Limit  *vpsapi.Int `json:"limit,omitempty" jsonschema:"minimum=1"`
	Cursor string      `json:"cursor,omitempty"`
}

// fieldsArgument is added to the arguments of single things with many fields.
type fieldsArgument struct {
	Fields []string `json:"fields,omitempty" jsonschema_description:"Instead of the usual ones, or all"`
}

func shapingOf(canonical json.RawMessage) (shaping, error) {
	var a listArguments
	if err := json.Unmarshal(canonical, &a); err != nil {
		return shaping{}, err
	}
	s := shaping{Fields: a.Fields, Cursor: a.Cursor, Filter: a.Filter}
	if a.Limit != nil {
		s.Limit = int(*a.Limit)
	}
	var picture chartArgument
	if err := json.Unmarshal(canonical, &picture); err != nil {
		return shaping{}, err
	}
	s.NoChart = picture.Chart != nil && !bool(*picture.Chart)
	return s, nil
}

// maxBytes bounds what an answer carries: about 6,000 tokens of a model.
const maxBytes = 15_000

// page is the part of a list that an answer shows.
type page struct {
	items []json.RawMessage
	from  int
	total int // that fit the filter
	next  string
}

// cut picks the items that fit the filter, from the cursor on, as many as the
// limit and the size of an answer allow; one at least.
func (s shaping) cut(items []json.RawMessage) (page, error) {
	fitting, err := s.filtered(items)
	if err != nil {
		return page{}, err
	}
	p := page{total: len(fitting)}
	if s.Cursor != "" {
		if p.from, err = strconv.Atoi(s.Cursor); err != nil || p.from < 0 || p.from > p.total {
			return page{}, fmt.Errorf("cursor: %s is none that this list gave; leave it out to begin anew", vpsapi.Quote(s.Cursor))
		}
	}
	size := 0
	for i, item := range fitting[p.from:] {
		size += len(item) + 1
		if i > 0 && (size > maxBytes || (s.Limit > 0 && i >= s.Limit)) {
			p.next = strconv.Itoa(p.from + i)
			break
		}
		p.items = append(p.items, fit(item))
	}
	return p, nil
}

// filtered keeps the items whose fields have the given values.
func (s shaping) filtered(items []json.RawMessage) ([]json.RawMessage, error) {
	for _, f := range s.Filter {
		name, value, ok := strings.Cut(f, "=")
		if !ok {
			return nil, fmt.Errorf("filter: %s: give field=value, such as running=false", vpsapi.Quote(f))
		}
		known := len(items) == 0
		items = slices.DeleteFunc(slices.Clone(items), func(item json.RawMessage) bool {
			for _, m := range membersOf(item) {
				if m.name == name {
					known = true
					return !strings.EqualFold(scalarText(m.value), value)
				}
			}
			return true
		})
		if !known {
			return nil, fmt.Errorf("filter: no entry of this list has the field %s", vpsapi.Quote(name))
		}
	}
	return items, nil
}

// pick gives an item's chosen fields: of the usual ones, else of all that the
// service sent.
func (s shaping) pick(usual, whole json.RawMessage) json.RawMessage {
	switch {
	case len(s.Fields) == 0:
		return usual
	case slices.Contains(s.Fields, "all"):
		return whole
	}
	var chosen []member
	for _, name := range s.Fields {
		if value, ok := fieldOf(usual, name); ok {
			chosen = append(chosen, member{name, value})
		} else if value, ok := fieldOf(whole, name); ok {
			chosen = append(chosen, member{name, value})
		}
	}
	return joined(chosen)
}

func fieldOf(object json.RawMessage, name string) (json.RawMessage, bool) {
	for _, m := range membersOf(object) {
		if m.name == name {
			return m.value, true
		}
	}
	return nil, false
}

// joined writes members as an object.
func joined(members []member) json.RawMessage {
	b := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := json.Marshal(m.name)
		b = append(append(append(b, name...), ':'), m.value...)
	}
	return append(b, '}')
}

// fit cuts long texts and lists inside a value until it fits into an answer, and
// says what it cut. The JSON stays valid.
func fit(value json.RawMessage) json.RawMessage {
	for limit := maxBytes / 2; len(value) > maxBytes && limit > 16; limit /= 2 {
		var v any
		if json.Unmarshal(value, &v) != nil {
			return value
		}
		cut, err := json.Marshal(shorten(v, limit))
		if err != nil {
			return value
		}
		value = cut
	}
	return value
}

// shorten bounds every text and list inside a value.
func shorten(v any, limit int) any {
	switch v := v.(type) {
	case string:
		if runes := []rune(v); len(runes) > limit {
			return fmt.Sprintf("%s… (%d characters left out)", string(runes[:limit]), len(runes)-limit)
		}
	case []any:
		kept := make([]any, 0, min(len(v), limit/16+1))
		for i, element := range v {
			if i > limit/16 {
				kept = append(kept, fmt.Sprintf("… %d more left out", len(v)-i))
				break
			}
			kept = append(kept, shorten(element, limit))
		}
		return kept
	case map[string]any:
		for k := range v {
			v[k] = shorten(v[k], limit)
		}
	}
	return v
}
