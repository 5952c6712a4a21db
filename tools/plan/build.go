package plan

import (
	"encoding/json"
	"fmt"
	"slices"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Say sets the plan's sentence on what happens.
func (p *Plan) Say(format string, args ...any) {
	p.Words.Does = []string{fmt.Sprintf(format, args...)}
}

// AddSay adds a sentence to what happens.
func (p *Plan) AddSay(format string, args ...any) {
	p.Words.Does = append(p.Words.Does, fmt.Sprintf(format, args...))
}

// Loses adds a thing to what is lost when the plan is carried out.
func (p *Plan) Loses(format string, args ...any) {
	p.Words.Loses = append(p.Words.Loses, fmt.Sprintf(format, args...))
}

// Keeps adds to what stays and keeps billing.
func (p *Plan) Keeps(format string, args ...any) {
	p.Words.Keeps = append(p.Words.Keeps, fmt.Sprintf(format, args...))
}

// Need adds nodes of a kind that it takes beyond those that its server has.
func (p *Plan) Need(kind string, n int) {
	if n > 0 {
		p.Needs = append(p.Needs, Need{kind, n})
		p.Does(vpsapi.CreateNodes, Thing{}) // they may be bought
	}
}

// NeedAs adds the nodes that a server has, for one that gets as many.
func (p *Plan) NeedAs(s vpsapi.Server) {
	monthly, daily, _ := words.NodeCounts(s)
	for _, n := range []struct {
		kind  string
		count *vpsapi.Int
	}{
		{"monthly", monthly}, {"daily", daily}, {"RAM", s.RAMNodesCount}, {"storage", s.StorageNodesCount},
		{"fusion", s.FusionNodesCount}, {"bandwidth", s.BandwidthNodesCount},
	} {
		if n.count != nil {
			p.Need(n.kind, int(*n.count))
		}
	}
}

// Effect adds an effect and its class of safety; the text names it to the policy and the person.
func (p *Plan) Effect(s vpsapi.Safety, text string) {
	p.Effects = append(p.Effects, Effect{s, text})
}

// SetEffect replaces the effects, which stand at the function's worst, by one.
func (p *Plan) SetEffect(s vpsapi.Safety, text string) {
	p.Effects = []Effect{{s, text}}
}

// Change notes a field of an edit, and reports whether its value changes. The
// values are words: text from outside come quoted.
func (p *Plan) Change(field, before, after string) bool {
	if before == after {
		return false
	}
	p.Words.Changes = append(p.Words.Changes, Change{field, before, after})
	return true
}

// ChangeText is change for text from outside.
func (p *Plan) ChangeText(field string, before vpsapi.Text, after string) bool {
	if string(before) == after {
		return false
	}
	return p.Change(field, words.TextOrNone(string(before)), words.TextOrNone(after)) || p.Change(field, "one that looks the same", words.TextOrNone(after))
}

// Undo says how the plan is reversed, and by which call.
func (p *Plan) Undo(text string, op vpsapi.Operation, in any, note string) {
	p.UndoMade(text, func(any) *state.Inverse { return Inverse(op, in, note) })
}

// UndoMade is undo for a call that only the reply tells.
func (p *Plan) UndoMade(text string, f func(reply any) *state.Inverse) {
	p.Words.Undo, p.Inverse = text, f
}

// Inverse is a call that reverses a change; nil for one that would be refused, and
// for one that needs a secret, which the journal does not keep.
func Inverse(op vpsapi.Operation, in any, note string) *state.Inverse {
	if len(vpsapi.Check(in)) > 0 || vpsapi.HasSecret(in) {
		return nil
	}
	arguments, err := json.Marshal(in)
	if err != nil {
		return nil
	}
	return &state.Inverse{Tool: op.Info().Name, Arguments: arguments, Note: note}
}

// Facts are the words as what a consent is bound to: who agreed to a plan agreed
// to what they read.
func (w Words) Facts() []string {
	facts := slices.Concat(w.Does, w.Warnings, w.Loses, w.Keeps, []string{w.Downtime, w.Cost, w.Undo})
	for _, c := range w.Changes {
		facts = append(facts, c.Field+"\x00"+c.Before+"\x00"+c.After)
	}
	return facts
}
