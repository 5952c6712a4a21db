package journal

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// ByHand returns the call that takes back what an entry did, where undo does not: its plan's words begin with the
// function, and what was made has the ids. Undo leaves it alone because it is no way back: what was paid stays paid.
// Nil for none.
func ByHand(e state.Entry, made state.Subject) *state.Inverse {
	op, ok := vpsapi.Find(FirstWord(e.Undo))
	if !ok || op.Info().Safety == vpsapi.Reads {
		return nil
	}
	arguments := map[string]string{}
	for _, f := range reflect.VisibleFields(op.Info().In) {
		kind, isID := plan.Kinds[f.Type]
		if !isID || strings.Contains(f.Tag.Get("json"), "omitempty") {
			continue
		}
		switch {
		case made.Kind == kind && made.ID != "":
			arguments[plan.JSONName(f)] = made.ID
		case e.Subject != nil && e.Subject.Kind == kind && e.Subject.ID != "":
			arguments[plan.JSONName(f)] = e.Subject.ID
		default:
			return nil
		}
	}
	text, err := json.Marshal(arguments)
	if err != nil || len(arguments) == 0 {
		return nil
	}
	return &state.Inverse{Tool: op.Info().Name, Arguments: text}
}

// FirstWord returns what a text has before its first space.
func FirstWord(text string) string {
	word, _, _ := strings.Cut(text, " ")
	return word
}

// maxByHand bounds the calls that are written out.
const maxByHand = 3

// ByHandText says how a change that undo does not reverse is taken back by hand, with the calls as far as the ids are
// known; what its plan said, where it names no function; empty where that says nothing.
func ByHandText(e state.Entry) string {
	made := []state.Subject{{}}
	if e.Outcome != nil && len(e.Outcome.Made) > 0 {
		made = e.Outcome.Made
	}
	var texts []string
	for _, m := range made {
		if call := ByHand(e, m); call != nil {
			texts = append(texts, call.Tool+" "+string(call.Arguments))
		}
	}
	undo := strings.TrimSuffix(e.Undo, ".")
	switch {
	case len(texts) > maxByHand:
		texts = append(texts[:maxByHand], fmt.Sprintf("and so for %d more", len(texts)-maxByHand))
		fallthrough
	case len(texts) > 0:
		return "by hand: " + strings.Join(texts, ", ") + strings.TrimPrefix(undo, FirstWord(undo))
	}
	if _, ok := vpsapi.Find(FirstWord(undo)); ok {
		return "by hand: " + undo
	}
	return undo
}

// madeText names what an entry made, with the ids that it got; else what it was about.
func madeText(e state.Entry) string {
	made := ""
	if e.Outcome != nil {
		made = subjectsText(e.Outcome.Made)
	}
	switch {
	case made == "" && e.Thing == "" && e.Subject != nil:
		return subjectsText([]state.Subject{*e.Subject})
	case made == "":
		return e.Thing
	case e.Subject == nil || e.Subject.ID == "" && e.Outcome.Made[0].Kind == e.Subject.Kind && thingKindIs(e.Thing, e.Subject.Kind):
		return made
	case e.Thing == "":
		return made
	}
	return made + ", " + e.Thing
}

// thingKindIs reports the text of a thing of a kind, or of none.
func thingKindIs(text, kind string) bool { return text == "" || strings.HasPrefix(text, kind+" ") }

// subjectsText names things.
func subjectsText(all []state.Subject) string {
	var texts []string
	for _, m := range all {
		texts = append(texts, plan.Thing{Kind: m.Kind, ID: m.ID, Label: m.Name}.String())
	}
	return strings.Join(texts, ", ")
}
