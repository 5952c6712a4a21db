package tools

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const bytesFile = "testdata/bytes.tsv"

// TestBytes pins what each tool and each group takes of a list on the wire, so
// that growth is a reviewed change of a file.
func TestBytes(t *testing.T) {
	s, _ := newSandboxServer(t, Options{})
	var groups []string
	sizes, counts := map[string]int{}, map[string]int{}
	var lines strings.Builder
	total := 0
	for _, tool := range s.order {
		b, err := json.Marshal(published(tool))
		if err != nil {
			t.Fatal(err)
		}
		group := tool.Group
		if counts[group] == 0 {
			groups = append(groups, group)
		}
		sizes[group] += len(b)
		counts[group]++
		total += len(b)
		fmt.Fprintf(&lines, "%s\t%d\n", tool.Name, len(b))
	}
	for _, group := range groups {
		fmt.Fprintf(&lines, "group %s (%d)\t%d\n", group, counts[group], sizes[group])
	}
	fmt.Fprintf(&lines, "all (%d)\t%d\n", len(s.order), total)
	if *update {
		if err := os.WriteFile(bytesFile, []byte(lines.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(bytesFile)
	if err != nil {
		t.Fatalf("%v; go test ./tools -run TestBytes -update writes it", err)
	}
	if diff := cmp.Diff(string(want), lines.String()); diff != "" {
		t.Errorf("%s\ngo test ./tools -run TestBytes -update accepts it", diff)
	}
}
