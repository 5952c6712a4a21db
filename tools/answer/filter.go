package answer

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// FilterOperators say for a person what a filter compares.
const FilterOperators = "field=value; also !=, >, <, >=, <=, ~ (contains), and field= for empty; several with commas between them"

// nextCondition is where another condition begins in a text.
var nextCondition = regexp.MustCompile(`(?:,|&&?|\s(?:and|AND)\s)\s*([A-Za-z][A-Za-z0-9_.]*)\s*(?:[!<>]=|==?|[<>~])`)

// splitConditions takes apart what was written as one condition, such as running=true,cloud_id=4: taken whole
// it would compare with a value that nothing has. Only before a known field is a comma more than part of a value.
func splitConditions(filter []string, known func(field string) bool) (all []string) {
	for _, f := range filter {
		begin := 0
		if !strings.ContainsAny(f, "\"'") { // what stands in quotes is meant as it is
			for _, at := range nextCondition.FindAllStringSubmatchIndex(f, -1) {
				if at[0] > 0 && known(strings.ToLower(f[at[2]:at[3]])) {
					all = append(all, f[begin:at[0]])
					begin = at[2]
				}
			}
		}
		all = append(all, f[begin:])
	}
	return all
}

// filterHelp are what a filter may say, for whoever wrote another thing.
const filterHelp = "give field=value, !=, >, <, ~ (contains), or field= for empty, such as running=false"

// condition is one element of a filter: a field, how it is compared, and with what.
type condition struct{ field, compare, wanted string }

// parseCondition reads one element of a filter; ok is false for what has no comparison.
func parseCondition(text string) (c condition, ok bool) {
	i := strings.IndexAny(text, "=!<>~")
	if i < 1 {
		return c, false
	}
	size := 1
	switch {
	case text[i] == '!' && !strings.HasPrefix(text[i:], "!="):
		return c, false
	case strings.HasPrefix(text[i:], "!="), strings.HasPrefix(text[i:], ">="), strings.HasPrefix(text[i:], "<="), strings.HasPrefix(text[i:], "=="):
		size = 2
	}
	c = condition{strings.ToLower(vpsapi.Trimmed(text[:i])), strings.TrimSuffix(text[i:i+size], "="), unquoted(vpsapi.Trimmed(text[i+size:]))}
	if c.compare == "" { // = and ==
		c.compare = "="
	}
	if size == 2 && (text[i] == '>' || text[i] == '<') {
		c.compare = text[i : i+2]
	}
	return c, c.field != ""
}

// unquoted takes off the quotes that a value was written in, as in label="Web 1".
func unquoted(text string) string {
	if n := len(text); n > 1 && text[0] == text[n-1] && (text[0] == '"' || text[0] == '\'') {
		return text[1 : n-1]
	}
	return text
}

// problem says why a condition compares nothing; empty for a sound one.
func (c condition) problem() string {
	switch c.compare[0] {
	case '>', '<':
		_, number := numberOf(c.wanted)
		_, moment := momentOf(c.wanted)
		if !number && !moment {
			return "compares with " + vpsapi.Quote(c.wanted) + ": give a number, or a date such as 2026-01-31"
		}
	case '~':
		if c.wanted == "" {
			return "~ needs a text after it"
		}
	}
	return ""
}

// matches reports whether the condition is true of a value; there is false for a field
// that a record does not have. A list fits by any of its elements.
func (c condition) matches(value json.RawMessage, there bool) bool {
	if c.compare == "!" {
		return !condition{c.field, "=", c.wanted}.matches(value, there)
	}
	if c.compare == "=" && c.wanted == "" {
		return !there || c.empty(value)
	}
	var elements []json.RawMessage
	if there && len(value) > 0 && value[0] == '[' && json.Unmarshal(value, &elements) == nil {
		return c.fitsList(elements)
	}
	return there && string(value) != "null" && c.compareText(FormatScalar(value))
}

