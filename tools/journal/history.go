// Package journal tells what was changed through a server, by the entries that internal/state keeps: its
// history, what of it can still be reversed and whether it was, what limits count of it, and the names
// that things had before. It sends nothing, and knows nothing of the call that asks.
package journal

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Journal is what was changed through a server, as far back as its state keeps that.
type Journal struct {
	Store state.Store
	Now   func() time.Time
}

// HistoryArguments are the arguments of history; Since and Until are dates in UTC.
type HistoryArguments struct {
	Limit *vpsapi.Int `json:"limit,omitempty" jsonschema:"minimum=1,maximum=100" jsonschema_description:"Default 20"`
	Since string      `json:"since,omitempty" jsonschema:"format=date"`
	Until string      `json:"until,omitempty" jsonschema:"format=date"`
	Thing string      `json:"thing,omitempty" jsonschema_description:"Name or id"`
}

// Check refuses a text that is not a day, such as 2026-02-30.
func (in HistoryArguments) Check() []vpsapi.Fault {
	var faults []vpsapi.Fault
	for field, text := range map[string]string{"since": in.Since, "until": in.Until} {
		if _, err := time.Parse(time.DateOnly, cmp.Or(text, "2000-01-01")); err != nil {
			faults = append(faults, vpsapi.Fault{Field: field, Message: "must be a day such as 2026-01-31"})
		}
	}
	return faults
}

// selectEntries returns the entries of the days and the thing that were asked for. A thing that was renamed is followed
// through its former and later names.
func (in HistoryArguments) selectEntries(entries []state.Entry) []state.Entry {
	named := func(text string) bool { return strings.Contains(strings.ToLower(text), strings.ToLower(in.Thing)) }
	renamed := func(r state.Renaming) bool { return named(r.Before) || named(r.After) }
	told := func(e state.Entry) bool { // its words name things whole, such as the server of a backup
		words := strings.ToLower(strings.Join(e.Words, " "))
		return strings.Contains(words, strings.ToLower(`"`+in.Thing+`"`)) || strings.Contains(words, "(id "+in.Thing+")")
	}
	ids := map[string]bool{}
	for _, e := range entries {
		if named(e.Thing) || slices.ContainsFunc(e.Renamed, renamed) {
			ids[kindAndIDIn(e.Thing)] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(entries), func(e state.Entry) bool {
		day := e.Time.UTC().Format(time.DateOnly)
		id := kindAndIDIn(e.Thing)
		return day < in.Since || in.Until != "" && day > in.Until || !named(madeText(e)) && !told(e) && (id == "" || !ids[id])
	})
}

// kindAndIDIn returns the kind and the id that a thing's text ends with; empty where it has none.
func kindAndIDIn(thing string) string {
	_, id, found := strings.Cut(thing, " (id ")
	if !found {
		return ""
	}
	kind, _, _ := strings.Cut(thing, ` "`)
	return kind + " " + id
}

// History answers with the journal's entries that were asked for, newest first, 20 unless told otherwise.
func (j *Journal) History(ctx context.Context, r *account.Reader, in HistoryArguments) (*answer.Answer, error) {
	entries, err := j.Entries(ctx, r)
	if err != nil {
		return nil, err
	}
	slices.Reverse(entries)
	asked := in.selectEntries(entries)
	limit := 20
	if in.Limit != nil {
		limit = int(*in.Limit)
	}
	shown := asked[:min(limit, len(asked))]
	type row struct {
		Entry      string   `json:"entry"`
		Time       string   `json:"time"`
		Tool       string   `json:"tool"`
		Thing      string   `json:"thing,omitempty"`
		Changed    string   `json:"changed,omitempty"`
		Effects    []string `json:"effects"`
		By         string   `json:"by"`
		Consent    string   `json:"consent"`
		Outcome    string   `json:"outcome"`
		UndoOf     string   `json:"undo_of,omitempty"`
		Reversible string   `json:"reversible,omitempty"`
	}
	items := make([]json.RawMessage, len(shown))
	for i, e := range shown {
		b, err := json.Marshal(row{
			e.ID, e.Time.UTC().Format(time.RFC3339), e.Tool, madeText(e), changedText(e), e.Effects, callerText(e), e.Consent, outcomeWord(e), e.UndoOf, j.reversible(e, entries),
		})
		if err != nil {
			return nil, err
		}
		items[i] = answer.RemoveInvisible(b)
	}
	got := answer.List(vpsapi.Info{Name: catalog.History, Title: "History"}, answer.Page{Items: items, Total: len(items)}, "")
	if len(items) == 0 {
		got.Text = "History: none. No matching change was made through vpsnet-mcp in the last 31 days; only the service knows changes made elsewhere."
	}
	if older := len(asked) - len(shown); older > 0 {
		got.Text += fmt.Sprintf("\nLeft out: %d older; a higher limit shows them.", older)
	}
	return got, nil
}

// Entries returns the account's entries of the journal, oldest first.
func (j *Journal) Entries(ctx context.Context, r *account.Reader) ([]state.Entry, error) {
	entries, err := j.Store.Entries(ctx, r.Client.Identity(), j.Now().Add(-state.Window))
	if err != nil {
		return nil, fmt.Errorf("history: %w", err)
	}
	return entries, nil
}

// outcomeWord says how an entry's change ended, in the words that history shows.
func outcomeWord(e state.Entry) string {
	switch {
	case e.Outcome == nil:
		return "unknown: it was started, and how it ended was not recorded"
	case e.Outcome.Found != "":
		return e.Outcome.Result + ": " + e.Outcome.Error + "; looked at then: " + e.Outcome.Found
	case e.Outcome.Error != "":
		return e.Outcome.Result + ": " + e.Outcome.Error
	case e.Outcome.Seen != "":
		return e.Outcome.Result + "; " + e.Outcome.Seen
	default:
		return e.Outcome.Result
	}
}

// InverseOf returns the call that reverses an entry, as it was known when the change ended.
func InverseOf(e state.Entry) *state.Inverse {
	if e.Outcome != nil && e.Outcome.Inverse != nil {
		return e.Outcome.Inverse
	}
	return e.Inverse
}

// WhyNotReversible says why an entry cannot be reversed; empty when it can.
func (j *Journal) WhyNotReversible(e state.Entry, all []state.Entry) string {
	inverse := InverseOf(e)
	switch {
	case !e.IsAccepted() && !j.isRestorable(e):
		return "it was not done: " + outcomeWord(e)
	case inverse == nil:
		return j.whyByHand(e, all)
	case inverse.Deadline != nil && !j.Now().Before(*inverse.Deadline):
		return "the time to reverse it ended at " + words.MomentText(*inverse.Deadline)
	}
	if by := ReversalOf(e.ID, all); by != "" {
		return "it was reversed already, by entry " + by
	}
	if by := laterReversal(e, inverse, all); by != "" {
		return "it was reversed already, by " + inverse.Tool + " (entry " + by + ")"
	}
	return ""
}

// whyByHand says of an entry that undo does not reverse how it is taken back, or that it was already.
func (j *Journal) whyByHand(e state.Entry, all []state.Entry) string {
	if e.Outcome != nil && len(e.Outcome.Made) == 1 {
		if call := ByHand(e, e.Outcome.Made[0]); call != nil {
			if by := laterReversal(e, call, all); by != "" {
				return "it was reversed already, by " + call.Tool + " (entry " + by + ")"
			}
		}
	}
	if strings.HasPrefix(e.Undo, "no;") || strings.HasPrefix(e.Undo, "no.") || e.Undo == "" {
		return strings.TrimSuffix("no call that reverses it is known"+strings.TrimPrefix(e.Undo, "no"), ".")
	}
	return "undo does not do it; " + strings.TrimPrefix(ByHandText(e), "no: ")
}

// maxShownFields bounds the fields of a change that history tells.
const maxShownFields = 5

// changedText says which fields a change set, from which value to which.
func changedText(e state.Entry) string {
	var texts []string
	for _, c := range e.Changes[:min(len(e.Changes), maxShownFields)] {
		texts = append(texts, fmt.Sprintf("%s: %s -> %s", c.Field, c.Before, c.After))
	}
	if n := len(e.Changes) - maxShownFields; n > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", n))
	}
	return strings.Join(texts, "; ")
}

