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
	Entry string `json:"entry,omitempty" jsonschema_description:"From history; default the newest"`
}

// undoTool returns the tool that reverses a change of the journal.
func (s *Server) undoTool() *offer.Tool {
	return offer.PlanTool(catalog.Undo, "Undo",
		"Reverse a change from history by the call that reverses it, with a plan and consent like that call's own.", "undo reverse change mistake last back",
		offer.JournalGroup, vpsapi.Destroys, s.undo)
}

// undo plans the call that reverses an entry: the named one, or the newest.
func (s *Server) undo(ctx context.Context, r *account.Reader, in undoArguments) (*plan.Plan, error) {
	entries, err := s.journal.Entries(ctx, r)
	if err != nil {
		return nil, err
	}
	if in.Entry == "" {
		return s.undoNewest(ctx, r, entries)
	}
	i := slices.IndexFunc(entries, func(e state.Entry) bool { return e.ID == in.Entry })
	if i < 0 {
		return nil, fmt.Errorf("undo: history has no entry %s; nothing was sent", vpsapi.Quote(in.Entry))
	}
	if why := s.journal.WhyNotReversible(entries[i], entries); why != "" {
		return nil, fmt.Errorf("undo: entry %s cannot be reversed: %s; nothing was sent", in.Entry, why)
	}
	return s.reverse(ctx, r, entries[i])
}

// undoNewest plans the reversal of the newest change that is no undo itself. Where that cannot be, now or at all, it says
// why and what to do instead, and names the next one that can be for a call of its own: who says "undo that" means the
// newest, and a call that is made twice must not reverse a second one.
func (s *Server) undoNewest(ctx context.Context, r *account.Reader, entries []state.Entry) (*plan.Plan, error) {
	changes := slices.DeleteFunc(slices.Clone(entries), func(e state.Entry) bool { return e.UndoOf != "" || e.DidNotHappen() })
	slices.Reverse(changes)
	if len(changes) == 0 {
		return nil, fmt.Errorf("undo: nothing in history can be reversed: there is no change; nothing was sent")
	}
	newest := changes[0]
	why := s.journal.WhyNotReversible(newest, entries)
	if why == "" {
		made, err := s.reverse(ctx, r, newest)
		if vpsapi.IsTemporary(err) {
			return nil, err
		}
		if why = whyReversalIdle(made, err); why == "" {
			return made, nil
		}
	}
	return nil, fmt.Errorf("undo: the newest change, %s, is not reversed: %s. Nothing was sent. %s", entryText(newest), why, s.olderText(ctx, r, changes[1:], entries))
}

// maxReversalTries bounds the older changes of which it is looked up whether something is left to reverse.
const maxReversalTries = 3

// olderText names the newest of older changes that can be reversed and has something left to reverse, and those before it.
func (s *Server) olderText(ctx context.Context, r *account.Reader, older, all []state.Entry) string {
	tries := 0
	i := slices.IndexFunc(older, func(e state.Entry) bool {
		if s.journal.WhyNotReversible(e, all) != "" {
			return false
		}
		tries++
		if tries > maxReversalTries {
			return true
		}
		made, err := s.reverse(ctx, r, e)
		return whyReversalIdle(made, err) == ""
	})
	if i < 0 {
		return "Besides it, nothing in history can be reversed now"
	}
	text := fmt.Sprintf(`An older change can be: %s. Only if the person means that one, call undo {"entry":%q}`, entryText(older[i]), older[i].ID)
	var passed []string
	for _, e := range older[:i] {
		passed = append(passed, entryText(e))
	}
	if len(passed) > 0 {
		text += "; passed over as well: " + strings.Join(joinFirst(passed), "; ")
	}
	return text
}

// entryText names an entry of the journal.
func entryText(e state.Entry) string {
	return fmt.Sprintf("%s of %s, entry %s", e.Tool, cmp.Or(e.Thing, "the account"), e.ID)
}

// joinFirst returns the first three of what was passed over, and how many more.
func joinFirst(texts []string) []string {
	if n := len(texts) - 3; n > 0 {
		return append(slices.Clone(texts[:3]), words.Counted(n, "more change"))
	}
	return texts
}

// whyReversalIdle says why a reversal that was planned changes nothing; empty for one that does.
func whyReversalIdle(made *plan.Plan, err error) string {
	switch {
	case err != nil:
		return strings.TrimSuffix(err.Error(), "; nothing was sent")
	case made.Nothing != "":
		return "nothing is left to reverse: " + made.Nothing
	}
	return made.Cannot
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
	made.Acts, made.Tool, made.UndoOf = t.Function(), catalog.Undo, entry.ID
	made.State = append(made.State, "undo of "+entry.ID)
	for _, text := range append(since, overwritten(entry, made)...) {
		text = "since that change: " + text
		made.Words.Warnings, made.State = append(made.Words.Warnings, text), append(made.State, text)
	}
	made.Words.Does = append([]string{fmt.Sprintf("Reverse %s of %s (entry %s).", entry.Tool, words.MomentText(entry.Time), entry.ID)}, made.Words.Does...)
	return made, nil
}

// overwritten names the fields that have other values by now than the entry gave them: a reversal sets those of before.
func overwritten(e state.Entry, made *plan.Plan) []string {
	var texts []string
	for _, now := range made.Words.Changes {
		for _, then := range e.Changes {
			if now.Field == then.Field && now.Before != then.After && now.Field != "record" {
				texts = append(texts, fmt.Sprintf("%s, which it made %s, became %s and is overwritten", now.Field, then.After, now.Before))
			}
		}
	}
	return texts
}

// isAnotherThing reports that the id which a reply gave for what was made is that of a
// thing of another name: a reply may be wrong, and ids may be given again.
func isAnotherThing(e state.Entry, is *state.Subject) bool {
	was := e.Subject
	byReply := e.Outcome != nil && e.Outcome.Inverse != nil && was != nil && was.ID == ""
	return byReply && is != nil && was.Name != "" && is.Name != "" && was.Kind == is.Kind && !strings.EqualFold(was.Name, is.Name)
}

// replacementZone gives the arguments of a call that reverses: where the journal has the
// difference of a zone, the zone as it is now with that reversed, and what of it has changed since.
func replacementZone(ctx context.Context, r *account.Reader, inverse *state.Inverse) (arguments json.RawMessage, since []string, err error) {
	d, ok := catalog.DifferenceOf(inverse)
	if !ok {
		return inverse.Arguments, nil, nil
	}
	domain, present, err := r.Zone(ctx, d.DomainID)
	if err != nil {
		return nil, nil, err
	}
	restored, since := d.Restored(present)
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