// fitsList reports a list of which an element fits, or, where the condition names a list itself, each that it names.
func (c condition) fitsList(elements []json.RawMessage) bool {
	var wanted []json.RawMessage
	if strings.HasPrefix(c.wanted, "[") && json.Unmarshal([]byte(c.wanted), &wanted) == nil {
		return len(wanted) > 0 && !slices.ContainsFunc(wanted, func(w json.RawMessage) bool {
			return !condition{c.field, c.compare, FormatScalar(w)}.fitsList(elements)
		})
	}
	return slices.ContainsFunc(elements, func(e json.RawMessage) bool { return c.matches(e, true) })
}

// empty reports a value that says nothing; an id of 0 is none.
func (c condition) empty(value json.RawMessage) bool {
	switch text := string(value); text {
	case "null", `""`, "[]", "{}":
		return true
	case "0", `"0"`:
		return strings.HasSuffix(c.field, "_id")
	}
	return false
}

// compareText reports that a value's text meets the condition.
func (c condition) compareText(text string) bool {
	if c.compare == "~" {
		return strings.Contains(strings.ToLower(text), strings.ToLower(c.wanted))
	}
	if c.compare == "=" && (strings.EqualFold(vpsapi.Trimmed(text), c.wanted) || sameFlag(text, c.wanted) || sameName(text, c.wanted)) {
		return true
	}
	order, ok := compare(text, c.wanted)
	if !ok {
		return false
	}
	switch c.compare {
	case "=":
		return order == 0
	case ">":
		return order > 0
	case ">=":
		return order >= 0
	case "<":
		return order < 0
	default:
		return order <= 0
	}
}

// sameFlag reports a flag that the service writes as a digit, or a person as yes or no.
func sameFlag(text, wanted string) bool {
	switch strings.ToLower(wanted) {
	case "true", "yes", "on":
		return text == "1" || text == "true"
	case "false", "no", "off":
		return text == "0" || text == "false"
	}
	return false
}

// sameName reports two spellings of one domain name: the dot at its end says nothing of its own.
func sameName(text, wanted string) bool {
	return strings.Contains(wanted, ".") && strings.EqualFold(strings.TrimSuffix(text, "."), strings.TrimSuffix(wanted, "."))
}

// compare orders two numbers, or two moments: a day is compared with a moment's day
// in UTC.
func compare(text, wanted string) (order int, ok bool) {
	if x, number := numberOf(text); number {
		if y, both := numberOf(wanted); both {
			switch {
			case x < y:
				return -1, true
			case x > y:
				return 1, true
			}
			return 0, true
		}
	}
	x, moment := momentOf(text)
	y, both := momentOf(wanted)
	if !moment || !both {
		return 0, false
	}
	if len(wanted) == len(time.DateOnly) {
		x = x.UTC().Truncate(24 * time.Hour)
	}
	return x.Compare(y), true
}

// numberOf reads a whole text as a number.
func numberOf(text string) (float64, bool) {
	n, err := strconv.ParseFloat(text, 64)
	return n, err == nil
}

// momentOf reads a day or a time stamp of the service.
func momentOf(text string) (time.Time, bool) {
	if t, err := time.Parse(time.DateOnly, text); err == nil {
		return t, true
	}
	t, err := vpsapi.Timestamp(text)
	return t, err == nil
}

// occurring names the values that occur where a filter's one condition found none, where they are few; else what finds a part of one.
func (s Shaping) occurring(records []record) string {
	if len(s.Filter) != 1 {
		return "; try fewer conditions"
	}
	c, _ := parseCondition(s.Filter[0])
	var values []string
	for _, r := range records {
		if value, there := r.value(c.field); there && !c.empty(value) {
			if text := vpsapi.Quote(FormatScalar(value)); !slices.Contains(values, text) {
				values = append(values, text)
			}
		}
	}
	switch {
	case len(values) > 0 && len(values) <= 5 && c.compare != "~":
		slices.Sort(values)
		return "; " + c.field + " occurs as " + strings.Join(values, ", ")
	case c.compare == "=":
		return "; ~ finds a part of a value (label~web)"
	}
	return ""
}
