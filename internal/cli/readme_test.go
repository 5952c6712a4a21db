package cli

import (
	"bytes"
	"flag"
	"fmt"
	"os"
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
	server, err := settings.Catalog(&settings.Settings{SandboxNewer: true})
	if err != nil {
		t.Fatal(err)
	}
	inferred := 0
	for _, e := range server.Entries() {
		if e.Evidence == vpsapi.Inferred {
			inferred++
		}
	}
	if count := fmt.Sprintf("%d of the %d are", inferred, len(vpsapi.Operations())); !strings.Contains(before, count) {
		t.Errorf("%s does not say that %s inferred", toolsPage, count)
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
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", e.Name, strings.ReplaceAll(e.Doc, "|", `\|`), e.Safety, evidenceWord(e))
	}
	return b.String() + "\n"
}
