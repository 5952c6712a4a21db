package policy

import (
	"fmt"
	"time"
)

// Limit bounds what may be done in a time.
type Limit struct {
	Count int     `yaml:"count"` // plans
	Money float64 `yaml:"money"` // the sum of known costs
	Per   string  `yaml:"per"`   // hour, day or month

	per time.Duration
}

var periods = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "month": 31 * 24 * time.Hour}

// Without a file an account may make this much.
const (
	DefaultBuysADay      = 5
	DefaultCreatesAnHour = 3
)

// Within refuses a plan that the past leaves no room for. Its errors say what
// the limit is and when there is room again.
func (p *Policy) Within(q Query, past []Past) error {
	if len(p.Rules) == 0 {
		return defaultLimits(q, past)
	}
	for _, r := range p.Rules {
		if r.Limit == nil || !r.fits(q) {
			continue
		}
		if err := r.Limit.within(q, r.similar(past, q.Now.Add(-r.Limit.per))); err != nil {
			return fmt.Errorf("%s: %w", r, err)
		}
	}
	return nil
}

// similar gives the past that counts towards a rule's limit.
func (r Rule) similar(past []Past, since time.Time) []Past {
	var out []Past
	for _, e := range past {
		if e.Time.After(since) && r.matchesAny(e.Function, e.Also) && r.matchesEffects(e.Effects) {
			out = append(out, e)
		}
	}
	return out
}

func (l *Limit) within(q Query, past []Past) error {
	if l.Count > 0 && len(past) >= l.Count {
		return fmt.Errorf("at most %d a %s; there is room again after %s", l.Count, l.Per, roomAt(past[len(past)-l.Count].Time, l.per))
	}
	if l.Money <= 0 {
		return nil
	}
	spent := q.Cost
	for _, e := range past {
		spent += e.Cost
	}
	if spent > l.Money {
		return fmt.Errorf("at most %.2f a %s; this would make it %.2f", l.Money, l.Per, spent)
	}
	return nil
}

func defaultLimits(q Query, past []Past) error {
	buys, creates := q.Buys, q.Creates
	var bought, made time.Time
	for _, e := range past {
		if e.Buys > 0 && e.Time.After(q.Now.Add(-24*time.Hour)) {
			buys += e.Buys
			bought = first(bought, e.Time)
		}
		if e.Creates > 0 && e.Time.After(q.Now.Add(-time.Hour)) {
			creates += e.Creates
			made = first(made, e.Time)
		}
	}
	const how = "a policy file can set other limits"
	if q.Buys > 0 && buys > DefaultBuysADay {
		return fmt.Errorf("at most %d purchases a day without a policy; there is room again after %s; %s", DefaultBuysADay, roomAt(bought, 24*time.Hour), how)
	}
	if q.Creates > 0 && creates > DefaultCreatesAnHour {
		return fmt.Errorf("at most %d creations an hour without a policy; there is room again after %s; %s", DefaultCreatesAnHour, roomAt(made, time.Hour), how)
	}
	return nil
}

func first(a, b time.Time) time.Time {
	if a.IsZero() {
		return b
	}
	return a
}

func roomAt(oldest time.Time, per time.Duration) string {
	if oldest.IsZero() {
		return "a smaller plan"
	}
	return oldest.Add(per).UTC().Format("2006-01-02 15:04 MST")
}
