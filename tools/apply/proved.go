package apply

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/planning"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// A 2xx of a route that was inferred proves nothing: it may mean another thing than was asked for. Such a change is looked for
// in the account, before it is sent and after.

// proofInProgress is a change by an inferred route for which the account's lists are read before and after.
type proofInProgress struct {
	expected proof.Expected
	lists    []readWithInput // the first is expected's
	before   []proof.View    // of the lists
	unread   error           // why the lists could not be read before
}

// readWithInput is a function that reads, with its input.
type readWithInput struct {
	op    vpsapi.Operation
	in    any
	watch []string
}

// proofPauses are the pauses before each look after a change: some show late.
var proofPauses = []time.Duration{0, 2 * time.Second, 5 * time.Second}

// newProof returns what is to be looked for when a step is sent; nil for one that needs no proof.
func newProof(step plan.Step, in any, thing plan.Thing) (*proofInProgress, error) {
	info := step.Op.Info()
	if !proof.IsUnproved(info) {
		return nil, nil
	}
	special := catalog.ProofSpec{}
	r := catalog.RowOf(info.Name)
	if r.Shows != nil {
		special = r.Shows(in)
	}
	shown := special.In
	if shown == nil {
		shown = r.ShownIn
	}
	if shown == nil {
		shown = readOfRoute(info.Route)
	}
	if shown == nil {
		return nil, fmt.Errorf("%s: no read shows what it changes", info.Name)
	}
	p := &proofInProgress{expected: proof.Expected{List: shown.Info().Name, Wants: special.Wants, Watch: special.Watch}}
	if p.expected.Wants == nil {
		p.expected.Wants = []proof.Want{expectedChange(info, r, in, thing, shown.Info().Route)}
	}
	for _, e := range append([]catalog.WatchedList{{In: shown}}, special.Also...) {
		asked := catalog.CopyFields(in, e.In.Info().In)
		if r.Ask != nil && e.In.Info().Name == r.ShownIn.Info().Name {
			asked = r.Ask(in)
		}
		p.lists = append(p.lists, readWithInput{e.In, asked, e.Watch})
	}
	return p, nil
}

// readOfRoute returns the function that reads a route's own path, or the nearest one above it.
func readOfRoute(route vpsapi.Route) vpsapi.Operation {
	for path := route.Path(); path != ""; path = path[:strings.LastIndex(path, "/")] {
		for _, op := range vpsapi.Operations() {
			info := op.Info()
			if info.Safety == vpsapi.Reads && info.Route.Method() == "GET" && info.Route.Path() == path {
				return op
			}
		}
	}
	return nil
}

// expectedChange returns what a change must show, by its method: POST adds a thing, DELETE removes one, PUT sets the values
// that were asked for.
func expectedChange(info vpsapi.Info, r catalog.Row, in any, thing plan.Thing, shownBy vpsapi.Route) proof.Want {
	var own []string // the route's fields that name a thing of the list
	for _, field := range info.Route.Placeholders() {
		if !slices.Contains(shownBy.Placeholders(), field) {
			own = append(own, field)
		}
	}
	want := proof.Want{Gone: info.Route.Method() == "DELETE"}
	if len(own) > 0 {
		want.ID = valueOf(in, own[len(own)-1])
	}
	switch {
	case want.Gone:
		if thing.ID == want.ID {
			want.Name = thing.Label
		}
	case info.Route.Method() == "POST":
		if r.Witness != nil {
			for _, value := range r.Witness.Marks(in) {
				want.Marks = append(want.Marks, proof.Mark{Value: value})
			}
		}
	default:
		want.Marks = givenValues(in, info.Route.Placeholders())
	}
	return want
}

// valueOf returns an input's field by its name in JSON, as text; empty for none.
func valueOf(in any, name string) string {
	for _, m := range givenValues(in, nil) {
		if m.Key == name {
			return m.Value
		}
	}
	return ""
}

// givenValues returns the plain values that an input gives, other than those of some fields.
func givenValues(in any, without []string) []proof.Mark {
	var marks []proof.Mark
	v := reflect.ValueOf(in)
	for _, f := range reflect.VisibleFields(v.Type()) {
		value, name := v.FieldByIndex(f.Index), plan.JSONName(f)
		for value.Kind() == reflect.Pointer && !value.IsNil() {
			value = value.Elem()
		}
		switch value.Kind() {
		case reflect.String, reflect.Int, reflect.Int64, reflect.Bool:
			if text := fmt.Sprint(value.Interface()); text != "" && !slices.Contains(without, name) {
				marks = append(marks, proof.Mark{Key: name, Value: text})
			}
		}
	}
	return marks
}

