// Package schemas makes the JSON Schemas that tools publish, from Go types, and
// holds them to the rules that every client and model API accepts.
package schemas

import (
	"encoding/json"
	"fmt"
	"reflect"

	"github.com/invopop/jsonschema"
)

// Input makes the schema of a tool's arguments: the fields of the given
// structs, laid into one closed object. Portable says whether every client
// takes it.
func Input(types ...reflect.Type) (json.RawMessage, error) {
	r := &jsonschema.Reflector{Anonymous: true, ExpandedStruct: true, DoNotReference: true, Mapper: mapKind}
	whole := &jsonschema.Schema{Type: "object", Properties: jsonschema.NewProperties(), AdditionalProperties: jsonschema.FalseSchema}
	for _, t := range types {
		if t.Kind() != reflect.Struct {
			return nil, fmt.Errorf("schema of %s: not a struct", t)
		}
		part := r.ReflectFromType(t)
		for p := part.Properties.Oldest(); p != nil; p = p.Next() {
			whole.Properties.Set(p.Key, p.Value)
		}
		whole.Required = append(whole.Required, part.Required...)
	}
	raw, err := json.Marshal(whole)
	if err != nil {
		return nil, fmt.Errorf("schema of %v: %w", types, err)
	}
	return raw, nil
}

// mapKind gives the schema of types that invopop would leave without a type:
// bytes of JSON become an object, and kinds with methods their own kind.
func mapKind(t reflect.Type) *jsonschema.Schema {
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return &jsonschema.Schema{Type: "object"}
	case t.PkgPath() != "" && t.Kind() == reflect.String:
		return &jsonschema.Schema{Type: "string"}
	}
	return nil
}
