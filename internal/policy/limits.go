package policy

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Limit bounds what may be done in a time. Past it a person is asked, and by a
// deny rule it is refused.
type Limit struct {
	Count int     `yaml:"count"` // plans, and in each what it buys; under effects: [commit] without tools only what is bought
	Money float64 `yaml:"money"` // the sum of known costs
	Per   string  `yaml:"per"`   // hour, day or month
}

var periods = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "month": 31 * 24 * time.Hour}

// An account may do this much where no rule with a limit names another value.
const (
	DefaultBuysADay       = 5
	DefaultCreatesAnHour  = 3
	DefaultChangesAnHour  = 300 // that are free and ask nobody
	nearly                = 0.8 // of a limit that is told only when it is near
	defaultLimitsCanBeSet = "a rule with a limit can set another"
)

// eachPeriod is a period behind a number.
var eachPeriod = map[string]string{"hour": "an hour", "day": "a day", "month": "a month"}

// Room is what a limit leaves for a plan.
type Room struct {
	Limit string // which limit it is
	Words string // how much of it is used with the plan, and what is left; empty when that need not be told
	Over  string // why the plan goes past it, and when there is room again; empty when it does not
	Wall  bool   // nobody can agree to go past it
}

// Rooms says what the limits that speak of a plan leave for it, after the past.
func (p *Policy) Rooms(q Query, past []Past) []Room {
	var rooms []Room
	for _, r := range p.Rules {
		if r.Limit != nil && r.fits(q) {
			rooms = append(rooms, r.rooms(q, past)...)
		}
	}
	for _, d := range defaults {
		if d.adds(q.amount()) == 0 || slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.namesCount() && r.fits(q) }) {
			continue
		}
		c := count{limit: float64(d.most), per: d.per, word: d.word, adds: d.adds(q.amount()), now: q.Now}
		for _, e := range past {
			if !slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.namesCount() && r.speaksOf(e) }) {
				c.add(e.Time, d.adds(e.amount()))
			}
		}
		room := c.room(d.word, "")
		if room.Over != "" {
			room.Over += "; " + defaultLimitsCanBeSet
		} else if d.quiet && c.far() {
			continue
		}
		rooms = append(rooms, room)
	}
	return rooms
}

// amount is what limits count of a plan.
type amount struct {
	buys, creates int
	free          bool // it changes, and asks nobody
}

func (q Query) amount() amount { return amount{q.Buys, q.Creates, isFree(q.Effects)} }

func (e Past) amount() amount { return amount{e.Buys, e.Creates, isFree(e.Effects)} }

func isFree(effects []string) bool { return len(effects) == 1 && effects[0] == "change" }

// defaults are the limits without a rule that names another value.
var defaults = []struct {
	word  string
	most  int
	per   string
	quiet bool // it is told when it is near
	adds  func(amount) float64
}{
	{"purchases", DefaultBuysADay, "day", false, func(a amount) float64 { return float64(a.buys) }},
	{"creations", DefaultCreatesAnHour, "hour", false, func(a amount) float64 { return float64(a.creates) }},
	{"free changes", DefaultChangesAnHour, "hour", true, func(a amount) float64 {
		if a.free {
			return 1
		}
		return 0
	}},
}

// namesCount reports a rule that sets a number for the tools, groups or effects
// that it names, in the place of the default limits.
func (r Rule) namesCount() bool {
	return r.Limit != nil && r.Limit.Count > 0 && len(r.Tools)+len(r.Groups)+len(r.Effects) > 0
}

// speaksOf reports a past plan that counts towards a rule's limit.
func (r Rule) speaksOf(e Past) bool {
	return r.matchesAny(e.Function, e.Also) && r.matchesEffects(e.Effects)
}

// counts is how much a plan adds to a rule's count.
func (r Rule) counts(a amount) float64 {
	if slices.Equal(r.Effects, []string{"commit"}) && len(r.Tools) == 0 {
		return float64(a.buys) // a message to the staff binds, and buys nothing
	}
	return float64(max(1, a.buys))
}

