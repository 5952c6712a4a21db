package schemas

import (
	"encoding/json"
	"fmt"
	"strings"
)

// forbiddenKeywords keywords make one model API or another refuse the whole tool list.
var forbiddenKeywords = []string{"$ref", "$defs", "definitions", "anyOf", "oneOf", "allOf", "not", "if", "patternProperties", "$schema", "$id"}

// CheckPortable reports the first thing in a schema that some client or model API
// refuses: references, unions, an untyped property, an array without items, an
// open object, a null required.
func CheckPortable(raw json.RawMessage) error {
	var root map[string]any
	if err := json.Unmarshal(raw, &root); err != nil {
		return fmt.Errorf("schema is not an object: %w", err)
	}
	if root["type"] != "object" {
		return fmt.Errorf("schema root has type %v, not object", root["type"])
	}
	return checkPortable("", root)
}

// checkPortable refuses a schema with what some clients or models do not take; path is its place.
func checkPortable(path string, s map[string]any) error {
	for _, k := range forbiddenKeywords {
		if _, ok := s[k]; ok {
			return fmt.Errorf("schema %s: %s is not portable", pathOrRoot(path), k)
		}
	}
	kind, ok := s["type"].(string)
	if !ok {
		return fmt.Errorf("schema %s: type is %v, not one word", pathOrRoot(path), s["type"])
	}
	if required, ok := s["required"]; ok {
		if list, isList := required.([]any); !isList || len(list) == 0 {
			return fmt.Errorf("schema %s: required is %v", pathOrRoot(path), required)
		}
	}
	switch kind {
	case "array":
		items, ok := s["items"].(map[string]any)
		if !ok {
			return fmt.Errorf("schema %s: array without items", pathOrRoot(path))
		}
		return checkPortable(path+"[]", items)
	case "object":
		return portableObject(path, s)
	}
	return nil
}

// portableObject refuses an object's schema that some clients do not take.
func portableObject(path string, s map[string]any) error {
	properties, ok := s["properties"].(map[string]any)
	if !ok {
		if path == "" {
			return fmt.Errorf("schema root: no properties")
		}
		return nil
	}
	for name, p := range properties {
		sub, ok := p.(map[string]any)
		if !ok {
			return fmt.Errorf("schema %s.%s: %v is not a schema object", path, name, p)
		}
		if err := checkPortable(path+"."+name, sub); err != nil {
			return err
		}
	}
	return nil
}

// pathOrRoot returns the path; "root" for the schema as a whole.
func pathOrRoot(path string) string {
	if path == "" {
		return "root"
	}
	return strings.TrimPrefix(path, ".")
}
