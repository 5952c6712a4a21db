package answer

import (
	"time"

	"vpsnet-mcp/internal/state"
)

// ShownPlan is a plan as its page gets it.
type ShownPlan struct {
	Title   string       `json:"title"`
	Account string       `json:"account"`
	Where   string       `json:"where,omitempty"`
	Expires *time.Time   `json:"expires,omitempty"`
	Parts   *state.Parts `json:"parts"`
}
