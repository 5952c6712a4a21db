package tools

import (
	"bufio"
	"os"
	"slices"
	"strings"
	"testing"
)

// TestHeldOutQueries measures the ranker on queries that were written before it
// existed. They are not to be tuned on.
func TestHeldOutQueries(t *testing.T) {
	s, _ := newSandboxServer(t, Options{})
	f := newFinder(s.catalog())
	file, err := os.Open("testdata/queries.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	total, first, three := 0, 0, 0
	var missed []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		query, want, ok := strings.Cut(lines.Text(), "\t")
		if !ok || strings.HasPrefix(query, "#") {
			continue
		}
		total++
		var names []string
		for _, tool := range f.find(query, 3) {
			names = append(names, tool.name)
		}
		switch at := slices.Index(names, want); {
		case at == 0:
			first, three = first+1, three+1
		case at > 0:
			three++
		default:
			missed = append(missed, query)
		}
	}
	t.Logf("%d queries: first %.1f %%, among three %.1f %%", total, percent(first, total), percent(three, total))
	if percent(first, total) < 85 || percent(three, total) < 97 {
		t.Errorf("of %d queries %d were first and %d among three; want 85 %% and 97 %%; missed: %q", total, first, three, missed)
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }
