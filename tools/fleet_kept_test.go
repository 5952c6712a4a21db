package tools

import "testing"

// TestReportsShareWhatIsKept: a report reads the clouds and the profile once a minute, and all else anew.
func TestReportsShareWhatIsKept(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil)
	for _, c := range []struct {
		tool string
		want int
	}{{"fleet_report", 10}, {"fleet_report", 8}, {"cost_report", 13}} {
		f.tap.take()
		first := f.call(c.tool, `{}`)
		if sent := f.tap.take(); first.IsError || len(sent) != c.want {
			t.Errorf("%s made %d requests, want %d: %q", c.tool, len(sent), c.want, sent)
		}
	}
}
