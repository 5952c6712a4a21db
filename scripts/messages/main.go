// messages lists every text that a person or a model may be shown, by room, with its file and line: string literals of more than one word in
// Go files, those of pages without their tags. It is for reading: tests, patterns and what the sandbox makes up are left out.
package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// message is a text and where it stands.
type message struct {
	room string // the folder
	file string
	line int
	text string
}

func main() {
	list, err := messages(os.DirFS("."))
	if err != nil {
		fmt.Fprintln(os.Stderr, "messages:", err)
		os.Exit(1)
	}
	room := ""
	for _, m := range list {
		if m.room != room {
			room = m.room
			fmt.Fprintf(os.Stdout, "\n## %s\n", room)
		}
		fmt.Fprintf(os.Stdout, "%s:%d\t%s\n", m.file, m.line, m.text)
	}
}

// messages reads all messages under root, sorted by room, file and line.
func messages(root fs.FS) ([]message, error) {
	var list []message
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if isSkipped(name) {
				return fs.SkipDir
			}
			return nil
		}
		text, err := readSource(root, name)
		if err != nil || text == nil {
			return err
		}
		found, err := literals(name, text)
		list = append(list, found...)
		return err
	})
	slices.SortStableFunc(list, func(a, b message) int {
		return cmp.Or(cmp.Compare(a.room, b.room), cmp.Compare(a.file, b.file), cmp.Compare(a.line, b.line))
	})
	return list, err
}

// isSkipped reports a folder without messages.
func isSkipped(dir string) bool {
	base := filepath.Base(dir)
	return base == "testdata" || base == "bench" || base == "scripts" || dir == "internal/host/fixtures" || dir == "internal/soak" ||
		len(base) > 1 && strings.HasPrefix(base, ".")
}

// readSource reads a file that holds messages; nil for any other.
func readSource(root fs.FS, name string) ([]byte, error) {
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "sandbox/") {
		return nil, nil
	}
	return fs.ReadFile(root, name)
}

// literals lists the texts of a Go file. Parts that are joined by + are one text, with {} for what is not a literal.
func literals(name string, text []byte) ([]message, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, fmt.Errorf("parse %s: %w", name, err)
	}
	var list []message
	add := func(at token.Pos, text string) {
		if filepath.Base(filepath.Dir(name)) == "pages" {
			text = tags.ReplaceAllString(text, " ")
		}
		if text = strings.Join(strings.Fields(text), " "); isMessage(text) {
			list = append(list, message{filepath.Dir(name), name, files.Position(at).Line, text})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			return !isPattern(n)
		case *ast.Field:
			if n.Tag != nil {
				add(n.Tag.Pos(), tagTexts(n.Tag.Value))
			}
			return n.Tag == nil
		case *ast.BinaryExpr, *ast.BasicLit:
			add(n.Pos(), joined(n.(ast.Expr)))
			_, isLiteral := n.(*ast.BasicLit)
			return !isLiteral && joined(n.(ast.Expr)) == ""
		}
		return true
	})
	return list, nil
}

// isPattern reports the making of a regular expression.
func isPattern(call *ast.CallExpr) bool {
	function, ok := call.Fun.(*ast.SelectorExpr)
	return ok && strings.Contains(function.Sel.Name, "Compile")
}

// tagTexts returns what a field's tag tells a model.
func tagTexts(tag string) string {
	text, _ := strconv.Unquote(tag)
	var parts []string
	for _, found := range described.FindAllStringSubmatch(text, -1) {
		parts = append(parts, found[1])
	}
	return strings.Join(parts, " ")
}

// described finds the descriptions in a field's tag.
var described = regexp.MustCompile(`(?:description=|jsonschema_description:")([^"]*)`)

// joined returns the text of a literal or a sum that has one; empty for any other expression.
func joined(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return text
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			left, right := joined(e.X), joined(e.Y)
			if left != "" || right != "" {
				return cmp.Or(left, "{}") + cmp.Or(right, "{}")
			}
		}
	}
	return ""
}

// isMessage reports a text with two words in a row.
func isMessage(text string) bool { return words.MatchString(text) }

var (
	// words finds two words in a row.
	words = regexp.MustCompile(`[A-Za-z',;:.)"] [A-Za-z("%]`)
	// tags finds the tags of a page.
	tags = regexp.MustCompile(`<[^>]*>`)
)
