package answer

import (
	"encoding/json"
	"slices"

	"vpsnet-mcp/vpsapi"
)

// stateFields say how a thing is at the moment of a reply, and not what it is.
var stateFields = []string{"running", "booted", "built", "built_at", "power_action_pending", "virtual_machine_status", "status"}

// withoutState is an object without how it was at the moment of the reply: whoever waited after it was told how it is.
func withoutState(object json.RawMessage) json.RawMessage {
	var members []Member
	vpsapi.Members(object, func(key, value []byte) bool {
		if name := FormatScalar(key); !slices.Contains(stateFields, name) {
			members = append(members, Member{name, value})
		}
		return true
	})
	return Join(members)
}
