package vpsapi

import (
	"encoding/json"
	"fmt"
	"reflect"
	"sort"
	"strconv"
)

// Object is a JSON object whose keys keep their order on the wire.
type Object []Member

// RawOf gives a value as the service would write it: ids as numbers, fields as
// their tags say. A server uses it for replies that nobody has documented.
func RawOf(v any) (Raw, error) { return encodeWire(v) }

// Member is one key of an Object; Value is anything the wire encoder takes.
type Member struct {
	Key   string
	Value any
}

// Set replaces the value of a key, or adds it at the end.
func (o *Object) Set(key string, value any) {
	for i := range *o {
		if (*o)[i].Key == key {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member{key, value})
}

// wireValuer is a value whose form on the wire is another value.
type wireValuer interface {
	wire() any
}

var (
	// wirerType is the type wireValuer.
	wirerType = reflect.TypeFor[wireValuer]()
	// identifierType is the type identifier.
	identifierType = reflect.TypeFor[identifier]()
	// rawType is the type Raw.
	rawType = reflect.TypeFor[Raw]()
	// rawMessageType is the type json.RawMessage.
	rawMessageType = reflect.TypeFor[json.RawMessage]()
	// objectType is the type Object.
	objectType = reflect.TypeFor[Object]()
)

// appendWire writes v as the service would: ids as numbers, fields as tagged.
// encoding/json writes the same values for people and models: ids as text,
// secrets hidden.
func appendWire(dst []byte, v reflect.Value, tag string) ([]byte, error) {
	if !v.IsValid() {
		return append(dst, "null"...), nil
	}
	t := v.Type()
	switch {
	case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		return appendWire(dst, v.Elem(), tag)
	case t.Implements(wirerType):
		return appendWire(dst, reflect.ValueOf(v.Interface().(wireValuer).wire()), tag)
	case t == rawType || t == rawMessageType:
		if v.Len() == 0 {
			return append(dst, "null"...), nil
		}
		return append(dst, v.Bytes()...), nil
	case t == objectType:
		return appendObject(dst, v.Interface().(Object))
	}
	switch v.Kind() {
	case reflect.String:
		if tag != "string" && (tag == "number" || t.Implements(identifierType)) && isNumber(v.String()) {
			return append(dst, v.String()...), nil
		}
		return appendString(dst, v.String())
	case reflect.Bool:
		if tag == "digit" {
			return strconv.AppendInt(dst, boolDigit(v.Bool()), 10), nil
		}
		return strconv.AppendBool(dst, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		if tag == "string" {
			return append(strconv.AppendInt(append(dst, '"'), v.Int(), 10), '"'), nil
		}
		return strconv.AppendInt(dst, v.Int(), 10), nil
	case reflect.Float64:
		return strconv.AppendFloat(dst, v.Float(), 'f', -1, 64), nil
	case reflect.Slice, reflect.Array:
		return appendList(dst, v, tag)
	case reflect.Map:
		return appendMap(dst, v, tag)
	case reflect.Struct:
		return appendObject(dst, wireFields(v))
	default:
		return nil, fmt.Errorf("no wire form for %s", t)
	}
}

// wireFields gives the members of a struct that go on the wire.
func wireFields(v reflect.Value) Object {
	var o Object
	for _, f := range fieldsOf(v.Type()) {
		fv := v.FieldByIndex(f.index)
		if isAbsent(fv, f) {
			continue
		}
		o = append(o, Member{f.name, taggedValue{fv, f.wire}})
	}
	return o
}

// isAbsent reports a field that does not go on the wire.
func isAbsent(v reflect.Value, f structField) bool {
	if f.wire == "null" {
		return false
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		return v.IsNil()
	case reflect.Slice, reflect.Map:
		return f.omitEmpty && v.Len() == 0
	default:
		return f.omitEmpty && v.IsZero()
	}
}

// taggedValue is a field's value together with its wire tag.
type taggedValue struct {
	v   reflect.Value
	tag string
}

// appendObject writes an object's members in their order.
func appendObject(dst []byte, o Object) ([]byte, error) {
	dst = append(dst, '{')
	for i, m := range o {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendString(dst, m.Key); err != nil {
			return nil, err
		}
		dst = append(dst, ':')
		v, ok := m.Value.(taggedValue)
		if !ok {
			v = taggedValue{v: reflect.ValueOf(m.Value)}
		}
		if dst, err = appendWire(dst, v.v, v.tag); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Key, err)
		}
	}
	return append(dst, '}'), nil
}

// appendList writes a list; tag is that of the field which holds it.
func appendList(dst []byte, v reflect.Value, tag string) ([]byte, error) {
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		var err error
		if dst, err = appendWire(dst, v.Index(i), tag); err != nil {
			return nil, err
		}
	}
	return append(dst, ']'), nil
}

// appendMap writes a map with its keys in order.
func appendMap(dst []byte, v reflect.Value, tag string) ([]byte, error) {
	keys := v.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	var o Object
	for _, k := range keys {
		o = append(o, Member{k.String(), taggedValue{v.MapIndex(k), tag}})
	}
	return appendObject(dst, o)
}

// appendString writes a JSON string.
func appendString(dst []byte, s string) ([]byte, error) {
	b, err := json.Marshal(s)
	return append(dst, b...), err
}

// isNumber reports text that is a JSON number as it stands.
func isNumber(s string) bool {
	return s != "" && (s[0] == '-' || (s[0] >= '0' && s[0] <= '9')) && json.Valid([]byte(s))
}

// boolDigit returns 1 for true, as the service writes flags.
func boolDigit(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
