package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestEveryNameIsDocumented holds that each name of package level has a comment, exported or not: a newcomer reads
// the code by its names. A constant or variable may share the comment of its group, or have one at the line's end.
func TestEveryNameIsDocumented(t *testing.T) {
	names := 0
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() && isWithoutDocs(name) {
			return skipOr(err)
		}
		if entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, filepath.Join("../..", name), nil, parser.ParseComments)
		if err != nil {
			return err
		}
		for _, d := range file.Decls {
			names++
			for _, id := range undocumented(d) {
				t.Errorf("%s:%d: %s has no comment: say in a sentence what it is or does", name, files.Position(id.Pos()).Line, id.Name)
			}
		}
		return nil
	})
	if err != nil || names < 3000 {
		t.Fatalf("%d declarations, %v", names, err)
	}
}

// skipOr ends a walk with its error, or leaves a folder out.
func skipOr(err error) error {
	if err != nil {
		return err
	}
	return fs.SkipDir
}

// isWithoutDocs reports a folder of test data, measurements or tests alone.
func isWithoutDocs(dir string) bool {
	base := filepath.Base(dir)
	return base == "testdata" || base == "fixtures" || dir == "bench" || len(base) > 1 && strings.HasPrefix(base, ".")
}

// undocumented lists the names of a declaration that has no comment.
func undocumented(d ast.Decl) []*ast.Ident {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.Name != "main" && d.Name.Name != "init" {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, s := range d.Specs {
			switch s := s.(type) {
			case *ast.TypeSpec:
				if d.Doc == nil && s.Doc == nil && s.Comment == nil {
					names = append(names, s.Name)
				}
			case *ast.ValueSpec:
				if d.Doc == nil && s.Doc == nil && s.Comment == nil && s.Names[0].Name != "_" {
					names = append(names, s.Names...)
				}
			}
		}
		return names
	}
	return nil
}
