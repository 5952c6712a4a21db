package tools

import (
	"encoding/json"
	"fmt"
	"slices"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// say sets what happens.
func (p *Plan) say(format string, args ...any) {
	p.Words.Does = []string{fmt.Sprintf(format, args...)}
}

// also adds to what happens.
func (p *Plan) also(format string, args ...any) {
	p.Words.Does = append(p.Words.Does, fmt.Sprintf(format, args...))
}

func (p *Plan) loses(format string, args ...any) {
	p.Words.Loses = append(p.Words.Loses, fmt.Sprintf(format, args...))
}

func (p *Plan) keeps(format string, args ...any) {
	p.Words.Keeps = append(p.Words.Keeps, fmt.Sprintf(format, args...))
}

// effect adds an effect.
func (p *Plan) effect(s vpsapi.Safety, text string) {
	p.Effects = append(p.Effects, Effect{s, text})
}

// only replaces the effects, which stand at the function's worst, by one.
func (p *Plan) only(s vpsapi.Safety, text string) {
	p.Effects = []Effect{{s, text}}
}

// change notes a field of an edit, and reports whether its value changes. The
// values are words: text from outside come quoted.
func (p *Plan) change(field, before, after string) bool {
	if before == after {
		return false
	}
	p.Words.Changes = append(p.Words.Changes, Change{field, before, after})
	return true
}

// changeText is change for text from outside.
func (p *Plan) changeText(field string, before vpsapi.Text, after string) bool {
	if string(before) == after {
		return false
	}
	return p.change(field, words.TextOrNone(string(before)), words.TextOrNone(after)) || p.change(field, "one that looks the same", words.TextOrNone(after))
}

// undo says how the plan is reversed, and by which call.
func (p *Plan) undo(text string, op vpsapi.Operation, in any, note string) {
	p.undoMade(text, func(any) *state.Inverse { return inverse(op, in, note) })
}

// undoMade is undo for a call that only the reply tells.
func (p *Plan) undoMade(text string, f func(reply any) *state.Inverse) {
	p.Words.Undo, p.Inverse = text, f
}

// inverse is a call that reverses a change; nil for one that would be refused, and
// for one that needs a secret, which the journal does not keep.
func inverse(op vpsapi.Operation, in any, note string) *state.Inverse {
	if len(vpsapi.Check(in)) > 0 || vpsapi.HasSecret(in) {
		return nil
	}
	arguments, err := json.Marshal(in)
	if err != nil {
		return nil
	}
	return &state.Inverse{Tool: op.Info().Name, Arguments: arguments, Note: note}
}

// facts are the words as what a consent is bound to: who agreed to a plan agreed
// to what they read.
func (w Words) facts() []string {
	facts := slices.Concat(w.Does, w.Warnings, w.Loses, w.Keeps, []string{w.Downtime, w.Cost, w.Undo})
	for _, c := range w.Changes {
		facts = append(facts, c.Field+"\x00"+c.Before+"\x00"+c.After)
	}
	return facts
}
