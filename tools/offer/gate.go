package offer

import "vpsnet-mcp/vpsapi"

// Gate is a tool of the search surface that calls the functions of its classes
// and no others, so that a client's "always allow" on one never reaches a worse.
type Gate struct {
	Name, Title, Doc string
	Least, Worst     vpsapi.Safety
}

// AcceptsTool reports a tool whose safety is within the gate's bounds.
func (g Gate) AcceptsTool(t *Tool) bool { return t.Safety >= g.Least && t.Safety <= g.Worst }
