package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

type undoArguments struct {
	Entry string `json:"entry,omitempty" jsonschema_description:"From history; default the newest that can be reversed"`
}

func (s *Server) undoTool() *tool {
	return planTool(catalog.Undo, "Undo",
		"Reverse a change from history by the call that reverses it, with a plan and consent like that call's own.", "undo reverse change mistake last back",
		journalGroup, vpsapi.Destroys, s.undo)
}

// undo plans the call that reverses an entry: it is that call in every way, and
// remembers what it reverses.
func (s *Server) undo(ctx context.Context, r *account.Reader, in undoArguments) (*plan.Plan, error) {
	entries, err := s.entries(ctx, r)
	if err != nil {
		return nil, err
	}
	entry, err := s.toReverse(entries, in.Entry)
	if err != nil {
		return nil, err
	}
	inverse := inverseOf(entry)
	t, ok := s.tools[inverse.Tool]
	if !ok || !mayUse(s.caller(ctx), t) {
		return nil, fmt.Errorf("undo: entry %s is reversed by %s, which is not offered; nothing was sent", entry.ID, inverse.Tool)
	}
	arguments, err := wholeZone(ctx, r, inverse)
	if err != nil {
		return nil, fmt.Errorf("undo of entry %s: %w; nothing was sent", entry.ID, err)
	}
	value := reflect.New(t.in)
	if err := json.Unmarshal(arguments, value.Interface()); err != nil {
		return nil, fmt.Errorf("undo: the journal's call of %s cannot be read: %w; nothing was sent", inverse.Tool, err)
	}
	r.Restores = true
	made, err := t.plan(ctx, r, value.Elem().Interface())
	if err != nil {
		return nil, fmt.Errorf("undo of entry %s: %w", entry.ID, err)
	}
	made.Acts, made.Tool, made.UndoOf = t.function(), catalog.Undo, entry.ID
	made.State = append(made.State, "undo of "+entry.ID)
	made.Words.Does = append([]string{fmt.Sprintf("Reverse %s of %s (entry %s).", entry.Tool, entry.Time.UTC().Format("2006-01-02 15:04 MST"), entry.ID)}, made.Words.Does...)
	return made, nil
}

// toReverse picks the named entry, or the newest that can be reversed and is no
// undo itself.
func (s *Server) toReverse(entries []state.Entry, id string) (state.Entry, error) {
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		why := s.cannotReverse(e, entries)
		switch {
		case id == e.ID && why != "":
			return e, fmt.Errorf("undo: entry %s cannot be reversed: %s; nothing was sent", id, why)
		case id == e.ID, id == "" && why == "" && e.UndoOf == "":
			return e, nil
		}
	}
	if id != "" {
		return state.Entry{}, fmt.Errorf("undo: history has no entry %s; nothing was sent", vpsapi.Quote(id))
	}
	return state.Entry{}, fmt.Errorf("undo: nothing in history can be reversed; nothing was sent")
}

// wholeZone gives the arguments of a call that reverses: where the journal has the
// difference of a zone, the zone as it is now with that reversed.
func wholeZone(ctx context.Context, r *account.Reader, inverse *state.Inverse) (json.RawMessage, error) {
	d, ok := catalog.DifferenceOf(inverse)
	if !ok {
		return inverse.Arguments, nil
	}
	domain, present, err := r.Zone(ctx, d.DomainID)
	if err != nil {
		return nil, err
	}
	restored := d.Restored(present)
	if inverse.Tool == vpsapi.UpdateDomainRecords.Name {
		return json.Marshal(vpsapi.UpdateDomainRecordsIn{DomainID: d.DomainID, DomainRecords: restored})
	}
	file, err := zone.New(string(domain.Name), catalog.RecordsOf(restored)).File()
	if err != nil {
		return nil, err
	}
	return json.Marshal(zoneFileArguments{DomainID: d.DomainID, Zone: file, Restore: true})
}
