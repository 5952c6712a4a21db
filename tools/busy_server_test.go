package tools

import (
	"bytes"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
)

// TestBusyServerIsTold: of a server with a task under way the plan says beforehand what the service would refuse; what
// needs no task of its own it does not warn of.
func TestBusyServerIsTold(t *testing.T) {
	const warning = "A task is under way on it"
	for _, c := range []struct {
		tool, arguments string
		busy, told      bool
	}{
		{"edit_cloud_server", `{"server_id":"1384","slices_required":1}`, true, true},
		{"edit_cloud_server", `{"server_id":"1384","slices_required":1}`, false, false},
	} {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous()}, nil)
		if c.busy {
			f.tap.edit = func(_ int, body []byte) []byte {
				return bytes.ReplaceAll(body, []byte(`"power_action_pending":false`), []byte(`"power_action_pending":true`))
			}
		}
		a := f.call(c.tool, c.arguments)
		if !a.NeedsConsent || strings.Contains(a.Text, warning) != c.told {
			t.Errorf("%s %s, busy %v:\n%s", c.tool, c.arguments, c.busy, a.Text)
		}
	}
}
