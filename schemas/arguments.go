package schemas

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Limits of a call's arguments.
const (
	// MaxBytes is the size of the largest arguments that a call may have.
	MaxBytes = 2 << 20
	// MaxDepth is how deep the arguments of a call may be nested.
	MaxDepth = 32
)

// Fault is one thing wrong with arguments: where, and what is allowed.
type Fault struct {
	Path    string // such as "licenses[0].action"; empty for the arguments as a whole
	Message string
}

// Arguments checks a tool's arguments against its schema. It is safe for
// concurrent use; the schema is compiled with the first call.
type Arguments struct {
	prepare func() (*compiled, error)
}

// Marks names arguments, at any depth, by what a schema does not say of them.
type Marks struct {
	IDs   []string // text that is a whole number
	Exact []string // text whose space at the ends counts, such as passwords
}

// NewArguments takes a schema that Input made, and what it does not say.
func NewArguments(schema json.RawMessage, marks Marks) *Arguments {
	return &Arguments{sync.OnceValues(func() (*compiled, error) { return compile(schema, marks) })}
}

// Read coerces arguments to the schema and checks them. It returns them in a
// canonical form: an object without nulls, every value of its schema's type.
func (a *Arguments) Read(raw json.RawMessage) (json.RawMessage, []Fault) {
	value, err := parse(raw)
	if err != nil {
		return nil, []Fault{{"", err.Error()}}
	}
	schema, err := a.prepare()
	if err != nil {
		return nil, []Fault{{"", "the tool's own schema is broken: " + err.Error()}}
	}
	value = coerce(schema.root, value)
	if err := schema.validator.Validate(value); err != nil {
		var invalid *jsonschema.ValidationError
		if errors.As(err, &invalid) {
			return nil, faultsOf(schema.root, invalid)
		}
		return nil, []Fault{{"", err.Error()}}
	}
	canonical, err := json.Marshal(value)
	if err != nil {
		return nil, []Fault{{"", err.Error()}}
	}
	return canonical, nil
}

// parse reads the arguments' JSON within the limits; nothing is an empty object.
func parse(raw json.RawMessage) (any, error) {
	raw = bytes.TrimSpace(raw)
	switch {
	case len(raw) > MaxBytes:
		return nil, fmt.Errorf("the arguments have %d bytes; at most %d are allowed", len(raw), MaxBytes)
	case !utf8.Valid(raw):
		return nil, errors.New("the arguments are not valid UTF-8")
	case len(raw) == 0 || bytes.Equal(raw, []byte("null")):
		return map[string]any{}, nil
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	value, err := readValue(decoder, 0)
	if err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the arguments are more than one JSON value")
	}
	if text, ok := value.(string); ok { // some clients send the object as text
		return parse(json.RawMessage(text))
	}
	if isEmptyList(value) {
		return map[string]any{}, nil
	}
	if _, ok := value.(map[string]any); !ok {
		return nil, fmt.Errorf("the arguments are %s; an object is needed", kindOf(value))
	}
	return value, nil
}

// readValue reads one value and refuses what a plain decoder lets pass: a key
// that stands twice, nesting without end, a number too large or small to compute with.
func readValue(d *json.Decoder, depth int) (any, error) {
	if depth > MaxDepth {
		return nil, fmt.Errorf("the arguments are nested more than %d deep", MaxDepth)
	}
	token, err := d.Token()
	if err != nil {
		return nil, incompleteError(err)
	}
	switch t := token.(type) {
	case json.Delim:
		if t == '{' {
			return readObject(d, depth)
		}
		return readArray(d, depth)
	case json.Number:
		if !isComputable(t.String()) {
			return nil, errors.New("the arguments hold a number that is too large or too small")
		}
	}
	return token, nil
}

// isComputable reports a number whose digits and exponent are those of a float64 at
// most: 1e-999999 takes a checker 10 ms, and there can be many in one call.
func isComputable(text string) bool {
	float, err := strconv.ParseFloat(text, 64)
	digits, _, _ := strings.Cut(strings.ToLower(text), "e")
	return err == nil && len(text) <= 400 && (float != 0 || strings.Trim(digits, "+-.0") == "")
}

// readObject reads a JSON object after its opening brace, and refuses a key that comes twice.
func readObject(d *json.Decoder, depth int) (any, error) {
	object := map[string]any{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, incompleteError(err)
		}
		name, _ := key.(string)
		if _, twice := object[name]; twice {
			return nil, fmt.Errorf("argument %q is given twice", shortenName(name))
		}
		if object[name], err = readValue(d, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return object, incompleteError(err)
}

// shortenName shortens a name that came from outside, which may be as long as the whole.
func shortenName(name string) string {
	const most = 80 // characters
	if runes := []rune(name); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return name
}

// readArray reads a JSON array after its opening bracket.
func readArray(d *json.Decoder, depth int) (any, error) {
	list := []any{}
	for d.More() {
		element, err := readValue(d, depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, element)
	}
	_, err := d.Token()
	return list, incompleteError(err)
}

// incompleteError returns the error of a JSON text that ends too early as one that says so.
func incompleteError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF):
		return errors.New("the arguments are incomplete JSON: they end too early")
	default:
		return fmt.Errorf("the arguments are not valid JSON: %w", err)
	}
}

// schemaNode is what coercion and messages need of a schema.
type schemaNode struct {
	Type       string                 `json:"type"`
	Properties map[string]*schemaNode `json:"properties"`
	Items      *schemaNode            `json:"items"`
	Enum       []any                  `json:"enum"`
	id, exact  bool
}

// setMarks notes what the names of a schema's texts say of them.
func (n *schemaNode) setMarks(marks Marks, named string) {
	if n == nil {
		return
	}
	n.id, n.exact = slices.Contains(marks.IDs, named), slices.Contains(marks.Exact, named)
	n.Items.setMarks(marks, named)
	for name, p := range n.Properties {
		p.setMarks(marks, name)
	}
}

// compiled is a schema ready for coercing and validating.
type compiled struct {
	root      *schemaNode
	validator *jsonschema.Schema
}

// compile reads a schema and makes its validator.
func compile(raw json.RawMessage, marks Marks) (*compiled, error) {
	var root schemaNode
	if err := json.Unmarshal(raw, &root); err != nil {
		return nil, err
	}
	root.setMarks(marks, "")
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	addIntegerBounds(document)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("arguments.json", document); err != nil {
		return nil, err
	}
	validator, err := c.Compile("arguments.json")
	return &compiled{&root, validator}, err
}

// addIntegerBounds gives whole numbers the bounds of the type that they are kept in, where
// the schema has none: what is published stays short.
func addIntegerBounds(schema any) {
	switch s := schema.(type) {
	case map[string]any:
		if s["type"] == "integer" {
			for key, most := range map[string]int64{"minimum": math.MinInt64, "maximum": math.MaxInt64} {
				if _, ok := s[key]; !ok {
					s[key] = json.Number(strconv.FormatInt(most, 10))
				}
			}
		}
		for _, inner := range s {
			addIntegerBounds(inner)
		}
	case []any:
		for _, inner := range s {
			addIntegerBounds(inner)
		}
	}
}
