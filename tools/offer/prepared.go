package offer

import (
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
)

// PreparedCall is a call whose tool is known and whose arguments are read. A call that was refused has only what was known by
// then.
type PreparedCall struct {
	Caller    confirm.Caller
	Rules     *policy.Policy // when the call began
	Tool      *Tool          // nil when the name is unknown
	Gate      string         // the name of the gate that led to the tool; empty when it was called by itself
	Arguments []string       // the names of the arguments
	Options   Options
	Asked     any // the input as it was given, names in the place of ids
	In        any
	Named     []plan.Thing // what stood in the arguments by name
	Reader    *account.Reader
}
