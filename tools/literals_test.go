package tools_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

// literalsWhy are the files that may name a function by a literal, and why.
var literalsWhy = map[string]string{
	"internal/cli/cli.go":          "examples of help, to be typed as they stand",
	"internal/cli/call.go":         "examples of help, to be typed as they stand",
	"internal/settings/options.go": "an example of an option's value",
	"internal/settings/config.go":  "an example of a config file",
}

// TestNoLiteralNamesAFunction: a function is named by its Op, so that a name has one
// place, and one that goes does not compile. Struct tags and descriptions are documentation.
func TestNoLiteralNamesAFunction(t *testing.T) {
	t.Parallel()
	var names []string
	for _, op := range vpsapi.Operations() {
		names = append(names, op.Info().Name)
	}
	for _, g := range vpsapi.All() {
		for _, op := range g.Operations {
			names = append(names, op.Info().Name)
		}
	}
	named := regexp.MustCompile(`(^|[^\w/])(` + strings.Join(names, "|") + `)([^\w/]|$)`)
	used := map[string]bool{}
	for _, root := range []string{"../tools", "../internal"} {
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			file := filepath.ToSlash(strings.TrimPrefix(path, ".."+string(filepath.Separator)))
			for _, text := range literalsOf(t, path) {
				if !named.MatchString(text) {
					continue
				}
				if literalsWhy[file] == "" {
					t.Errorf("%s: %q names a function: write its Op's Name", file, text)
				}
				used[file] = true
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for file := range literalsWhy {
		if !used[file] {
			t.Errorf("%s names no function by a literal any more: take it from literalsWhy", file)
		}
	}
}

// literalsOf are the string literals of a file, without struct tags and imports.
func literalsOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.Field:
			return n.Tag == nil
		case *ast.BasicLit:
			if text, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING {
				texts = append(texts, text)
			}
		}
		return true
	})
	return texts
}
