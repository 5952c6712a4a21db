package setup

import (
	"maps"
	"slices"
	"strings"
)

// Found is an entry that stands in a client's configuration.
type Found struct {
	// Members are the names of what it says, those inside a table with a dot
	// before them, sorted. Values are not given: they may be secret.
	Members []string
}

// Ours finds our entry in a client's configuration. An error says that the client
// reads nothing of it.
func (c Client) Ours(text []byte) (Found, bool, error) {
	doc, err := c.decode(text)
	if err != nil {
		return Found{}, false, err
	}
	entry := ours(doc, c.Table)
	if entry == nil {
		return Found{}, false, nil
	}
	return Found{Members: members(entry)}, true, nil
}

// Has reports that a client's configuration can be read and has our entry.
func (c Client) Has(text []byte) bool {
	_, has, err := c.Ours(text)
	return err == nil && has
}

// Kept are the members that setup does not write: what a person added.
func (f Found) Kept() []string {
	return slices.DeleteFunc(slices.Clone(f.Members), func(name string) bool {
		top, _, _ := strings.Cut(name, ".")
		return slices.Contains(written, top)
	})
}

func members(entry map[string]any) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(entry)) {
		table, ok := entry[name].(map[string]any)
		if !ok || len(table) == 0 {
			names = append(names, name)
			continue
		}
		for _, inner := range slices.Sorted(maps.Keys(table)) {
			names = append(names, name+"."+inner)
		}
	}
	return names
}
