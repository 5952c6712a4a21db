package doctor

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
)

// clientFindings name the clients that are connected to this program, and whether
// each can start it.
func clientFindings(system setup.System) []Finding {
	if system.Home == "" {
		return nil
	}
	var seen []Finding
	for _, c := range setup.Clients() {
		path := c.Path(system)
		text, err := setup.Read(path)
		if err != nil {
			continue // another program's file, which may be closed to us
		}
		entries, err := c.Connected(text)
		if err != nil && strings.Contains(string(text), setup.Name) { // else it is not matter of ours
			seen = append(seen, Finding{c.Title, StateFault, fmt.Sprintf("%s cannot be read (%v): the client cannot use it", path, err)})
		}
		for _, entry := range entries {
			seen = append(seen, entryFinding(c, path, entry))
		}
		if err == nil && len(entries) == 0 && c.Installed(system) {
			seen = append(seen, Finding{c.Title, StateNote, "is installed and not connected: vpsnet-mcp setup " + c.Name})
		}
	}
	return seen
}

// entryFinding tells whether a client gets a server by an entry.
func entryFinding(c setup.Client, path string, entry setup.FoundEntry) Finding {
	if entry.Foreign {
		return Finding{c.Title, StateNote, fmt.Sprintf("an entry %s in %s does not start this program, and setup leaves it alone: rename it there, then vpsnet-mcp setup %s", entry.Name, path, c.Name)}
	}
	remote := strings.Join(entry.RemoteMembers(), ", ")
	fault := func(says string) Finding {
		return Finding{c.Title, StateFault, fmt.Sprintf("%s: its entry %s %s; vpsnet-mcp setup %s writes a correct one", path, entry.Name, says, c.Name)}
	}
	switch {
	case entry.Off:
		return Finding{c.Title, StateNote, fmt.Sprintf("its entry %s in %s is switched off: switch it on in the client", entry.Name, path)}
	case entry.Command == "" && remote == "":
		return fault("starts nothing")
	case entry.Command == "":
		return Finding{c.Title, StateOK, "is connected to a server elsewhere, by " + path}
	case remote != "":
		return fault("has both " + remote + " and a command, which clients refuse")
	}
	if err := checkStartable(entry.Command); err != nil {
		return fault(fmt.Sprintf("starts %s, which cannot be started: %v", entry.Command, err))
	}
	if flag := unknownFlag(entry.Args); flag != "" {
		return fault("gives " + flag + ", which this program does not know")
	}
	if slices.Contains(entry.Args, "--sandbox") {
		return Finding{c.Title, StateNote, fmt.Sprintf(ofSandbox+" alone, by %s: vpsnet-mcp setup %s connects your account", path, c.Name)}
	}
	return Finding{c.Title, StateOK, "is connected, by " + path}
}

// ofSandbox is what a finding says of a client that has the embedded VPS.NET.
const ofSandbox = "is connected to the sandbox"

// useSandboxAlone reports that clients are connected to the embedded VPS.NET, and none to an account: then
// an account is not missed.
func useSandboxAlone(clients []Finding) bool {
	connected := func(f Finding) bool { return f.State == StateOK }
	sandbox := func(f Finding) bool { return strings.HasPrefix(f.Says, ofSandbox) }
	return slices.ContainsFunc(clients, sandbox) && !slices.ContainsFunc(clients, connected)
}

// unknownFlag is the first flag of a command line that no option has.
func unknownFlag(args []string) string {
	for _, arg := range args {
		name, _, _ := strings.Cut(strings.TrimPrefix(arg, "--"), "=")
		known := func(o settings.Option) bool { return o.Name == name && !o.NoFlag }
		if strings.HasPrefix(arg, "--") && !slices.ContainsFunc(settings.Options(), known) {
			return "--" + name
		}
	}
	return ""
}

// checkStartable returns why a client cannot start a command. A client has a working directory of its own.
func checkStartable(command string) error {
	if filepath.Base(command) != command && !filepath.IsAbs(command) {
		return errors.New("it is not a full path")
	}
	_, err := exec.LookPath(command)
	return err
}
