package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// render is the answer that tells what came of a plan.
func (s *Server) render(ctx context.Context, o outcome) *answer.Answer {
	switch {
	case o.stopped != nil:
		return stoppedAnswer(o)
	case o.failed != nil:
		a := failedAnswer(o)
		if short := shortOfNodes(ctx, o); short != "" {
			a.Text += " Nodes: " + short + "."
		}
		if o.journal.IsUnknown() { // a reply that cannot be read may still have given the new password
			a.Text += s.deliverSecrets(o.query.Tool, o.plan.Thing, o.secrets)
		}
		return a
	}
	a := doneAnswer(o)
	if o.options.wait {
		s.waitFor(ctx, o, a)
	}
	a.Text += s.deliverSecrets(o.query.Tool, o.subject(), o.secrets)
	return a
}

// subject returns the thing that a change was about, or the one that it made.
func (o outcome) subject() plan.Thing {
	if server, ok := o.lastReply().(vpsapi.Server); ok && o.plan.Thing.ID == "" {
		return account.ServerThing(server)
	}
	return o.plan.Thing
}

// doneAnswer tells what was done to what, on which account, and how to reverse it.
func doneAnswer(o outcome) *answer.Answer {
	a := stepsDoneAnswer(o.plan.Steps)
	if len(o.plan.Steps) == 1 {
		step := o.plan.Steps[0]
		var err error
		if a, err = answer.FromReply(step.Op, step.In, o.last, answer.Shaping{Waited: o.options.wait && catalog.RowOf(o.query.Tool).Until != nil}); err != nil {
			a = &answer.Answer{Text: err.Error()}
		}
		if _, bare := o.lastReply().(vpsapi.Done); bare && o.isUnseen() {
			a = &answer.Answer{Text: step.Op.Info().Title + ": accepted, and not seen.", Structured: json.RawMessage(`{"sent":true}`)}
		}
	}
	text := fmt.Sprintf("Done on account %s", o.plan.AccountText())
	if thing := o.plan.Thing.String(); thing != "" {
		text += ": " + o.tool.title + ", " + thing
	}
	text += "."
	if seen := seenText(o.seen); seen != "" {
		text += " Its route is inferred; " + seen + "."
		if b, err := json.Marshal(seen); err == nil {
			a.Structured = answer.Join(append(answer.Members(a.Structured), answer.Member{Name: "proof", Value: b}))
		}
	}
	if o.isUnseen() {
		text = strings.Replace(text, "Done", "Sent", 1) + " The service accepted it; its route is known of another brand's client alone: see whether it happened."
	}
	if !o.hasTrustedID() {
		text += " The id in the reply is not that of what was made: use " + words.IDText(o.seen[0].ID) + "."
	}
	if len(o.plan.Limits) > 0 {
		text += " Limits: " + strings.Join(o.plan.Limits, "; ") + "."
	}
	if inverse := cmp.Or(o.journal.Inverse, o.plan.Restore); inverse != nil {
		text += " " + inverseText(o.entry, inverse)
	}
	if after := o.plan.Words.After; after != "" && !o.options.wait {
		text += " " + after
	}
	for _, w := range o.plan.Words.Warnings {
		text += "\nWarning: " + w
	}
	a.Text = text + "\n" + a.Text
	return a
}

// isUnseen reports a change by a route that only the vendor's client for another brand is known to have: that the
// service accepted it proves nothing.
func (o outcome) isUnseen() bool {
	return slices.ContainsFunc(o.plan.Steps, func(step plan.Step) bool {
		info := step.Op.Info()
		return info.Evidence == vpsapi.SisterBrand && info.Safety > vpsapi.Reads
	})
}

// failedAnswer tells which step failed, what was done before it, and what was not.
func failedAnswer(o outcome) *answer.Answer {
	a := answer.Failure(o.reader.Client, o.failed)
	var unproved *unprovedError
	if o.journal.IsUnknown() && !errors.As(o.failed, &unproved) {
		a.Text += ". Looked at it: " + o.journal.Found
	}
	if n := len(o.plan.Steps); n > 1 {
		a.Text = fmt.Sprintf("step %d of %d failed: %s\n%s", o.done+1, n, a.Text, answer.Fence(stepsText(o.plan.Steps, o.done, "failed")))
	}
	if o.plan.Restore != nil && (o.done > 0 || o.journal.IsUnknown()) {
		a.Text += "\n" + inverseText(o.entry, o.plan.Restore)
	}
	return a
}

// stoppedAnswer tells of a plan that was ended between two of its steps.
func stoppedAnswer(o outcome) *answer.Answer {
	a := answer.Refusal("%s: %v after %d of %d steps; the others were not sent:\n%s",
		o.tool.name, o.stopped, o.done, len(o.plan.Steps), answer.Fence(stepsText(o.plan.Steps, o.done, "")))
	if o.plan.Restore != nil {
		a.Text += "\n" + inverseText(o.entry, o.plan.Restore)
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
		return firstLines(lines, answer.MaxBytes/3)
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

func inverseText(entry string, i *state.Inverse) string {
	text := fmt.Sprintf("It can be reversed with undo (entry %s, by %s)", entry, i.Tool)
	if i.Deadline != nil {
		text += " until " + i.Deadline.UTC().Format("2006-01-02 15:04 MST")
	}
	if i.Note != "" {
		text += "; " + i.Note
	}
	return text + "."
}
