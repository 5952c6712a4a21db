package cli

import (
	"fmt"
	"path/filepath"
	"slices"

	"vpsnet-mcp/tools"
)

// accountOf are the options that say who the account is: the config file keeps it.
var accountOf = []string{"email", "key", "api-key", "api-key-file"}

// serverArgs are the arguments of the server in a client's entry: all that the
// person gave by flag or environment, since the client starts it without either;
// and where the config file and the state are when only a variable of the
// person's shell says so.
func (p *program) serverArgs(s *Settings, config string) ([]string, error) {
	var args []string
	for _, o := range options() {
		value, given := s.given[o.name]
		if !given {
			value = p.env[o.env()]
			given = value != ""
		}
		if !given || slices.Contains(accountOf, o.name) {
			continue
		}
		if err := o.refused(config); err != nil {
			return nil, err
		}
		args = append(args, o.argument(value)...)
	}
	if !slices.Contains(args, "--config") && config != p.bareConfig() && (s.file != "" || !s.Sandbox) {
		args = append(args, "--config", config)
	}
	if dir, err := p.stateDirectory(s); err == nil && s.StateDir == "" && !s.inMemory() && dir != p.bareState() {
		args = append(args, "--state-dir", dir)
	}
	return args, nil
}

// refused says why an option cannot stand in a client's entry. It is not left out
// in silence: it may be there for safety.
func (o option) refused(config string) error {
	switch {
	case o.private:
		return fmt.Errorf("--%s (%s) is no argument in a client's file, where others could read it: write %s into %s instead", o.name, o.env(), o.key(), config)
	case slices.ContainsFunc(hostOptions(), func(h option) bool { return h.name == o.name }):
		return fmt.Errorf("--%s (%s) is for a server that others reach, and a client starts one of its own: run setup without it", o.name, o.env())
	}
	return nil
}

// argument is the option on the command line; a path whole, because a client
// starts the server in a folder of its own.
func (o option) argument(value string) []string {
	if o.path && value != o.word {
		if whole, err := filepath.Abs(homePath(value)); err == nil {
			value = whole
		}
	}
	switch {
	case o.value != "":
		return []string{"--" + o.name, value}
	case value == "true":
		return []string{"--" + o.name}
	}
	return []string{"--" + o.name + "=" + value}
}

// toolsetArgs choose a toolset where the client takes no more, and nothing else does.
func (s *Settings) toolsetArgs(toolset string) []string {
	if toolset != "" && len(s.Toolsets) == 0 && len(s.Tools) == 0 && s.Surface == tools.SurfaceAll {
		return []string{"--toolsets", toolset}
	}
	return nil
}

// bare is this program as a client starts it: of the environment clients pass on
// the home, the path, and Windows' own folders.
func (p *program) bare() *program {
	env := map[string]string{}
	for _, name := range []string{"HOME", "PATH", "USERPROFILE", "APPDATA", "LOCALAPPDATA"} {
		env[name] = p.env[name]
	}
	return &program{env: env}
}

// bareConfig is the config file that a server reads which a client starts.
func (p *program) bareConfig() string {
	return filepath.Join(p.bare().system().ConfigDir(), "vpsnet-mcp", "config.yaml")
}

// bareState is where such a server keeps state.
func (p *program) bareState() string {
	dir, _ := p.bare().stateDirectory(&Settings{})
	return dir
}