// AnyCaller is the caller of a server that asks nobody who they are.
const AnyCaller = "anyone on this machine"

// callerText returns the client's program and the caller, as far as they are known.
func callerText(e state.Entry) string {
	switch {
	case e.Client == "":
		return e.Caller
	case e.Caller == AnyCaller:
		return e.Client
	}
	return e.Client + ", " + e.Caller
}

// laterReversal returns the later entry that did what would reverse an entry, though not as its
// undo: a server that was recovered or started by hand. Empty when there is none.
func laterReversal(e state.Entry, inverse *state.Inverse, all []state.Entry) string {
	op, ok := vpsapi.Find(inverse.Tool)
	if !ok || inverse.Tool == e.Tool { // setting the old values is not what any later edit does
		return ""
	}
	in := reflect.New(op.Info().In)
	if json.Unmarshal(inverse.Arguments, in.Interface()) != nil {
		return ""
	}
	id := plan.Subject(op, in.Elem().Interface()).ID
	for _, later := range all {
		if id != "" && later.Tool == inverse.Tool && later.Time.After(e.Time) && later.IsAccepted() &&
			later.Subject != nil && later.Subject.ID == id {
			return later.ID
		}
	}
	return ""
}

// ReversalOf returns the entry that reversed another, or may have; empty when none did.
func ReversalOf(id string, all []state.Entry) string {
	for _, e := range all {
		if e.UndoOf == id && (e.Outcome == nil || e.IsAccepted() || e.Outcome.Result == string(vpsapi.Unknown)) {
			return e.ID
		}
	}
	return ""
}

// isRestorable reports a change that broke off, or whose end is unknown, and whose
// reversal was known before it began: that puts back what there is to put back.
func (j *Journal) isRestorable(e state.Entry) bool {
	switch {
	case e.Inverse == nil:
		return false
	case e.Outcome == nil:
		return e.Time.Before(j.Now().Add(-DoubtTTL)) // else it may be under way
	default:
		return strings.HasPrefix(e.Outcome.Result, PartlyPrefix) || e.Outcome.IsUnknown()
	}
}

// reversible says for the history how long an entry can be reversed.
func (j *Journal) reversible(e state.Entry, all []state.Entry) string {
	if why := j.WhyNotReversible(e, all); why != "" {
		_, text, _ := strings.Cut(why, "by hand: ")
		if text != "" {
			text = "not by undo; by hand: " + text
		}
		return text
	}
	inverse := InverseOf(e)
	texts := []string{"by " + inverse.Tool}
	if inverse.Deadline != nil {
		texts = append(texts, "until "+words.MomentText(*inverse.Deadline))
	}
	if inverse.Note != "" {
		texts = append(texts, inverse.Note)
	}
	return strings.Join(texts, "; ")
}
