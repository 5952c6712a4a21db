// Package consent knows who may say yes to a plan, and seals what they said yes
// to, so that a yes fits one plan, one caller, and one moment.
package consent

import (
	"fmt"
	"slices"
	"strings"
)

// Mode says who may say yes where the client cannot ask its person.
type Mode string

// The modes, from the loosest to the strictest.
const (
	Flag   Mode = "flag"   // confirm: "yes" is enough; model-confirmed
	Code   Mode = "code"   // the plan's code must come back; model-confirmed
	Person Mode = "person" // a person approves where the model does not write
	Deny   Mode = "deny"   // never
)

// strictness is the order of the modes, the least strict first.
var strictness = []Mode{Flag, Code, Person, Deny}

// ParseMode reads the name of a consent mode: person, code, flag or deny.
func ParseMode(s string) (Mode, error) {
	if m := Mode(strings.ToLower(s)); slices.Contains(strictness, m) {
		return m, nil
	}
	return "", fmt.Errorf("consent mode %q: use person, code, flag or deny", s)
}

// Stricter returns the stricter of two modes; an empty one is not an opinion.
func Stricter(a, b Mode) Mode {
	if slices.Index(strictness, b) > slices.Index(strictness, a) {
		return b
	}
	return a
}
