package policy

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
)

// fault is what is wrong with one line of a policy.
type fault struct {
	line int
	says string
}

// joinFaults returns the faults as one error, in the order of their lines.
func joinFaults(faults []fault) error {
	slices.SortStableFunc(faults, func(a, b fault) int { return cmp.Compare(a.line, b.line) })
	errs := make([]error, 0, len(faults))
	for _, f := range faults {
		errs = append(errs, fmt.Errorf("line %d: %s", f.line, f.says))
	}
	return errors.Join(errs...)
}

// findFaults finds all faults of a text that did not decode: the decoder ends at its
// first. None are found where the text's form itself is at fault.
func findFaults(file *ast.File, names Names) []fault {
	if len(file.Docs) == 0 {
		return nil
	}
	root := file.Docs[0].Body
	faults := checkForm(root, reflect.TypeFor[Policy](), "the policy")
	for _, v := range mapPairs(root) {
		switch v.Key.String() {
		case "rules":
			for _, item := range listItems(v.Value) {
				var r Rule
				if yaml.NodeToValue(item, &r) == nil { // what is not a value of its kind is told by its form
					faults = append(faults, newFaults(lineAt(item), r.check(names))...)
				}
			}
		case "protect":
			for _, item := range listItems(v.Value) {
				var t Target
				if yaml.NodeToValue(item, &t) == nil {
					faults = append(faults, newFaults(lineAt(item), t.check())...)
				}
			}
		}
	}
	return append(faults, emptyFaults(file)...)
}

// newFaults returns what is wrong with one line, as faults.
func newFaults(line int, says []string) []fault {
	var faults []fault
	for _, s := range says {
		faults = append(faults, fault{line, s})
	}
	return faults
}

// checkForm returns the keys that a mapping cannot have, and the values that are not of their key's kind.
func checkForm(node ast.Node, t reflect.Type, of string) []fault {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch node := node.(type) {
	case *ast.AnchorNode:
		return checkForm(node.Value, t, of)
	case *ast.AliasNode, *ast.NullNode, nil:
		return nil
	}
	switch t.Kind() { //nolint:exhaustive // the kinds that a policy is made of
	case reflect.Struct:
		if node.Type() != ast.MappingType && node.Type() != ast.MappingValueType {
			return []fault{{lineAt(node), of + " must be keys with values"}}
		}
		var faults []fault
		for _, v := range mapPairs(node) {
			key := v.Key.String()
			field, known := fieldType(t, key)
			switch {
			case v.Key.IsMergeKey():
			case !known:
				faults = append(faults, fault{v.Key.GetToken().Position.Line, fmt.Sprintf("%s has no key %q; its keys are %s", of, key, strings.Join(keysOf(t), ", "))})
			default:
				faults = append(faults, checkForm(v.Value, field, key)...)
			}
		}
		return faults
	case reflect.Slice:
		if node.Type() != ast.SequenceType {
			return []fault{{lineAt(node), of + " must be a list, such as [a, b]"}}
		}
		var faults []fault
		for _, item := range listItems(node) {
			faults = append(faults, checkForm(item, t.Elem(), "an entry of "+of)...)
		}
		return faults
	}
	if err := yaml.NodeToValue(node, reflect.New(t).Interface()); err != nil {
		return []fault{{lineAt(node), fmt.Sprintf("%s: %s is not a %s", of, node.String(), map[bool]string{true: "text", false: "number"}[t.Kind() == reflect.String])}}
	}
	return nil
}

// mapPairs returns the key-value pairs of a YAML mapping; none for any other node.
func mapPairs(node ast.Node) []*ast.MappingValueNode {
	switch node := node.(type) {
	case *ast.AnchorNode:
		return mapPairs(node.Value)
	case *ast.MappingNode:
		return node.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}
	}
	return nil
}

// listItems returns the entries of a YAML list; none for any other node.
func listItems(node ast.Node) []ast.Node {
	switch node := node.(type) {
	case *ast.AnchorNode:
		return listItems(node.Value)
	case *ast.SequenceNode:
		return node.Values
	}
	return nil
}

// lineAt returns the line of a node of the policy file.
func lineAt(node ast.Node) int {
	if m := mapPairs(node); len(m) > 0 {
		return m[0].Key.GetToken().Position.Line
	}
	if token := node.GetToken(); token != nil {
		return token.Position.Line
	}
	return 0
}

// fieldType returns the type of the field that a key fills.
func fieldType(t reflect.Type, key string) (reflect.Type, bool) {
	for f := range fieldsOf(t) {
		if f.Tag.Get("yaml") == key {
			return f.Type, true
		}
	}
	return nil, false
}

// keysOf returns the keys that the policy file may have for a type.
func keysOf(t reflect.Type) []string {
	var keys []string
	for f := range fieldsOf(t) {
		keys = append(keys, f.Tag.Get("yaml"))
	}
	return keys
}

// fieldsOf yields a type's fields, those of embedded types too.
func fieldsOf(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() && !yield(f) {
				return
			}
		}
	}
}
