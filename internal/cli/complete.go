package cli

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/settings"
)

// completeList completes the last of a flag's values, which have commas between
// them.
func completeList(known func() []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		var offers []cobra.Completion
		for _, k := range known() {
			offers = append(offers, before+k)
		}
		return offers, cobra.ShellCompDirectiveNoFileComp
	}
}

// completeTool completes a tool's name in the shell.
func (p *program) completeTool(cmd *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return p.completeCall(cmd, nil, typed)
}

// completeCall offers the tools' names, and then a tool's arguments.
func (p *program) completeCall(cmd *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	s, err := settings.Load(p.sources(cmd))
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	server, err := settings.Catalog(s)
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	var offers []cobra.Completion
	if len(args) == 0 {
		for _, e := range server.Entries() {
			offers = append(offers, cobra.CompletionWithDesc(e.Name, e.Title))
		}
		return offers, cobra.ShellCompDirectiveNoFileComp
	}
	for _, t := range server.List() {
		if t.Name == args[0] {
			return completeArguments(t.RawInputSchema, args[1:]), cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
		}
	}
	return nil, cobra.ShellCompDirectiveNoFileComp
}

// completeArguments lists the arguments of a schema that were not given yet.
func completeArguments(schema json.RawMessage, given []string) []cobra.Completion {
	var s struct {
		Properties map[string]struct {
			Description string `json:"description"`
		} `json:"properties"`
	}
	if json.Unmarshal(schema, &s) != nil {
		return nil
	}
	for _, g := range given {
		name, _, _ := strings.Cut(g, "=")
		delete(s.Properties, name)
	}
	var offers []cobra.Completion
	for _, name := range slices.Sorted(maps.Keys(s.Properties)) {
		offers = append(offers, cobra.CompletionWithDesc(name+"=", s.Properties[name].Description))
	}
	return offers
}
