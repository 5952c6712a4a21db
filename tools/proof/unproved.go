package proof

import (
	"fmt"

	"vpsnet-mcp/vpsapi"
)

// IsUnproved reports a function whose route or reply nobody has verified against the service.
func IsUnproved(info vpsapi.Info) bool {
	return info.Evidence == vpsapi.Inferred && info.Safety > vpsapi.Reads
}

// UnprovedError is a change that the service accepted, and that does not show or not alone.
type UnprovedError struct {
	Tool, List string
	Finding    Finding
}

// Error says what does not show, or what else changed, and what to do.
func (e *UnprovedError) Error() string {
	if e.Finding.State == Alarm {
		return fmt.Sprintf("%s: ALARM: the service accepted it, its route is inferred (not documented), and something else changed: %s. "+
			"Do not repeat it; look at the account, and ask VPS.NET's support if something is lost", e.Tool, e.Finding.Words)
	}
	return fmt.Sprintf("%s: sent, not seen; do not repeat. The service accepted it, its route is inferred, and %s. "+
		"It may have happened: look again later with %s", e.Tool, e.Finding.Words, e.List)
}

// Outcome returns the word by which log and audit name it.
func (e *UnprovedError) Outcome() string {
	if e.Finding.State == Alarm {
		return "alarm"
	}
	return "unknown"
}
