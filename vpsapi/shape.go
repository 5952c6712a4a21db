package vpsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
)

// Shape is the envelope of a reply in both directions: the client decodes with
// it, the sandbox encodes with it.
type Shape[Out any] struct {
	decode func([]byte) (Out, error) // of valid JSON, a PDF, or nothing
	encode func(Out) ([]byte, error)
	suffix string // of the request's path; empty means the API's own
}

// Done is the result of a function that answers nothing of use.
type Done struct{}

// errNoKey is a reply without the key that its shape promises.
func errNoKey(key string, got []byte) error {
	return fmt.Errorf("the reply has no %q: %s", key, excerptOf(got))
}

// excerptOf returns the beginning of a reply for an error.
func excerptOf(reply []byte) string {
	shown := HideSecrets(reply)
	return Quote(string(shown[:min(len(shown), 200)]))
}

// wrappedObject returns the shape of {"key": {...}}.
func wrappedObject[T any](key string) Shape[T] {
	return Shape[T]{
		decode: func(b []byte) (T, error) { return unwrap[T](b, key) },
		encode: func(v T) ([]byte, error) { return encodeWire(Object{{key, v}}) },
	}
}

// bareObject returns the shape of an object without an envelope.
func bareObject[T any]() Shape[T] {
	return Shape[T]{decode: unmarshal[T], encode: func(v T) ([]byte, error) { return encodeWire(v) }}
}

// wrappedList returns [{"key": {...}}, ...]; an element without the key is taken as it is.
func wrappedList[T any](key string) Shape[[]T] {
	return Shape[[]T]{
		decode: func(b []byte) ([]T, error) { return unwrapAll[T](b, key) },
		encode: func(vs []T) ([]byte, error) {
			wrapped := make([]Object, len(vs))
			for i, v := range vs {
				wrapped[i] = Object{{key, v}}
			}
			return encodeWire(wrapped)
		},
	}
}

// bareList returns the shape of a list whose entries have no envelope.
func bareList[T any]() Shape[[]T] {
	return Shape[[]T]{
		decode: func(b []byte) ([]T, error) {
			vs, err := unmarshal[[]T](b)
			if vs == nil {
				vs = []T{}
			}
			return vs, err
		},
		encode: func(vs []T) ([]byte, error) {
			if vs == nil {
				vs = []T{}
			}
			return encodeWire(vs)
		},
	}
}

// keyedList returns {"key": [bare, ...]}, also inside a list of one.
func keyedList[T any](key string) Shape[[]T] {
	return Shape[[]T]{
		decode: func(b []byte) ([]T, error) {
			if trimmed := bytes.TrimSpace(b); len(trimmed) > 0 && trimmed[0] == '[' {
				outer, err := unmarshal[[]json.RawMessage](b)
				if err != nil || len(outer) == 0 {
					return []T{}, err
				}
				b = outer[0]
			}
			return unwrap[[]T](b, key)
		},
		encode: func(vs []T) ([]byte, error) {
			if vs == nil {
				vs = []T{}
			}
			return encodeWire(Object{{key, vs}})
		},
	}
}

// noContent returns a reply whose content says nothing, often empty.
func noContent() Shape[Done] {
	return Shape[Done]{
		decode: func([]byte) (Done, error) { return Done{}, nil },
		encode: func(Done) ([]byte, error) { return nil, nil },
	}
}

// rawShape returns a reply that nobody has documented: it passes through whole.
func rawShape() Shape[Raw] {
	return Shape[Raw]{
		decode: func(b []byte) (Raw, error) { return append(Raw{}, b...), nil },
		encode: func(r Raw) ([]byte, error) { return r, nil },
	}
}

// PDF is a document as the service sent it.
type PDF []byte

// pdf is a reply that is a document, not JSON.
func pdf() Shape[PDF] {
	return Shape[PDF]{
		decode: func(b []byte) (PDF, error) {
			if !isPDF(b) {
				return nil, fmt.Errorf("the reply is not a PDF: %s", excerptOf(b))
			}
			return bytes.Clone(b), nil
		},
		encode: func(p PDF) ([]byte, error) { return p, nil },
		suffix: ".pdf",
	}
}

// document reports a reply that is a PDF where one was asked for.
func (r Request) document(body []byte) bool { return r.Suffix == ".pdf" && isPDF(body) }

