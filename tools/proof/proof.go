// Package proof judges whether a change happened by what the account showed before and after it. It sends nothing.
package proof

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/words"
)

// Want is one thing that a change is expected to show in a list.
type Want struct {
	ID    string // of the thing; empty for one that is made, or that only its marks tell
	Name  string // of it, where ID alone is not a name
	Marks []Mark // values that it carries
	Gone  bool   // it is no longer there; otherwise it is there and carries the marks
}

// Mark is a value that a thing carries: under Key, or under any where Key is empty or the thing has no such key.
type Mark struct{ Key, Value string }

// Expected is what a change should show, in which list.
type Expected struct {
	List  string   // the function that shows it
	Wants []Want   // all of them
	Watch []string // the keys by which things differ; empty for all but those that move by themselves
}

// State is what came of a change.
type State string

// The states of a change that the service accepted.
const (
	Seen    State = "seen"     // it shows
	NotSeen State = "not seen" // it does not show, or not yet
	Alarm   State = "alarm"    // something else changed
)

// Finding is a judgement with its reason.
type Finding struct {
	State State
	Words string
	ID    string // of the one thing that was made; empty where none was, or it has none
}

// Missing says which things that are to go or to change are not there before it, or are not what they should be; empty
// where all are.
func (e Expected) Missing(before View) string {
	for _, w := range e.Wants {
		if w.ID == "" && !w.Gone {
			continue
		}
		if t, ok := before.find(w); !ok {
			return fmt.Sprintf("%s does not show %s", e.List, w.text())
		} else if w.Gone && w.Name != "" && t.Name != "" && !t.hasMarks([]Mark{{Value: w.Name}}) {
			return fmt.Sprintf("%s shows %s by another name", e.List, w.text())
		}
	}
	return ""
}

// Judge compares what a list showed before and after a change. also are lists in which nothing may change.
func (e Expected) Judge(before, after View, also ...ListPair) Finding {
	var made []Thing
	missing := ""
	expected := map[string]bool{}
	for _, w := range e.Wants {
		t, seen := e.findShown(w, before, after)
		if t.Key != "" {
			expected[t.Key] = true
		}
		switch {
		case !seen && missing == "" && w.Gone:
			missing = "still shows " + w.text()
		case !seen && missing == "":
			missing = "does not show " + w.text()
		case seen && w.ID == "" && !w.Gone:
			made = append(made, t)
		}
	}
	if alarm := e.otherChanges(before, after, expected, missing == "", also); alarm != "" {
		return Finding{State: Alarm, Words: alarm}
	}
	if missing != "" {
		return Finding{State: NotSeen, Words: e.List + " " + missing}
	}
	f := Finding{State: Seen, Words: "seen in " + e.List}
	if !slices.ContainsFunc(e.Wants, func(w Want) bool { return !w.Gone }) {
		f.Words = "no longer in " + e.List
	}
	if len(made) == 1 {
		if f.ID = made[0].ID; f.ID != "" {
			f.Words += fmt.Sprintf(" (id %s)", words.IDText(f.ID))
		}
	}
	return f
}

// findShown finds what is wanted in what changed.
func (e Expected) findShown(w Want, before, after View) (Thing, bool) {
	then, was := before.find(w)
	now, is := after.find(w)
	switch {
	case w.Gone && was:
		return then, !is
	case w.Gone:
		return now, !is
	case w.ID == "":
		for _, t := range after.Things {
			if t.hasMarks(w.Marks) && !before.has(t.Key) {
				return t, true
			}
		}
		return Thing{}, false
	case len(w.Marks) > 0:
		return now, is && now.hasMarks(w.Marks)
	default:
		return now, is && (!was || !now.same(then, e.Watch))
	}
}

// otherChanges says what else changed; empty for nothing.
func (e Expected) otherChanges(before, after View, expected map[string]bool, seen bool, also []ListPair) string {
	var gone, other []string
	for _, t := range before.Things {
		if !expected[t.Key] && !after.has(t.Key) {
			gone = append(gone, t.String())
		}
	}
	for _, t := range after.Things {
		then, was := before.get(t.Key)
		if !expected[t.Key] && e.isUnexpected(t, then, was, seen) {
			other = append(other, t.String())
		}
	}
	text := describeChanges(e.List, gone, other)
	for _, p := range also {
		text = strings.TrimPrefix(text+"; "+p.changesIn(seen), "; ")
	}
	return strings.TrimSuffix(text, "; ")
}

// isUnexpected reports a thing that is other than it was, as only what was wanted should be.
func (e Expected) isUnexpected(t, then Thing, was, seen bool) bool {
	if !was {
		return e.isCreate() && !seen // something was to be made, and another thing was
	}
	for _, w := range e.Wants {
		switch {
		case w.ID == "" || w.Gone || t.same(then, e.Watch):
		case len(w.Marks) > 0 && t.hasMarks(w.Marks) && !then.hasMarks(w.Marks), len(w.Marks) == 0 && !seen:
			return true
		}
	}
	return false
}

// isCreate reports that something new is to be seen.
func (e Expected) isCreate() bool {
	return slices.ContainsFunc(e.Wants, func(w Want) bool { return w.ID == "" && !w.Gone })
}

// ListPair is another list before and after, in which a mistake would show: things that go or whose watched values change, and
// that appear though what was wanted does not.
type ListPair struct {
	List          string
	Before, After View
	Watch         []string
}

// changesIn says what was added to a list and what is gone; seen tells whether the wanted change shows.
func (p ListPair) changesIn(seen bool) string {
	var gone, added []string
	for _, t := range p.Before.Things {
		if !p.After.has(t.Key) {
			gone = append(gone, t.String())
		}
	}
	for _, t := range p.After.Things {
		then, was := p.Before.get(t.Key)
		if !was && !seen || was && len(p.Watch) > 0 && !t.same(then, p.Watch) {
			added = append(added, t.String())
		}
	}
	return describeChanges(p.List, gone, added)
}

// describeChanges tells what a list lost, and what it has that is other.
func describeChanges(list string, gone, other []string) string {
	var parts []string
	if len(gone) > 0 {
		parts = append(parts, fmt.Sprintf("%s no longer shows %s", list, joinFew(gone)))
	}
	if len(other) > 0 {
		parts = append(parts, fmt.Sprintf("%s shows a change of %s", list, joinFew(other)))
	}
	return strings.Join(parts, "; ")
}

const maxNamed = 5 // that are named

// joinFew joins names, the first maxNamed of them and the number of the rest.
func joinFew(names []string) string {
	if len(names) > maxNamed {
		return strings.Join(names[:maxNamed], ", ") + fmt.Sprintf(" and %d more", len(names)-maxNamed)
	}
	return strings.Join(names, ", ")
}

// text names what is wanted: by id and name, or by its values.
func (w Want) text() string {
	t := Thing{ID: w.ID, Name: w.Name}
	switch {
	case t.ID != "" || t.Name != "":
		return t.String()
	case len(w.Marks) > 0:
		return "one with " + words.TextOrNone(w.Marks[0].Value)
	default:
		return "a new one"
	}
}
