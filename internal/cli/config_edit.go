package cli

import (
	"bytes"
	"errors"
	"maps"
	"regexp"
	"strings"
	"time"

	"vpsnet-mcp/internal/setup"
)

// configEdit is a config file before and after.
type configEdit struct {
	path          string
	before, after []byte
}

func (e configEdit) write() error {
	if bytes.Equal(e.before, e.after) {
		return nil
	}
	if _, err := setup.Write(e.path, e.before, e.after, time.Now()); err != nil {
		return failed("config: %w", err)
	}
	return nil
}

// accountLine is a line of the config file that setup writes.
var accountLine = regexp.MustCompile(`^(email|key|api_key_file|api-key-file)[ \t]*:`)

// editConfig replaces the lines of a config file that speak of the account; all
// others stay. What it makes must say what is put, and beside it what was said.
func editConfig(path string, put []string) (configEdit, error) {
	before, err := setup.Read(path)
	if err == nil {
		err = setup.Writable(path)
	}
	if err != nil {
		return configEdit{}, failed("config: %w", err)
	}
	var others []string
	for line := range strings.Lines(string(before)) {
		if !accountLine.MatchString(line) {
			others = append(others, line)
		}
	}
	head := ""
	if len(put) > 0 {
		head = strings.Join(put, "\n") + "\n"
	}
	edit := configEdit{path, before, []byte(head + strings.Join(others, ""))}
	if err := edit.check(head); err != nil {
		return configEdit{}, failed("%w; the config file was not changed: %s", err, byHand(put))
	}
	if len(edit.after) == 0 {
		edit.after = nil // it had nothing else
	}
	return edit, nil
}

func byHand(put []string) string {
	if len(put) == 0 {
		return "take the account out of it by hand"
	}
	return "write " + strings.Join(put, " and ") + " into it by hand"
}

// check holds that the edit changes what is said of the account, and nothing else.
func (e configEdit) check(head string) error {
	old, now, want := newSettings(), newSettings(), newSettings()
	for _, read := range []struct {
		into *Settings
		text []byte
	}{{old, e.before}, {now, e.after}, {want, []byte(head)}} {
		if err := readConfigText(read.into, e.path, read.text); err != nil {
			return err
		}
	}
	for _, name := range accountOf {
		delete(old.said, name)
	}
	maps.Copy(old.said, want.said)
	if !maps.Equal(old.said, now.said) || !maps.Equal(old.Routes, now.Routes) || now.Email != want.Email {
		return errors.New("config " + e.path + ": its lines about the account are not of a form that can be replaced safely")
	}
	return nil
}

// yamlString quotes what YAML could take for something else.
func yamlString(s string) string {
	if regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+@-]*$`).MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
