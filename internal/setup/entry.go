package setup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Entry is how a client starts this program, or where it finds one that is hosted.
// It holds no credentials.
type Entry struct {
	Command string
	Args    []string

	URL           string // of a hosted server, instead of a command
	TokenVariable string // the environment variable that has the bearer token for it
}

// writtenMembers are the members of an entry that setup writes.
var writtenMembers = []string{"type", "command", "args"}

// remoteMembers are the members of an entry for a server that is reached and not
// started. Codex refuses its whole configuration when one stands beside a command
// (config/mcp_types.rs), others take them before the command.
var remoteMembers = []string{
	"url", "httpUrl", "serverUrl", "headers", "headersHelper", "auth", "authProviderType", "oauth", "oauth_resource",
	"bearer_token", "bearer_token_env_var", "http_headers", "env_http_headers",
}

// isKeptMember reports a member of an entry that setup leaves as it is: what a person
// added, such as which tools need no question. What could hold a key, or leads
// elsewhere, does not stay.
func isKeptMember(name string) bool {
	return name != "env" && !slices.Contains(writtenMembers, name) && !slices.Contains(remoteMembers, name)
}

// Set gives a client's configuration with our entry in it; everything else stays
// byte for byte. An entry that says the same already stays as it is, and of
// another one what the person has added to it. One of our former name is renamed.
// An entry of our name that starts something else is an error.
func (c Client) Set(text []byte, e Entry) ([]byte, error) { return c.editChecked(text, &e, c.edit()) }

// Remove gives a client's configuration without our entries.
func (c Client) Remove(text []byte) ([]byte, error) { return c.editChecked(text, nil, c.edit()) }

// editFunc puts our entry in the place of the one that a name stands for, or takes
// that one out when e is nil.
type editFunc func(c Client, text []byte, name string, e *Entry) ([]byte, error)

// edit returns the function that edits this client's kind of file.
func (c Client) edit() editFunc {
	if c.TOML {
		return setTOML
	}
	return setJSON
}

// editChecked edits a configuration, and holds that nothing but our entries differs:
// a file of an unforeseen form is refused, never damaged.
func (c Client) editChecked(text []byte, e *Entry, edit editFunc) ([]byte, error) {
	before, err := c.decode(text)
	if err != nil {
		return nil, c.unreadable(err)
	}
	names := ourNames(before, c.Table)
	if e != nil {
		if hasForeignEntry(before, c.Table) {
			return nil, fmt.Errorf("there is an entry %s that does not start this program: rename it or remove it, then run setup again", Name)
		}
		if len(names) == 1 && names[0] == Name && c.hasEntry(entryNamed(before, c.Table, Name), *e) {
			return text, nil
		}
		if len(names) == 0 {
			names = []string{Name}
		}
	}
	edited := text
	for i, name := range names {
		put := e
		if i > 0 {
			put = nil
		}
		if edited, err = edit(c, edited, name, put); err != nil {
			return nil, err
		}
	}
	after, err := c.decode(edited)
	if err != nil {
		return nil, fmt.Errorf("its form cannot be edited safely; add the entry by hand, as --print shows it")
	}
	now := ourNames(after, c.Table)
	fits := e == nil && len(now) == 0 || e != nil && len(now) == 1 && c.hasEntry(entryNamed(after, c.Table, Name), *e)
	if !fits || !reflect.DeepEqual(withoutEntries(before, c.Table, names), withoutEntries(after, c.Table, now)) {
		return nil, fmt.Errorf("its form cannot be edited safely; change the entry by hand, as --print shows it")
	}
	return edited, nil
}

// hasEntry reports that a decoded entry is what setup would write for e, and what a
// person has added to it.
func (c Client) hasEntry(entry map[string]any, e Entry) bool {
	wanted := map[string]json.RawMessage{}
	for _, p := range c.entryPairs(e) {
		wanted[p.name] = p.value
	}
	if entry["type"] == "stdio" && e.URL == "" {
		wanted["type"] = quoted("stdio")
	}
	for name := range entry {
		if _, has := wanted[name]; !has && !isKeptMember(name) {
			return false
		}
	}
	for name, value := range wanted {
		var want any
		if json.Unmarshal(value, &want) != nil || !reflect.DeepEqual(entry[name], want) {
			return false
		}
	}
	return true
}

// entryPair is a member of an entry; its value is JSON, which for texts and lists is TOML too.
type entryPair struct {
	name  string
	value json.RawMessage
}

// entryPairs returns the members that setup writes.
func (c Client) entryPairs(e Entry) []entryPair {
	if e.URL != "" && c.remote != nil {
		return c.remote(e)
	}
	var pairs []entryPair
	if c.Typed {
		pairs = append(pairs, entryPair{"type", quoted("stdio")})
	}
	args := make([]string, len(e.Args))
	for i, a := range e.Args {
		args[i] = string(quoted(a))
	}
	return append(pairs, entryPair{"command", quoted(e.Command)}, entryPair{"args", json.RawMessage("[" + strings.Join(args, ", ") + "]")})
}

// quoted is a text as JSON, and with no character that TOML takes only escaped.
func quoted(s string) json.RawMessage {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s)
	return bytes.ReplaceAll(bytes.TrimSpace(b.Bytes()), []byte("\x7f"), []byte(`\u007f`))
}

// entryNamed is an entry of a decoded configuration; nil when it has none of that name.
func entryNamed(doc map[string]any, table, name string) map[string]any {
	servers, _ := doc[table].(map[string]any)
	entry, _ := servers[name].(map[string]any)
	return entry
}

// entryOf is the entry that a decoded one was made of.
func entryOf(entry map[string]any) Entry {
	var e Entry
	e.Command, _ = entry["command"].(string)
	args, _ := entry["args"].([]any)
	for _, a := range args {
		if arg, ok := a.(string); ok {
			e.Args = append(e.Args, arg)
		}
	}
	e.URL = entryURL(entry)
	e.TokenVariable = tokenVariable(entry)
	return e
}

// withoutEntries returns a decoded configuration without some entries; an empty table is none.
func withoutEntries(doc map[string]any, table string, names []string) map[string]any {
	servers, ok := doc[table].(map[string]any)
	for _, name := range names {
		delete(servers, name)
	}
	if ok && len(servers) == 0 {
		delete(doc, table)
	}
	return doc
}
