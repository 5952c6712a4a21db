package vpsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
)

// decodeInput reads the members of a request into the fields of an input, and
// lists the required fields that are not among them.
func decodeInput(info Info, in reflect.Value, members map[string]json.RawMessage) (missing []string, err error) {
	var faults []Fault
	for _, f := range fieldsOf(info.In) {
		sent, ok := members[f.name]
		if !ok {
			if !f.omitEmpty {
				missing = append(missing, f.name)
			}
			continue
		}
		field := in.FieldByIndex(f.index)
		if err := json.Unmarshal(textifyValues(field.Type(), sent), field.Addr().Interface()); err != nil {
			faults = append(faults, Fault{f.name, valueError(err)})
		}
	}
	if len(faults) > 0 {
		return missing, &InputError{info.Name, faults}
	}
	return missing, nil
}

// valueError says of a value that cannot be read what was expected.
func valueError(err error) string {
	var kind *json.UnmarshalTypeError
	if errors.As(err, &kind) {
		return fmt.Sprintf("%s where %s was expected", withArticle(kind.Value), expectedKind(kind.Type))
	}
	return err.Error()
}

// unmarshalerType is the type json.Unmarshaler.
var unmarshalerType = reflect.TypeFor[json.Unmarshaler]()

// textifyValues writes numbers and booleans as text where text is to be read: public
// clients send ids of departments and the like either way.
func textifyValues(t reflect.Type, b json.RawMessage) json.RawMessage {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	b = bytes.TrimSpace(b)
	if len(b) == 0 || string(b) == "null" || reflect.PointerTo(t).Implements(unmarshalerType) {
		return b
	}
	switch {
	case t.Kind() == reflect.String && b[0] != '"' && b[0] != '{' && b[0] != '[':
		return strconv.AppendQuote(nil, string(b))
	case t.Kind() == reflect.Slice && b[0] == '[':
		var list []json.RawMessage
		Elements(b, func(value []byte) bool {
			list = append(list, textifyValues(t.Elem(), value))
			return true
		})
		return joinRaw('[', list, ']')
	case t.Kind() == reflect.Struct && b[0] == '{':
		return textifyFields(t, b)
	}
	return b
}

// textifyFields returns loosen for the fields of an object.
func textifyFields(t reflect.Type, object json.RawMessage) json.RawMessage {
	types := map[string]reflect.Type{}
	for _, f := range fieldsOf(t) {
		types[f.name] = t.FieldByIndex(f.index).Type
	}
	var members []json.RawMessage
	Members(object, func(name, value []byte) bool {
		if known, ok := types[unquote(name)]; ok {
			value = textifyValues(known, value)
		}
		members = append(members, bytes.Join([][]byte{name, value}, []byte(":")))
		return true
	})
	return joinRaw('{', members, '}')
}

// joinRaw joins JSON texts with commas between a first and a last byte.
func joinRaw(begin byte, parts []json.RawMessage, end byte) json.RawMessage {
	b := []byte{begin}
	for i, part := range parts {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, part...)
	}
	return append(b, end)
}

// requestMembers lays a request's values and body flat, the envelope taken off.
func requestMembers(info Info, values map[string]string, body []byte) (map[string]json.RawMessage, error) {
	members, err := objectMembers("the body", body)
	if err != nil {
		return nil, err
	}
	if inner, ok := members[info.Envelope]; ok && info.Envelope != "" {
		if members, err = objectMembers(info.Envelope, inner); err != nil {
			return nil, err
		}
	}
	for k, v := range withJoinedServerID(info, values) {
		if v == "" && isFlag(info.In, k) {
			v = "true" // a bare ?basic or ?new, as public clients send it
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		members[k] = text
	}
	return members, nil
}

// objectMembers reads an object; null, an empty text and an empty list are one
// without members, as public clients write it.
func objectMembers(what string, b []byte) (map[string]json.RawMessage, error) {
	members := map[string]json.RawMessage{}
	if IsEmptyBody(b) {
		return members, nil
	}
	if json.Unmarshal(b, &members) != nil {
		return nil, fmt.Errorf("%s is not a JSON object", what)
	}
	return members, nil
}

// IsEmptyBody reports a body that says nothing: none, or one of the forms in which
// public clients of the service write that.
func IsEmptyBody(b []byte) bool {
	switch string(bytes.TrimSpace(b)) {
	case "", "null", `""`, "[]", "{}":
		return true
	}
	return false
}

// isFlag reports a field that holds true or false.
func isFlag(t reflect.Type, name string) bool {
	for _, f := range fieldsOf(t) {
		if f.name == name {
			ft := t.FieldByIndex(f.index).Type
			return ft == reflect.TypeFor[Flag]() || ft == reflect.TypeFor[*Flag]()
		}
	}
	return false
}
