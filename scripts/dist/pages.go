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
				text = sourceOnly.ReplaceAll(text, nil)
			}
			files = append(files, file{filepath.ToSlash(name), text, 0o644 | info.Mode()&0o111}) // a script stays one
		}
	}
	return files, nil
}
