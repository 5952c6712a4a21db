package find

import (
	"os"
	"strings"
	"testing"
)

// TestPhrasesHoldNoQuery finds a practice query that went into the table of
// phrases whole, which would be to learn it by heart.
func TestPhrasesHoldNoQuery(t *testing.T) {
	tables := " " + strings.NewReplacer(",", " ,", ":", " : ", "\n", " , ").Replace(phraseTable) + " "
	text, err := os.ReadFile("../testdata/queries/practice.tsv")
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
