package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

const goodLine = `{"begin":{"id":"%s","time":"2026-11-24T09:30:00Z","account":"a","caller":"ann","tool":"t","effects":["change"],"consent":"none"}}`

func TestScan(t *testing.T) {
	long := strings.Repeat("x", maxLine)
	for name, test := range map[string]struct {
		text      string
		afterTorn bool
		lines     []string
		torn      bool
	}{
		"nothing":                       {"", false, nil, false},
		"nothing after a torn line":     {"", true, nil, true},
		"its newline":                   {"\n", true, nil, false},
		"its newline and more":          {"\na\n", true, []string{"a"}, false},
		"more without its newline":      {"a\n", true, []string{"a"}, false},
		"lines":                         {"a\nb\n", false, []string{"a", "b"}, false},
		"blank lines":                   {"\n\na\n", false, []string{"", "", "a"}, false},
		"a torn line":                   {"a\nb", false, []string{"a", "b"}, true},
		"the longest line":              {long + "\na\n", false, []string{long, "a"}, false},
		"too long, and none but it":     {long + "yz\na\n", false, []string{long + "y", "a"}, false},
		"a torn line that is much long": {long + long + long, false, []string{long + "x"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, r := range []io.Reader{strings.NewReader(test.text), iotest.HalfReader(strings.NewReader(test.text))} {
				var lines []string
				n, torn, err := scanLines(r, test.afterTorn, func(l []byte) { lines = append(lines, string(l)) })
				if n != int64(len(test.text)) || torn != test.torn || err != nil || !slices.Equal(lines, test.lines) {
					t.Errorf("read %d of %d bytes, torn %v, error %v, %d lines", n, len(test.text), torn, err, len(lines))
				}
			}
		})
	}
}

// What a failing disk did not give is read the next time.
func TestScanStopsAtTheLineThatFails(t *testing.T) {
	broken := errors.New("input/output error")
	var lines []string
	n, torn, err := scanLines(io.MultiReader(strings.NewReader("a\nb\nhalf"), iotest.ErrReader(broken)), false,
		func(l []byte) { lines = append(lines, string(l)) })
	if n != 4 || torn || !errors.Is(err, broken) || !slices.Equal(lines, []string{"a", "b"}) {
		t.Errorf("read %d, torn %v, %v, %q", n, torn, err, lines)
	}
}

// Too big for the fuzzer to play with.
func TestHugeLines(t *testing.T) {
	l := newLedger()
	for _, text := range []string{
		`{"begin":{"id":"deep","account":"a","inverse":{"arguments":` + strings.Repeat("[", 20_000) + `}}}`,
		strings.Repeat("\x00", 5*maxLine),
		fmt.Sprintf(goodLine, "good"),
	} {
		if _, _, err := scanLines(strings.NewReader(text+"\n"), false, l.readLine); err != nil {
			t.Fatal(err)
		}
	}
	if len(l.entries) != 1 || l.byID["good"] == nil || !slices.Equal(l.bad, []int{1, 2}) {
		t.Errorf("%d entries, bad %v", len(l.entries), l.bad)
	}
}

func FuzzJournal(f *testing.F) {
	good := func(id string) []byte { return fmt.Appendf(nil, goodLine+"\n", id) }
	for _, junk := range []string{
		"", "\n", "{", "{}", "null", "[]", "\x00\x00\x00", "\xff", "\r\n", `"`, "# note", "\n\n\n",
		`{"begin":{"id":"x","time":"yesterday"}}`, `{"begin":{}}`, `{"begin":null,"end":{"id":"good1","time":"2026-11-24T09:30:00Z","result":"done"}}`,
		`{"end":{"id":"nothere"}}`, `{"use":{"key":"k","until":"9999-12-31T23:59:59Z"}}`, `{"begin":{"id":"good2","account":"b"}}`,
		string(good("good1")),
	} {
		f.Add([]byte(junk), []byte(junk), 7)
	}
	f.Fuzz(func(t *testing.T, before, between []byte, cut int) {
		text := slices.Concat(before, []byte("\n"), good("good1"), between, []byte("\n"), good("good2"))
		whole := newLedger()
		n, torn, err := scanLines(bytes.NewReader(text), false, whole.readLine)
		if n != int64(len(text)) || torn || err != nil {
			t.Fatalf("read %d of %d bytes, torn %v, %v", n, len(text), torn, err)
		}
		for _, id := range []string{"good1", "good2"} {
			if whole.byID[id] == nil {
				t.Errorf("%s was lost", id)
			}
		}
		// Read in two parts that meet at a line's end, it says the same.
		end := bytes.IndexByte(text[uint(cut)%uint(len(text)):], '\n') + int(uint(cut)%uint(len(text))) + 1
		parts := newLedger()
		for _, part := range [][]byte{text[:end], text[end:]} {
			if _, _, err := scanLines(bytes.NewReader(part), false, parts.readLine); err != nil {
				t.Fatal(err)
			}
		}
		if len(parts.entries) != len(whole.entries) || parts.lines != whole.lines || !slices.Equal(parts.bad, whole.bad) {
			t.Errorf("in parts: %d entries, %d lines, bad %v; whole: %d, %d, %v",
				len(parts.entries), parts.lines, parts.bad, len(whole.entries), whole.lines, whole.bad)
		}
	})
}
