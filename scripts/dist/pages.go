package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// pages are the files that go beside the program: README.md, and what its pages
// lead to.
var pages = []string{"LICENSE", "README.md", "CHANGELOG.md", "mcp.json.example", "docs/*.*", "deploy/*.*"}

// sourceOnly is what a page says to readers who have the source.
var sourceOnly = regexp.MustCompile(`(?s)<!-- source only -->\n.*?<!-- /source only -->\n\n?`)

// notRun says to the tests why a block of a page is not run.
var notRun = regexp.MustCompile(`(?m)^<!-- not run: .* -->\n\n?`)

// ofSource finds what only the source has.
var ofSource = regexp.MustCompile("scripts/|Makefile|Dockerfile|internal/|`make |go test|go run")

// title is a page's first heading.
var title = regexp.MustCompile(`^# .*\n`)

// packedPage is a page as it goes beside the program: without what is said to readers who have the source;
// of what is left of it, the page says where it is.
func packedPage(text []byte) []byte {
	text = notRun.ReplaceAll(sourceOnly.ReplaceAll(text, nil), nil)
	if !ofSource.Match(text) {
		return text
	}
	return title.ReplaceAll(text, []byte("$0\nScripts, tests and `make` are in the source, which is not in this archive.\n"))
}

// readPages reads the pages, in the order of their names.
func readPages() ([]file, error) {
	var files []file
	for _, pattern := range pages {
		names, err := filepath.Glob(pattern)
		if err != nil {
			return nil, err
		}
		if len(names) == 0 {
			return nil, fmt.Errorf("there is no %s", pattern)
		}
		for _, name := range names {
			info, err := os.Stat(name)
			if err != nil {
				return nil, err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return nil, err
			}
			if filepath.Ext(name) == ".md" {
				text = packedPage(text)
			}
			files = append(files, file{filepath.ToSlash(name), text, 0o644 | info.Mode()&0o111}) // a script stays one
		}
	}
	return files, nil
}
