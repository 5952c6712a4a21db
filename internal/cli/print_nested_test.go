package cli

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// TestNestedCells: a cell that holds things is as wide as a terminal bears, and says what is in it; others are whole.
func TestNestedCells(t *testing.T) {
	things := strings.Repeat(`{"id":"41","label":"CentOS 5.5 x64"},`, 5)
	for cell, want := range map[string]string{
		"plain " + strings.Repeat("x", 80):          "plain " + strings.Repeat("x", 80),
		`{"id":1}`:                                  `{"id":1}`,
		"[" + strings.TrimSuffix(things, ",") + "]": "5: CentOS 5.5 x64, CentOS 5.5 x64 ...",
		`{"ip_address":{"id":5008,"ip_address":"68.169.23.153","netmask":"255.255.255.0"}}`: "68.169.23.153 ...",
		"[" + things + "... and 3 more":                          `[{"id":"41","label":"CentOS 5.5 x64" ...`,
		`[{"id":"1","label":"` + strings.Repeat("世", 60) + `"}]`: strings.Repeat("世", 15) + " ...",
		`{"` + strings.Repeat("世", 25):                           `{"` + strings.Repeat("世", 17) + " ...",
		`{"a":{"b":[` + strings.Repeat("1,", 30) + `1]}}`:        "? ...",
	} {
		got, cut := shortenNested(cell)
		if got != want || cut != (got != cell) || cut && uniseg.StringWidth(got) > maxNested+4 {
			t.Errorf("%s: %q, want %q", cell, got, want)
		}
	}
	table := "id | all\n1 | [" + things + "{\"id\":2}]\n"
	if text := alignColumns(table); !strings.Contains(text, cutNote) || strings.Contains(alignColumns("id | all\n1 | x\n"), cutNote) {
		t.Errorf("%s", text)
	}
}
