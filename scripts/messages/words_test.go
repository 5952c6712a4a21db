package main

import (
	"bufio"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// riddles are words to avoid, with what to say instead.
type riddles struct {
	names map[string]string
	texts []struct {
		literal string // what every match has: a pattern is slow, and most files have none
		pattern *regexp.Regexp
		instead string
	}
}

func readRiddles(t *testing.T) (r riddles) {
	t.Helper()
	file, err := os.Open("testdata/riddles.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	r.names = map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), "\t")
		switch {
		case lines.Text() == "" || strings.HasPrefix(lines.Text(), "#"):
		case len(fields) == 3 && fields[0] == "name":
			r.names[fields[1]] = fields[2]
		case len(fields) == 3 && fields[0] == "text":
			r.texts = append(r.texts, struct {
				literal string
				pattern *regexp.Regexp
				instead string
			}{literalOf(fields[1]), regexp.MustCompile(fields[1]), fields[2]})
		default:
			t.Errorf("riddles.txt: not a rule: %q", lines.Text())
		}
	}
	return r
}

// literalOf returns the longest part of a pattern that is text.
func literalOf(pattern string) (longest string) {
	for _, part := range notText.Split(pattern, -1) {
		if len(part) > len(longest) {
			longest = part
		}
	}
	return longest
}

var notText = regexp.MustCompile(`\([^)]*\)\??|\[[^]]*\]|\\.|.\?|[^A-Za-z' ]`)

// TestPlainWords: names, comments, messages and docs say it in words that a developer in any country reads once. The list grows by what
// readers stumbled over. CHANGELOG tells what messages were.
func TestPlainWords(t *testing.T) {
	avoid := readRiddles(t)
	read := 0
	err := fs.WalkDir(os.DirFS("../.."), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if base := filepath.Base(name); base == "testdata" || len(base) > 1 && strings.HasPrefix(base, ".") {
				return fs.SkipDir
			}
			return nil
		}
		ext := filepath.Ext(name)
		if ext != ".go" && ext != ".md" && ext != ".html" || filepath.Base(name) == "CHANGELOG.md" || name == "scripts/messages/words_test.go" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			return err
		}
		read++
		for _, fault := range avoid.check(name, string(text)) {
			t.Error(fault)
		}
		return nil
	})
	if err != nil || read < 300 {
		t.Fatalf("%d files were read: %v", read, err)
	}
}

// check returns what a file says that is on the list.
func (r riddles) check(name, text string) (faults []string) {
	for _, rule := range r.texts {
		if !strings.Contains(text, rule.literal) {
			continue
		}
		for _, at := range rule.pattern.FindAllStringIndex(text, -1) {
			line := 1 + strings.Count(text[:at[0]], "\n")
			faults = append(faults, name+":"+strconv.Itoa(line)+": "+text[at[0]:at[1]]+": say "+rule.instead)
		}
	}
	if filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
		return faults
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, text, parser.SkipObjectResolution)
	if err != nil {
		return append(faults, err.Error())
	}
	for _, id := range declared(file) {
		if instead, ok := r.names[id.Name]; ok {
			faults = append(faults, files.Position(id.Pos()).String()+": the name "+id.Name+": say "+instead)
		}
	}
	return faults
}

// declared lists a file's package-level names and methods.
func declared(file *ast.File) (ids []*ast.Ident) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			ids = append(ids, d.Name)
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					ids = append(ids, spec.Name)
				case *ast.ValueSpec:
					ids = append(ids, spec.Names...)
				}
			}
		}
	}
	return ids
}

// TestRiddlesAreFound: the list finds what it is for.
func TestRiddlesAreFound(t *testing.T) {
	avoid := readRiddles(t)
	for text, want := range map[string]int{
		"package x\n\nfunc sworn() {}\n":                                             1,
		"package x\n\ntype t struct{}\n\nfunc (t) addressed() {}\n":                  1,
		"package x\n\nconst deepest = 1\n":                                           1,
		"package x\n\nvar _ = \"settings: all as they come\"\n":                      1,
		"package x\n\n// x: \"%s is no read\"\nfunc x() {}\n":                        1,
		"package x\n\nvar _ = \"%s is none of stdio, sse\"\n":                        1,
		"package x\n\n// checkOrigin refuses a request that is not for this host.\n": 0,
	} {
		if got := avoid.check("x.go", text); len(got) != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
