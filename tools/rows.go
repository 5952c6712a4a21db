package tools

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// spec says of a function what its Op does not: how its change is planned, waited for and looked for, and how it is found.
// What is left out does not apply, or is derived: the requests, the hints and the consent come from the Op.
type spec[In any] struct {
	plan    func(ctx context.Context, r *reader, in In) (*plan.Plan, error) // nil: a read, or a change that needs no look at the account
	until   waiter                                                          // what wait: true waits for
	shownIn vpsapi.Operation                                                // the read that shows after a lost answer whether it happened
	ask     func(in In) any                                                 // the input of shownIn, where it is not the required fields of the same names
	marks   func(in In) []string                                            // values that the thing carries, as it was asked for
	mayMean string                                                          // what else its inferred route may do: "It may ..."
	shows   func(in In) shows                                               // what a change by an inferred route shows, where it does not follow from the route
	whole   func(ctx context.Context, r *reader, in In) (In, error)         // the input with its defaults written out
	answer  reflect.Type                                                    // arguments that shape the answer: asList, asFields, asChart
	gives   bool                                                            // the reply gives a password that the person needs
	mild    bool                                                            // its plans are often milder than its safety: it is offered, and judged call by call
	empty   string                                                          // what to try when the list is empty
	search  string                                                          // further words by which a person asks for it
	acts    string                                                          // a further class of verbs for what it does, such as find.Create
}

// The arguments that shape an answer.
var (
	asList   = reflect.TypeFor[listArguments]()  // a list that can be long
	asFields = reflect.TypeFor[fieldsArgument]() // one thing of many fields
	asChart  = reflect.TypeFor[chartArgument]()  // a curve
)

// row is a spec without its types, for a table of all functions.
type row struct {
	op                  vpsapi.Operation
	plan                planner
	until               waiter
	witness             *witness
	shownIn             vpsapi.Operation
	ask                 func(in any) any
	shows               func(in any) shows
	whole               func(ctx context.Context, r *reader, in any) (any, error)
	answer              reflect.Type
	gives, mild         bool
	empty, search, acts string
	mayMean             string
}

// plain is the row of a function of which all else is derived.
func plain(op vpsapi.Operation, search string) row { return row{op: op, search: search} }

// function is the row of a function. A plan's words are among the facts that consent is bound to: when the words would
// differ, it is another plan.
func function[In, Out any](op vpsapi.Op[In, Out], s spec[In]) row {
	r := row{op: op, until: s.until, answer: s.answer, gives: s.gives, mild: s.mild, empty: s.empty, search: s.search, acts: s.acts, mayMean: s.mayMean}
	if s.plan != nil {
		r.plan = func(ctx context.Context, r *reader, in any) (*plan.Plan, error) {
			p, err := s.plan(ctx, r, in.(In))
			if err == nil {
				p.State = append(p.State, p.Words.Facts()...)
			}
			return p, err
		}
	}
	if s.whole != nil {
		r.whole = func(ctx context.Context, r *reader, in any) (any, error) { return s.whole(ctx, r, in.(In)) }
	}
	if s.shownIn != nil {
		r.witness, r.shownIn = s.witness(), s.shownIn
	}
	if s.ask != nil {
		r.ask = func(in any) any { return s.ask(in.(In)) }
	}
	if s.shows != nil {
		r.shows = func(in any) shows { return s.shows(in.(In)) }
	}
	return r
}

// witness ties the function to the read that shows what it makes. Without marks only the moment at which a thing was made
// tells it from the others.
func (s spec[In]) witness() *witness {
	return &witness{
		where: s.shownIn.Info().Name,
		see: func(ctx context.Context, r *reader, in any) (any, error) {
			asked := sameNamed(in, s.shownIn.Info().In)
			if s.ask != nil {
				asked = s.ask(in.(In))
			}
			if s.shownIn.Info().Safety != vpsapi.Reads {
				return nil, fmt.Errorf("%s is no read", s.shownIn.Info().Name)
			}
			result, err := s.shownIn.Do(ctx, r.client, asked)
			return result.Out, err
		},
		marks: func(in any) []string {
			if s.marks == nil {
				return nil
			}
			return slices.DeleteFunc(s.marks(in.(In)), func(mark string) bool { return mark == "" })
		},
	}
}

// sameNamed is an input of a type, its required fields taken from those of the same names.
func sameNamed(in any, as reflect.Type) any {
	to, from := reflect.New(as).Elem(), reflect.ValueOf(in)
	for _, f := range reflect.VisibleFields(as) {
		if plan.JSONName(f) == f.Tag.Get("json") { // no omitempty: required
			if value := from.FieldByName(f.Name); value.IsValid() && value.Type() == f.Type {
				to.FieldByIndex(f.Index).Set(value)
			}
		}
	}
	return to.Interface()
}

// rows lists every function, by group.
func rows() []row {
	return slices.Concat(serversRows(), nodesRows(), ipsRows(), backupsRows(), cloudsRows(), dnsRows(), ticketsRows(), templatesRows(), invoicesRows(), profileRows(), ssdRows(), platformRows())
}

// rowTable is rows by name, made when it is first asked for.
var rowTable struct {
	once sync.Once
	rows map[string]row
}

// rowNamed is the row of a function; the zero row for a tool that is none.
func rowNamed(name string) row {
	rowTable.once.Do(func() {
		rowTable.rows = map[string]row{}
		for _, r := range rows() {
			rowTable.rows[r.op.Info().Name] = r
		}
	})
	return rowTable.rows[name]
}
