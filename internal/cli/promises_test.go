package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	testInPage = regexp.MustCompile("`(?:[a-z]+\\.)?((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)")
	testInCode = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Z]\w*)\(`)
)

// TestNamedTestsExist: every test that a page names is one, and each promise of
// docs/consent.md names one.
func TestNamedTestsExist(t *testing.T) {
	tests := map[string]bool{}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range testInCode.FindAllSubmatch(text, -1) {
			tests[string(m[1])] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	promises := 0
	for _, page := range docPages(t) {
		for line := range strings.Lines(page.text) {
			named := testInPage.FindAllStringSubmatch(line, -1)
			for _, m := range named {
				if !tests[m[1]] {
					t.Errorf("%s names %s, and there is no such test", page.name, m[1])
				}
			}
			if page.name == "docs/consent.md" && regexp.MustCompile(`^\| \d+ \|`).MatchString(line) {
				promises++
				if len(named) == 0 {
					t.Errorf("%s: no test holds it: %s", page.name, line)
				}
			}
		}
	}
	if promises != 13 {
		t.Errorf("docs/consent.md has %d promises with tests, not 13", promises)
	}
}
