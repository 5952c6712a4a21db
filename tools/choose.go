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
	chosen := slices.DeleteFunc(slices.Clone(all), func(t *offer.Tool) bool { return o.whyLeftOut(t) != "" })
	if len(chosen) == 0 {
		return nil, fmt.Errorf("the choice of toolsets and tools leaves no tool to offer")
	}
	return chosen, nil
}

// whyLeftOut names the setting, or the policy's rule, that leaves a tool out; empty for one that is offered.
func (o Options) whyLeftOut(t *offer.Tool) string {
	switch {
	case o.ReadOnly && t.Safety != vpsapi.Reads:
		return "read-only leaves it out"
	case o.NoDestroy && t.Safety == vpsapi.Destroys && !t.Row.Mild:
		return "no-destroy leaves it out"
	case o.NoCommit && t.Safety == vpsapi.Commits && !t.Row.Mild:
		return "no-commit leaves it out"
	case slices.Contains(o.Exclude, t.Name):
		return "exclude-tools leaves it out"
	case len(o.Tools) > 0 && !slices.Contains(o.Tools, t.Name):
		return "it is not among the settings' tools"
	case !offer.IsInToolsets(t, o.Toolsets):
		return "it is in none of the settings' toolsets"
	}
	if rule := o.Policy.DeniedTool(t.Name, t.Group); rule != "" {
		return "the policy denies every call of it (" + rule + ")"
	}
	return ""
}

// WhyLeftOut says why a tool of the catalogue is not offered; empty for one that is, or that there is not.
func (s *Server) WhyLeftOut(name string) string {
	for _, t := range s.catalog() {
		if t.Name == name {
			return s.options.whyLeftOut(t)
		}
	}
	return ""
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
