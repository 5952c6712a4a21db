package policy

import (
	"strings"
	"time"
)

// denialText says why a rule denies a plan, and until when where its hours end.
func (r Rule) denialText(now time.Time) (says string, until time.Time) {
	var why []string
	for _, c := range []struct {
		of     string
		values []string
	}{
		{"tools", r.Tools}, {"groups", r.Groups}, {"effects", r.Effects}, {"servers", r.Servers}, {"labels", r.Labels}, {"clouds", r.Clouds}, {"domains", r.Domains},
	} {
		if len(c.values) > 0 {
			why = append(why, c.of+" "+strings.Join(c.values, ", "))
		}
	}
	if r.Hours != nil {
		why, until = append(why, r.Hours.String()), r.Hours.end(now)
	}
	says = r.String()
	if len(why) > 0 {
		says += ": " + strings.Join(why, ", ")
	}
	if !until.IsZero() {
		says += "; it applies until " + until.Format("2006-01-02 15:04 ") + r.Hours.zone.String()
	}
	return says, until
}

// String returns the hours as the policy file has them.
func (h *Hours) String() string {
	s := h.From + " to " + h.To
	if len(h.Days) > 0 {
		s += " on " + strings.Join(h.Days, ", ")
	}
	return s + " " + h.zone.String()
}

// end is the next minute outside of the hours; zero where a week has none. It looks
// at each minute: clocks that change in between need no rule of their own.
func (h *Hours) end(now time.Time) time.Time {
	for at := now.Truncate(time.Minute); at.Before(now.AddDate(0, 0, 8)); at = at.Add(time.Minute) {
		if !h.contains(at) {
			return at.In(h.zone)
		}
	}
	return time.Time{}
}
