package sandbox

import "vpsnet-mcp/vpsapi"

func nodeHandlers() []handler { return nil }

func seedNodes(*account) {}

// useNodes makes a server use count nodes of a type (vps, ram, storage, fusion,
// bandwidth; daily for daily-billed vps nodes): it gives back what is too many,
// takes free ones of the account first, and buys what is missing.
func (a *account) useNodes(s *server, kind string, count int) {}

// releaseNodes takes every node from a server. They stay on the account and are
// billed until removed.
func (a *account) releaseNodes(s *server) {
	for _, n := range a.nodes {
		if n.VirtualMachineID != nil && *n.VirtualMachineID == s.ID {
			n.VirtualMachineID = nil
		}
	}
}

var _ vpsapi.Node
