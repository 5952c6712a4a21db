package cli

import (
	"testing"

	"vpsnet-mcp/internal/settings"
)

// TestOptionsAreFlags: each option is a flag, but for those that cannot be.
func TestOptionsAreFlags(t *testing.T) {
	for _, o := range settings.Options() {
		if flag := (&program{}).root().PersistentFlags().Lookup(o.Name); (flag == nil) != o.NoFlag {
			t.Errorf("option %q: its flag is %v", o.Name, flag)
		}
	}
}
