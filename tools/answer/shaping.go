package answer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Shaping is what a caller asked of the form of an answer.
type Shaping struct {
	Empty   string // what is said of an empty list
	Fields  []string
	Limit   int
	Cursor  string
	Filter  []string
	NoChart bool
	Waited  bool // a look at the thing follows: how it was in the reply is left out
}

// ListArguments are added to the arguments of the lists that can be long.
type ListArguments struct {
	Fields []string    `json:"fields,omitempty" jsonschema_description:"Names, or all"`
	Filter []string    `json:"filter,omitempty" jsonschema_description:"field=value"`
	Limit  *vpsapi.Int `json:"limit,omitempty"`
	Cursor string      `json:"cursor,omitempty"`
}

// FieldsArgument is added to the arguments of single things with many fields.
type FieldsArgument struct {
	Fields []string `json:"fields,omitempty" jsonschema_description:"Names, or all"`
}

// ShapingOf reads the arguments that shape an answer from a call's arguments.
func ShapingOf(canonical json.RawMessage) (Shaping, error) {
	var a ListArguments
	if err := json.Unmarshal(canonical, &a); err != nil {
		return Shaping{}, err
	}
	s := Shaping{Cursor: a.Cursor, Filter: a.Filter}
	for _, text := range a.Fields { // some write them as one text, id,name
		for name := range strings.SplitSeq(text, ",") {
			if name = strings.ToLower(vpsapi.Trimmed(name)); name != "" {
				s.Fields = append(s.Fields, name)
			}
		}
	}
	if a.Limit != nil {
		s.Limit = int(*a.Limit)
	}
	var picture ChartArgument
	if err := json.Unmarshal(canonical, &picture); err != nil {
		return Shaping{}, err
	}
	s.NoChart = picture.Chart != nil && !bool(*picture.Chart)
	return s, nil
}

// MaxBytes bounds what an answer carries: about 6,000 tokens of a model.
const MaxBytes = 15_000

// Page is the part of a list that an answer shows.
type Page struct {
	Items []json.RawMessage
	from  int
	Total int // that fit the filter
	next  string
}

// record is an entry of a list: usual has the fields that people use, whole all that
// the service sent.
type record struct{ usual, whole json.RawMessage }

// value is what a record has under a name; ok reports that the name is there, with
// null too.
func (r record) value(name string) (value json.RawMessage, ok bool) {
	for _, object := range []json.RawMessage{r.usual, r.whole} {
		vpsapi.Members(object, func(key, v []byte) bool {
			if strings.EqualFold(FormatScalar(key), name) {
				value, ok = v, true
			}
			return !ok
		})
		if ok && string(value) != "null" {
			return value, true
		}
	}
	return value, ok
}

// page picks the records that fit the filter, from the cursor on, as many as the
// limit and the size of an answer allow; one at least.
func (s Shaping) page(info vpsapi.Info, records []record) (Page, error) {
	s.Filter = splitConditions(s.Filter, func(name string) bool { return knownField(info, "filter", name, records) == nil })
	if err := s.checkNames(info, records); err != nil {
		return Page{}, err
	}
	records = slices.DeleteFunc(records, func(r record) bool { return !s.matches(r) })
	p := Page{Total: len(records)}
	if s.Cursor != "" {
		var err error
		if p.from, err = strconv.Atoi(s.Cursor); err != nil || p.from < 0 || p.from > p.Total {
			return Page{}, shapingError(info, "cursor", vpsapi.Quote(s.Cursor)+" is not a cursor of this list; leave it out to start again")
		}
	}
	size := 0
	for i, r := range records[p.from:] {
		item := TrimToFit(s.pickFields(r.usual, r.whole))
		size += len(item) + 1
		if i > 0 && (size > MaxBytes || (s.Limit > 0 && i >= s.Limit)) {
			p.next = strconv.Itoa(p.from + i)
			break
		}
		p.Items = append(p.Items, item)
	}
	return p, nil
}

// shapingError returns the error for an argument that shapes the answer, such as filter or fields.
func shapingError(info vpsapi.Info, argument, message string) error {
	return &vpsapi.InputError{Op: info.Name, Faults: []vpsapi.Fault{{Field: argument, Message: message}}}
}

// matches reports a record that all conditions of the filter are true of.
func (s Shaping) matches(r record) bool {
	for _, f := range s.Filter {
		c, _ := parseCondition(f)
		if value, there := r.value(c.field); !c.matches(value, there) {
			return false
		}
	}
	return true
}

