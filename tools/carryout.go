package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// carryOut writes the plan into the journal, sends its steps in their order, and
// stops at the first that fails. The caller's cancel does not tear the step that
// is on its way; the next one is not sent.
func (s *Server) carryOut(ctx context.Context, c *call, r *reader, q policy.Query) *Answer {
	if why := halted(ctx); why != nil && (ctx.Err() != nil || len(c.plan.Steps) > 1) {
		return refusal("%s: %v. Nothing was sent.", c.name, why)
	}
	waiting := ctx
	c.begun = s.now()
	ctx = context.WithoutCancel(ctx)
	sending := vpsapi.UntilSent(ctx, waiting) // what waits for its turn is not on its way yet
	id, err := s.store.Begin(ctx, s.entry(c, q), func(past []state.Entry) error { return c.within(q, past) })
	if err != nil {
		return refusal("%s: refused: %v. Nothing was sent.", c.name, err)
	}
	if s.options.AuditRequired {
		if err := s.options.Audit.Write(s.auditLine(c, "begun", "")); err != nil {
			s.end(ctx, id, state.Outcome{Result: "not sent", Error: err.Error()})
			return refusal("%s: refused: the audit cannot be written: %v. Nothing was sent.", c.name, err)
		}
	}
	var answer *Answer
	var reply any
	var found []vpsapi.Found
	for i, step := range c.plan.Steps {
		if why := halted(waiting); why != nil && i > 0 {
			return s.stopped(ctx, c, id, i, why)
		}
		result, err := sendStep(sending, r, step)
		if err != nil {
			if why := halted(waiting); why != nil && i > 0 && outcomeOf(err).Result == string(vpsapi.NotSent) {
				return s.stopped(ctx, c, id, i, why)
			}
			answer := s.broken(ctx, c, r, id, i, err)
			if inDoubt(outcomeOf(err)) { // a reply that cannot be read may still have given the new password
				answer.Text += s.deliver(c.acts().Tool, c.plan.Thing, result.Secrets)
			}
			return answer
		}
		reply, found = result.Out, append(found, result.Secrets...)
		if answer, err = answerOf(step.Op, step.In, result, shaping{}); err != nil {
			answer = &Answer{Text: err.Error()}
		}
	}
	if len(c.plan.Steps) > 1 {
		answer = stepsAnswer(c.plan.Steps)
	}
	outcome := state.Outcome{Result: "done"}
	if c.plan.Inverse != nil {
		outcome.Inverse = c.plan.Inverse(reply)
	}
	s.end(ctx, id, outcome)
	s.finish(c, id, answer, cmp.Or(outcome.Inverse, c.plan.Restore))
	if c.besides.wait {
		s.waitFor(waiting, c, r, answer, reply)
	}
	answer.Text += s.deliver(c.acts().Tool, c.about(reply), found)
	return answer
}

// about is the thing that a change was about, or the one that it made.
func (c *call) about(reply any) plan.Thing {
	if s, ok := reply.(vpsapi.Server); ok && c.plan.Thing.ID == "" {
		return serverThing(s)
	}
	return c.plan.Thing
}

func sendStep(ctx context.Context, r *reader, step plan.Step) (vpsapi.Result, error) {
	in, err := fillIn(ctx, r, step.In)
	if err != nil {
		return vpsapi.Result{}, err
	}
	return step.Op.Do(ctx, r.client, in)
}

// partly begins the outcome of a plan that broke off.
const partly = "partly done, then "

// broken is the answer when a step failed: what was done before it, what not.
func (s *Server) broken(ctx context.Context, c *call, r *reader, id string, done int, err error) *Answer {
	outcome := outcomeOf(err)
	answer := failure(r, err)
	if inDoubt(outcome) {
		outcome.Lost = c.requests[done]
		outcome.Found = s.look(ctx, c, done)
		answer.Text += ". Looked at it: " + outcome.Found
	}
	if n := len(c.plan.Steps); n > 1 {
		answer.Text = fmt.Sprintf("step %d of %d failed: %s\n%s", done+1, n, answer.Text, fenced(stepsText(c.plan.Steps, done, "failed")))
	}
	if done > 0 {
		outcome.Result = partly + outcome.Result
	}
	if c.plan.Restore != nil && (done > 0 || inDoubt(outcome)) {
		answer.Text += "\n" + inverseText(id, c.plan.Restore)
	}
	s.end(ctx, id, outcome)
	return answer
}

