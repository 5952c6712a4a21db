package tools

import (
	"fmt"
	"slices"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// chooseTools returns the tools that the options offer.
func chooseTools(all []*offer.Tool, o Options) ([]*offer.Tool, error) {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	for _, c := range []struct {
		what         string
		given, known []string
	}{
		{"toolset", o.Toolsets, offer.Toolsets()}, {"tool", o.Tools, names}, {"tool to exclude", o.Exclude, names},
	} {
		for _, g := range c.given {
			if !slices.Contains(c.known, g) {
				return nil, fmt.Errorf("unknown %s %s%s", c.what, vpsapi.Quote(g), words.Suggest(g, c.known))
			}
		}
	}
	chosen := slices.DeleteFunc(slices.Clone(all), func(t *offer.Tool) bool {
		return (o.ReadOnly && t.Safety != vpsapi.Reads) ||
			(o.NoDestroy && t.Safety == vpsapi.Destroys && !t.Row.Mild) ||
			(o.NoCommit && t.Safety == vpsapi.Commits && !t.Row.Mild) ||
			o.Policy.DeniesTool(t.Name, t.Group) ||
			!offer.IsInToolsets(t, o.Toolsets) ||
			(len(o.Tools) > 0 && !slices.Contains(o.Tools, t.Name)) ||
			slices.Contains(o.Exclude, t.Name)
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
		if offer.IsAllowedTo(c, t) {
			names = append(names, t.Name)
		}
	}
	if hint := words.Suggest(name, names); hint != "" || s.options.Surface != SurfaceSearch {
		return answer.Refusal("unknown tool %s%s", vpsapi.Quote(name), hint)
	}
	return answer.Refusal("unknown function %s; find_functions finds them by what is to be done", vpsapi.Quote(name))
}
