package vpsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// The kinds below are the API's scalar values. The service sends ids, amounts
// and flags as JSON numbers, strings or booleans, whatever the field; each kind
// takes every form and gives one out.

// ID names a thing of type T on the account. The service counts in numbers;
// here an id is text, so that no client rounds it, and goes out as a number
// unless its field is tagged otherwise.
type ID[T any] string

// The ids of the API: each type names one kind of thing, and is a whole number as text.
type (
	// ServerID names a cloud server.
	ServerID = ID[Server]
	// CloudID names a cloud, which is a location.
	CloudID = ID[Cloud]
	// TemplateID names a system template or custom template.
	TemplateID = ID[SystemTemplate]
	// ConsumerID names a consumer: a customer of the account's owner.
	ConsumerID = ID[Consumer] // "0" is none
	// NodeID names a node.
	NodeID = ID[Node]
	// IPID names an IP address.
	IPID = ID[IP]
	// BackupID names a backup.
	BackupID = ID[Backup]
	// CloneID names an entry of a server's clone list.
	CloneID = ID[Clone]
	// ScheduleID names a scheduled upgrade.
	ScheduleID = ID[Schedule]
	// DomainID names a DNS domain.
	DomainID = ID[Domain]
	// RecordID names a DNS record.
	RecordID = ID[Record]
	// DNSTemplateID names a DNS template.
	DNSTemplateID = ID[DNSTemplate]
	// DNSTemplateRecordID names a record of a DNS template.
	DNSTemplateRecordID = ID[DNSTemplateRecord]
	// TicketID names a support ticket.
	TicketID = ID[Ticket]
	// CommercialTemplateID names a bought CloudLinux template.
	CommercialTemplateID = ID[CommercialTemplate]
	// WindowsTemplateID names a bought Windows template.
	WindowsTemplateID = ID[WindowsTemplate]
	// LicenseID names a license.
	LicenseID = ID[License]
	// InvoiceNo is the number of an invoice.
	InvoiceNo = ID[Invoice]
)

// UnknownServer stands for the user of a node, an address or a template of which a reply does not say who uses it: without the
// key that is not known, and null says that no server does.
const UnknownServer ServerID = "unknown"

// Consumer is a reseller's own customer; the API knows it by its id alone.
type Consumer struct{}

// License is a control panel or an add-on of a server; the API knows it by its id alone.
type License struct{}

// Scalars that are not ids.
type (
	Text   string // text; numbers and booleans are taken as their own spelling
	Int    int64  // a whole number, also from "5" or 5.0
	Flag   bool   // also from 0, 1, "0", "1", "true", "false"
	Money  string // an amount, with the service's own decimals, such as "15.00"
	Time   string // a moment as the service sends it: ISO 8601 with mixed offsets
	Raw    []byte // JSON that nobody has documented, as it came
	Secret string // a password; printed and marshalled as [redacted]
)

// Redacted is what stands in place of every secret.
const Redacted = "[redacted]"

// CurrentPassword stands for a server's present root password where package
// tools fills it in. It is a word, and no secret; the service does not know it.
const CurrentPassword Secret = "current"

// String hides the secret where it is printed.
func (s Secret) String() string { return redactedText(s) }

// GoString hides the secret where it is printed with %#v.
func (s Secret) GoString() string { return strconv.Quote(redactedText(s)) }

// MarshalJSON hides the secret.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(redactedText(s)) }

// redactedText returns what is printed in a secret's place.
func redactedText(s Secret) string {
	if s == "" {
		return ""
	}
	return Redacted
}

// MarshalJSON gives the JSON as it came with its secrets hidden, as of a Secret;
// null when there is none.
func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r) == 0 {
		return []byte("null"), nil
	}
	return HideSecrets(r), nil
}

// String gives the JSON with its secrets hidden.
func (r Raw) String() string { return string(HideSecrets(r)) }

// UnmarshalJSON keeps the JSON as it came.
func (r *Raw) UnmarshalJSON(b []byte) error {
	*r = append((*r)[:0], b...)
	return nil
}

// identifier is implemented by every ID.
type identifier interface {
	validID() error
}

// validID refuses what does not name a thing. An invoice's number is the
// service's text, zeros in front of it and all.
func (id ID[T]) validID() error {
	switch err := validID(string(id)); any(id).(type) {
	case InvoiceNo:
		return validNumber(string(id))
	case LicenseID:
		if err != nil {
			return fmt.Errorf("%w, and %s has those of licenses", err, ListAvailableLicenses.Name)
		}
	default:
		return err
	}
	return nil
}

// validID refuses what is not the one spelling of a number: protected things are
// known by theirs.
func validID(s string) error {
	if len(s) > 1 && s[0] == '0' && validNumber(s) == nil {
		return fmt.Errorf("not an id: %s; write it without zeros in front", Quote(s))
	}
	return validNumber(s)
}

