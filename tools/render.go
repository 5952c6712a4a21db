package tools

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// bodyText shows a request's body as a person reads it, secrets hidden.
func bodyText(s Step) string {
	if s.Request.Body == nil {
		return ""
	}
	return " " + string(vpsapi.HideSecrets(s.Request.Body))
}

// textOf writes an object for reading: a table for a list of objects, lines of
// name and value for one.
func textOf(title string, object json.RawMessage) string {
	members := membersOf(object)
	if len(members) == 1 && members[0].name == "items" {
		return listText(title, members[0].value)
	}
	var b strings.Builder
	for _, m := range members {
		fmt.Fprintf(&b, "%s: %s\n", m.name, scalarText(m.value))
	}
	return strings.TrimRight(b.String(), "\n")
}

func listText(title string, list json.RawMessage) string {
	var elements []json.RawMessage
	if err := json.Unmarshal(list, &elements); err != nil {
		return string(list)
	}
	if len(elements) == 0 {
		return title + ": none."
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %d.\n", title, len(elements))
	for _, e := range elements {
		b.WriteString("- ")
		for i, m := range membersOf(e) {
			if i > 0 {
				b.WriteString("; ")
			}
			fmt.Fprintf(&b, "%s: %s", m.name, scalarText(m.value))
		}
		if e[0] != '{' {
			b.WriteString(scalarText(e))
		}
		b.WriteByte('\n')
	}
	return strings.TrimRight(b.String(), "\n")
}

// member is one field of a JSON object, in its order.
type member struct {
	name  string
	value json.RawMessage
}

// membersOf reads an object's fields in their order, without those that are null.
func membersOf(object json.RawMessage) []member {
	d := json.NewDecoder(bytes.NewReader(object))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return nil
	}
	var members []member
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return members
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			return members
		}
		if name, ok := key.(string); ok && string(value) != "null" {
			members = append(members, member{name, value})
		}
	}
	return members
}

// scalarText shows a value: text without its quotes, anything else as JSON.
func scalarText(value json.RawMessage) string {
	var text string
	if json.Unmarshal(value, &text) == nil {
		return text
	}
	return string(value)
}

// jsonName is a struct field's name in JSON.
func jsonName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
