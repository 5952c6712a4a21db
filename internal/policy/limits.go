package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Limit bounds what may be done in a time. Past it a person is asked, and by a
// deny rule it is refused.
type Limit struct {
	Count int     `yaml:"count"` // plans, and in each what it buys and the changes of a zone; under effects: [commit] without tools only what is bought
	Money float64 `yaml:"money"` // the sum of known costs
	Per   string  `yaml:"per"`   // hour, day or month
}

// periods are the periods of limits; a month is 31 days.
var periods = map[string]time.Duration{"hour": time.Hour, "day": 24 * time.Hour, "month": 31 * 24 * time.Hour}

// An account may do this much where no rule with a limit names another value.
const (
	DefaultBuysADay       = 5
	DefaultCreatesAnHour  = 3
	DefaultChangesAnHour  = 300 // that are free and ask nobody
	nearLimit             = 0.8 // of a limit that is told only when it is near
	defaultLimitsCanBeSet = "a policy rule with a limit can set another one"
)

// perPeriod is a period behind a number.
var perPeriod = map[string]string{"hour": "an hour", "day": "a day", "month": "a month"}

// Remainder is what a limit leaves for a plan.
type Remainder struct {
	Limit string    // which limit it is
	Words string    // how much of it is used with the plan, and what is left; empty when that need not be told
	Over  string    // why the plan goes past it, and when there is room again; empty when it does not
	Again time.Time // when there is room again; zero where that is not known
	Wall  bool      // nobody can agree to go past it
}

// Remaining says what the limits that speak of a plan leave for it, after the past.
func (p *Policy) Remaining(q Query, past []Past) []Remainder {
	var rooms []Remainder
	for _, r := range p.Rules {
		if r.Limit != nil && r.appliesTo(q) {
			rooms = append(rooms, r.remaining(q, past)...)
		}
	}
	for _, d := range defaults {
		if d.adds(q.amount()) == 0 || slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.namesCount() && r.appliesTo(q.withoutParts()) }) {
			continue
		}
		c := usageCount{limit: float64(d.most), per: d.per, word: d.word, adds: d.adds(q.amount()), now: q.Now}
		for _, e := range past {
			if !slices.ContainsFunc(p.Rules, func(r Rule) bool { return r.namesCount() && r.countsPast(e.withoutParts()) }) {
				c.add(e.Tool, e.Time, d.adds(e.amount()))
			}
		}
		room := c.remainder(d.word, "")
		if room.Over != "" {
			room.Over += "; " + defaultLimitsCanBeSet
		} else if d.quiet && c.isFarFromLimit() {
			continue
		}
		rooms = append(rooms, room)
	}
	return rooms
}

// A rule with a number takes the place of a default limit for the functions themselves: a
// plan that only comes to the same keeps the default beside it.
func (q Query) withoutParts() Query { q.Parts, q.Counts = nil, nil; return q }

// withoutParts returns the change without the functions that would do parts of it: default limits do not count those.
func (e Past) withoutParts() Past { e.Parts, e.Counts = nil, nil; return e }

// amount is what limits count of a plan.
type amount struct {
	buys, creates int
	free          bool // it changes, and asks nobody
	counts        []Count
}

// amount returns what a call would use of the limits.
func (q Query) amount() amount { return amount{q.Buys, q.Creates, isFree(q.Effects), q.Counts} }

// amount returns what a change of the past used of the limits.
func (e Past) amount() amount { return amount{e.Buys, e.Creates, isFree(e.Effects), e.Counts} }

// changes returns how many changes of a plan satisfy is.
func (a amount) changes(is func(Count) bool) (n int) {
	for _, c := range a.counts {
		if is(c) {
			n += c.Times
		}
	}
	return n
}

// isFree reports a change that costs nothing and can be reversed.
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
			return float64(max(1, a.changes(func(Count) bool { return true })))
		}
		return 0
	}},
}

// namesCount reports a rule that sets a number for the tools, groups or effects
// that it names, in the place of the default limits.
func (r Rule) namesCount() bool {
	return r.Limit != nil && r.Limit.Count > 0 && len(r.Tools)+len(r.Groups)+len(r.Effects) > 0
}

// countsPast reports a past plan that counts towards a rule's limit.
func (r Rule) countsPast(e Past) bool {
	return r.matchesAny(e.Function, e.Also, e.Parts) && r.matchesEffects(e.Effects)
}

// amountOf returns how much a plan adds to a rule's count.
func (r Rule) amountOf(a amount) float64 {
	if slices.Equal(r.Effects, []string{"commit"}) && len(r.Tools) == 0 {
		return float64(a.buys) // a message to the staff binds, and buys nothing
	}
	return float64(max(1, a.buys, a.changes(func(c Count) bool {
		return slices.ContainsFunc(c.Functions, r.matchesTool) && r.matchesEffects(c.Effects)
	})))
}

