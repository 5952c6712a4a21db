package cli

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"
)

// TestAligned: each column begins at one place on a terminal, whatever stands before it.
func TestAligned(t *testing.T) {
	text := "id | label | hostname\n1 | web | h.example.com\n2 | 日本語サーバ | h.example.com\n3 | e\u0301te\u0301 | h.example.com\n4 | a\tb | h.example.com\n5 | 👩‍💻 box | h.example.com\n6 | 🇩🇪 한국 | h.example.com"
	lines := strings.Split(alignColumns(text), "\n")
	if len(lines) != 7 {
		t.Fatalf("%d lines: %q", len(lines), lines)
	}
	for _, line := range lines[1:] {
		before, _, ok := strings.Cut(line, "h.example.com")
		if want := strings.Index(lines[0], "hostname"); !ok || uniseg.StringWidth(before) != want || strings.Contains(line, "\t") {
			t.Errorf("%q begins at %d, not %d", line, uniseg.StringWidth(before), want)
		}
	}
	if got := alignColumns("no table"); got != "no table" {
		t.Errorf("%q", got)
	}
	if got := alignColumns("a | b\n1 | 2\n"); got != "a  b\n1  2\n" {
		t.Errorf("%q", got)
	}
}
