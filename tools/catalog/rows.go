// Package catalog says of each function of the API what its Op does not: how a change is planned, waited for and looked for,
// and how it is found. One row a function, in a file named after its group, its planners beside it.
package catalog

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// spec says of a function what its Op does not: how its change is planned, waited for and looked for, and how it is found.
// What is left out does not apply, or is derived: the requests, the hints and the consent come from the Op.
type spec[In any] struct {
	plan    func(ctx context.Context, r *account.Reader, in In) (*plan.Plan, error) // nil: a read, or a change that needs no look at the account
	until   waitFunc                                                                // what wait: true waits for
	shownIn vpsapi.Operation                                                        // the read that shows after a lost answer whether it happened
	ask     func(in In) any                                                         // the input of shownIn, where it is not the required fields of the same names
	marks   func(in In) []string                                                    // values that the thing carries, as it was asked for
	mayMean string                                                                  // what else its inferred route may do: "It may ..."
	shows   func(in In) ProofSpec                                                   // what a change by an inferred route shows, where it does not follow from the route
	whole   func(ctx context.Context, r *account.Reader, in In) (In, error)         // the input with its defaults written out
	answer  reflect.Type                                                            // arguments that shape the answer: AsList, AsFields, AsChart
	gives   bool                                                                    // the reply gives a password that the person needs
	mild    bool                                                                    // its plans are often milder than its safety: it is offered, and judged call by call
	empty   string                                                                  // what to try when the list is empty
	search  string                                                                  // further words by which a person asks for it
	acts    string                                                                  // a further class of verbs for what it does, such as find.Create
}

// The arguments that shape an answer.
var (
	AsList   = reflect.TypeFor[answer.ListArguments]()  // a list that can be long
	asFields = reflect.TypeFor[answer.FieldsArgument]() // one thing of many fields
	asChart  = reflect.TypeFor[answer.ChartArgument]()  // a curve
)

// Row is a spec without its types, for a table of all functions.
type Row struct {
	Op                  vpsapi.Operation
	Plan                Planner
	Until               waitFunc
	Witness             *Witness
	ShownIn             vpsapi.Operation
	Ask                 func(in any) any
	Shows               func(in any) ProofSpec
	Whole               func(ctx context.Context, r *account.Reader, in any) (any, error)
	Answer              reflect.Type
	Gives, Mild         bool
	Empty, Search, Acts string
	MayMean             string
}

// plain is the row of a function of which all else is derived.
func plain(op vpsapi.Operation, search string) Row { return Row{Op: op, Search: search} }

// function is the row of a function. A plan's words are among the facts that consent is bound to: when the words would
// differ, it is another plan.
func function[In, Out any](op vpsapi.Op[In, Out], s spec[In]) Row {
	r := Row{Op: op, Until: s.until, Answer: s.answer, Gives: s.gives, Mild: s.mild, Empty: s.empty, Search: s.search, Acts: s.acts, MayMean: s.mayMean}
	if s.plan != nil {
		r.Plan = func(ctx context.Context, r *account.Reader, in any) (*plan.Plan, error) {
			p, err := s.plan(ctx, r, in.(In))
			r.Settle()
			if err == nil {
				p.State = append(p.State, p.Words.Facts()...)
			}
			return p, err
		}
	}
	if s.whole != nil {
		r.Whole = func(ctx context.Context, r *account.Reader, in any) (any, error) { return s.whole(ctx, r, in.(In)) }
	}
	if s.shownIn != nil {
		r.Witness, r.ShownIn = s.witness(), s.shownIn
	}
	if s.ask != nil {
		r.Ask = func(in any) any { return s.ask(in.(In)) }
	}
	if s.shows != nil {
		r.Shows = func(in any) ProofSpec { return s.shows(in.(In)) }
	}
	return r
}

// witness ties the function to the read that shows what it makes. Without marks only the moment at which a thing was made
// tells it from the others.
func (s spec[In]) witness() *Witness {
	return &Witness{
		where: s.shownIn.Info().Name,
		see: func(ctx context.Context, r *account.Reader, in any) (any, error) {
			asked := CopyFields(in, s.shownIn.Info().In)
			if s.ask != nil {
				asked = s.ask(in.(In))
			}
			if s.shownIn.Info().Safety != vpsapi.Reads {
				return nil, fmt.Errorf("%s is not a read", s.shownIn.Info().Name)
			}
			result, err := s.shownIn.Do(ctx, r.Client, asked)
			return result.Out, err
		},
		Marks: func(in any) []string {
			if s.marks == nil {
				return nil
			}
			return slices.DeleteFunc(s.marks(in.(In)), func(mark string) bool { return mark == "" })
		},
	}
}

// CopyFields returns an input of a type, its required fields taken from those of the same names.
func CopyFields(in any, as reflect.Type) any {
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

// Rows lists every function, by group.
func Rows() []Row {
	return slices.Concat(serversRows(), nodesRows(), ipsRows(), backupsRows(), cloudsRows(), dnsRows(), ticketsRows(), templatesRows(), invoicesRows(), profileRows(), ssdRows(), platformRows())
}

// rowTable is rows by name, made when it is first asked for.
var rowTable struct {
	once sync.Once
	rows map[string]Row
}

// RowOf returns the row of a function; the zero row for a tool that is none.
func RowOf(name string) Row {
	rowTable.once.Do(func() {
		rowTable.rows = map[string]Row{}
		for _, r := range Rows() {
			rowTable.rows[r.Op.Info().Name] = r
		}
	})
	return rowTable.rows[name]
}
