package setup

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
)

// Entry is how a client starts this program. It holds no credentials.
type Entry struct {
	Command string
	Args    []string
}

// written are the members of an entry that setup writes.
var written = []string{"type", "command", "args"}

// elsewhere are the members of an entry for a server that is reached and not
// started. Codex refuses its whole configuration when one stands beside a command
// (config/mcp_types.rs), others take them before the command.
var elsewhere = []string{
	"url", "httpUrl", "serverUrl", "headers", "headersHelper", "auth", "authProviderType", "oauth", "oauth_resource",
	"bearer_token", "bearer_token_env_var", "http_headers", "env_http_headers",
}

// stays reports a member of an entry that setup leaves as it is: what a person
// added, such as which tools need no question. What could hold a key, or leads
// elsewhere, does not stay.
func stays(name string) bool {
	return name != "env" && !slices.Contains(written, name) && !slices.Contains(elsewhere, name)
}

// Set gives a client's configuration with our entry in it; everything else stays
// byte for byte. An entry that says the same already stays as it is, and of
// another one what the person has added to it.
func (c Client) Set(text []byte, e Entry) ([]byte, error) {
	if c.TOML {
		return c.checked(text, &e, setTOML)
	}
	return c.checked(text, &e, setJSON)
}

// Remove gives a client's configuration without our entry.
func (c Client) Remove(text []byte) ([]byte, error) {
	if c.TOML {
		return c.checked(text, nil, setTOML)
	}
	return c.checked(text, nil, setJSON)
}

// checked edits a configuration, and holds that nothing but our entry differs:
// a file of an unforeseen form is refused, never damaged.
func (c Client) checked(text []byte, e *Entry, edit func(c Client, text []byte, e *Entry) ([]byte, error)) ([]byte, error) {
	before, err := c.decode(text)
	if err != nil {
		return nil, unreadable(err)
	}
	old := ours(before, c.Table)
	if e != nil && c.says(old, *e) {
		return text, nil
	}
	edited, err := edit(c, text, e)
	if err != nil {
		return nil, err
	}
	after, err := c.decode(edited)
	if err != nil {
		return nil, fmt.Errorf("its form is not one that can be edited safely (%w); add the entry by hand, as --print shows it", err)
	}
	entry := ours(after, c.Table)
	fits := e == nil && entry == nil || e != nil && c.says(entry, *e)
	if !fits || !reflect.DeepEqual(without(before, c.Table), without(after, c.Table)) {
		return nil, fmt.Errorf("its form is not one that can be edited safely; change the entry by hand, as --print shows it")
	}
	return edited, nil
}

// says reports that a decoded entry starts what e does, and nothing else.
func (c Client) says(entry map[string]any, e Entry) bool {
	for name := range entry {
		if !stays(name) && !slices.Contains(written, name) {
			return false
		}
	}
	if kind, has := entry["type"]; (has || c.Typed) && kind != "stdio" {
		return false
	}
	args, _ := json.Marshal(entry["args"])
	wanted, _ := json.Marshal(append([]string{}, e.Args...))
	return entry["command"] == e.Command && bytes.Equal(args, wanted)
}

// ours is our entry in a decoded configuration; nil when it has none.
func ours(doc map[string]any, table string) map[string]any {
	servers, _ := doc[table].(map[string]any)
	entry, _ := servers[Name].(map[string]any)
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
	return e
}

// without is a decoded configuration without our entry; an empty table is none.
func without(doc map[string]any, table string) map[string]any {
	servers, ok := doc[table].(map[string]any)
	if ok {
		delete(servers, Name)
	}
	if ok && len(servers) == 0 {
		delete(doc, table)
	}
	return doc
}
