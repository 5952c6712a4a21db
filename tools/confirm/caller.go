package confirm

import (
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// Caller is who calls, and on which account.
type Caller struct {
	Name    string         // of the caller, for consent, journal and audit
	Client  *vpsapi.Client // made with Config.Observe: trail.Observe
	Consent consent.Mode   // stricter than the server's own; empty for no opinion
	Approve string         // where the caller's person decides on a held plan; Options.Approve when empty

	Approvers []string // who may decide on held plans beside the caller's own person, by the names that the host knows

	// Allows reports whether the caller may use a class of tools; nil allows all.
	Allows   func(s vpsapi.Safety) bool
	Toolsets []string // groups and jobs that the caller may use; empty means all
}

// IsUnrestricted reports a caller who may use all.
func (c Caller) IsUnrestricted() bool { return c.Allows == nil && len(c.Toolsets) == 0 }