func (r Rule) rooms(q Query, past []Past) []Room {
	var rooms []Room
	number := count{limit: float64(r.Limit.Count), per: r.Limit.Per, adds: r.counts(q.amount()), now: q.Now}
	money := count{limit: r.Limit.Money, per: r.Limit.Per, adds: q.Cost, now: q.Now, money: true}
	for _, e := range past {
		if r.speaksOf(e) {
			number.add(e.Time, r.counts(e.amount()))
			money.add(e.Time, e.Cost)
		}
	}
	if r.Limit.Count > 0 && number.adds > 0 {
		rooms = append(rooms, number.room(r.String(), r.String()+": "))
	}
	if r.Limit.Money > 0 && (q.Cost > 0 || q.Buys > 0) {
		room := money.room(r.String()+", money", r.String()+": ")
		if q.Cost == 0 {
			room.Over = fmt.Sprintf("%s: at most %.2f %s, and what this costs is unknown", r, r.Limit.Money, eachPeriod[r.Limit.Per])
		}
		rooms = append(rooms, room)
	}
	for i := range rooms {
		if rooms[i].Wall = r.Action == Deny; rooms[i].Wall && number.far() && money.far() {
			rooms[i].Words = "" // a wall is told of when it is near
		}
	}
	return slices.DeleteFunc(rooms, func(r Room) bool { return r.Words == "" && r.Over == "" })
}

// count is what a limit counts on its way: plans, purchases or money in a period.
type count struct {
	limit, used, adds float64
	per, word         string
	money             bool
	now               time.Time
	past              []pastAmount // in the period, the oldest first
}

type pastAmount struct {
	at     time.Time
	amount float64
}

func (c *count) add(at time.Time, n float64) {
	if n > 0 && at.After(c.now.Add(-periods[c.per])) {
		c.used += n
		c.past = append(c.past, pastAmount{at, n})
	}
}

// far reports that most of what there is room for is left.
func (c *count) far() bool { return c.used+c.adds < nearly*c.limit || c.limit == 0 }

// room is what is left; who stands before its words.
func (c *count) room(limit, who string) Room {
	sum, each := c.used+c.adds, eachPeriod[c.per]
	if c.money {
		room := Room{Limit: limit, Words: fmt.Sprintf("%s%.2f of %.2f %s with this", who, sum, c.limit, each)}
		if sum > c.limit {
			room.Over = fmt.Sprintf("%sat most %.2f %s; this would make it %.2f", who, c.limit, each, sum)
		}
		return room
	}
	word := c.word
	if word != "" {
		word += " "
	}
	room := Room{Limit: limit, Words: fmt.Sprintf("%s%.0f of %.0f %s%s with this, %.0f left", who, sum, c.limit, word, each, c.limit-sum)}
	if sum > c.limit {
		room.Words = ""
		room.Over = fmt.Sprintf("%sat most %.0f %s%s, and this would make it %.0f; there is room again %s", who, c.limit, word, each, sum, c.roomAt())
	}
	return room
}

// roomAt says when there is room for what does not fit now.
func (c *count) roomAt() string {
	if c.adds > c.limit {
		return "for a smaller plan"
	}
	used := c.used
	slices.SortStableFunc(c.past, func(a, b pastAmount) int { return a.at.Compare(b.at) })
	for _, e := range c.past {
		if used -= e.amount; used+c.adds <= c.limit {
			return "after " + e.at.Add(periods[c.per]).UTC().Format("2006-01-02 15:04 MST")
		}
	}
	return "later"
}

// Within refuses a plan that goes past a limit, unless that was agreed to.
func (p *Policy) Within(q Query, past []Past, agreed func(Room) bool) error {
	var faults []error
	for _, room := range p.Rooms(q, past) {
		if room.Over != "" && (room.Wall || agreed == nil || !agreed(room)) {
			faults = append(faults, errors.New(room.Over))
		}
	}
	return errors.Join(faults...)
}
