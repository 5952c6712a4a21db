package tools

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/tools/zonefile"
	"vpsnet-mcp/vpsapi"
)

// undoArguments are the arguments of undo.
type undoArguments struct {
	Entry string `json:"entry,omitempty" jsonschema_description:"From history; default the newest that can be reversed"`
}

// undoTool returns the tool that reverses a change of the journal.
func (s *Server) undoTool() *offer.Tool {
	return offer.PlanTool(catalog.Undo, "Undo",
		"Reverse a change from history by the call that reverses it, with a plan and consent like that call's own.", "undo reverse change mistake last back",
		offer.JournalGroup, vpsapi.Destroys, s.undo)
}

// maxReversalTries bounds the entries whose reversal is planned until one has something to do.
const maxReversalTries = 5

// undo plans the call that reverses an entry: the named one, or the newest that can be
// reversed and is not an undo itself. Newer ones that it passes over are named, and agreed to before anything is sent.
func (s *Server) undo(ctx context.Context, r *account.Reader, in undoArguments) (*plan.Plan, error) {
	entries, err := s.journal.Entries(ctx, r)
	if err != nil {
		return nil, err
	}
	if in.Entry != "" {
		i := slices.IndexFunc(entries, func(e state.Entry) bool { return e.ID == in.Entry })
		if i < 0 {
			return nil, fmt.Errorf("undo: history has no entry %s; nothing was sent", vpsapi.Quote(in.Entry))
		}
		if why := s.journal.WhyNotReversible(entries[i], entries); why != "" {
			return nil, fmt.Errorf("undo: entry %s cannot be reversed: %s; nothing was sent", in.Entry, why)
		}
		return s.reverse(ctx, r, entries[i])
	}
	var skipped, happened []string
	tried := 0
	for _, e := range slices.Backward(entries) {
		if e.UndoOf != "" || tried == maxReversalTries {
			continue
		}
		why := s.journal.WhyNotReversible(e, entries)
		if why == "" {
			tried++
			made, err := s.reverse(ctx, r, e)
			if blocked := whyBlocked(made, err); blocked != "" { // an older change is not what was meant
				return nil, fmt.Errorf("undo: the newest change that can be reversed is %s of %s, entry %s, and not now: %s; nothing was sent. An older one is reversed by its entry, from %s",
					e.Tool, cmp.Or(e.Thing, "the account"), e.ID, blocked, catalog.History)
			}
			if why = whyReversalIdle(made, err); why == "" {
				for _, text := range joinFirst(skipped) {
					made.Words.Warnings = append(made.Words.Warnings, "passed over, newer: "+text)
				}
				made.Skips = happened
				made.State = append(made.State, happened...)
				return made, nil
			}
		}
		if !e.DidNotHappen() {
			happened = append(happened, "passes over "+e.ID)
		}
		skipped = append(skipped, fmt.Sprintf("%s of %s, entry %s (%s)", e.Tool, cmp.Or(e.Thing, "the account"), e.ID, why))
	}
	if len(skipped) > 0 {
		return nil, fmt.Errorf("undo: nothing in history can be reversed: %s; nothing was sent", strings.Join(joinFirst(skipped), "; "))
	}
	return nil, fmt.Errorf("undo: nothing in history can be reversed; nothing was sent")
}

// joinFirst returns the first three of what was passed over, and how many more.
func joinFirst(texts []string) []string {
	if n := len(texts) - 3; n > 0 {
		return append(slices.Clone(texts[:3]), words.Counted(n, "more change"))
	}
	return texts
}

// whyBlocked says why a reversal that has something to reverse cannot be made now; empty for one that can, or has nothing.
func whyBlocked(made *plan.Plan, err error) string {
	switch {
	case vpsapi.IsTemporary(err):
		return strings.TrimSuffix(err.Error(), "; nothing was sent")
	case err == nil && made.Nothing == "":
		return made.Cannot
	}
	return ""
}

// whyReversalIdle says why a reversal that was planned changes nothing; empty for one that does.
func whyReversalIdle(made *plan.Plan, err error) string {
	switch {
	case err != nil:
		return strings.TrimSuffix(err.Error(), "; nothing was sent")
	case made.Nothing != "":
		return "nothing is left to reverse: " + made.Nothing
	}
	return ""
}

