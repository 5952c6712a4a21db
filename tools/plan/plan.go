// Package plan is what a call would do, as data: requests, effects, the words that a person reads, and what reverses it.
package plan

import (
	"bytes"
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Plan is what a call would do, as plain data: consent, policy, journal and
// audit see plans only.
type Plan struct {
	Tool     string
	Account  string
	Sandbox  bool  // the account is the embedded VPS.NET's: nothing is real
	Thing    Thing // what it happens to
	Part     Thing // what of it is made or taken away, such as a record of a domain; zero where that is Thing itself
	Steps    []Step
	Effects  []Effect
	Words    Words
	State    []string  // facts the words depend on; a plan whose facts moved is another plan
	Doubt    string    // why it may be the repetition of one that happened; empty when it is none
	Over     []string  // which limits it goes past
	Again    time.Time // when it goes past none of them any more; zero where that is not known
	Limits   []string  // what other limits count of it, and what is left
	Unproved []string  // of each first use of an inferred route: which request, and what else it may mean
	Loosens  []string  // which rules and protections it would take a thing out of
	Cannot   string    // why it cannot succeed, and what helps; empty when it may
	Nothing  string    // why there is nothing to do; empty when there is

	Singles []Single       // what of it single functions do too
	changes int            // how many of its changes were begun
	Touches []policy.Thing // what else it touches, for the policy
	Cost    float64        // at once, where known
	Buys    int            // purchases
	Creates int            // things that it makes
	Repeats bool           // it counts as a creation where the same was done to its thing within the hour
	Moves   bool           // it renames or moves a thing
	Needs   []Need         // nodes that it takes beyond those that its server has
	Changed []policy.Change
	UndoOf  string // the journal entry that it reverses

	// Acts is the function whose rules hold for the plan, where that is another
	// than the tool that was called.
	Acts policy.Function

	// Inverse gives the call that reverses the plan; nil when there is none. It
	// sees the last step's reply, which may name what was made.
	Inverse func(reply any) *state.Inverse

	// Restore is the call that puts everything back however far the plan went. It
	// is in the journal before anything is sent.
	Restore *state.Inverse
}

// Need is a number of nodes of one kind: monthly, daily, RAM, storage, fusion or bandwidth.
type Need struct {
	Kind string
	N    int
}

// Thing is what a plan happens to. A person who agrees to its loss types its
// label, or its id where it has none.
type Thing struct {
	Kind  string // such as "cloud server"
	ID    string
	Label string
	Host  string // its full hostname, where that is how it is known

	Shared bool   // another thing has the same label
	Was    string // its label before vpsnet-mcp renamed it lately; empty when it did not
}

// String names the thing for a person.
func (t Thing) String() string {
	switch {
	case t.Kind == "":
		return ""
	case t.Label == "":
		return t.Kind + " " + words.IDText(t.ID)
	case t.ID == "":
		return t.Kind + " " + vpsapi.Quote(t.Label)
	default:
		return fmt.Sprintf("%s %s (id %s)", t.Kind, vpsapi.Quote(t.Label), words.IDText(t.ID))
	}
}

// Subject is what a plan makes, takes away or changes, as the journal keeps it, each text cleaned; nil for the account.
func (p *Plan) Subject(clean func(string) string) *state.Subject {
	t := p.Part
	if t == (Thing{}) {
		t = p.Thing
	}
	if t.Kind == "" {
		return nil
	}
	return &state.Subject{Kind: t.Kind, ID: clean(t.ID), Name: clean(t.Label), Host: clean(t.Host)}
}

// Step is one request of a plan.
type Step struct {
	Op      vpsapi.Operation
	In      any
	Request vpsapi.Request
	Words   string // what it does, in a plan of many
}

// Effect is one thing that a plan does, and how bad it is.
type Effect struct {
	Safety vpsapi.Safety
	Text   string
}

// Words are what a person reads of a plan; an empty part is left out.
type Words struct {
	Does     []string // what happens, to which thing
	Changes  []Change // an edit's fields, before and after
	Warnings []string // what may not be meant
	Loses    []string // what is lost with it
	Keeps    []string // what survives, and keeps billing
	Downtime string
	Cost     string
	Undo     string // how, and until when
	After    string // what must be known once it is sent, where nobody waits for the end
}

// Change is one field of an edit.
type Change struct {
	Field, Before, After string
}

// New starts the plan of one request, taken at the function's worst. It sends nothing.
func New(c *vpsapi.Client, op vpsapi.Operation, in any) (*Plan, error) {
	request, err := c.Encode(op, in)
	if err != nil {
		return nil, err
	}
	info := op.Info()
	thing := Subject(op, in)
	does := info.Title + "."
	if thing != (Thing{}) {
		does = info.Title + ": " + thing.String() + "."
	}
	return &Plan{
		Tool: info.Name, Account: c.Identity(), Thing: thing,
		Steps:   []Step{{Op: op, In: in, Request: request}},
		Effects: []Effect{{info.Safety, info.Title}},
		Words:   Words{Does: []string{does}},
	}, nil
}

// RuleOut marks a plan that cannot succeed by what the account shows: why, and the
// step that helps. Of more than one cause the first is told.
func (p *Plan) RuleOut(why, next string) {
	if p.Cannot == "" {
		p.Cannot = why + ": " + next
		p.State = append(p.State, why)
	}
}

// Worst returns the worst class of safety among the plan's effects.
func (p *Plan) Worst() vpsapi.Safety {
	worst := vpsapi.Reads
	for _, e := range p.Effects {
		worst = max(worst, e.Safety)
	}
	return worst
}

// NeedsKnowing reports a plan that is agreed to only by who has seen it, whatever it does: one that may be a repetition, or that
// uses a route first.
func (p *Plan) NeedsKnowing() bool { return p.Doubt != "" || len(p.Unproved) > 0 }

// Extra says what makes the plan more than its call asks for, so that a yes that was given before it was read
// does not cover it; empty for nothing.
func (p *Plan) Extra() string {
	switch {
	case len(p.Unproved) > 0:
		return "the first use of an inferred route"
	case p.Doubt != "":
		return "a change that may have been made already"
	case len(p.Over) > 0:
		return "a change past a limit"
	case len(p.Loosens) > 0:
		return "a change that loosens the policy"
	}
	return ""
}

// Gravest is what the plan's worst effect says that it does.
func (p *Plan) Gravest() string {
	for _, e := range p.Effects {
		if e.Safety == p.Worst() {
			return e.Text
		}
	}
	return ""
}

// AccountText names the account, and that it is not a real one.
func (p *Plan) AccountText() string {
	name, _, _ := strings.Cut(p.Account, " ")
	if p.Sandbox {
		return name + " (sandbox)"
	}
	return name
}

// Text returns the whole plan as a person reads it.
func (p *Plan) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Account: %s\n", p.AccountText())
	writeLine(&b, "Take care", p.Doubt)
	for _, text := range p.Unproved {
		writeLine(&b, "First use", text)
	}
	writeLine(&b, "Loosens the policy", strings.Join(p.Loosens, "; "))
	writeLine(&b, "Past a limit", strings.Join(p.Over, "; "))
	writeLine(&b, "What happens", strings.Join(p.Words.Does, " "))
	for _, c := range p.Words.Changes {
		fmt.Fprintf(&b, "  %s: %s -> %s\n", c.Field, c.Before, c.After)
	}
	for _, w := range p.Words.Warnings {
		writeLine(&b, "Warning", w)
	}
	writeLine(&b, "Lost with it", strings.Join(p.Words.Loses, "; "))
	writeLine(&b, "Stays, and keeps billing", strings.Join(p.Words.Keeps, "; "))
	writeLine(&b, "Downtime", p.Words.Downtime)
	writeLine(&b, "Cost", p.Words.Cost)
	writeLine(&b, "Limits", strings.Join(p.Limits, "; "))
	writeLine(&b, "Undo", p.Words.Undo)
	if len(p.Steps) > 1 {
		fmt.Fprintf(&b, "Requests: %d\n", len(p.Steps))
		return strings.TrimRight(b.String(), "\n")
	}
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "Request: %s %s%s\n", s.Request.Method, s.Request.URL(), bodyText(s))
	}
	return strings.TrimRight(b.String(), "\n")
}

