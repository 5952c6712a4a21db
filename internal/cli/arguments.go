package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"

	"vpsnet-mcp/internal/decode"
	"vpsnet-mcp/vpsapi"
)

// argumentName is the form of a name in name=value.
var argumentName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// callArguments reads what follows a tool's name: one JSON object, or pairs of
// key=value whose values are text. The server gives text its type.
func callArguments(args []string, stdin io.Reader) (json.RawMessage, error) {
	if len(args) == 0 {
		return json.RawMessage(`{}`), nil
	}
	if strings.HasPrefix(strings.TrimSpace(args[0]), "{") {
		if len(args) > 1 {
			return nil, errors.New("arguments are one JSON object or key=value pairs, not both; is the object in quotes?")
		}
		return jsonArguments(args[0])
	}
	object, piped := map[string]string{}, ""
	for _, arg := range args {
		key, value, ok := strings.Cut(arg, "=")
		if !ok || !argumentName.MatchString(key) {
			return nil, fmt.Errorf("argument %s: give key=value pairs or one JSON object", vpsapi.Quote(arg))
		}
		if _, twice := object[key]; twice {
			return nil, fmt.Errorf(`argument %s is given twice; a list is written %s='["one","two"]'`, key, key)
		}
		if value == "@-" {
			if piped != "" {
				return nil, fmt.Errorf("arguments %s and %s both read stdin, which can be read only once: give one of them by @FILE", piped, key)
			}
			piped = key
		}
		var err error
		if object[key], err = argumentValue(value, stdin); err != nil {
			return nil, fmt.Errorf("argument %s: %w", key, err)
		}
	}
	return json.Marshal(object)
}

// maxPiped bounds what is read from stdin, in bytes: more than any argument takes.
const maxPiped = 4 << 20

// argumentValue is a value as typed. @FILE stands for a file's text without the
// newline that ends it, @- for stdin's, @@ at the start for one @, and @ alone for
// itself: in DNS it is the domain's own host.
func argumentValue(value string, stdin io.Reader) (string, error) {
	name, ok := strings.CutPrefix(value, "@")
	switch {
	case !ok || name == "":
		return value, nil
	case name[0] == '@':
		return name, nil
	}
	var b []byte
	var err error
	if name == "-" {
		b, err = decode.Read(stdin, "stdin", maxPiped)
	} else if b, err = decode.File(name); errors.Is(err, fs.ErrNotExist) {
		err = fmt.Errorf("%w (a value that starts with @ itself is written @@)", err)
	}
	return strings.TrimSuffix(string(b), "\n"), err
}

// jsonArguments reads a tool's arguments that are given as one JSON object.
func jsonArguments(text string) (json.RawMessage, error) {
	var object map[string]json.RawMessage
	d := json.NewDecoder(strings.NewReader(text))
	err := d.Decode(&object)
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax):
		return nil, fmt.Errorf("the arguments are not JSON: character %d: %w", syntax.Offset, err)
	case err != nil:
		return nil, fmt.Errorf("the arguments are not JSON: %w", err)
	case len(bytes.TrimSpace([]byte(text[d.InputOffset():]))) > 0:
		return nil, errors.New("the arguments are more than one JSON object")
	}
	return json.RawMessage(text), nil
}