// remaining returns what the past leaves of the rule's limit.
func (r Rule) remaining(q Query, past []Past) []Remainder {
	var rooms []Remainder
	number := usageCount{limit: float64(r.Limit.Count), per: r.Limit.Per, adds: r.amountOf(q.amount()), now: q.Now}
	money := usageCount{limit: r.Limit.Money, per: r.Limit.Per, adds: q.Cost, now: q.Now, money: true}
	for _, e := range past {
		if r.countsPast(e) {
			number.add(e.Tool, e.Time, r.amountOf(e.amount()))
			money.add(e.Tool, e.Time, e.Cost)
		}
	}
	if r.Limit.Count > 0 && number.adds > 0 {
		rooms = append(rooms, number.remainder(r.String(), r.String()+": "))
	}
	if r.Limit.Money > 0 && (q.Cost > 0 || q.Buys > 0) {
		room := money.remainder(r.String()+", money", r.String()+": ")
		if q.Cost == 0 {
			room.Over = fmt.Sprintf("%s: at most %.2f %s, and the price of this is not known", r, r.Limit.Money, perPeriod[r.Limit.Per])
		}
		rooms = append(rooms, room)
	}
	for i := range rooms {
		if rooms[i].Wall = r.Action == Deny; rooms[i].Wall && number.isFarFromLimit() && money.isFarFromLimit() {
			rooms[i].Words = "" // a wall is told of when it is near
		}
	}
	return slices.DeleteFunc(rooms, func(r Remainder) bool { return r.Words == "" && r.Over == "" })
}

// usageCount is what a limit counts on its way: plans, purchases or money in a period.
type usageCount struct {
	limit, used, adds float64
	per, word         string
	money             bool
	now               time.Time
	past              []pastAmount // in the period, the oldest first
}

// pastAmount is what a change used of a limit, and when.
type pastAmount struct {
	tool   string
	at     time.Time
	amount float64
}

// add counts an amount that was used within the period.
func (c *usageCount) add(tool string, at time.Time, n float64) {
	if n > 0 && at.After(c.now.Add(-periods[c.per])) {
		c.used += n
		c.past = append(c.past, pastAmount{tool, at, n})
	}
}

// isFarFromLimit reports that most of what there is room for is left.
func (c *usageCount) isFarFromLimit() bool { return c.used+c.adds < nearLimit*c.limit || c.limit == 0 }

// remainder returns what is left; who stands before its words.
func (c *usageCount) remainder(limit, who string) Remainder {
	sum, each := c.used+c.adds, perPeriod[c.per]
	if c.money {
		room := Remainder{Limit: limit, Words: fmt.Sprintf("%s%.2f of %.2f %s with this", who, sum, c.limit, each)}
		if sum > c.limit {
			room.Over = fmt.Sprintf("%sat most %.2f %s; this would make it %.2f", who, c.limit, each, sum)
		}
		return room
	}
	word := c.word
	if word != "" {
		word += " "
	}
	room := Remainder{Limit: limit, Words: fmt.Sprintf("%s%.0f of %.0f %s%s with this, %.0f left", who, sum, c.limit, word, each, c.limit-sum)}
	if sum > c.limit {
		room.Words, room.Again = "", c.nextRoom()
		when := "for a smaller plan"
		if !room.Again.IsZero() {
			when = "after " + room.Again.UTC().Format("2006-01-02 15:04 MST")
		}
		room.Over = fmt.Sprintf("%sat most %.0f %s%s, and this would make it %.0f; there is room again %s", who, c.limit, word, each, sum, when)
		if counted := c.countedText(); c.word != "" && counted != "" {
			room.Over += "; counted: " + counted
		}
	}
	return room
}

// nextRoom is when there is room for what does not fit now; zero for a plan that is larger than the limit.
func (c *usageCount) nextRoom() time.Time {
	used := c.used
	slices.SortStableFunc(c.past, func(a, b pastAmount) int { return a.at.Compare(b.at) })
	for _, e := range c.past {
		if used -= e.amount; c.adds <= c.limit && used+c.adds <= c.limit {
			return e.at.Add(periods[c.per] + time.Minute - 1).Truncate(time.Minute) // as it is told, to the minute
		}
	}
	return time.Time{}
}

// countedText names the functions that used a limit, each with how much.
func (c *usageCount) countedText() string {
	of := map[string]float64{}
	for _, e := range c.past {
		of[e.tool] += e.amount
	}
	var texts []string
	for _, tool := range slices.Sorted(maps.Keys(of)) {
		texts = append(texts, fmt.Sprintf("%s %.0f", tool, of[tool]))
	}
	return strings.Join(texts, ", ")
}

// CheckLimits refuses a plan that goes past a limit, unless that was agreed to.
func (p *Policy) CheckLimits(q Query, past []Past, agreed func(Remainder) bool) error {
	var faults []error
	for _, room := range p.Remaining(q, past) {
		if room.Over != "" && (room.Wall || agreed == nil || !agreed(room)) {
			faults = append(faults, errors.New(room.Over))
		}
	}
	return errors.Join(faults...)
}
