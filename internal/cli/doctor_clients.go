package cli

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"

	"vpsnet-mcp/internal/setup"
)

// clientFindings name the clients that are connected to this program, and whether
// each can start it.
func (p *program) clientFindings() []finding {
	system := p.system()
	if system.Home == "" {
		return nil
	}
	var seen []finding
	for _, c := range setup.Clients() {
		path := c.Path(system)
		text, err := setup.Read(path)
		if err == nil && strings.Contains(string(text), "vpsnet-mcp") {
			seen = append(seen, clientFinding(c, path, text))
		}
	}
	return seen
}

func clientFinding(c setup.Client, path string, text []byte) finding {
	commands, err := c.Commands(text)
	if err != nil {
		return finding{c.Title, stateFault, fmt.Sprintf("%s cannot be read (%v): the client takes nothing of it", path, err)}
	}
	for _, command := range commands {
		if !strings.HasPrefix(filepath.Base(filepath.FromSlash(command)), "vpsnet-mcp") {
			continue
		}
		if _, err := exec.LookPath(command); err != nil {
			return finding{c.Title, stateFault, fmt.Sprintf("%s starts %s, which cannot be started: %v", path, command, err)}
		}
	}
	return finding{c.Title, stateOK, "is connected, by " + path}
}
