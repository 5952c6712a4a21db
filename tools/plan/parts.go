package plan

import (
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
)

// verbText returns what the plan does, without the thing: "Delete".
func (p *Plan) verbText() string {
	if len(p.Steps) != 1 || p.Steps[0].Op == nil {
		return toolTitle(p.Tool)
	}
	title := p.Steps[0].Op.Info().Title
	if short, ok := cutSuffixFold(title, " "+p.Thing.Kind); ok && p.Thing.Kind != "" {
		return short
	}
	return title
}

// cutSuffixFold is strings.CutSuffix without regard to case; what is left is not empty.
func cutSuffixFold(s, suffix string) (string, bool) {
	if n := len(s) - len(suffix); n > 0 && strings.EqualFold(s[n:], suffix) {
		return s[:n], true
	}
	return s, false
}

// toolTitle writes a tool's name as words: delete_cloud_server is "Delete cloud server".
func toolTitle(tool string) string {
	text := strings.ReplaceAll(tool, "_", " ")
	return strings.ToUpper(text[:1]) + text[1:]
}

// Title is the plan as a question in a few words.
func (p *Plan) Title() string {
	if name := p.Thing.name(); name != "" {
		return p.verbText() + " " + vpsapi.Quote(name) + "?"
	}
	return p.verbText() + "?"
}

// name returns what a person calls the thing.
func (t Thing) name() string {
	if t.Label == "" && t.ID != "" {
		return t.Kind + " " + t.ID
	}
	return t.Label
}

// Parts returns the plan's words as data, for pages.
func (p *Plan) Parts() *state.Parts {
	parts := &state.Parts{
		Verb: p.verbText(), Name: shownName(p.Thing.name()), Worst: p.Worst().String(), Sandbox: p.Sandbox,
		Doubt: p.Doubt, Loses: slices.Clone(p.Words.Loses), Keeps: slices.Clone(p.Words.Keeps), Downtime: p.Words.Downtime, Cost: p.Words.Cost, Undo: p.Words.Undo,
	}
	for _, c := range p.Words.Changes {
		parts.Changes = append(parts.Changes, state.Change{Field: c.Field, Before: c.Before, After: c.After})
	}
	for _, text := range p.Unproved {
		parts.Warnings = append(parts.Warnings, "First use: "+text)
	}
	for _, loosened := range p.Loosens {
		parts.Warnings = append(parts.Warnings, "It loosens the policy: "+loosened)
	}
	for _, over := range p.Over {
		parts.Warnings = append(parts.Warnings, "Past a limit: "+over)
	}
	for _, does := range p.Words.Does {
		line, listed := strings.CutPrefix(does, "\n  ")
		warning, warns := strings.CutPrefix(line, "warning: ")
		switch change, ok := recordChange(line); {
		case listed && warns:
			parts.Warnings = append(parts.Warnings, warning)
		case listed && ok:
			parts.Changes = append(parts.Changes, change)
		default:
			parts.Does = append(parts.Does, strings.TrimSpace(does))
		}
	}
	for _, s := range p.Steps {
		parts.Requests = append(parts.Requests, s.Request.Method+" "+s.Request.URL()+bodyText(s))
	}
	return parts
}

// shownName is a name on one line, as it stands in quotes elsewhere.
func shownName(name string) string {
	return strings.TrimSuffix(strings.TrimPrefix(vpsapi.Quote(name), `"`), `"`)
}

// recordChange reads a line of a zone's difference.
func recordChange(line string) (state.Change, bool) {
	mark, text, ok := strings.Cut(line, " ")
	if !ok {
		return state.Change{}, false
	}
	switch mark {
	case "+":
		return state.Change{After: text}, true
	case "-":
		return state.Change{Before: text}, true
	case "~":
		before, after, ok := strings.Cut(text, "  ->  ")
		return state.Change{Before: before, After: after}, ok
	}
	return state.Change{}, false
}
