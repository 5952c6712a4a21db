package doctor

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// compareKeys holds the keys of a reply against those of the type that it is read into. A reply without elements lacks none.
func compareKeys(out any, raw []byte) (seen, absent, unknown []string) {
	has, known := replyKeys(raw), typeKeys(reflect.TypeOf(out))
	for _, key := range slices.Sorted(maps.Keys(has)) {
		if known[key] {
			seen = append(seen, key)
		} else {
			unknown = append(unknown, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		if len(has) > 0 && !has[key] {
			absent = append(absent, key)
		}
	}
	return seen, absent, unknown
}

// replyKeys returns the keys of a reply with those that lead to them, such as primary_ip_address.ip_address; wrappers are left out.
func replyKeys(raw []byte) map[string]bool {
	keys := map[string]bool{}
	if v, ok := parseReply(raw); ok {
		addKeys(keys, "", unwrapReply(v))
	}
	return keys
}

// parseReply reads a reply as JSON, with numbers as they are written.
func parseReply(raw []byte) (v any, ok bool) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return v, d.Decode(&v) == nil
}

// unwrapReply removes the wrappers around a reply and around its elements.
func unwrapReply(v any) any {
	for {
		m, ok := v.(map[string]any)
		if !ok || len(m) != 1 {
			return v
		}
		for _, inner := range m {
			switch inner.(type) {
			case map[string]any, []any:
				v = inner
			default:
				return m
			}
		}
	}
}

// keyPattern matches a key of the service's own: never a value of the account such as an id or a name.
var keyPattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,60}$`)

// addKeys adds the keys of a reply's objects, each with the path to it.
func addKeys(keys map[string]bool, path string, v any) {
	switch v := v.(type) {
	case []any:
		for _, element := range v {
			if path == "" {
				element = unwrapReply(element)
			}
			addKeys(keys, path, element)
		}
	case map[string]any:
		for name, inner := range v {
			if !keyPattern.MatchString(name) {
				name = "*"
			}
			at := strings.TrimPrefix(path+"."+name, ".")
			keys[at] = true
			addKeys(keys, at, inner)
		}
	}
}

// typeKeys returns the keys that a type reads.
func typeKeys(t reflect.Type) map[string]bool {
	keys := map[string]bool{}
	if t != nil {
		addKnown(keys, "", t, 0)
	}
	return keys
}

const maxDepth = 8 // types that name themselves end

// addKnown adds the keys that a reply's type knows, each with the path to it.
func addKnown(keys map[string]bool, path string, t reflect.Type, depth int) {
	switch {
	case depth > maxDepth:
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Slice:
		addKnown(keys, path, t.Elem(), depth+1)
	case t.Kind() == reflect.Map:
		keys[strings.TrimPrefix(path+".*", ".")] = true
	case t.Kind() == reflect.Struct:
		for _, f := range reflect.VisibleFields(t) {
			name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
			if !f.IsExported() || name == "" || name == "-" {
				continue
			}
			at := strings.TrimPrefix(path+"."+name, ".")
			keys[at] = true
			addKnown(keys, at, f.Type, depth+1)
		}
	}
}

// firstValue is the first value of a key in a reply, as text; empty for none.
func firstValue(raw []byte, key string) string {
	v, _ := parseReply(raw)
	var find func(v any) string
	find = func(v any) string {
		switch v := v.(type) {
		case []any:
			for _, element := range v {
				if text := find(element); text != "" {
					return text
				}
			}
		case map[string]any:
			if id, ok := v[key]; ok && id != nil {
				return fmt.Sprint(id)
			}
			if inner := unwrapReply(v); !reflect.DeepEqual(inner, v) {
				return find(inner)
			}
		}
		return ""
	}
	return find(v)
}
