package apply

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/tools/wait"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Render returns the answer that tells what came of a plan.
func (s *Sender) Render(ctx context.Context, o Outcome) *answer.Answer {
	switch {
	case o.stopped != nil:
		return stoppedAnswer(o)
	case o.failed != nil:
		a := failedAnswer(o)
		if short := shortOfNodes(ctx, o); short != "" {
			a.Text += " Nodes: " + short + "."
		}
		if o.journal.IsUnknown() { // a reply that cannot be read may still have given the new password
			a.Text += s.Secrets.Deliver(o.Query.Tool, o.Plan.Thing, o.secrets)
		}
		return a
	}
	a := doneAnswer(o)
	if o.Options.Wait {
		s.waitFor(ctx, o, a)
	}
	a.Secrets = o.secrets
	a.Text += s.Secrets.Deliver(o.Query.Tool, o.subject(), o.secrets)
	return a
}

// subject returns the thing that a change was about, or the one that it made.
func (o Outcome) subject() plan.Thing {
	if server, ok := o.lastReply().(vpsapi.Server); ok && o.Plan.Thing.ID == "" {
		return account.ServerThing(server)
	}
	return o.Plan.Thing
}

// doneAnswer tells what was done to what, on which account, and how to reverse it.
func doneAnswer(o Outcome) *answer.Answer {
	a := stepsDoneAnswer(o.Plan.Steps)
	if len(o.Plan.Steps) == 1 {
		step := o.Plan.Steps[0]
		var err error
		if a, err = answer.FromReply(step.Op, step.In, o.last, answer.Shaping{Waited: o.Options.Wait && catalog.RowOf(o.Query.Tool).Until != nil}); err != nil {
			a = &answer.Answer{Text: err.Error()}
		}
		if _, bare := o.lastReply().(vpsapi.Done); bare && o.isUnseen() {
			a = &answer.Answer{Text: step.Op.Info().Title + ": accepted, and not seen.", Structured: json.RawMessage(`{"sent":true}`)}
		}
	}
	text := fmt.Sprintf("Done on account %s", o.Plan.AccountText())
	if thing := o.Plan.Thing.String(); thing != "" {
		text += ": " + o.Tool.Title + ", " + thing
	}
	text += "."
	if seen := proofText(o.seen); seen != "" {
		text += " Its route is inferred; " + seen + "."
		if b, err := json.Marshal(seen); err == nil {
			a.Structured = answer.Join(append(answer.Members(a.Structured), answer.Member{Name: "proof", Value: b}))
		}
	}
	if o.isUnseen() {
		text = strings.Replace(text, "Done", "Sent", 1) + " The service accepted it. Its route is known only from the vendor's client for another brand: check whether it happened."
	}
	if !o.hasTrustedID() {
		text += " The id in the reply is not the id of what was made: use " + words.IDText(o.seen[0].ID) + "."
	}
	if len(o.Plan.Limits) > 0 {
		text += " Limits: " + strings.Join(o.Plan.Limits, "; ") + "."
	}
	if inverse := cmp.Or(o.journal.Inverse, o.Plan.Restore); inverse != nil {
		text += " " + inverseText(o.entry, inverse)
	} else if by := journal.ByHandText(o.asEntry()); strings.HasPrefix(by, "by hand: ") {
		text += " To take it back " + by + "."
	}
	if after := o.Plan.Words.After; after != "" && !o.Options.Wait {
		text += " " + after
	}
	for _, w := range o.Plan.Words.Warnings {
		text += "\nWarning: " + w
	}
	a.Text = text + "\n" + a.Text
	return a
}

// asEntry is the change as the journal keeps it, as far as taking it back by hand goes.
func (o Outcome) asEntry() state.Entry {
	return state.Entry{Subject: o.Plan.Subject(o.Caller.Client.Clean), Undo: o.Caller.Client.Clean(o.Plan.Words.Undo), Outcome: &o.journal}
}

// isUnseen reports a change by a route that only the vendor's client for another brand is known to have: that the
// service accepted it proves nothing.
func (o Outcome) isUnseen() bool {
	return slices.ContainsFunc(o.Plan.Steps, func(step plan.Step) bool {
		info := step.Op.Info()
		return info.Evidence == vpsapi.SisterBrand && info.Safety > vpsapi.Reads
	})
}

