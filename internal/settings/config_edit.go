package settings

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"strings"
	"time"

	"vpsnet-mcp/internal/decode"
	"vpsnet-mcp/internal/setup"
)

// ConfigEdit is a config file before and after.
type ConfigEdit struct {
	path          string
	before, after []byte
}

// Write replaces the file, unless nothing changes.
func (e ConfigEdit) Write() error {
	if bytes.Equal(e.before, e.after) {
		return nil
	}
	if _, err := setup.Write(e.path, e.before, e.after, time.Now()); err != nil {
		return fmt.Errorf("config: %w", err)
	}
	return nil
}

// accountLine is a line of the config file that setup writes.
var accountLine = regexp.MustCompile(`^(email|key|api[_-]key[_-]file|api[_-]url|platform[_-](token|token[_-]file|url))[ \t]*:`)

// EditConfig replaces the lines of a config file that speak of the account; all
// others stay. What it makes must say what is put, and beside it what was said.
func EditConfig(path string, put []string) (ConfigEdit, error) {
	before, err := setup.Read(path)
	if err == nil {
		err = setup.CheckWritable(path)
	}
	if err != nil {
		return ConfigEdit{}, fmt.Errorf("config: %w", err)
	}
	text, err := decode.NamedText("config "+path, before)
	if err != nil {
		return ConfigEdit{}, err
	}
	var others []string
	for line := range strings.Lines(string(text)) {
		if !accountLine.MatchString(line) {
			others = append(others, line)
		}
	}
	head := ""
	if len(put) > 0 {
		head = strings.Join(put, "\n") + "\n"
	}
	edit := ConfigEdit{path, before, []byte(head + strings.Join(others, ""))}
	if err := edit.check(head); err != nil {
		return ConfigEdit{}, fmt.Errorf("%w; the config file was not changed: %s", err, manualEdit(put))
	}
	if len(edit.after) == 0 {
		edit.after = nil // it had nothing else
	}
	return edit, nil
}

// manualEdit says what a person has to change in the config file by hand.
func manualEdit(put []string) string {
	if len(put) == 0 {
		return "take the account out of it by hand"
	}
	return "write " + strings.Join(put, " and ") + " into it by hand"
}

// check holds that the edit changes what is said of the account, and nothing else.
func (e ConfigEdit) check(head string) error {
	old, now, want := newSettings(), newSettings(), newSettings()
	for _, read := range []struct {
		into *Settings
		text []byte
	}{{old, e.before}, {now, e.after}, {want, []byte(head)}} {
		if err := readConfigText(read.into, e.path, read.text); err != nil {
			return err
		}
	}
	for _, name := range AccountOf {
		delete(old.Said, name)
	}
	maps.Copy(old.Said, want.Said)
	if !maps.Equal(old.Said, now.Said) || !maps.Equal(old.Routes, now.Routes) || now.Email != want.Email {
		return errors.New("config " + e.path + ": its lines about the account have a form that cannot be replaced safely")
	}
	return nil
}

// YAMLString quotes what YAML could take for something else.
func YAMLString(s string) string {
	if regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._+@-]*$`).MatchString(s) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", "''") + "'"
}
