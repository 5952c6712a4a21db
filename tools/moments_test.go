package tools

import (
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
)

// TestMoments: a moment that has passed, or that US Eastern time does not have, is
// refused before anybody is asked; one that it has twice is a warning; each is shown
// in the zones that a person knows, old and new alike.
func TestMoments(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ at, edit, schedule string }{
		{"2020-01-01 10:00", "has passed", "has passed"},
		{"2026-11-24 06:59", "has passed", "has passed"}, // it is noon UTC, 07:00 there
		{"2027-03-14 02:30", "has no 2027-03-14 02:30", "has no 2027-03-14 02:30"},
		{"2027-11-07 01:30", "twice, as the clocks go back then: 05:30 UTC and 06:30 UTC", "twice"},
		{"2027-01-02 10:00", "2010-05-01 10:00 US Eastern time (14:00 UTC, 16:00 CEST) -> on, until 2027-01-02 10:00 US Eastern time (15:00 UTC, 16:00 CET)",
			"at presumably 2027-01-02 10:00 US Eastern time (15:00 UTC, 16:00 CET)"},
	} {
		f := newFleet(t, Options{Consent: consent.Code, Policy: generous(), Person: berlin}, nil)
		edit := f.call("edit_cloud_server", `{"server_id":"1384","delayed_storage":true,"delayed_storage_until":"`+c.at+`"}`)
		schedule := f.call("create_scheduled_upgrade", `{"server_id":"1384","label":"x","extra_slices":1,"run_at":"`+c.at+`"}`)
		refused := strings.Contains(c.edit, "has passed") || strings.Contains(c.edit, "has no")
		if !strings.Contains(edit.Text, c.edit) || !strings.Contains(schedule.Text, c.schedule) || edit.NeedsConsent == refused || schedule.NeedsConsent == refused {
			t.Errorf("%s: %s\n%s", c.at, edit.Text, schedule.Text)
		}
	}
}
