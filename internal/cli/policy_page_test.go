package cli

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/settings"
)

// pageTable returns the rows of the table of docs/policy.md under the mark "keys: NAME", without its head.
func pageTable(t *testing.T, page, name string) (rows [][]string) {
	t.Helper()
	_, after, found := strings.Cut(page, "<!-- keys: "+name+" -->\n")
	if !found {
		t.Fatalf("docs/policy.md has no table of %s", name)
	}
	for line := range strings.Lines(after) {
		if !strings.HasPrefix(line, "|") {
			break
		}
		var cells []string
		for _, cell := range strings.Split(strings.Trim(strings.TrimSpace(line), "|"), " | ") {
			cells = append(cells, strings.TrimSpace(cell))
		}
		rows = append(rows, cells)
	}
	return rows[2:]
}

// quoted are the words of a cell that stand as code.
func quoted(cell string) (words []string) {
	for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(cell, -1) {
		words = append(words, m[1])
	}
	return words
}

// TestPolicyPage: the page names each key that the parser knows and no other, each of its
// examples is read, and its words for effects and scopes are those that are taken.
func TestPolicyPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/policy.md")
	if err != nil {
		t.Fatal(err)
	}
	page := strings.ReplaceAll(string(text), "\r\n", "\n")
	read := func(text string) {
		t.Helper()
		if _, err := policy.Parse([]byte(text), settings.PolicyNames()); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	for name, of := range map[string]struct {
		is    any
		frame string // the file around an example, which stands for EXAMPLE
	}{
		"rules": {policy.Rule{}, "rules: [{action: ask, EXAMPLE}]"}, "hours": {policy.Hours{}, "rules: [{action: ask, EXAMPLE}]"},
		"limit": {policy.Limit{}, "rules: [{action: ask, EXAMPLE}]"}, "protect": {policy.Target{}, "protect: [{EXAMPLE}]"},
	} {
		var known, named []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(of.is)) {
			if f.IsExported() {
				known = append(known, f.Tag.Get("yaml"))
			}
		}
		for _, row := range pageTable(t, page, name) {
			named = append(named, quoted(row[0])...)
			for _, example := range quoted(row[2]) {
				frame := of.frame
				if strings.HasPrefix(example, "action:") {
					frame = "rules: [{EXAMPLE}]"
				}
				read(strings.ReplaceAll(frame, "EXAMPLE", example))
			}
		}
		slices.Sort(known)
		slices.Sort(named)
		if diff := cmp.Diff(known, named); diff != "" {
			t.Errorf("%s (-known +named):\n%s", name, diff)
		}
	}
	for _, row := range pageTable(t, page, "action") {
		read("rules: [{action: " + quoted(row[0])[0] + ", groups: [dns]}]")
	}
	var scopes []string
	for _, row := range pageTable(t, page, "effects") {
		scopes = append(scopes, quoted(row[1])...)
		for _, effect := range quoted(row[0]) {
			read("rules: [{action: deny, effects: [" + effect + "]}]")
		}
	}
	if err := host.CheckScopes(scopes); err != nil || len(scopes) != 5 {
		t.Errorf("%q: %v", scopes, err)
	}
}
