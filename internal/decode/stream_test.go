package decode_test

import (
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"vpsnet-mcp/internal/decode"
)

// TestStream: UTF-16 of either order comes out as UTF-8, however it comes in pieces;
// what is not a character is none of UTF-8; anything else stays as it is.
func TestStream(t *testing.T) {
	const text = "a é 😀 \u2028\r\nb\n"
	wide := func(order binary.AppendByteOrder, text string) string {
		var b []byte
		for _, u := range utf16.Encode([]rune("\ufeff" + text)) {
			b = order.AppendUint16(b, u)
		}
		return string(b)
	}
	for in, want := range map[string]string{
		text: text, "\ufeff" + text: "\ufeff" + text, "": "", "\xff": "\xff", "caf\xe9": "caf\xe9",
		wide(binary.LittleEndian, text):            text,
		wide(binary.BigEndian, text):               text,
		wide(binary.LittleEndian, "a") + "b":       "a\xff",
		"\xfe\xff\xd8\x00\x00\n\x00b":              "\xff\nb",
		wide(binary.LittleEndian, "") + "\x00\xd8": "\xff",
	} {
		for _, r := range []io.Reader{strings.NewReader(in), iotest.OneByteReader(strings.NewReader(in)), iotest.DataErrReader(strings.NewReader(in))} {
			if got, err := io.ReadAll(decode.Stream(r)); err != nil || string(got) != want {
				t.Errorf("%q: %q, want %q: %v", in, got, want, err)
			}
		}
	}
}

// TestStreamWaitsForNothing: a line can be read before the next one comes.
func TestStreamWaitsForNothing(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	go func() { _, _ = w.Write([]byte("\xff\xfea\x00\n\x00")) }()
	got := make([]byte, 2)
	if _, err := io.ReadFull(decode.Stream(r), got); err != nil || string(got) != "a\n" {
		t.Errorf("%q: %v", got, err)
	}
}
