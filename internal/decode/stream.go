package decode

import (
	"bufio"
	"encoding/binary"
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// invalidUTF16Marker stands in UTF-8 for what is not a character of UTF-16: it is none of UTF-8 either.
const invalidUTF16Marker = 0xFF

// Stream gives a text as UTF-8 while it comes. UTF-16 is known by its byte order mark;
// anything else stays as it is, and whoever reads it judges whether it is UTF-8.
func Stream(r io.Reader) io.Reader { return &stream{in: bufio.NewReaderSize(r, 64<<10)} }

// stream reads UTF-8 from a text in UTF-8 or UTF-16.
type stream struct {
	in    *bufio.Reader
	begun bool
	order binary.ByteOrder // nil where the text is not a UTF-16
	out   []byte           // decoded, and not read yet
}

// Read implements io.Reader.
func (s *stream) Read(b []byte) (int, error) {
	if !s.begun {
		s.begun = true
		s.order = s.readByteOrderMark()
	}
	if s.order == nil {
		return s.in.Read(b)
	}
	for len(s.out) == 0 || (len(s.out) < len(b) && s.in.Buffered() > 3) {
		if err := s.decode(); err != nil {
			if len(s.out) > 0 {
				break
			}
			return 0, err
		}
	}
	n := copy(b, s.out)
	s.out = s.out[n:]
	return n, nil
}

// readByteOrderMark takes the byte order mark of UTF-16 off a text, if it has one.
func (s *stream) readByteOrderMark() binary.ByteOrder {
	first, _ := s.in.Peek(2)
	var order binary.ByteOrder
	switch string(first) {
	case "\xff\xfe":
		order = binary.LittleEndian
	case "\xfe\xff":
		order = binary.BigEndian
	default:
		return nil
	}
	_, _ = s.in.Discard(2)
	return order
}

// decode reads one character.
func (s *stream) decode() error {
	r, err := s.readUnit()
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		s.out = append(s.out, invalidUTF16Marker)
		return nil
	case err != nil:
		return err
	case utf16.IsSurrogate(r):
		second, _ := s.readUnit()
		if r = utf16.DecodeRune(r, second); r == utf8.RuneError {
			s.out = append(s.out, invalidUTF16Marker)
			if second == '\n' { // the line's end stays one
				s.out = append(s.out, '\n')
			}
			return nil
		}
	}
	s.out = utf8.AppendRune(s.out, r)
	return nil
}

// readUnit reads one unit of UTF-16, two bytes.
func (s *stream) readUnit() (rune, error) {
	var b [2]byte
	_, err := io.ReadFull(s.in, b[:])
	return rune(s.order.Uint16(b[:])), err
}
