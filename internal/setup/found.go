package setup

import (
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// FoundEntry is an entry that stands in a client's configuration.
type FoundEntry struct {
	Name    string // of the server
	Command string // that it starts
	// Members are the names of what it says, those inside a table with a dot
	// before them, sorted. Values are not given: they may be secret.
	Members []string
	Off     bool // the client is told not to start it
	Args    []string
	URL     string // that it leads to
	Foreign bool   // it does not start this program
}

// FindOurs finds our entry in a client's configuration. An error says that the client
// reads nothing of it.
func (c Client) FindOurs(text []byte) (FoundEntry, bool, error) {
	doc, err := c.decode(text)
	if err != nil {
		return FoundEntry{}, false, c.unreadable(err)
	}
	names := ourNames(doc, c.Table)
	if len(names) == 0 {
		return FoundEntry{}, false, nil
	}
	return newFoundEntry(names[0], entryNamed(doc, c.Table, names[0])), true, nil
}

// Connected finds the entries that start this program or lead to a hosted one,
// whatever they are named, and one that has our name and does not. An error says that
// the client reads nothing of its configuration.
func (c Client) Connected(text []byte) ([]FoundEntry, error) {
	doc, err := c.decode(text)
	if err != nil {
		return nil, c.invalid(err)
	}
	var list []FoundEntry
	servers, _ := doc[c.Table].(map[string]any)
	for _, name := range slices.Sorted(maps.Keys(servers)) {
		entry, _ := servers[name].(map[string]any)
		f := newFoundEntry(name, entry)
		f.Foreign = !isOurs(name, entry)
		if name == Name || !f.Foreign {
			list = append(list, f)
		}
	}
	return list, nil
}

// newFoundEntry returns what is told of an entry that was found.
func newFoundEntry(name string, entry map[string]any) FoundEntry {
	e := entryOf(entry)
	return FoundEntry{
		Name: name, Command: e.Command, Args: e.Args, URL: e.URL, Members: memberNames(entry),
		Off: entry["disabled"] == true || entry["enabled"] == false,
	}
}

// unreadable says what to do about a file that its client cannot read either.
func (c Client) unreadable(err error) error {
	return fmt.Errorf("%w; correct the file first, nothing was written", c.invalid(err))
}

// invalid is a parser's error, of which only the place is told: its words are for
// programmers.
func (c Client) invalid(err error) error {
	format, at := "JSON", ""
	if c.TOML {
		format = "TOML"
	}
	if place := regexp.MustCompile(`line (\d+)`).FindStringSubmatch(err.Error()); place != nil {
		at = " at line " + place[1]
	}
	var decode *toml.DecodeError
	if errors.As(err, &decode) {
		row, _ := decode.Position()
		at = fmt.Sprintf(" at line %d", row)
	}
	return fmt.Errorf("it is not valid %s%s", format, at)
}

// Has reports that a client's configuration can be read and has our entry.
func (c Client) Has(text []byte) bool {
	_, has, err := c.FindOurs(text)
	return err == nil && has
}

// KeptMembers returns the members that setup leaves as they are.
func (f FoundEntry) KeptMembers() []string { return f.membersWhere(isKeptMember) }

// RemovedMembers returns the members that setup takes out: they may hold a key, or lead to
// another server than the one that the entry starts.
func (f FoundEntry) RemovedMembers() []string {
	return f.membersWhere(func(name string) bool { return !isKeptMember(name) && !slices.Contains(writtenMembers, name) })
}

// RemoteMembers returns the members that lead to a server elsewhere.
func (f FoundEntry) RemoteMembers() []string {
	return f.membersWhere(func(name string) bool { return slices.Contains(remoteMembers, name) })
}

// membersWhere returns the members of the entry whose names fit.
func (f FoundEntry) membersWhere(which func(name string) bool) []string {
	var names []string
	for _, name := range f.Members {
		if top, _, _ := strings.Cut(name, "."); which(top) {
			names = append(names, name)
		}
	}
	return names
}

// memberNames returns the names of an entry's members, also of those in its tables.
func memberNames(entry map[string]any) []string {
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
