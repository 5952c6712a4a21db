package vpsapi

import (
	"reflect"
	"slices"
	"strings"
	"sync"
)

// structField is one JSON field of a struct, embedded structs laid flat.
//
// Three tags steer the wire beside the json tag:
//
//	wire:"string"  a number or id goes out as text
//	wire:"number"  text that spells a number goes out as one
//	wire:"digit"   a flag goes out as 1 or 0
//	wire:"null"    an absent value goes out as null (replies of the sandbox)
//	body:"name"    a route field is repeated in the body under that name
type structField struct {
	name      string
	index     []int
	omitEmpty bool
	wire      string
	body      string
}

var fieldCache sync.Map // reflect.Type -> []field

// fieldsOf lists a struct's JSON fields in their order; none for what is not a struct.
func fieldsOf(t reflect.Type) []structField {
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	if cached, ok := fieldCache.Load(t); ok {
		return cached.([]structField)
	}
	fields := readFields(t)
	fieldCache.Store(t, fields)
	return fields
}

// readFields returns the fields of an input or reply by their names in JSON.
func readFields(t reflect.Type) []structField {
	var fields []structField
	for i := range t.NumField() {
		sf := t.Field(i)
		name, options, _ := strings.Cut(sf.Tag.Get("json"), ",")
		if sf.Anonymous && name == "" {
			for _, inner := range fieldsOf(sf.Type) {
				inner.index = append([]int{i}, inner.index...)
				fields = append(fields, inner)
			}
			continue
		}
		if !sf.IsExported() || name == "" || name == "-" {
			continue
		}
		fields = append(fields, structField{
			name:      name,
			index:     sf.Index,
			omitEmpty: slices.Contains(strings.Split(options, ","), "omitempty"),
			wire:      sf.Tag.Get("wire"),
			body:      sf.Tag.Get("body"),
		})
	}
	return fields
}
