// Package words says how things, money and times are named in sentences. What comes from the account stands in quotes, on one
// line; what is unknown is said to be unknown.
package words

import (
	"fmt"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// TextOrNone quotes a text from outside; "none" when it is empty.
func TextOrNone(s string) string {
	if s == "" {
		return "none"
	}
	return vpsapi.Quote(s)
}

// Counted is a number with its noun: "no backups", "1 backup", "2 backups".
func Counted(n int, noun string) string {
	switch n {
	case 0:
		return "no " + plural(noun)
	case 1:
		return "1 " + noun
	default:
		return fmt.Sprintf("%d %s", n, plural(noun))
	}
}

// plural returns the plural of one of our own nouns.
func plural(noun string) string {
	if strings.HasSuffix(noun, "s") {
		return noun + "es"
	}
	return noun + "s"
}

// JoinAnd joins the parts of an enumeration.
func JoinAnd(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " and " + parts[len(parts)-1]
}

// IDText is an id as a plan shows it. One from a reply may be anything.
func IDText[T ~string](id T) string {
	if id == "" || strings.Trim(string(id), "0123456789") != "" {
		return vpsapi.Quote(string(id))
	}
	return string(id)
}

// MomentText returns a moment to the minute, in UTC.
func MomentText(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

// TimeText returns a moment of the service for a person.
func TimeText(t vpsapi.Time) string {
	if moment, err := time.Parse(time.RFC3339, string(t)); err == nil {
		return MomentText(moment)
	}
	if t == "" {
		return "an unknown date"
	}
	return vpsapi.Quote(string(t))
}

// IsOn reports a flag that is known to be on.
func IsOn(f *vpsapi.Flag) bool { return f != nil && bool(*f) }

// IsOff reports a flag that is known to be off.
func IsOff(f *vpsapi.Flag) bool { return f != nil && !bool(*f) }

// FlagText returns on, off or, for nil, unknown.
func FlagText(f *vpsapi.Flag) string {
	switch {
	case f == nil:
		return "unknown"
	case bool(*f):
		return "on"
	default:
		return "off"
	}
}

// NumberOrNone says a number; "none" for nil.
func NumberOrNone(n *vpsapi.Int) string {
	if n == nil {
		return "none"
	}
	return fmt.Sprint(*n)
}