// isPDF reports a PDF file by its first bytes.
func isPDF(b []byte) bool { return bytes.HasPrefix(b, []byte("%PDF-")) }

// unwrap reads the one member of an envelope.
func unwrap[T any](b []byte, key string) (T, error) {
	var zero T
	outer, err := unmarshal[map[string]json.RawMessage](b)
	if err != nil {
		return zero, err
	}
	inner, ok := outer[key]
	if !ok || bytes.Equal(inner, []byte("null")) {
		return zero, errNoKey(key, b)
	}
	return unmarshal[T](inner)
}

// unwrapAll decodes a list whose elements are wrapped in key, or are bare.
func unwrapAll[T any](b []byte, key string) ([]T, error) {
	elements, err := elementsOf(b)
	if err != nil {
		return nil, err
	}
	out := make([]T, len(elements))
	for i, element := range elements {
		_, inner := unwrapValid(element, key)
		if err := json.Unmarshal(inner, &out[i]); err != nil {
			return nil, decodeError(err)
		}
	}
	return out, nil
}

// unwrapKey gives the first of the keys that an object has, with its value;
// the object itself when it has none.
func unwrapKey(b json.RawMessage, keys ...string) (string, json.RawMessage) {
	if !json.Valid(b) { // a reply that broke off has no part that is whole
		return "", b
	}
	return unwrapValid(b, keys...)
}

// unwrapValid is unwrapKey of what is known to be valid JSON.
func unwrapValid(b json.RawMessage, keys ...string) (string, json.RawMessage) {
	for _, key := range keys {
		var inner json.RawMessage
		Members(b, func(name, value []byte) bool {
			if isKey(name, key) {
				inner = value
			}
			return true
		})
		if inner != nil {
			return key, inner
		}
	}
	return "", b
}

// isKey reports a member's name, as it stands in the JSON, that reads as key.
func isKey(literal []byte, key string) bool {
	if plain, ok := UnescapedText(literal); ok {
		return string(plain) == key
	}
	return unquote(literal) == key
}

// elementsOf splits a list that is known to be valid JSON.
func elementsOf(b []byte) ([]json.RawMessage, error) {
	if b = bytes.TrimSpace(b); !bytes.HasPrefix(b, []byte("[")) {
		return unmarshal[[]json.RawMessage](b) // for its error
	}
	var elements []json.RawMessage
	Elements(b, func(value []byte) bool {
		elements = append(elements, value)
		return true
	})
	return elements, nil
}

// unmarshal reads JSON into a T; its errors name the field and what was expected.
func unmarshal[T any](b []byte) (T, error) {
	var v T
	switch b = bytes.TrimSpace(b); {
	case len(b) == 0:
		return v, errors.New("the reply is empty")
	case string(b) == "null" && reflect.TypeFor[T]().Kind() != reflect.Slice: // for a list, none
		return v, errors.New("the reply is null")
	}
	err := json.Unmarshal(b, &v)
	return v, decodeError(err)
}

// decodeError turns a decoder's error into a sentence about the reply.
func decodeError(err error) error {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("the reply is incomplete JSON (it breaks at byte %d)", syntax.Offset)
	case errors.As(err, &kind):
		return fmt.Errorf("the reply has %s where %s was expected%s", withArticle(kind.Value), expectedKind(kind.Type), atField(kind.Field))
	default:
		return fmt.Errorf("the reply was not understood: %w", err)
	}
}

// withArticle puts the decoder's word for a JSON value into a sentence.
func withArticle(value string) string {
	switch value {
	case "object":
		return "an object"
	case "array":
		return "a list"
	case "bool":
		return "true or false"
	default:
		return "a " + value // a string, a number
	}
}

// expectedKind names the kind of JSON value that a type is read from, for errors.
func expectedKind(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Struct, reflect.Map:
		return "an object"
	case reflect.Slice:
		return "a list"
	case reflect.String:
		return "text"
	default:
		return t.Kind().String()
	}
}

// atField returns " at field" for an error; nothing without a field.
func atField(field string) string {
	if field == "" {
		return ""
	}
	return " at " + field
}

// encodeWire writes any value in its wire form.
func encodeWire(v any) ([]byte, error) {
	return appendWire(nil, reflect.ValueOf(v), "")
}