// reverse plans the call that reverses an entry: it is that call in every way, and
// remembers what it reverses.
func (s *Server) reverse(ctx context.Context, r *account.Reader, entry state.Entry) (*plan.Plan, error) {
	inverse := journal.InverseOf(entry)
	t, ok := s.tools[inverse.Tool]
	if !ok || !offer.IsAllowedTo(s.caller(ctx), t) {
		return nil, fmt.Errorf("undo: entry %s is reversed by %s, which is not offered; nothing was sent", entry.ID, inverse.Tool)
	}
	arguments, since, err := replacementZone(ctx, r, inverse)
	if err != nil {
		return nil, fmt.Errorf("undo of entry %s: %w; nothing was sent", entry.ID, err)
	}
	value := reflect.New(t.In)
	if err := json.Unmarshal(arguments, value.Interface()); err != nil {
		return nil, fmt.Errorf("undo: the journal's call of %s cannot be read: %w; nothing was sent", inverse.Tool, err)
	}
	r.Restores = true
	made, err := t.Plan(ctx, r, value.Elem().Interface())
	if err != nil {
		return nil, fmt.Errorf("undo of entry %s: %w", entry.ID, err)
	}
	if is := made.Subject(r.Client.Clean); isAnotherThing(entry, is) {
		return nil, fmt.Errorf("undo of entry %s: it made %s %s, and the id that its reply gave is now that of %s: look which one is meant, and call %s yourself; nothing was sent",
			entry.ID, entry.Subject.Kind, vpsapi.Quote(entry.Subject.Name), plan.Thing{Kind: is.Kind, ID: is.ID, Label: is.Name}, inverse.Tool)
	}
	made.Words.Warnings = slices.Concat(made.Words.Warnings, since, changedSince(entry, made))
	made.Acts, made.Tool, made.UndoOf = t.Function(), catalog.Undo, entry.ID
	made.State = append(made.State, "undo of "+entry.ID)
	made.Words.Does = append([]string{fmt.Sprintf("Reverse %s of %s (entry %s).", entry.Tool, entry.Time.UTC().Format("2006-01-02 15:04 MST"), entry.ID)}, made.Words.Does...)
	return made, nil
}

// isAnotherThing reports that the id which a reply gave for what was made is that of a
// thing of another name: a reply may be wrong, and ids may be given again.
func isAnotherThing(e state.Entry, is *state.Subject) bool {
	was := e.Subject
	byReply := e.Outcome != nil && e.Outcome.Inverse != nil && was != nil && was.ID == ""
	return byReply && is != nil && was.Name != "" && is.Name != "" && was.Kind == is.Kind && !strings.EqualFold(was.Name, is.Name)
}

// changedSince warns of each field that no longer has the value which the entry set: the reversal sets the one of before the entry.
func changedSince(e state.Entry, made *plan.Plan) []string {
	var texts []string
	for _, was := range e.Changes {
		i := slices.IndexFunc(made.Words.Changes, func(c plan.Change) bool { return c.Field == was.Field })
		if i >= 0 && made.Words.Changes[i].Before != was.After {
			texts = append(texts, fmt.Sprintf("changed since: the entry set %s to %s, and it is now %s", was.Field, was.After, made.Words.Changes[i].Before))
		}
	}
	return joinFirst(texts)
}

// replacementZone gives the arguments of a call that reverses: where the journal has the
// difference of a zone, the zone as it is now with that reversed, and what of the difference has changed since.
func replacementZone(ctx context.Context, r *account.Reader, inverse *state.Inverse) (arguments json.RawMessage, since []string, err error) {
	d, ok := catalog.DifferenceOf(inverse)
	if !ok {
		return inverse.Arguments, nil, nil
	}
	domain, present, err := r.Zone(ctx, d.DomainID)
	if err != nil {
		return nil, nil, err
	}
	for _, z := range d.ChangedSince(present) {
		since = append(since, "changed since: no record is "+words.RecordText(z, domain)+" any more, as the entry left it")
	}
	since = joinFirst(since)
	restored := d.Restored(present)
	if inverse.Tool == vpsapi.UpdateDomainRecords.Name {
		arguments, err = json.Marshal(vpsapi.UpdateDomainRecordsIn{DomainID: d.DomainID, DomainRecords: restored})
		return arguments, since, err
	}
	file, err := zone.New(string(domain.Name), catalog.RecordsOf(restored)).File()
	if err != nil {
		return nil, nil, err
	}
	arguments, err = json.Marshal(zonefile.FileArguments{DomainID: d.DomainID, Zone: file, Restore: true})
	return arguments, since, err
}
