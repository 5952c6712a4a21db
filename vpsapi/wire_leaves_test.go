package vpsapi_test

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// lostLeaves lists the leaves of a documented reply that a typed one lacks. An
// envelope (an object or a list of one) may be off, a number and the same text
// are equal, one text is a list of one, a null or an empty text may be absent.
func lostLeaves(path string, want, got any) []string {
	var lost []string
	switch want := want.(type) {
	case map[string]any:
		lost = lostMembers(path, want, got)
	case []any:
		lost = lostElements(path, want, got)
	default:
		return lostLeaf(path, want, got)
	}
	if inner, ok := envelope(want); ok && len(lost) > 0 {
		if l := lostLeaves(path, inner, got); len(l) < len(lost) {
			return l
		}
	}
	return lost
}

// envelope is what stands in an object or a list of one, if that is not a leaf.
func envelope(v any) (any, bool) {
	var inner any
	switch v := v.(type) {
	case map[string]any:
		for _, inner = range v {
		}
		if len(v) != 1 {
			return nil, false
		}
	case []any:
		if len(v) != 1 {
			return nil, false
		}
		inner = v[0]
	}
	switch inner.(type) {
	case map[string]any, []any:
		return inner, true
	}
	return nil, false
}

func lostMembers(path string, want map[string]any, got any) []string {
	var lost []string
	object, _ := got.(map[string]any)
	for key, w := range want {
		lost = append(lost, lostLeaves(path+"."+key, w, object[key])...)
	}
	slices.Sort(lost)
	return lost
}

func lostElements(path string, want []any, got any) []string {
	list, _ := got.([]any)
	if len(list) != len(want) {
		return []string{fmt.Sprintf("%s: %d elements, not %d", path, len(list), len(want)), path + ": the whole list"}
	}
	var lost []string
	for i, w := range want {
		lost = append(lost, lostLeaves(fmt.Sprintf("%s[%d]", path, i), w, list[i])...)
	}
	return lost
}

func lostLeaf(path string, want, got any) []string {
	if one, ok := got.([]any); ok && len(one) == 1 {
		got = one[0]
	}
	key := path[strings.LastIndex(path, ".")+1:]
	switch {
	case got == nil && (want == nil || want == ""):
		return nil
	case key == "password" || strings.HasSuffix(key, "_password"):
		want = vpsapi.Redacted
	case got == false && fmt.Sprint(want) == "0", got == true && fmt.Sprint(want) == "1":
		return nil
	}
	if fmt.Sprint(want) != fmt.Sprint(got) || got == nil {
		return []string{fmt.Sprintf("%s: %v, not %v", path, got, want)}
	}
	return nil
}
