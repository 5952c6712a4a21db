package tools

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// What the ranker owes, in per cent of the queries.
const (
	firstOfAll   = 85 // the right function first
	amongTheBest = 97 // the right function among the first three
)

// TestPracticeQueries measures the ranker on the queries that it was tuned on.
func TestPracticeQueries(t *testing.T) {
	t.Parallel()
	measure(t, "testdata/queries/practice.tsv")
}

// TestHeldOutQueries measures the ranker on queries that nobody tuned on. It
// runs only where VPSNET_HELD_OUT is set: each run tells something of the
// queries to whoever tunes next, so that runs are counted and few.
func TestHeldOutQueries(t *testing.T) {
	if os.Getenv("VPSNET_HELD_OUT") == "" {
		t.Skip("each run is one to be counted; set VPSNET_HELD_OUT=1")
	}
	for _, file := range []string{"heldout.tsv", "heldout2.tsv", "heldout3.tsv", "heldout4.tsv"} {
		t.Run(file, func(t *testing.T) { measure(t, "testdata/queries/"+file) })
	}
}

// TestWordsHoldNoQuery finds a practice query that went into a function's
// words whole, which would be to learn it by heart.
func TestWordsHoldNoQuery(t *testing.T) {
	var told []string
	for _, r := range catalog.Rows() {
		told = append(told, r.Search)
	}
	tables := " " + strings.NewReplacer(",", " ,", ":", " : ", "\n", " , ").Replace(strings.Join(told, " , ")) + " "
	text, err := os.ReadFile("testdata/queries/practice.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		query, _, ok := strings.Cut(line, "\t")
		if ok && strings.Contains(query, " ") && strings.Contains(tables, " "+query+" ") {
			t.Errorf("%q stands in the tables as a whole", query)
		}
	}
}

// measure finds the function for each query of a file: a query, a tab, and the
// function that is right, one a line. Lines with # are comments.
func measure(t *testing.T, path string) {
	t.Helper()
	s, _ := newSandboxServer(t, Options{})
	all := s.catalog()
	f := newFinder(all)
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	total, first, three := 0, 0, 0
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		query, want, ok := strings.Cut(lines.Text(), "\t")
		if strings.HasPrefix(query, "#") || lines.Text() == "" {
			continue
		}
		if !ok || !slices.ContainsFunc(all, func(t *offer.Tool) bool { return t.Name == want }) {
			t.Fatalf("%s: %q names no function", path, lines.Text())
		}
		names := f.Find(query, 3, func(string) bool { return true })
		total++
		at := slices.Index(names, want)
		if at == 0 {
			first++
		}
		if at >= 0 {
			three++
		}
	}
	if err := lines.Err(); err != nil || total == 0 {
		t.Fatalf("%s: %d queries, %v", path, total, err)
	}
	t.Logf("%s: %d queries: first %.1f %%, among three %.1f %%", path, total, percent(first, total), percent(three, total))
	if percent(first, total) < firstOfAll || percent(three, total) < amongTheBest {
		t.Errorf("%s: of %d queries %d were first and %d among three; want %d %% and %d %%", path, total, first, three, firstOfAll, amongTheBest)
	}
}

func percent(n, of int) float64 { return 100 * float64(n) / float64(of) }

// TestFindKeepsToWhatIsOffered asks for changes where only reads are offered,
// by the server or to the caller.
func TestFindKeepsToWhatIsOffered(t *testing.T) {
	t.Parallel()
	reads, _ := newSandboxServer(t, Options{Surface: SurfaceSearch, ReadOnly: true})
	whole, _ := newSandboxServer(t, Options{Surface: SurfaceSearch})
	reader := whole.caller(context.Background())
	reader.Allows = func(safety vpsapi.Safety) bool { return safety == vpsapi.Reads }
	for name, found := range map[string]answer.Answer{
		"server": reads.Call(context.Background(), "find_functions", json.RawMessage(`{"query":"delete a domain"}`)),
		"caller": whole.Call(WithCaller(context.Background(), reader), "find_functions", json.RawMessage(`{"query":"delete a domain"}`)),
	} {
		if !strings.Contains(found.Text, "get_domain (read)") || strings.Contains(found.Text, "delete_domain (") {
			t.Errorf("%s that only reads found %s", name, found.Text)
		}
	}
}
