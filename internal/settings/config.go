package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"vpsnet-mcp/internal/decode"
	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// maxConfig bounds a config file's bytes.
const maxConfig = 1 << 20

// readConfig reads a config file into the settings. Each key is an option's name
// with _ for - (the dash is taken too), or routes; any other is an error that
// names the line.
func readConfig(s *Settings, path string, required bool) error {
	if path == "" {
		return nil
	}
	text, err := files.ReadTrusted(path)
	var encoding *decode.Error
	switch {
	case (errors.Is(err, fs.ErrNotExist) || errors.Is(err, syscall.ENOTDIR)) && !required:
		return nil
	case errors.As(err, &encoding):
		return fmt.Errorf("config %w", err)
	case err != nil:
		return fmt.Errorf("config: %w", err)
	case len(text) > maxConfig:
		return fmt.Errorf("config %s: larger than %d bytes", path, maxConfig)
	}
	return readConfigText(s, path, text)
}

// readConfigText reads the settings from the text of a config file.
func readConfigText(s *Settings, path string, text []byte) (err error) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			err = fmt.Errorf("config %s: the text cannot be read as YAML", path)
		}
	}()
	text, err = decode.NamedText("config "+path, text)
	if err != nil {
		return err
	}
	file, err := parser.ParseBytes(text, 0)
	if err != nil {
		return fmt.Errorf("config %s: %s", path, yaml.FormatError(err, false, true))
	}
	s.File = path
	reader := configReader{s: s, path: path, seen: map[string]int{}}
	for _, doc := range file.Docs {
		if err := reader.document(doc.Body); err != nil {
			return err
		}
	}
	return nil
}

// configReader reads one config file.
type configReader struct {
	s    *Settings
	path string
	seen map[string]int // line of each key
}

// document reads the file's top level.
func (r *configReader) document(body ast.Node) error {
	switch body := body.(type) {
	case nil, *ast.NullNode, *ast.CommentGroupNode:
		return nil
	case *ast.MappingNode:
		for _, pair := range body.Values {
			if err := r.entry(pair); err != nil {
				return err
			}
		}
		return nil
	default:
		return r.fault(body.GetToken(), "name and value are expected, such as read_only: true")
	}
}

// entry reads one key with its value.
func (r *configReader) entry(pair *ast.MappingValueNode) error {
	at := pair.Key.GetToken()
	key := strings.ReplaceAll(at.Value, "-", "_")
	if line, twice := r.seen[key]; twice {
		return r.fault(at, "%s is set twice, here and at line %d", key, line)
	}
	r.seen[key] = at.Position.Line
	if key == "routes" {
		return r.routes(pair.Value)
	}
	o, err := fileOption(key)
	if err != nil {
		return r.fault(at, "%v", err)
	}
	separator := ","
	if o.Many {
		separator = Separator
	}
	value, err := scalarText(pair.Value, separator)
	if err != nil {
		return r.fault(at, "%s: %v", key, err)
	}
	if o.Path && value != o.word {
		if value = homePath(value); !filepath.IsAbs(value) {
			value = filepath.Join(filepath.Dir(r.path), value)
		}
	}
	if err := o.apply(r.s, value, FromFile); err != nil {
		return r.fault(at, "%s: %v", key, err)
	}
	return nil
}

// routes reads corrected routes. NewClient checks them.
func (r *configReader) routes(node ast.Node) error {
	pairs, ok := node.(*ast.MappingNode)
	if !ok {
		return r.fault(node.GetToken(), `routes: function and route are expected, such as reassign_ip: "POST /ips/{ip_id}/reassign"`)
	}
	r.s.Routes = map[string]string{}
	for _, pair := range pairs.Values {
		route, err := scalarText(pair.Value, ",")
		if err != nil {
			return r.fault(pair.Key.GetToken(), "routes: %s: %v", pair.Key.GetToken().Value, err)
		}
		name := pair.Key.GetToken().Value
		if _, ok := vpsapi.Find(name); !ok {
			return r.fault(pair.Key.GetToken(), "routes: %s is not a function of the API", vpsapi.Quote(name))
		}
		r.s.Routes[name] = route
	}
	return nil
}

// fault returns an error with the file and the line.
func (r *configReader) fault(at *token.Token, format string, args ...any) error {
	return fmt.Errorf("config %s:%d: %s", r.path, at.Position.Line, fmt.Sprintf(format, args...))
}

// fileOption finds the option of a key.
func fileOption(key string) (Option, error) {
	var known []string
	for _, o := range Options() {
		switch {
		case o.key() == key && !o.noFile:
			return o, nil
		case o.key() == key && key == "api_key":
			return Option{}, errors.New("api_key: the key itself does not belong in a config file; put it into a file of its own and name that with api_key_file")
		case !o.noFile:
			known = append(known, o.key())
		}
	}
	known = append(known, "routes")
	hint := words.Suggest(key, known)
	if hint == "" {
		hint = "; known are " + strings.Join(known, ", ")
	}
	return Option{}, fmt.Errorf("unknown key %s%s", vpsapi.Quote(key), hint)
}

// scalarText gives a value's text; a list of plain values has the separator between them.
func scalarText(node ast.Node, separator string) (string, error) {
	switch n := node.(type) {
	case *ast.StringNode:
		return n.Value, nil
	case *ast.LiteralNode:
		return strings.TrimSpace(n.Value.Value), nil
	case *ast.BoolNode, *ast.IntegerNode, *ast.FloatNode:
		return n.GetToken().Value, nil
	case *ast.SequenceNode:
		var parts []string
		for _, element := range n.Values {
			part, err := scalarText(element, separator)
			if err != nil {
				return "", err
			}
			parts = append(parts, part)
		}
		return strings.Join(parts, separator), nil
	case *ast.NullNode:
		return "", errors.New("it has no value")
	default:
		return "", errors.New("a plain value or a list of plain values is expected")
	}
}
