package proof

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// View is a list as the account showed it.
type View struct{ Things []Thing }

// Thing is one element of a list.
type Thing struct {
	Key    string // tells it from the others
	ID     string
	Name   string
	values map[string]any
}

// volatileKeys are keys whose values change by themselves.
var volatileKeys = []string{"updated_at", "bandwidth_used", "running", "power_action_pending", "virtual_machine_status", "status", "password"}

// Read makes a view of a reply: of its list, or of the one object's parts. Wrappers around elements are taken off. An element
// that says that it is not purchased is an offer, and not there.
func Read(reply any) View {
	text, err := json.Marshal(reply)
	if err != nil {
		return View{}
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // an id stays as it is written
	var got any
	_ = decoder.Decode(&got)
	var v View
	for name, element := range eachElement(got) {
		values, _ := unwrapElement(element).(map[string]any)
		if values == nil || values["purchased"] == false {
			continue
		}
		t := Thing{ID: firstPresentText(values, "id", "license_id"), Name: firstPresentText(values, "label", "name", "hostname", "host"), values: values}
		if name != "" {
			t.ID = name
		}
		if t.Key = t.ID; t.Key == "" {
			whole, _ := json.Marshal(values)
			t.Key = string(whole)
		}
		v.Things = append(v.Things, t)
	}
	return v
}

// eachElement returns those of a list, each without a name, or the parts of an object by their names.
func eachElement(got any) func(yield func(string, any) bool) {
	return func(yield func(string, any) bool) {
		switch got := got.(type) {
		case []any:
			for _, e := range got {
				if !yield("", e) {
					return
				}
			}
		case map[string]any:
			if list, ok := onlyValue(got).([]any); ok {
				eachElement(list)(yield)
				return
			}
			if inner, ok := onlyValue(got).(map[string]any); ok && inner["id"] != nil {
				got = inner
			}
			if _, one := got["id"]; one {
				yield("", got)
				return
			}
			for _, name := range sortedKeys(got) {
				if !yield(name, got[name]) {
					return
				}
			}
		}
	}
}

// onlyValue returns the value of an object's one member; nil where it has more.
func onlyValue(object map[string]any) any {
	if len(object) == 1 {
		for _, inner := range object {
			return inner
		}
	}
	return nil
}

// sortedKeys returns a map's keys in order.
func sortedKeys(m map[string]any) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// unwrapElement takes the wrapper off an element.
func unwrapElement(element any) any {
	if m, ok := element.(map[string]any); ok {
		if inner, ok := onlyValue(m).(map[string]any); ok {
			return inner
		}
	}
	return element
}

// firstPresentText returns the first of the keys' values that is there, as text.
func firstPresentText(values map[string]any, keys ...string) string {
	for _, key := range keys {
		if v, ok := values[key]; ok && v != nil && fmt.Sprint(v) != "" {
			return fmt.Sprint(v)
		}
	}
	return ""
}

// get returns the thing of a key.
func (v View) get(key string) (Thing, bool) {
	i := slices.IndexFunc(v.Things, func(t Thing) bool { return t.Key == key })
	if i < 0 {
		return Thing{}, false
	}
	return v.Things[i], true
}

// has reports a thing of a key.
func (v View) has(key string) bool {
	_, ok := v.get(key)
	return ok
}

// find finds a thing by its id; by its marks where it has none.
func (v View) find(w Want) (Thing, bool) {
	i := slices.IndexFunc(v.Things, func(t Thing) bool {
		if w.ID != "" {
			return t.ID == w.ID
		}
		return len(w.Marks) > 0 && t.hasMarks(w.Marks)
	})
	if i < 0 {
		return Thing{ID: w.ID, Key: w.ID}, false
	}
	return v.Things[i], true
}

// hasMarks reports that each mark is one of the thing's values.
func (t Thing) hasMarks(marks []Mark) bool {
	for _, m := range marks {
		values := everyValue(t.values)
		if v, ok := t.values[m.Key]; ok && m.Key != "" {
			values = everyValue(v)
		}
		if !slices.Contains(values, normalizeText(m.Value)) {
			return false
		}
	}
	return true
}

// everyValue lists the values inside a value, at any depth, as plain texts.
func everyValue(v any) []string {
	var all []string
	switch v := v.(type) {
	case map[string]any:
		for _, inner := range v {
			all = append(all, everyValue(inner)...)
		}
	case []any:
		for _, inner := range v {
			all = append(all, everyValue(inner)...)
		}
	default:
		all = append(all, normalizeText(fmt.Sprint(v)))
	}
	return all
}

// normalizeText returns a text as it is compared: the service adds dots to names, and writes letters in either case.
func normalizeText(text string) string {
	return strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), ".")
}

// same reports that two states of a thing do not differ in what counts.
func (t Thing) same(then Thing, watch []string) bool {
	counts := func(key string) bool {
		if len(watch) > 0 {
			return slices.Contains(watch, key)
		}
		return !slices.Contains(volatileKeys, key)
	}
	for key := range mergeKeys(t.values, then.values) {
		if counts(key) && !reflect.DeepEqual(t.values[key], then.values[key]) {
			return false
		}
	}
	return true
}

// mergeKeys returns the keys that any of the maps has.
func mergeKeys(maps ...map[string]any) map[string]bool {
	keys := map[string]bool{}
	for _, m := range maps {
		for key := range m {
			keys[key] = true
		}
	}
	return keys
}

// String names the thing for a person.
func (t Thing) String() string {
	switch {
	case t.ID != "" && t.Name != "":
		return fmt.Sprintf("%s (id %s)", vpsapi.Quote(t.Name), words.IDText(t.ID))
	case t.ID != "":
		return "id " + words.IDText(t.ID)
	case t.Name != "":
		return vpsapi.Quote(t.Name)
	default:
		return "one without a name"
	}
}