// writeLine writes a line of a plan, "Title: text"; nothing when there is no text.
func writeLine(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "%s: %s\n", title, text)
	}
}

// Typed is what a person types to agree to a loss.
func (p *Plan) Typed() string {
	if p.Worst() < vpsapi.Destroys {
		return ""
	}
	t := p.Thing
	t.Label = cmp.Or(t.Was, t.Label)
	switch plain := vpsapi.Quote(t.Label) == `"`+t.Label+`"`; {
	case t.Label == "" && t.ID == "":
		return "yes"
	case t.ID != "" && (t.Label == "" || !plain):
		return t.ID
	case t.Shared:
		return t.Label + " " + t.ID
	default:
		return t.Label
	}
}

// Sends reports whether a request is among the plan's.
func (p *Plan) Sends(r vpsapi.Request) bool {
	return slices.ContainsFunc(p.Steps, func(s Step) bool {
		return s.Request.Method == r.Method && s.Request.URL() == r.URL() && bytes.Equal(s.Request.Body, r.Body)
	})
}

// EffectWords names the plan's effects, each once, the mildest first.
func (p *Plan) EffectWords() []string {
	var effects []vpsapi.Safety
	for _, e := range p.Effects {
		effects = append(effects, e.Safety)
	}
	slices.Sort(effects)
	texts := make([]string, 0, len(effects))
	for _, e := range slices.Compact(effects) {
		texts = append(texts, e.String())
	}
	return texts
}

// MaxBodyText bounds what a plan shows of a request's body, in characters.
const MaxBodyText = 4000

// bodyText shows a request's body as a person reads it: on one line, secrets
// hidden, and nothing in it that changes how the rest is read.
func bodyText(s Step) string {
	if s.Request.Body == nil {
		return ""
	}
	var b strings.Builder
	n := 0
	for _, r := range string(vpsapi.PlainJSON(vpsapi.HideSecrets(s.Request.Body))) {
		n++
		if n > MaxBodyText {
			fmt.Fprintf(&b, "... (%d bytes in all)", len(s.Request.Body))
			break
		}
		if unicode.IsGraphic(r) {
			b.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, unit)
		}
	}
	return " " + b.String()
}

// JSONName is a struct field's name in JSON.
func JSONName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// FirstNamed is the id of the first thing of a kind that a plan's requests name;
// empty for none.
func (p *Plan) FirstNamed(kind string) string {
	for _, step := range p.Steps {
		for _, n := range NamedIn(step.In) {
			if n.Kind == kind {
				return n.ID
			}
		}
	}
	return ""
}
