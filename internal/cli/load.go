package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rs/zerolog"
)

// Where a setting comes from, the weakest first.
const (
	fromFile        = "config file"
	fromEnvironment = "environment"
	fromFlag        = "flag"
)

// sources are what settings are read from.
type sources struct {
	flags     map[string]string // those that were given, by name
	env       map[string]string
	configDir func() (string, error) // the user's
}

// load reads the settings: a flag beats the environment, and the environment
// beats the config file. It also gives warnings for people.
func load(src sources) (*Settings, []string, error) {
	s := &Settings{LogLevel: zerolog.NoLevel, from: map[string]string{}, said: map[string]string{}, given: src.flags}
	for _, o := range options() {
		if o.def == "" {
			continue
		}
		if err := o.set(s, o.def); err != nil {
			return nil, nil, fmt.Errorf("--%s: its default: %w", o.name, err)
		}
	}
	file, required := configPath(src)
	if err := readConfig(s, file, required); err != nil {
		return nil, nil, err
	}
	if src.given("VPSNET_API_KEY") && src.given("VPSNET_API_KEY_FILE") {
		return nil, nil, errors.New("VPSNET_API_KEY and VPSNET_API_KEY_FILE are both set; set one of them")
	}
	for _, o := range options() {
		if v := src.env[o.env()]; v != "" {
			if err := o.apply(s, v, fromEnvironment); err != nil {
				return nil, nil, fmt.Errorf("%s: %w", o.env(), err)
			}
		}
		if v, ok := src.flags[o.name]; ok {
			if err := o.apply(s, v, fromFlag); err != nil {
				return nil, nil, fmt.Errorf("--%s: %w", o.name, err)
			}
		}
	}
	return s, unknownVariables(src.env), nil
}

// apply sets an option and keeps where it came from.
func (o option) apply(s *Settings, v, from string) error {
	if o.path {
		v = homePath(v)
	}
	s.from[o.name] = from
	if s.said[o.name] = v; o.private {
		s.said[o.name] = "(not shown)"
	}
	return o.set(s, v)
}

// given reports a variable that is set. An empty one is not: clients write empty
// ones from forms that were not filled in.
func (src sources) given(variable string) bool { return src.env[variable] != "" }

// configPath gives the config file's path, and whether it must be there. The
// working directory is never looked at: a repository that was checked out must
// not choose where credentials go.
func configPath(src sources) (path string, required bool) {
	if path, ok := src.flags[configOption.name]; ok {
		return homePath(path), true
	}
	if path := src.env[configOption.env()]; path != "" {
		return homePath(path), true
	}
	dir, err := src.configDir()
	if err != nil {
		return "", false // no directory, so no file, and nothing to read
	}
	return filepath.Join(dir, "vpsnet-mcp", "config.yaml"), false
}

// unknownVariables warns of variables that look like ours: a misspelled
// VPSNET_READ_ONLY must not pass unseen.
func unknownVariables(env map[string]string) []string {
	known := map[string]bool{}
	for _, o := range options() {
		known[o.env()] = true
	}
	var warnings []string
	for name := range env {
		if strings.HasPrefix(name, "VPSNET_") && !known[name] {
			warnings = append(warnings, "the environment variable "+name+" is not known and has no effect")
		}
	}
	slices.Sort(warnings)
	return warnings
}

// environment reads the process's own variables.
func environment() map[string]string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		if name, value, ok := strings.Cut(pair, "="); ok {
			env[name] = value
		}
	}
	return env
}