// failedAnswer tells which step failed, what was done before it, and what was not.
func failedAnswer(o Outcome) *answer.Answer {
	a := answer.Failure(o.Reader.Client, o.failed)
	var unproved *proof.UnprovedError
	if o.journal.IsUnknown() && !errors.As(o.failed, &unproved) {
		a.Text += ". Looked at it: " + o.journal.Found
	}
	if n := len(o.Plan.Steps); n > 1 {
		a.Text = fmt.Sprintf("step %d of %d failed: %s\n%s", o.done+1, n, a.Text, answer.Fence(stepsText(o.Plan.Steps, o.done, "failed")))
	}
	if o.Plan.Restore != nil && (o.done > 0 || o.journal.IsUnknown()) {
		a.Text += "\n" + inverseText(o.entry, o.Plan.Restore)
	}
	return a
}

// stoppedAnswer tells of a plan that was ended between two of its steps.
func stoppedAnswer(o Outcome) *answer.Answer {
	a := answer.Refusal("%s: %v after %d of %d steps; the others were not sent:\n%s",
		o.Tool.Name, o.stopped, o.done, len(o.Plan.Steps), answer.Fence(stepsText(o.Plan.Steps, o.done, "")))
	if o.Plan.Restore != nil {
		a.Text += "\n" + inverseText(o.entry, o.Plan.Restore)
	}
	return a
}

// stepsText says of each step of a plan whether it was done; next is the word for
// the first that was not, if it differs.
func stepsText(steps []plan.Step, done int, next string) string {
	lined := func(word string, steps []plan.Step) []string {
		lines := make([]string, len(steps))
		for i, s := range steps {
			lines[i] = word + ": " + s.Words
		}
		return answer.FirstLines(lines, answer.MaxBytes/3)
	}
	lines := lined("done", steps[:done])
	if next != "" {
		lines = append(lines, lined(next, steps[done:done+1])...)
		done++
	}
	return strings.Join(append(lines, lined("not sent", steps[done:])...), "\n")
}

// stepsDoneAnswer returns the answer to a plan of many steps that were all done.
func stepsDoneAnswer(steps []plan.Step) *answer.Answer {
	texts := make([]string, len(steps))
	for i, s := range steps {
		texts[i] = s.Words
	}
	object, err := json.Marshal(map[string]any{"done": true, "steps": texts})
	if err != nil {
		object = json.RawMessage(`{"done":true}`)
	}
	return &answer.Answer{Text: fmt.Sprintf("%d steps:\n%s", len(steps), answer.Fence(stepsText(steps, len(steps), ""))), Structured: answer.TrimToFit(object)}
}

// inverseText says how a change can be reversed, by which entry of the journal and until when.
func inverseText(entry string, i *state.Inverse) string {
	text := fmt.Sprintf("It can be reversed with undo (entry %s, by %s)", entry, i.Tool)
	if i.Deadline != nil {
		text += " until " + words.MomentText(*i.Deadline)
	}
	if i.Note != "" {
		text += "; " + i.Note
	}
	return text + "."
}

// waitFor adds to an answer what came of waiting for it. It looks after a pause:
// a server that was as wanted before (one that reboots) may not have begun yet.
func (s *Sender) waitFor(ctx context.Context, o Outcome, a *answer.Answer) {
	until := catalog.RowOf(o.Query.Tool).Until
	if until == nil {
		return
	}
	look := until(o.Reader, o.Plan, o.lastReply())
	if look == nil {
		return
	}
	left := max(0, time.Until(calls.DeadlineOf(ctx, calls.AnswerTimeout)).Round(time.Second)) // of what asking has left
	text, w, err := wait.Poll(ctx, s.Pause, look, wait.Limit{For: left, Late: true})
	if err != nil {
		text = strings.TrimSuffix("Waiting ended: "+o.Reader.Client.Clean(err.Error())+". "+o.Plan.Words.After, " ")
	}
	a.Text += "\n" + text
	b, err := json.Marshal(w)
	if members := answer.Members(a.Structured); err == nil && len(members) > 0 {
		a.Structured = answer.Join(append(members, answer.Member{Name: "waited", Value: b}))
	}
}
