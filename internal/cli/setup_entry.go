package cli

import (
	"path/filepath"
	"slices"

	"vpsnet-mcp/internal/settings"
)

// serverArgs are the arguments of the server in a client's entry: all that the
// person gave by flag or environment, since the client starts it without either;
// and where the config file and the state are when only a variable of the
// person's shell says so.
func (p *program) serverArgs(s *settings.Settings, config string) ([]string, error) {
	var args []string
	for _, o := range settings.Options() {
		value, given := s.Given[o.Name]
		if !given {
			value = p.env[o.Env()]
			given = value != ""
		}
		if !given || slices.Contains(settings.AccountOf, o.Name) {
			continue
		}
		if err := o.CheckEntry(config); err != nil {
			return nil, err
		}
		args = append(args, o.Argument(value)...)
	}
	if !slices.Contains(args, "--config") && config != p.clientConfigPath() && (s.File != "" || !s.Sandbox) {
		args = append(args, "--config", config)
	}
	if dir, err := s.StateDirectory(); err == nil && s.StateDir == "" && !s.InMemory() && dir != p.clientStateDir() {
		args = append(args, "--state-dir", dir)
	}
	return args, nil
}

// asStartedByClient returns this program as a client starts it: with only the environment variables that clients pass
// on (HOME, PATH and, on Windows, its system folders).
func (p *program) asStartedByClient() *program {
	env := map[string]string{}
	for _, name := range []string{"HOME", "PATH", "USERPROFILE", "APPDATA", "LOCALAPPDATA"} {
		env[name] = p.env[name]
	}
	return &program{env: env}
}

// clientConfigPath returns the config file that a server reads which a client starts.
func (p *program) clientConfigPath() string {
	return filepath.Join(p.asStartedByClient().clientSystem().ConfigDir(), "vpsnet-mcp", "config.yaml")
}

// clientStateDir returns where such a server keeps state.
func (p *program) clientStateDir() string {
	dir, _ := settings.StateDirectory(p.asStartedByClient().env)
	return dir
}