// checkNames refuses names, of fields and of filters, that no record can have. What the
// reply's type has a record can have, though none has it now.
func (s Shaping) checkNames(info vpsapi.Info, records []record) error {
	for _, f := range s.Filter {
		c, ok := parseCondition(f)
		if !ok {
			return shapingError(info, "filter", vpsapi.Quote(f)+": "+filterHelp)
		}
		if err := knownField(info, "filter", c.field, records); err != nil {
			return err
		}
		if fault := c.problem(); fault != "" {
			return shapingError(info, "filter", vpsapi.Quote(f)+" "+fault)
		}
	}
	for _, name := range s.Fields {
		if strings.EqualFold(name, "all") {
			continue
		}
		if err := knownField(info, "fields", name, records); err != nil {
			return err
		}
	}
	return nil
}

// knownField refuses the name of a field that neither the function's type nor one of the records has.
func knownField(info vpsapi.Info, argument, name string, records []record) error {
	typed := fieldsOf(info.Out)
	switch info.Name {
	case vpsapi.ListScheduledUpgrades.Name: // the reply is read as it comes
		typed = fieldsOf(reflect.TypeFor[vpsapi.Schedule]())
	case vpsapi.ListTemplates.Name:
		typed = fieldsOf(reflect.TypeFor[templateRow]())
	}
	if slices.Contains(typed, name) || len(records) == 0 && len(typed) == 0 ||
		slices.ContainsFunc(records, func(r record) bool { _, ok := r.value(name); return ok }) {
		return nil
	}
	there := typed
	for _, r := range records {
		for _, object := range []json.RawMessage{r.usual, r.whole} {
			vpsapi.Members(object, func(key, _ []byte) bool {
				there = append(there, FormatScalar(key))
				return true
			})
		}
	}
	slices.Sort(there)
	there = slices.Compact(there)
	return shapingError(info, argument, fmt.Sprintf("no entry has the field %s%s; the fields are %s", vpsapi.Quote(name), strings.TrimSuffix(words.Suggest(name, there), "?"), strings.Join(there, ", ")))
}

// fieldsOf names the fields of a reply's type, or of its elements'.
func fieldsOf(out reflect.Type) []string {
	for out.Kind() == reflect.Slice || out.Kind() == reflect.Pointer {
		out = out.Elem()
	}
	if out.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for _, f := range reflect.VisibleFields(out) {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

// pickFields gives an item's chosen fields: of the usual ones, else of all that the
// service sent.
func (s Shaping) pickFields(usual, whole json.RawMessage) json.RawMessage {
	switch {
	case s.Waited:
		return withoutState(usual)
	case len(s.Fields) == 0:
		return usual
	case slices.ContainsFunc(s.Fields, func(name string) bool { return strings.EqualFold(name, "all") }):
		return textIDs(whole)
	}
	var chosen []Member
	for _, name := range s.Fields {
		if value, ok := (record{usual, whole}).value(name); ok && (string(value) != "null" || isUntold(name, value)) {
			chosen = append(chosen, Member{name, value})
		}
	}
	return textIDs(Join(chosen))
}

// textIDs writes ids as text at any depth, as the usual fields have them: the whole reply has numbers.
func textIDs(value json.RawMessage) json.RawMessage {
	switch {
	case bytes.HasPrefix(value, []byte("{")):
		var members []Member
		vpsapi.Members(value, func(key, v []byte) bool {
			name := FormatScalar(key)
			if (name == "id" || strings.HasSuffix(name, "_id")) && len(v) > 0 && (v[0] >= '0' && v[0] <= '9') {
				v = []byte(strconv.Quote(string(v)))
			}
			members = append(members, Member{name, textIDs(v)})
			return true
		})
		return Join(members)
	case bytes.HasPrefix(value, []byte("[")):
		var items []json.RawMessage
		vpsapi.Elements(value, func(v []byte) bool {
			items = append(items, textIDs(v))
			return true
		})
		return joinList(items)
	}
	return value
}

// Field is the value of an object's member; ok is false where there is none.
func Field(object json.RawMessage, name string) (json.RawMessage, bool) {
	for _, m := range Members(object) {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// Join writes members as a JSON object.
func Join(members []Member) json.RawMessage {
	b := []byte{'{'}
	for i, m := range members {
		if i > 0 {
			b = append(b, ',')
		}
		name, _ := json.Marshal(m.Name)
		b = append(append(append(b, name...), ':'), m.Value...)
	}
	return append(b, '}')
}
