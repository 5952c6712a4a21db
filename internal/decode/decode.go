// Package decode reads the texts that come from outside: files of any editor, and
// what a shell hands in. Everything behind it sees UTF-8 with plain line ends.
package decode

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"unicode/utf16"
	"unicode/utf8"
)

// Error is a text that is in no encoding that is read.
type Error struct {
	Line, Byte int    // both from 1; Byte is counted within the line
	Problem    string // such as "the byte 0xE9 is not UTF-8"
}

// Error implements error.
func (e *Error) Error() string {
	return fmt.Sprintf("line %d, byte %d: %s; save the text as UTF-8", e.Line, e.Byte, e.Problem)
}

// File reads a text file. The error of one that cannot be decoded names it, and
// wraps an *Error.
func File(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return NamedText(path, b)
}

// Read reads a text to its end, at most a number of bytes; name is for the error.
func Read(r io.Reader, name string, most int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, most+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	case int64(len(b)) > most:
		return nil, fmt.Errorf("%s: more than %d bytes", name, most)
	}
	return NamedText(name, b)
}

// NamedText is Text with an error that says whose text it is.
func NamedText(name string, b []byte) ([]byte, error) {
	decoded, err := Text(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return decoded, nil
}

// Text gives a text as UTF-8 without a byte order mark, its lines ended by \n
// alone. It takes UTF-8 with and without the mark, and UTF-16 with it, as Windows
// PowerShell's > writes. Anything else is an *Error: bytes of another encoding
// would become other characters without a word.
func Text(b []byte) ([]byte, error) {
	switch {
	case bytes.HasPrefix(b, []byte("\xef\xbb\xbf")):
		b = b[3:]
	case bytes.HasPrefix(b, []byte("\xff\xfe")):
		return fromUTF16(b[2:], binary.LittleEndian)
	case bytes.HasPrefix(b, []byte("\xfe\xff")):
		return fromUTF16(b[2:], binary.BigEndian)
	}
	for at := 0; at < len(b); {
		r, size := utf8.DecodeRune(b[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			return nil, errorAt(b, at, fmt.Sprintf("the byte 0x%02X is not UTF-8", b[at]))
		case r == 0:
			return nil, errorAt(b, at, "a NUL character, as in UTF-16 without a byte order mark")
		}
		at += size
	}
	return normalizeNewlines(b), nil
}

// fromUTF16 returns UTF-16 text as UTF-8; its errors say where the text is broken.
func fromUTF16(b []byte, order binary.ByteOrder) ([]byte, error) {
	if len(b)%2 != 0 {
		return nil, &Error{1, len(b) + 2, "UTF-16 that ends in the middle of a character"}
	}
	var out []byte
	for at := 0; at < len(b); at += 2 {
		r := rune(order.Uint16(b[at:]))
		if utf16.IsSurrogate(r) {
			second := rune(0)
			if at+4 <= len(b) {
				second = rune(order.Uint16(b[at+2:]))
			}
			if r = utf16.DecodeRune(r, second); r == utf8.RuneError {
				return nil, errorAt(out, len(out), "half a character of UTF-16")
			}
			at += 2
		}
		if r == 0 {
			return nil, errorAt(out, len(out), "a NUL character")
		}
		out = utf8.AppendRune(out, r)
	}
	return normalizeNewlines(out), nil
}

// normalizeNewlines returns a text with every line end as \n.
func normalizeNewlines(b []byte) []byte { return bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n")) }

// errorAt returns an error at a byte of a text.
func errorAt(b []byte, at int, problem string) error {
	before := b[:at]
	return &Error{bytes.Count(before, []byte("\n")) + 1, at - bytes.LastIndexByte(before, '\n'), problem}
}
