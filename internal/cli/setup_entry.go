package cli

import (
	"path/filepath"
	"slices"

	"vpsnet-mcp/tools"
)

// carried are the options that a client's entry keeps when they were given by
// flag or environment: the client starts the server without either.
var carried = []string{
	"sandbox", "sandbox-speed", "read-only", "no-destroy", "no-commit", "toolsets", "tools", "exclude-tools", "surface",
	"consent", "policy", "secrets", "audit", "state-dir", "journal", "config", "api-url",
}

// serverArgs are the arguments of the server in a client's entry: those that the
// person gave, and where the config file and the state are when only a variable
// of the person's shell says so.
func (p *program) serverArgs(s *Settings, config string) []string {
	var args []string
	for _, o := range options() {
		value, given := s.given[o.name]
		if !given {
			value = p.env[o.env()]
			given = value != ""
		}
		if given && slices.Contains(carried, o.name) {
			args = append(args, o.argument(value)...)
		}
	}
	if !slices.Contains(args, "--config") && config != p.bareConfig() && (s.file != "" || !s.Sandbox) {
		args = append(args, "--config", config)
	}
	if dir, err := p.stateDirectory(s); err == nil && s.StateDir == "" && !s.inMemory() && dir != p.bareState() {
		args = append(args, "--state-dir", dir)
	}
	return args
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
