package state

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// ledger is what the lines of a journal say. It learns from lines alone, and
// the same line twice says nothing new.
type ledger struct {
	entries []*Entry // in the order they were begun
	byID    map[string]*Entry
	used    map[string]time.Time
	lines   int
	bad     []int

	bytes  int64     // of the journal's lines
	left   int64     // of them when the journal was compacted last by this process
	oldest time.Time // of the changes that the journal has
}

// newLedger returns an empty ledger.
func newLedger() *ledger {
	return &ledger{byID: map[string]*Entry{}, used: map[string]time.Time{}}
}

// maxLine is the longest line that is written; a longer one is not read to its
// end, and says nothing.
const maxLine = 1 << 20

// journalLine is one line of the journal: one of its members is there.
type journalLine struct {
	Begin *Entry   `json:"begin,omitempty"`
	End   *endLine `json:"end,omitempty"`
	Use   *useLine `json:"use,omitempty"`
}

// endLine is the line of the journal that says what came of an entry.
type endLine struct {
	ID string `json:"id"`
	Outcome
}

// useLine is the line of the journal that says a code or a link was used; it counts until then.
type useLine struct {
	Key   string    `json:"key"`
	Until time.Time `json:"until"`
}

// readLine takes in one line of the journal; a line that cannot be read is noted as bad.
func (l *ledger) readLine(text []byte) {
	l.count(text)
	if len(text) == 0 {
		return
	}
	var n journalLine
	if err := json.Unmarshal(text, &n); err != nil || !l.apply(n) {
		l.bad = append(l.bad, l.lines)
	}
}

// apply takes in one line of the journal, and reports whether it says anything.
func (l *ledger) apply(n journalLine) bool {
	switch {
	case n.Begin != nil && n.Begin.ID != "":
		l.noteAge(n.Begin.Time)
		if l.byID[n.Begin.ID] == nil {
			l.entries = append(l.entries, n.Begin)
			l.byID[n.Begin.ID] = n.Begin
		}
	case n.End != nil && n.End.ID != "":
		if e := l.byID[n.End.ID]; e != nil { // else it was forgotten
			e.Outcome = &n.End.Outcome
		}
	case n.Use != nil && n.Use.Key != "":
		if n.Use.Until.After(l.used[n.Use.Key]) {
			l.used[n.Use.Key] = n.Use.Until
		}
	default:
		return false
	}
	return true
}

// restart says that the journal is read from its first line again. What was
// learned stays: a journal that was moved away lifts no limit.
func (l *ledger) restart() { l.lines, l.bad, l.bytes, l.oldest = 0, nil, 0, time.Time{} }

// clockSkew is how far the clocks of processes that share a journal may differ.
const clockSkew = time.Hour

// forget drops entries and marks that are too old to matter for undo, history or limits.
func (l *ledger) forget(now time.Time) {
	l.entries = slices.DeleteFunc(l.entries, func(e *Entry) bool {
		old := e.Time.Before(now.Add(-Window))
		if old {
			delete(l.byID, e.ID)
		}
		return old
	})
	maps.DeleteFunc(l.used, func(_ string, until time.Time) bool { return until.Add(clockSkew).Before(now) })
}

// entriesSince returns copies of an account's entries from a moment on, oldest first:
// those that have one of its names.
func (l *ledger) entriesSince(account string, start time.Time) []Entry {
	names := strings.Fields(account)
	var list []Entry
	for _, e := range l.entries {
		named := func(name string) bool { return slices.Contains(names, name) }
		if !e.Time.Before(start) && slices.ContainsFunc(strings.Fields(e.Account), named) {
			list = append(list, *e)
		}
	}
	return list
}
