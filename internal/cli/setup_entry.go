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
// person gave, and a toolset where the client takes no more.
func (s *Settings) serverArgs(env map[string]string, toolset string) []string {
	var args []string
	for _, o := range options() {
		value, given := s.given[o.name]
		if !given {
			value = env[o.env()]
			given = value != ""
		}
		if !given || !slices.Contains(carried, o.name) {
			continue
		}
		if o.path && value != o.word {
			if whole, err := filepath.Abs(homePath(value)); err == nil {
				value = whole
			}
		}
		switch {
		case o.value == "" && value == "true":
			args = append(args, "--"+o.name)
		case o.value == "":
			args = append(args, "--"+o.name+"="+value)
		default:
			args = append(args, "--"+o.name, value)
		}
	}
	if toolset != "" && len(s.Toolsets) == 0 && len(s.Tools) == 0 && s.Surface == tools.SurfaceAll {
		args = append(args, "--toolsets", toolset)
	}
	return args
}