// stepsText says of each step of a plan whether it was done; next is the word for
// the first that was not, if it differs.
func stepsText(steps []plan.Step, done int, next string) string {
	told := func(word string, steps []plan.Step) []string {
		lines := make([]string, len(steps))
		for i, s := range steps {
			lines[i] = word + ": " + s.Words
		}
		return firstLines(lines, maxBytes/3)
	}
	lines := told("done", steps[:done])
	if next != "" {
		lines = append(lines, told(next, steps[done:done+1])...)
		done++
	}
	return strings.Join(append(lines, told("not sent", steps[done:])...), "\n")
}

// stepsAnswer is the answer to a plan of many steps that were all done.
func stepsAnswer(steps []plan.Step) *Answer {
	texts := make([]string, len(steps))
	for i, s := range steps {
		texts[i] = s.Words
	}
	object, err := json.Marshal(map[string]any{"done": true, "steps": texts})
	if err != nil {
		object = json.RawMessage(`{"done":true}`)
	}
	return &Answer{Text: fmt.Sprintf("%d steps:\n%s", len(steps), fenced(stepsText(steps, len(steps), ""))), Structured: fit(object)}
}

// finish tells what was done to what, on which account, and how to reverse it.
func (s *Server) finish(c *call, id string, answer *Answer, inverse *state.Inverse) {
	text := fmt.Sprintf("Done on account %s", c.plan.AccountText())
	if thing := c.plan.Thing.String(); thing != "" {
		text += ": " + c.tool.title + ", " + thing
	}
	text += "."
	if len(c.plan.Limits) > 0 {
		text += " Limits: " + strings.Join(c.plan.Limits, "; ") + "."
	}
	if inverse != nil {
		text += " " + inverseText(id, inverse)
	}
	for _, w := range c.plan.Words.Warnings {
		text += "\nWarning: " + w
	}
	answer.Text = text + "\n" + answer.Text
}

func inverseText(id string, i *state.Inverse) string {
	text := fmt.Sprintf("It can be reversed with undo (entry %s, by %s)", id, i.Tool)
	if i.Deadline != nil {
		text += " until " + i.Deadline.UTC().Format("2006-01-02 15:04 MST")
	}
	if i.Note != "" {
		text += "; " + i.Note
	}
	return text + "."
}

// entry is the plan as the journal keeps it.
func (s *Server) entry(c *call, q policy.Query) state.Entry {
	var also []state.Function
	for _, f := range q.Also {
		also = append(also, state.Function(f))
	}
	words := make([]string, len(c.plan.Words.Does))
	for i, does := range c.plan.Words.Does {
		words[i] = c.caller.Client.Clean(does)
	}
	return state.Entry{
		Requests: c.requests, Also: also, Account: c.plan.Account, Caller: c.caller.Name, Tool: q.Tool, Group: q.Group,
		Thing: c.caller.Client.Clean(c.plan.Thing.String()), Effects: q.Effects, Words: words,
		Cost: q.Cost, Buys: q.Buys, Creates: q.Creates, Consent: c.consent, UndoOf: c.plan.UndoOf,
		Inverse: c.plan.Restore, Renamed: c.plan.Renames(c.caller.Client.Clean),
	}
}

// end writes an outcome. The change has happened by now: a journal that fails
// here is told to the log, not to the caller as a failure of the change.
func (s *Server) end(ctx context.Context, id string, o state.Outcome) {
	o.Time = s.now()
	if err := s.store.End(ctx, id, o); err != nil {
		s.options.Log.Error().Err(err).Str("request", id).Msg("the journal does not have the outcome of a change")
	}
}

func outcomeOf(err error) state.Outcome {
	var e *vpsapi.Error
	if !errors.As(err, &e) {
		return state.Outcome{Result: "not sent", Error: err.Error()}
	}
	return state.Outcome{Result: string(e.Outcome), Error: string(e.Kind)}
}

// pastOf gives what limits count of the journal: every change that was or may
// have been made.
func pastOf(entries []state.Entry) []policy.Past {
	var past []policy.Past
	for _, e := range entries {
		if e.Outcome != nil && (e.Outcome.Result == "refused" || e.Outcome.Result == "not sent") {
			continue
		}
		var also []policy.Function
		for _, f := range e.Also {
			also = append(also, policy.Function(f))
		}
		past = append(past, policy.Past{
			Function: policy.Function{Tool: e.Tool, Group: e.Group}, Also: also, Time: e.Time, Effects: e.Effects, Cost: e.Cost, Buys: e.Buys, Creates: e.Creates,
		})
	}
	return past
}