// validNumber refuses what is not a whole number: nothing else may become a
// segment of a path.
func validNumber(s string) error {
	if s == "" {
		return errors.New("missing: give an id, a whole number such as 1384")
	}
	if len(s) > 19 || strings.Trim(s, "0123456789") != "" {
		return fmt.Errorf("not an id: %s; an id is a whole number such as 1384", Quote(s))
	}
	return nil
}

// UnmarshalJSON takes the id as a number or as text.
func (id *ID[T]) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(id)) }

// UnmarshalJSON takes text, a number or a boolean.
func (t *Text) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(t)) }

// UnmarshalJSON takes an amount as text or as a number.
func (m *Money) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(m)) }

// UnmarshalJSON takes a time as the service sends it.
func (t *Time) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(t)) }

// UnmarshalJSON takes a password as text or as a number.
func (s *Secret) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(s)) }

// unmarshalText takes a JSON string, number, boolean or null.
func unmarshalText(b []byte, dst *string) error {
	switch {
	case len(b) > 0 && b[0] == '"':
		if plain, ok := UnescapedText(b); ok {
			*dst = string(plain)
			return nil
		}
		return json.Unmarshal(b, dst)
	case bytes.Equal(b, []byte("null")):
		*dst = ""
		return nil
	case len(b) > 0 && (b[0] == '{' || b[0] == '['):
		return fmt.Errorf("expected text, got %s", jsonKind(b))
	default:
		*dst = string(b)
		return nil
	}
}

// UnmarshalJSON takes a whole number in any of its spellings; null is 0.
func (n *Int) UnmarshalJSON(b []byte) error {
	var s string
	if err := unmarshalText(b, &s); err != nil {
		return fmt.Errorf("expected a whole number, got %s", jsonKind(b))
	}
	if s == "" {
		*n = 0
		return nil
	}
	if whole, fraction, ok := strings.Cut(s, "."); ok && strings.Trim(fraction, "0") == "" {
		s = whole
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return fmt.Errorf("expected a whole number, got %s", Quote(s))
	}
	*n = Int(v)
	return nil
}

// UnmarshalJSON takes true, false, 0, 1 and the same as strings; null is false.
func (f *Flag) UnmarshalJSON(b []byte) error {
	var s string
	if err := unmarshalText(b, &s); err != nil {
		return fmt.Errorf("expected true or false, got %s", jsonKind(b))
	}
	switch strings.ToLower(s) {
	case "true", "1":
		*f = true
	case "false", "0", "":
		*f = false
	default:
		return fmt.Errorf("expected true or false, got %s", Quote(s))
	}
	return nil
}

// jsonKind names the kind of a JSON value by its first byte, for errors.
func jsonKind(b []byte) string {
	if len(b) == 0 {
		return "nothing"
	}
	switch b[0] {
	case '{':
		return "an object"
	case '[':
		return "a list"
	case '"':
		return "text"
	default:
		return string(b)
	}
}

// Quote puts text that came from outside between quotes, for use inside our own
// sentences: one line, no control or direction characters, at most 80 characters.
func Quote(s string) string {
	clean := Visible(strings.Join(strings.Fields(s), " "))
	if utf8.RuneCountInString(clean) > 80 {
		clean = string([]rune(clean)[:79]) + "…"
	}
	return `"` + strings.ReplaceAll(clean, `"`, `'`) + `"`
}

// escapes are the sequences that steer a terminal: colors, the cursor, a window's title.
var escapes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?:\x1b\[|\x{9b})[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[PX_^][^\x1b]*\x1b\\`)
})

// Visible takes out of a text what changes how it is read without being seen;
// line breaks and tabs stay.
func Visible(s string) string {
	if strings.ContainsAny(s, "\x1b\u009b") {
		s = escapes().ReplaceAllString(s, "")
	}
	return strings.Map(func(r rune) rune {
		if isInvisible(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}

// PlainJSON writes &, < and > in JSON as themselves, where an encoder escaped them
// for web pages: \u0026 reads as noise to people and models.
func PlainJSON(b []byte) []byte {
	if !bytes.Contains(b, []byte(`\u00`)) {
		return b
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] != '\\' || i+1 == len(b) {
			out = append(out, b[i])
			continue
		}
		if i+6 <= len(b) {
			if c, ok := map[string]byte{`\u0026`: '&', `\u003c`: '<', `\u003e`: '>'}[strings.ToLower(string(b[i:i+6]))]; ok {
				out = append(out, c)
				i += 5
				continue
			}
		}
		out = append(out, b[i], b[i+1]) // an escaped backslash escapes nothing
		i++
	}
	return out
}

// isInvisible reports characters that change how text is read, or are read as
// nothing: controls, direction marks, zero-width characters, fillers, tags and
// variation selectors (by Unicode's Default_Ignorable_Code_Point), and the blank
// Braille cell.
func isInvisible(r rune) bool {
	if r < 0x7f {
		return r < 0x20
	}
	return r == 0x2800 || unicode.In(r, unicode.Cc, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector) ||
		unicode.Is(unicode.Cf, r) && !unicode.Is(unicode.Prepended_Concatenation_Mark, r)
}
