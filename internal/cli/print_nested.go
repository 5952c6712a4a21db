package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/rivo/uniseg"
)

// maxNested is how wide a cell may be that holds things within a thing, in columns of a terminal.
const maxNested = 40

// cutNote says where what was cut is whole.
const cutNote = "Cells with ... are whole with --json."

// shortenNested returns a cell that holds a list of things, or a thing, by the names of what is in it: as the service
// sends them they are wider than a terminal. Other cells stay as they are.
func shortenNested(cell string) (short string, cut bool) {
	if !strings.HasPrefix(cell, "[{") && !strings.HasPrefix(cell, "{") || uniseg.StringWidth(cell) <= maxNested {
		return cell, false
	}
	var list []map[string]any
	if json.Unmarshal([]byte(cell), &list) != nil {
		list = make([]map[string]any, 1)
		if json.Unmarshal([]byte(cell), &list[0]) != nil {
			return clipWidth(cell, maxNested-4) + " ...", true
		}
	}
	for _, thing := range list {
		if short != "" {
			short += ", "
		}
		short += nameOfThing(thing)
		if uniseg.StringWidth(short) > maxNested-10 {
			short = clipWidth(short, maxNested-10)
			break
		}
	}
	if len(list) > 1 {
		return fmt.Sprintf("%d: %s ...", len(list), short), true
	}
	return short + " ...", true
}

// clipWidth is the beginning of a text that is no wider.
func clipWidth(text string, most int) string {
	width, end := 0, 0
	for g := uniseg.NewGraphemes(text); g.Next(); {
		if width += g.Width(); width > most {
			break
		}
		_, end = g.Positions()
	}
	return text[:end]
}

// nameOfThing is what a thing is called: its label, name or address, else its id; within a wrapper too.
func nameOfThing(thing map[string]any) string {
	for _, key := range []string{"label", "name", "ip_address", "id"} {
		switch value := thing[key].(type) {
		case map[string]any:
			return nameOfThing(value)
		case string:
			return strings.Join(strings.Fields(value), " ")
		case float64:
			return fmt.Sprint(value)
		}
	}
	for _, value := range thing {
		if inner, ok := value.(map[string]any); ok && len(thing) == 1 {
			return nameOfThing(inner)
		}
	}
	return "?"
}
