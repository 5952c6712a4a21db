package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

var update = flag.Bool("update", false, "write the table of tools in docs/tools.md anew")

const (
	toolsPage  = "../../docs/tools.md"
	tableBegin = "<!-- tools:begin -->\n"
	tableEnd   = "<!-- tools:end -->\n"
)

// TestReadme keeps the table of tools true, and holds that every setting is told of.
func TestReadme(t *testing.T) {
	server, err := settings.Catalog(&settings.Settings{SandboxNewer: true})
	if err != nil {
		t.Fatal(err)
	}
	pages := ""
	for _, page := range docPages(t) {
		pages += page.text
	}
	for _, o := range settings.Options() {
		if !o.NoFlag && !strings.Contains(pages, "--"+o.Name) {
			t.Errorf("no page tells of --%s", o.Name)
		}
		if !strings.Contains(pages, o.Env()) {
			t.Errorf("no page tells of %s", o.Env())
		}
	}
	checkCounts(t, server.Entries())
	text, err := os.ReadFile(toolsPage)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	before, rest, ok := strings.Cut(string(text), tableBegin)
	table, after, ok2 := strings.Cut(rest, tableEnd)
	if !ok || !ok2 {
		t.Fatalf("%s: no table between %q and %q", toolsPage, tableBegin, tableEnd)
	}
	want := readmeTable(server.Entries())
	switch {
	case *update:
		if err := os.WriteFile(toolsPage, []byte(before+tableBegin+want+tableEnd+after), 0o600); err != nil {
			t.Fatal(err)
		}
	case table != want:
		t.Errorf("the table of tools is not true any more; run go test ./internal/cli -run TestReadme -update\n%s", cmp.Diff(table, want))
	}
}

// counted are the places where a page tells how many functions there are.
var counted = []struct {
	page string
	text *regexp.Regexp
	says func(inferred, all int) string
}{
	{"../../README.md", regexp.MustCompile(`all \d+ functions`), func(_, all int) string { return fmt.Sprintf("all %d functions", all) }},
	{"../../README.md", regexp.MustCompile(`\d+ of the \d+ routes`), func(inferred, all int) string { return fmt.Sprintf("%d of the %d routes", inferred, all) }},
	{toolsPage, regexp.MustCompile(`\d+ of the \d+ are`), func(inferred, all int) string { return fmt.Sprintf("%d of the %d are", inferred, all) }},
}

// checkCounts holds that the pages count as the catalogue does.
func checkCounts(t *testing.T, entries []tools.Entry) {
	t.Helper()
	inferred := 0
	for _, e := range entries {
		if e.Evidence == vpsapi.Inferred {
			inferred++
		}
	}
	for _, c := range counted {
		text, err := os.ReadFile(c.page)
		if err != nil {
			t.Fatal(err)
		}
		want := c.says(inferred, len(vpsapi.Operations()))
		switch found := c.text.Find(text); {
		case found == nil:
			t.Errorf("%s has no place for %q", c.page, want)
		case string(found) == want:
		case *update:
			if err := os.WriteFile(c.page, c.text.ReplaceAll(text, []byte(want)), 0o600); err != nil {
				t.Fatal(err)
			}
		default:
			t.Errorf("%s says %q, and it is %q; run make docs", c.page, found, want)
		}
	}
}

// readmeTable is the table of tools, one for each group.
func readmeTable(entries []tools.Entry) string {
	titles := map[string]string{}
	for _, g := range vpsapi.All() {
		titles[g.Name] = g.Title
	}
	var b strings.Builder
	group := ""
	for _, e := range entries {
		if e.Group != group {
			group = e.Group
			title := titles[group]
			if title == "" {
				title = group
			}
			fmt.Fprintf(&b, "\n**%s** (toolset `%s`)\n\n| tool | what it does | safety | evidence |\n| --- | --- | --- | --- |\n", title, group)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", e.Name, strings.ReplaceAll(e.Doc, "|", `\|`), e.Safety, evidenceName(e))
	}
	return b.String() + "\n"
}
