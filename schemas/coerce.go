package schemas

import (
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"strings"
	"unicode"
)

// coerce turns values into their schema's types where the meaning is plain:
// models send "5" for 5, "true" for true, 1384 for "1384", one thing for a list of
// one, a choice in another case, and space around a value; PHP writes an empty
// object as []. A null is an argument that is not there. What does not fit stays
// as it is, for the validator to refuse.
func coerce(n *schemaNode, value any) any {
	if n == nil {
		return value
	}
	switch n.Type {
	case "string":
		return coerceString(n, value)
	case "integer", "number":
		return coerceNumber(n.Type, value)
	case "boolean":
		return coerceBoolean(value)
	case "array":
		return coerceArray(n, value)
	case "object":
		return coerceObject(n, value)
	}
	return value
}

// coerceString keeps a number as it is written: 1.0 is another text than 1. An
// id is a whole number, however a client writes it.
func coerceString(n *schemaNode, value any) any {
	switch v := value.(type) {
	case json.Number:
		if number, ok := parseRational(v.String()); ok && n.id && isInt64(number) {
			return number.Num().String()
		}
		return v.String()
	case bool:
		if v {
			return "true"
		}
		return "false"
	case string:
		if n.exact {
			return v
		}
		return n.matchChoice(trimmed(v))
	}
	return value
}

// trimmed is a text without the white space around it, and without the marks that
// people copy with it and cannot see.
func trimmed(text string) string {
	return strings.TrimFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) && !isReordering(r) })
}

// isReordering reports a mark that shows what is around it in another order: nobody copies it by chance.
func isReordering(r rune) bool {
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

// matchChoice returns a text as the schema's closed choice spells it, where it has one: DNS
// people write TXT, and models Open.
func (n *schemaNode) matchChoice(text string) string {
	fitting := text
	for _, allowed := range n.Enum {
		word, ok := allowed.(string)
		switch {
		case !ok:
		case word == text:
			return text
		case strings.EqualFold(word, text):
			fitting = word
		}
	}
	return fitting
}

// coerceNumber returns a text that is a number as that number; any other value as it is.
func coerceNumber(kind string, value any) any {
	text := ""
	switch v := value.(type) {
	case string:
		text = trimmed(v)
	case json.Number:
		text = v.String()
	default:
		return value
	}
	number, ok := parseRational(text)
	if !ok {
		return value
	}
	if kind == "integer" && isInt64(number) {
		return json.Number(number.Num().String())
	}
	if json.Valid([]byte(text)) {
		return json.Number(text)
	}
	return value
}

// parseRational reads a decimal number, as 1e1 too. What is longer than any number
// that is meant stays as it is.
func parseRational(text string) (*big.Rat, bool) {
	if len(text) > 40 || strings.Trim(text, "0123456789+-.eE") != "" || !isComputable(text) {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// isInt64 reports a whole number that an int64 holds.
func isInt64(number *big.Rat) bool { return number.IsInt() && number.Num().IsInt64() }

// coerceBoolean returns true or false for a text or number that means it; any other value as it is.
func coerceBoolean(value any) any {
	text := ""
	switch v := value.(type) {
	case string:
		text = strings.ToLower(trimmed(v))
	case json.Number:
		text = v.String()
	}
	switch text {
	case "true", "1", "yes", "on":
		return true
	case "false", "0", "no", "off":
		return false
	}
	return value
}

// coerceArray returns a single value as a list of one, and coerces the items.
func coerceArray(n *schemaNode, value any) any {
	list, ok := value.([]any)
	if !ok {
		if inner := parseEmbedded(value, "["); inner != nil {
			list, ok = inner.([]any)
		}
		if !ok {
			list = []any{value}
		}
	}
	out := make([]any, len(list))
	for i, element := range list {
		out[i] = coerce(n.Items, element)
	}
	return out
}

// coerceObject coerces an object's members; an empty list is an empty object.
func coerceObject(n *schemaNode, value any) any {
	object, ok := value.(map[string]any)
	if isEmptyList(value) {
		object, ok = map[string]any{}, true
	}
	if !ok {
		if object, ok = parseEmbedded(value, "{").(map[string]any); !ok {
			return value
		}
	}
	out := make(map[string]any, len(object))
	for name, v := range object {
		if v != nil {
			out[name] = coerce(n.Properties[name], v)
		}
	}
	return out
}

// isEmptyList reports [].
func isEmptyList(value any) bool {
	list, ok := value.([]any)
	return ok && len(list) == 0
}

// parseEmbedded reads a text that holds JSON; nil when it does not.
func parseEmbedded(value any, opening string) any {
	text, ok := value.(string)
	if !ok || !strings.HasPrefix(strings.TrimSpace(text), opening) {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	inner, err := readValue(d, 0)
	if err != nil {
		return nil
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) { // More is false before a stray bracket too
		return nil
	}
	return inner
}
