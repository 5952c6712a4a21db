package setup

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Found is an entry that stands in a client's configuration.
type Found struct {
	Name    string // of the server
	Command string // that it starts
	// Members are the names of what it says, those inside a table with a dot
	// before them, sorted. Values are not given: they may be secret.
	Members []string
	Off     bool // the client is told not to start it
}

// Ours finds our entry in a client's configuration. An error says that the client
// reads nothing of it.
func (c Client) Ours(text []byte) (Found, bool, error) {
	doc, err := c.decode(text)
	if err != nil {
		return Found{}, false, unreadable(err)
	}
	entry := ours(doc, c.Table)
	if entry == nil {
		return Found{}, false, nil
	}
	return found(Name, entry), true, nil
}

// Connected finds the entries that start this program, or are named as ours is. An
// error says that the client reads nothing of its configuration.
func (c Client) Connected(text []byte) ([]Found, error) {
	doc, err := c.decode(text)
	if err != nil {
		return nil, err
	}
	var list []Found
	servers, _ := doc[c.Table].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(servers)) {
		entry, _ := servers[name].(map[string]any)
		f := found(name, entry)
		if name == Name || strings.HasPrefix(filepath.Base(filepath.FromSlash(f.Command)), program) {
			list = append(list, f)
		}
	}
	return list, nil
}

// program is how this program's file is named, but for what may follow.
const program = "vpsnet-mcp"

func found(name string, entry map[string]any) Found {
	return Found{
		Name: name, Command: entryOf(entry).Command, Members: members(entry),
		Off: entry["disabled"] == true || entry["enabled"] == false,
	}
}

// unreadable says what to do about a file that its client cannot read either.
func unreadable(err error) error {
	return fmt.Errorf("%w; mend the file first, nothing was written", err)
}

// Has reports that a client's configuration can be read and has our entry.
func (c Client) Has(text []byte) bool {
	_, has, err := c.Ours(text)
	return err == nil && has
}

// Kept are the members that setup leaves as they are.
func (f Found) Kept() []string { return f.only(stays) }

// Stray are the members that setup takes out: they may hold a key, or lead to
// another server than the one that the entry starts.
func (f Found) Stray() []string {
	return f.only(func(name string) bool { return !stays(name) && !slices.Contains(written, name) })
}

// Elsewhere are the members that lead to a server elsewhere.
func (f Found) Elsewhere() []string {
	return f.only(func(name string) bool { return slices.Contains(elsewhere, name) })
}

func (f Found) only(which func(name string) bool) []string {
	var names []string
	for _, name := range f.Members {
		if top, _, _ := strings.Cut(name, "."); which(top) {
			names = append(names, name)
		}
	}
	return names
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
