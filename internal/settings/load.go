package settings

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/rs/zerolog"
)

// Where a setting comes from, the weakest first.
const (
	// FromFile says that a setting comes from the config file, which the environment and flags override.
	FromFile = "config file"
	// FromEnvironment says that a setting comes from an environment variable, which a flag overrides.
	FromEnvironment = "environment"
	// FromFlag says that a setting comes from a flag.
	FromFlag = "flag"
)

// Sources are what settings are read from.
type Sources struct {
	Flags     map[string]string // those that were given, by name
	Env       map[string]string
	ConfigDir func() (string, error) // the user's
	Warn      func(text string)      // tells a person what is odd; it may be nil
}

// warn reports what is odd and no error.
func (src Sources) warn(text string) {
	if src.Warn != nil {
		src.Warn(text)
	}
}

// newSettings are settings of which nothing was said yet.
func newSettings() *Settings {
	return &Settings{LogLevel: zerolog.NoLevel, From: map[string]string{}, Said: map[string]string{}, urls: map[string]string{}, platformURLs: map[string]string{}, inFile: map[string]bool{}}
}

// Load reads the settings: a flag beats the environment, and the environment
// beats the config file.
func Load(src Sources) (*Settings, error) {
	s := newSettings()
	s.sources, s.Given = src, src.Flags
	for _, o := range Options() {
		if o.Def == "" {
			continue
		}
		if err := o.set(s, o.Def); err != nil {
			return nil, fmt.Errorf("--%s: its default: %w", o.Name, err)
		}
	}
	if err := checkVariables(src); err != nil {
		return nil, err
	}
	file, required := configPath(src)
	if err := readConfig(s, file, required); err != nil {
		return nil, err
	}
	if src.isSet("VPSNET_API_KEY") && src.isSet("VPSNET_API_KEY_FILE") {
		return nil, errors.New("VPSNET_API_KEY and VPSNET_API_KEY_FILE are both set; set one of them")
	}
	if src.isSet("VPSNET_PLATFORM_TOKEN") && src.isSet("VPSNET_PLATFORM_TOKEN_FILE") {
		return nil, errors.New("VPSNET_PLATFORM_TOKEN and VPSNET_PLATFORM_TOKEN_FILE are both set; set one of them")
	}
	for _, o := range Options() {
		if v := src.Env[o.Env()]; src.isSet(o.Env()) {
			if err := o.apply(s, v, FromEnvironment); err != nil {
				return nil, fmt.Errorf("%s: %w", o.Env(), err)
			}
		}
		if v, ok := src.Flags[o.Name]; ok {
			if err := o.apply(s, v, FromFlag); err != nil {
				return nil, fmt.Errorf("--%s: %w", o.Name, err)
			}
		}
	}
	s.SandboxNewer = NamesNewerAPI(s.Toolsets, s.Tools)
	return s, nil
}

// apply sets an option and keeps where it came from.
func (o Option) apply(s *Settings, v, from string) error {
	if v = o.normalize(v); o.Path {
		v = homePath(v)
	}
	s.From[o.Name] = from
	switch o.Name {
	case apiURL:
		s.urls[from] = v
	case platformURL:
		s.platformURLs[from] = v
	}
	s.inFile[o.Name] = s.inFile[o.Name] || from == FromFile
	if s.Said[o.Name] = v; o.private {
		s.Said[o.Name] = "(not shown)"
	}
	return o.set(s, v)
}

// normalize returns a value as it plainly means: without white space around it, its choices in
// the case that is ours.
func (o Option) normalize(v string) string {
	v = strings.TrimSpace(v)
	if o.Known == nil {
		return v
	}
	known, words := o.Known(), strings.FieldsFunc(v, isListSeparator)
	for i, word := range words {
		if at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, word) }); at >= 0 {
			words[i] = known[at]
		}
	}
	return strings.Join(words, ",")
}

// isListSeparator reports what stands between the values of a list.
func isListSeparator(r rune) bool { return r == ',' || unicode.IsSpace(r) }

// isSet reports a variable that is set. A blank one is not: clients write blank
// ones from forms that were not filled in.
func (src Sources) isSet(variable string) bool { return strings.TrimSpace(src.Env[variable]) != "" }

// configPath gives the config file's path, and whether it must be there. The
// working directory is never looked at: a repository that was checked out must
// not choose where credentials go.
func configPath(src Sources) (path string, required bool) {
	if path, ok := src.Flags[configOption.Name]; ok {
		return homePath(path), true
	}
	if path := src.Env[configOption.Env()]; path != "" {
		return homePath(path), true
	}
	dir, err := src.ConfigDir()
	if err != nil {
		return "", false // no directory, so no file, and nothing to read
	}
	return filepath.Join(dir, "vpsnet-mcp", "config.yaml"), false
}

// checkVariables tells variables that look like ours and are not. One that is nearly
// ours is an error: a misspelled VPSNET_READ_ONLY must not let changes through.
func checkVariables(src Sources) error {
	known := map[string]string{} // by the letters alone
	for _, o := range Options() {
		known[foldName(o.Env())] = o.Env()
	}
	var faults []error
	for _, name := range slices.Sorted(maps.Keys(src.Env)) {
		if !strings.HasPrefix(strings.ToUpper(name), "VPSNET_") || known[foldName(name)] == name || src.Env[name] == "" {
			continue
		}
		near := known[foldName(name)]
		for have, ours := range known {
			if near == "" && len(have) == len(foldName(name)) && countDifferences(have, foldName(name)) <= 2 || differByOneLetter(have, foldName(name)) {
				near = ours
			}
		}
		if near != "" {
			faults = append(faults, fmt.Errorf("the environment variable %s is not known; %s is meant: rename it or take it out", name, near))
			continue
		}
		src.warn("the environment variable " + name + " is not known and has no effect")
	}
	return errors.Join(faults...)
}

// foldName returns a variable's name without case and underscores.
func foldName(name string) string { return strings.ReplaceAll(strings.ToUpper(name), "_", "") }

// countDifferences counts the places where two names of one length differ.
func countDifferences(a, b string) int {
	n := 0
	for i := range len(a) {
		if a[i] != b[i] {
			n++
		}
	}
	return n
}

// differByOneLetter reports that one name is the other with a letter more.
func differByOneLetter(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a) != len(b)+1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	return a[i+1:] == b[i:]
}

// Environment is the variables that the settings were read from.
func (s *Settings) Environment() map[string]string { return s.sources.Env }

// Environment reads the process's own variables.
func Environment() map[string]string {
	env := map[string]string{}
	for _, pair := range os.Environ() {
		if name, value, ok := strings.Cut(pair, "="); ok {
			env[name] = value
		}
	}
	return env
}
