package schemas

import (
	"encoding/json"
	"math/big"
	"strings"
)

// coerce turns values into their schema's types where the meaning is plain:
// models send "5" for 5, "true" for true, 1384 for "1384" and one thing for a
// list of one. A null is an argument that is not there. What does not fit stays
// as it is, for the validator to refuse.
func coerce(n *node, value any) any {
	if n == nil {
		return value
	}
	switch n.Type {
	case "string":
		return coerceString(value)
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

func coerceString(value any) any {
	switch v := value.(type) {
	case json.Number:
		return strings.TrimSuffix(v.String(), ".0")
	case bool:
		if v {
			return "true"
		}
		return "false"
	}
	return value
}

func coerceNumber(kind string, value any) any {
	text := ""
	switch v := value.(type) {
	case string:
		text = strings.TrimSpace(v)
	case json.Number:
		text = v.String()
	default:
		return value
	}
	if len(text) > 40 || strings.ContainsAny(text, "eE") {
		return value
	}
	number, ok := new(big.Rat).SetString(text)
	if !ok || strings.Contains(text, "/") {
		return value
	}
	if kind == "integer" && number.IsInt() {
		return json.Number(number.Num().String())
	}
	if json.Valid([]byte(text)) {
		return json.Number(text)
	}
	return value
}

func coerceBoolean(value any) any {
	text := ""
	switch v := value.(type) {
	case string:
		text = strings.ToLower(strings.TrimSpace(v))
	case json.Number:
		text = v.String()
	}
	switch text {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	return value
}

func coerceArray(n *node, value any) any {
	list, ok := value.([]any)
	if !ok {
		if inner := asJSON(value, "["); inner != nil {
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

func coerceObject(n *node, value any) any {
	object, ok := value.(map[string]any)
	if !ok {
		if object, ok = asJSON(value, "{").(map[string]any); !ok {
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

// asJSON reads a text that holds JSON; nil when it does not.
func asJSON(value any, opening string) any {
	text, ok := value.(string)
	if !ok || !strings.HasPrefix(strings.TrimSpace(text), opening) {
		return nil
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	inner, err := readValue(d, 0)
	if err != nil || d.More() {
		return nil
	}
	return inner
}
