package schemas

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// faultsOf turns a validator's tree of errors into one sentence for each fault.
func faultsOf(root *schemaNode, e *jsonschema.ValidationError) []Fault {
	var all []Fault
	for _, cause := range e.Causes {
		all = append(all, faultsOf(root, cause)...)
	}
	if len(e.Causes) == 0 {
		all = append(all, leafFaults(root, e)...)
	}
	slices.SortStableFunc(all, func(a, b Fault) int { return strings.Compare(a.Path, b.Path) })
	return all
}

// leafFaults returns the faults of one error of the validator, in plain words.
func leafFaults(root *schemaNode, e *jsonschema.ValidationError) []Fault {
	path := joinPath(e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return faultEach(path, k.Missing, func(string) string { return "missing" })
	case *kind.AdditionalProperties:
		known := knownNames(root, e.InstanceLocation)
		return faultEach(path, k.Properties, func(name string) string {
			if strings.EqualFold(name, "confirm") {
				return "unknown argument: this function asks for no confirmation"
			}
			return "unknown argument; known are " + known
		})
	case *kind.Type:
		return []Fault{{path, fmt.Sprintf("must be %s, not %s", article(k.Want), article([]string{k.Got}))}}
	case *kind.Enum:
		return []Fault{{path, "must be one of " + joinValues(k.Want)}}
	case *kind.Minimum:
		return []Fault{{path, "must be at least " + formatDecimal(k.Want)}}
	case *kind.Maximum:
		return []Fault{{path, "must be at most " + formatDecimal(k.Want)}}
	case *kind.MinLength:
		return []Fault{{path, fmt.Sprintf("must have at least %d characters", k.Want)}}
	case *kind.MaxLength:
		return []Fault{{path, fmt.Sprintf("must have at most %d characters, not %d", k.Want, k.Got)}}
	case *kind.MinItems:
		return []Fault{{path, fmt.Sprintf("must have at least %d entries", k.Want)}}
	case *kind.MaxItems:
		return []Fault{{path, fmt.Sprintf("must have at most %d entries, not %d", k.Want, k.Got)}}
	case *kind.Pattern:
		return []Fault{{path, patternWords(k.Want)}}
	case *kind.Format:
		return []Fault{{path, "must be a valid " + k.Want}}
	default:
		return []Fault{{path, "does not fit (" + strings.Join(e.ErrorKind.KeywordPath(), ".") + ")"}}
	}
}

// patternWords says what a text of a pattern looks like, for the patterns that the functions have.
func patternWords(pattern string) string {
	switch {
	case pattern == `^[A-Za-z0-9 ._-]+$`:
		return "may only have letters from A to Z, digits, spaces, dots, hyphens and underscores"
	case strings.HasPrefix(pattern, "^[0-9]{4}-"):
		return "not a moment: write it as YYYY-MM-DD HH:MM in US Eastern time, such as 2030-05-08 12:00"
	default:
		return "must have the form " + pattern
	}
}

// faultEach returns a fault for each of the names.
func faultEach(path string, names []string, message func(string) string) []Fault {
	out := make([]Fault, len(names))
	for i, name := range slices.Sorted(slices.Values(names)) {
		full := name
		if path != "" {
			full = path + "." + name
		}
		out[i] = Fault{full, message(name)}
	}
	return out
}

// knownNames lists the properties of the object at a location.
func knownNames(n *schemaNode, location []string) string {
	for _, step := range location {
		if n = childNode(n, step); n == nil {
			return "none"
		}
	}
	if len(n.Properties) == 0 {
		return "none"
	}
	return strings.Join(slices.Sorted(maps.Keys(n.Properties)), ", ")
}

// childNode returns the schema of a member or item; nil when there is none.
func childNode(n *schemaNode, step string) *schemaNode {
	if n.Items != nil {
		return n.Items
	}
	return n.Properties[step]
}

// joinPath writes a place in the arguments with dots, as a.b.0.
func joinPath(location []string) string {
	var b strings.Builder
	for _, step := range location {
		if _, err := strconv.Atoi(step); err == nil {
			fmt.Fprintf(&b, "[%s]", step)
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

// article names the first of the kinds of JSON values, with its article.
func article(kinds []string) string {
	words := map[string]string{
		"string": "text", "integer": "a whole number", "number": "a number",
		"boolean": "true or false", "array": "a list", "object": "an object", "null": "null",
	}
	return words[kinds[0]]
}

// joinValues lists the values that are allowed.
func joinValues(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		b, err := json.Marshal(v)
		if err != nil {
			continue
		}
		words[i] = strings.Trim(string(b), `"`)
	}
	return strings.Join(words, ", ")
}

// formatDecimal writes a whole number, or one with two decimals.
func formatDecimal(r *big.Rat) string {
	if r.IsInt() {
		return r.Num().String()
	}
	return r.FloatString(2)
}

// kindOf names the kind of a JSON value.
func kindOf(value any) string {
	switch value.(type) {
	case []any:
		return "a list"
	case json.Number:
		return "a number"
	case bool:
		return "true or false"
	default:
		return "text"
	}
}
