package tools

import (
	"context"
	"fmt"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Plan is what a call would do, as plain data: consent, policy, journal and
// audit see plans only.
type Plan struct {
	Tool    string
	Account string
	Sandbox bool  // the account is the embedded VPS.NET's: nothing is real
	Thing   Thing // what it happens to
	Steps   []Step
	Effects []Effect
	Words   Words
	State   []string // facts the words depend on; a plan whose facts moved is another plan
	Doubt   string   // why it may be the repetition of one that happened; empty when it is none
	Over    []string // which limits it goes past
	Limits  []string // what other limits count of it, and what is left
	Loosens []string // which rules and protections it would take a thing out of
	Nothing string   // why there is nothing to do; empty when there is

	Touches []policy.Thing // what else it touches, for the policy
	Cost    float64        // at once, where known
	Buys    int            // purchases
	Creates int            // things that it makes
	Moves   bool           // it renames or moves a thing
	Changed []policy.Change
	UndoOf  string // the journal entry that it reverses

	// Acts is the tool whose rules hold for the plan, where that is another than
	// the one that was called; with its group.
	Acts, ActsGroup string

	// Inverse gives the call that reverses the plan; nil when there is none. It
	// sees the last step's reply, which may name what was made.
	Inverse func(reply any) *state.Inverse

	// Restore is the call that puts everything back however far the plan went. It
	// is in the journal before anything is sent.
	Restore *state.Inverse
}

// Thing is what a plan happens to. A person who agrees to its loss types its
// label, or its id where it has none.
type Thing struct {
	Kind  string // such as "cloud server"
	ID    string
	Label string

	Shared bool   // another thing has the same label
	Was    string // its label before this server renamed it lately; empty when it did not
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
}

// Change is one field of an edit.
type Change struct {
	Field, Before, After string
}

// planner makes the plan of a call by reads alone.
type planner func(ctx context.Context, r *reader, in any) (*Plan, error)

// planned ties a planner to its function, and every plan to its words: when the
// words would differ, it is another plan.
func planned[In, Out any](op vpsapi.Op[In, Out], made func(ctx context.Context, r *reader, in In) (*Plan, error)) entry {
	return entry{op, func(ctx context.Context, r *reader, in any) (*Plan, error) {
		p, err := made(ctx, r, in.(In))
		if err == nil {
			p.State = append(p.State, p.Words.facts()...)
		}
		return p, err
	}}
}

// entry is a function and what plans it.
type entry struct {
	op   vpsapi.Operation
	plan planner
}

// planOne is the plan of a function that needs no look at the account: one
// request, taken at the function's worst.
func planOne(op vpsapi.Operation) planner {
	return func(_ context.Context, r *reader, in any) (*Plan, error) { return r.plan(op, in) }
}

// plan starts the plan of one request, taken at the function's worst.
func (r *reader) plan(op vpsapi.Operation, in any) (*Plan, error) {
	request, err := r.client.Encode(op, in)
	if err != nil {
		return nil, err
	}
	info := op.Info()
	thing := subject(op, in)
	does := info.Title + "."
	if thing != (Thing{}) {
		does = info.Title + ": " + thing.String() + "."
	}
	return &Plan{
		Tool: info.Name, Account: r.client.Account(), Thing: thing,
		Steps:   []Step{{Op: op, In: in, Request: request}},
		Effects: []Effect{{info.Safety, info.Title}},
		Words:   Words{Does: []string{does}},
	}, nil
}

// Worst is the worst of the plan's effects.
func (p *Plan) Worst() vpsapi.Safety {
	worst := vpsapi.Reads
	for _, e := range p.Effects {
		worst = max(worst, e.Safety)
	}
	return worst
}

// accountText names the account, and that it is no real one.
func (p *Plan) accountText() string {
	if p.Sandbox {
		return p.Account + " (sandbox)"
	}
	return p.Account
}

// Text is the plan for a person to read.
func (p *Plan) Text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Account: %s\n", p.accountText())
	line(&b, "Take care", p.Doubt)
	line(&b, "Loosens the policy", strings.Join(p.Loosens, "; "))
	line(&b, "Past a limit", strings.Join(p.Over, "; "))
	line(&b, "What happens", strings.Join(p.Words.Does, " "))
	for _, c := range p.Words.Changes {
		fmt.Fprintf(&b, "  %s: %s -> %s\n", c.Field, c.Before, c.After)
	}
	for _, w := range p.Words.Warnings {
		line(&b, "Warning", w)
	}
	line(&b, "Lost with it", strings.Join(p.Words.Loses, "; "))
	line(&b, "Stays, and keeps billing", strings.Join(p.Words.Keeps, "; "))
	line(&b, "Downtime", p.Words.Downtime)
	line(&b, "Cost", p.Words.Cost)
	line(&b, "Limits", strings.Join(p.Limits, "; "))
	line(&b, "Undo", p.Words.Undo)
	if len(p.Steps) > 1 {
		fmt.Fprintf(&b, "Requests: %d\n", len(p.Steps))
		return strings.TrimRight(b.String(), "\n")
	}
	for _, s := range p.Steps {
		fmt.Fprintf(&b, "Request: %s %s%s\n", s.Request.Method, s.Request.URL(), bodyText(s))
	}
	return strings.TrimRight(b.String(), "\n")
}

func line(b *strings.Builder, title, text string) {
	if text != "" {
		fmt.Fprintf(b, "%s: %s\n", title, text)
	}
}
