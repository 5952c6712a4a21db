package cli

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/internal/settings"
)

// TestReadmeSettings keeps the tables of all settings true: they are the help's.
func TestReadmeSettings(t *testing.T) {
	const page, begin, end = "../../docs/settings.md", "<!-- settings:begin -->\n", "<!-- settings:end -->\n"
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), begin)
	tables, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		t.Fatalf("%s: no tables between %q and %q", page, begin, end)
	}
	want := settingsTables()
	switch {
	case *update:
		if err := os.WriteFile(page, []byte(before+begin+want+end+after), 0o600); err != nil {
			t.Fatal(err)
		}
	case tables != want:
		t.Errorf("the tables of settings are not true any more; run make docs\n%s", cmp.Diff(tables, want))
	}
}

// settingsTables has a table for each group of the help.
func settingsTables() string {
	var b strings.Builder
	for _, group := range settings.Groups() {
		fmt.Fprintf(&b, "\n## %s\n\n| flag | variable | what |\n| --- | --- | --- |\n", strings.ToUpper(group[:1])+group[1:])
		for _, o := range settings.Options() {
			if o.Group() != group {
				continue
			}
			flag := "`--" + strings.TrimSpace(o.Name+" "+o.Value) + "`"
			if o.NoFlag {
				flag = "-"
			}
			what := strings.ReplaceAll(o.Help, "|", `\|`)
			if o.Def != "" {
				what += " (default " + o.Def + ")"
			}
			fmt.Fprintf(&b, "| %s | `%s` | %s |\n", flag, o.Env(), what)
		}
	}
	return b.String() + "\n"
}
