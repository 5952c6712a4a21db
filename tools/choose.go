package tools

import (
	"fmt"
	"slices"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// chooseTools returns the tools that the options offer.
func chooseTools(all []*tool, o Options) ([]*tool, error) {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.name
	}
	for _, c := range []struct {
		what         string
		given, known []string
	}{
		{"toolset", o.Toolsets, Toolsets()}, {"tool", o.Tools, names}, {"tool to exclude", o.Exclude, names},
	} {
		for _, g := range c.given {
			if !slices.Contains(c.known, g) {
				return nil, fmt.Errorf("unknown %s %s%s", c.what, vpsapi.Quote(g), words.Suggest(g, c.known))
			}
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(t *tool) bool {
		return (o.ReadOnly && t.safety != vpsapi.Reads) ||
			(o.NoDestroy && t.safety == vpsapi.Destroys && !t.row.Mild) ||
			(o.NoCommit && t.safety == vpsapi.Commits && !t.row.Mild) ||
			o.Policy.DeniesTool(t.name, t.group) ||
			!isInToolsets(t, o.Toolsets) ||
			(len(o.Tools) > 0 && !slices.Contains(o.Tools, t.name)) ||
			slices.Contains(o.Exclude, t.name)
	})
	if len(chosen) == 0 {
		return nil, fmt.Errorf("the choice of toolsets and tools leaves no tool to offer")
	}
	return chosen, nil
}

// unknownTool refuses a name, and suggests none that the caller may not use.
func (s *Server) unknownTool(c confirm.Caller, name string) *answer.Answer {
	var names []string
	for _, t := range s.order {
		if isAllowedTo(c, t) {
			names = append(names, t.name)
		}
	}
	return answer.Refusal("unknown tool %s%s", vpsapi.Quote(name), words.Suggest(name, names))
}
