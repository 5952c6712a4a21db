package decode_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"vpsnet-mcp/internal/decode"
)

// TestText: every form that an editor or a shell writes is read as the same
// text; what is not a text of a known encoding is refused with its place.
func TestText(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		problem        string // of the error; empty for none
	}{
		{"nothing", "", "", ""},
		{"UTF-8", "a é 日 🙂\n", "a é 日 🙂\n", ""},
		{"UTF-8 with a mark", "\xef\xbb\xbfa: 1\r\nb: 2\r\n", "a: 1\nb: 2\n", ""},
		{"a mark alone", "\xef\xbb\xbf", "", ""},
		{"UTF-16, little end first", "\xff\xfea\x00\xe9\x00=\xd8B\xde\r\x00\n\x00", "aé🙂\n", ""},
		{"UTF-16, big end first", "\xfe\xff\x00a\x00\xe9\xd8=\xdeB\x00\r\x00\n", "aé🙂\n", ""},
		{"a mark of UTF-16 alone", "\xff\xfe", "", ""},
		{"a carriage return inside a line", "a\rb\n", "a\rb\n", ""},
		{"a mark within", "a\ufeffb", "a\ufeffb", ""},
		{"Latin-1", "one\ncaf\xe9\n", "", "line 2, byte 4: the byte 0xE9 is not UTF-8"},
		{"Latin-1 after a mark", "\xef\xbb\xbfcaf\xe9\n", "", "line 1, byte 4: the byte 0xE9"},
		{"cut within a character", "a\xe6\x97", "", "line 1, byte 2: the byte 0xE6"},
		{"UTF-16 without a mark", "a\x00b\x00", "", "line 1, byte 2: a NUL"},
		{"UTF-32", "\xff\xfe\x00\x00a\x00\x00\x00", "", "a NUL"},
		{"half a character", "\xff\xfea\x00=\xd8", "", "line 1, byte 2: half a character"},
		{"the second half first", "\xff\xfeB\xde=\xd8", "", "half a character"},
		{"an odd byte", "\xff\xfea\x00b", "", "ends in the middle"},
		{"a surrogate in UTF-8", "\xed\xa0\x80", "", "the byte 0xED"},
	} {
		got, err := decode.Text([]byte(c.in))
		var e *decode.Error
		if string(got) != c.want || (err != nil) != (c.problem != "") || (err != nil && (!errors.As(err, &e) || !strings.Contains(err.Error(), c.problem))) {
			t.Errorf("%s: %q, %v", c.name, got, err)
		}
	}
}

// TestFile: the error names the file, and a file that is not there stays so.
func TestFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.zone")
	if _, err := decode.File(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(path, []byte("caf\xe9"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := decode.File(path); err == nil || !strings.Contains(err.Error(), path+": line 1, byte 4") {
		t.Error(err)
	}
	if _, err := decode.Read(strings.NewReader("12345"), "stdin", 4); err == nil || err.Error() != "stdin: more than 4 bytes" {
		t.Error(err)
	}
	if b, err := decode.Read(strings.NewReader("\xef\xbb\xbf1234"), "stdin", 7); err != nil || string(b) != "1234" {
		t.Error(string(b), err)
	}
}

// FuzzText holds that what is read is UTF-8 without NUL or a mark, that reading
// it again changes nothing more than a second mark or line end, and that plain
// UTF-8 is told apart from what would be read as other characters.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "a\r\nb", "\xef\xbb\xbfa", "\xff\xfea\x00", "\xfe\xff\x00a", "caf\xe9", "\xff\xfe\x3d\xd8\x42\xde", "a\x00"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		kept := bytes.Clone(b)
		got, err := decode.Text(b)
		if !bytes.Equal(b, kept) {
			t.Fatal("the input was written to")
		}
		if err != nil {
			if got != nil || (utf8.Valid(b) && !bytes.Contains(b, []byte{0})) {
				t.Fatalf("%q: %q, %v", b, got, err)
			}
			return
		}
		if !utf8.Valid(got) || bytes.Contains(got, []byte{0}) {
			t.Fatalf("%q was read as %q", b, got)
		}
	})
}
