package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"vpsnet-mcp/internal/files"
)

// TokenEntry is an entry of a tokens file as an operator sees it.
type TokenEntry struct {
	Name              string
	Person            bool
	Scopes, Approvers []string
	Groups            []string
	Account           string
	Hash              string
}

// ReadEntries lists the entries of a tokens file, in its order: the newest token of a name is the last.
func ReadEntries(path string) ([]TokenEntry, error) {
	text, err := files.ReadSecret(path)
	if err != nil {
		return nil, err
	}
	entries, err := parseEntries(path, text)
	if err != nil {
		return nil, err
	}
	list := make([]TokenEntry, len(entries))
	for i, e := range entries {
		list[i] = TokenEntry{Name: e.Name, Person: e.Person, Scopes: e.Scopes, Approvers: e.Approvers, Groups: e.Groups, Account: e.Account, Hash: strings.ToLower(e.SHA256)}
	}
	return list, nil
}

// RemoveEntries takes the entries that out picks from a tokens file, each with its lines, and returns how
// many they were. What else stands there stays as it is; a file from which they cannot be taken safely is
// not changed, nor is one in which nobody would be left.
func RemoveEntries(path string, out func(TokenEntry) bool) (int, error) {
	list, err := ReadEntries(path)
	if err != nil {
		return 0, err
	}
	before, err := files.ReadSecret(path)
	if err != nil {
		return 0, err
	}
	var gone []int
	for i, e := range list {
		if out(e) {
			gone = append(gone, i)
		}
	}
	switch {
	case len(gone) == 0:
		return 0, nil
	case len(gone) == len(list):
		return 0, fmt.Errorf("tokens file %s would name nobody, and a server would not take it; make another token first, or stop the server and delete the file", path)
	}
	after, ok := cutItems(before, len(list), gone)
	has, err := parseEntries(path, after)
	if !ok || err != nil || len(has) != len(list)-len(gone) || slices.ContainsFunc(has, func(e entry) bool {
		return slices.ContainsFunc(gone, func(i int) bool { return strings.EqualFold(list[i].Hash, e.SHA256) })
	}) {
		return 0, fmt.Errorf("tokens file %s: the entries cannot be taken out safely; take them out by hand", path)
	}
	return len(gone), overwrite(path, after)
}

// overwrite writes a shorter text into a file in its place: its owner and mode stay, and one that a container
// has mounted can be written too.
func overwrite(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(text, 0)
	return errors.Join(err, f.Truncate(int64(len(text))), f.Sync(), f.Close())
}

// cutItems takes items out of the list of a tokens file, each with the lines from its dash to the next; it
// reports a file whose items begin on lines of their own.
func cutItems(text []byte, items int, gone []int) ([]byte, bool) {
	starts, ok := itemLines(text)
	if !ok || len(starts) != items {
		return nil, false
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	var kept []byte
	for i, line := range lines {
		item := -1 // of which item the line is
		for n, start := range starts {
			if i >= start {
				item = n
			}
		}
		isText := len(bytes.TrimSpace(line)) > 0 && !bytes.HasPrefix(bytes.TrimSpace(line), []byte("#"))
		if item >= 0 && slices.Contains(gone, item) && (isText || i == starts[item]) {
			continue // comments stay: they may be of what follows
		}
		kept = append(kept, line...)
	}
	return kept, true
}

// itemLines returns the line on which each item of the list of tokens begins, from 0.
func itemLines(text []byte) (starts []int, ok bool) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			starts, ok = nil, false
		}
	}()
	file, err := parser.ParseBytes(text, 0)
	if err != nil || len(file.Docs) != 1 {
		return nil, false
	}
	m, isMap := file.Docs[0].Body.(*ast.MappingNode)
	if !isMap || len(m.Values) != 1 {
		return nil, false
	}
	list, isList := m.Values[0].Value.(*ast.SequenceNode)
	if !isList || list.IsFlowStyle {
		return nil, false
	}
	for _, item := range list.Entries {
		starts = append(starts, item.Start.Position.Line-1)
	}
	return starts, true
}