// readAll reads all lists anew, not from what the call has read before.
func (p *proofInProgress) readAll(ctx context.Context, c *vpsapi.Client) ([]proof.View, error) {
	views, errs := make([]proof.View, len(p.lists)), make([]error, len(p.lists))
	var wg sync.WaitGroup
	for i, l := range p.lists {
		wg.Go(func() {
			result, err := l.op.Do(ctx, c, l.in)
			if errs[i] = err; err == nil {
				views[i] = proof.Read(result.Out)
			}
		})
	}
	wg.Wait()
	return views, cmp.Or(errs...)
}

// lookBefore looks before a step is sent. What is to be deleted must be there, as the thing that was agreed to.
func (s *Sender) lookBefore(ctx context.Context, o Outcome, step plan.Step, in any) (*proofInProgress, error) {
	p, err := newProof(step, in, o.Plan.Thing)
	if p == nil || err != nil {
		return p, err
	}
	p.before, p.unread = p.readAll(ctx, o.Caller.Client)
	if step.Op.Info().Route.Method() != "DELETE" {
		return p, nil
	}
	if p.unread != nil {
		return p, fmt.Errorf("%s: its route is inferred, and what it deletes could not be read again before: %s. Nothing was sent", step.Op.Info().Name, p.unread.Error())
	}
	if why := p.expected.Missing(p.before[0]); why != "" {
		return p, fmt.Errorf("%s: its route is inferred, and what it deletes must be seen before: %s. Nothing was sent", step.Op.Info().Name, why)
	}
	return p, nil
}

// lookAfter looks after a step was sent, more than once where it does not show.
func (s *Sender) lookAfter(ctx context.Context, o Outcome, p *proofInProgress) proof.Finding {
	if p.unread != nil {
		return proof.Finding{State: proof.NotSeen, Words: fmt.Sprintf("%s could not be read before (%v), so what it shows now proves nothing", p.expected.List, p.unread)}
	}
	var found proof.Finding
	for _, pause := range proofPauses {
		if pause > 0 && s.Pause(ctx, pause) != nil {
			break
		}
		after, err := p.readAll(ctx, o.Caller.Client)
		if err != nil {
			found = proof.Finding{State: proof.NotSeen, Words: fmt.Sprintf("%s could not be read (%v)", p.expected.List, err)}
			continue
		}
		var also []proof.ListPair
		for i := 1; i < len(after); i++ {
			also = append(also, proof.ListPair{List: p.lists[i].op.Info().Name, Before: p.before[i], After: after[i], Watch: p.lists[i].watch})
		}
		if found = p.expected.Judge(p.before[0], after[0], also...); found.State != proof.NotSeen {
			break
		}
	}
	return found
}

// Error implements error. It says what was sent, what the account shows, and what to do next.

// logUnproved logs a change that the account does not show, or that changed something else.
func (s *Sender) logUnproved(o Outcome, e *proof.UnprovedError) {
	line := s.Log.Warn()
	if e.Finding.State == proof.Alarm {
		line = s.Log.Error()
	}
	line.Str("tool", e.Tool).Str("request", o.entry).Str("found", o.Caller.Client.Clean(e.Finding.Words)).Msg("a change by an inferred route: " + string(e.Finding.State))
}

// rememberProof remembers that the account was seen to do what a function's route is for.
func (s *Sender) rememberProof(ctx context.Context, o Outcome, info vpsapi.Info) {
	if _, err := s.Store.Use(ctx, planning.ProvedKey(o.Caller.Client, info), s.Now().Add(planning.ProvedRouteTTL)); err != nil {
		s.Log.Error().Err(err).Str("tool", info.Name).Str("request", o.entry).Msg("that an inferred route was seen to work is not remembered")
	}
}

// proofText says where the account showed what was done.
func proofText(seen []proof.Finding) string {
	var texts []string
	for _, f := range seen {
		texts = append(texts, f.Words)
	}
	return strings.Join(slices.Compact(texts), "; ")
}

// hasTrustedID reports that the id in a reply is that of what was made: where a list shows that, it must be the same.
func (o Outcome) hasTrustedID() bool {
	if len(o.seen) != 1 || o.seen[0].ID == "" {
		return true
	}
	made := proof.Read(o.lastReply())
	return len(made.Things) != 1 || made.Things[0].ID == "" || made.Things[0].ID == o.seen[0].ID
}
