package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// toolsLong is the help of the command tools.
const toolsLong = `List the tools that are offered, by group, or describe one: its arguments, an
example, what it costs or breaks, and how its route is known. No account is needed.

safety    the worst that a call can do: read (changes nothing), change (free and
          reversible), disruptive (downtime, a changed password, traffic sent
          elsewhere), commit (money, or people at VPS.NET), destructive (loses data)
evidence  how well the route is known: document (the vendor's document), client
          (public programs use it), inferred (by the API's conventions; not verified
          against the real service, and correctable in the config file); of the
          newer API, which has no document: production (a program in production
          calls it), tried (that program has it, marked by its author as working,
          and does not call it), sister (the vendor's own client for another brand
          has it)`

// toolsCommand returns the command tools.
func (p *program) toolsCommand() *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:               "tools [TOOL]",
		Short:             "List the tools, or describe one",
		Long:              toolsLong,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: p.completeTool,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && !asJSON {
				text, err := p.describeTool(cmd, args[0])
				if err != nil {
					return err
				}
				return p.println(text)
			}
			s, err := p.settings(cmd)
			if err != nil {
				return err
			}
			server, err := settings.Catalog(s)
			if err != nil {
				return err
			}
			if asJSON {
				return p.printTools(server, args)
			}
			return p.println(toolTable(server.Entries()))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the list as clients get it, with route, evidence and override")
	return cmd
}

// toolTable lists tools for people, a paragraph a group.
func toolTable(entries []tools.Entry) string {
	width, evidence := 0, len("evidence")
	for _, e := range entries {
		width, evidence = max(width, len(e.Name)), max(evidence, len(evidenceName(e)))
	}
	var b strings.Builder
	inferred, group := 0, ""
	for _, e := range entries {
		if e.Group != group {
			if group != "" {
				b.WriteByte('\n')
			}
			group = e.Group
			fmt.Fprintf(&b, "%-*s  %-11s  %-*s  title\n", width, strings.ToUpper(group), "safety", evidence, "evidence")
		}
		if e.Evidence == vpsapi.Inferred && !e.Override {
			inferred++
		}
		fmt.Fprintf(&b, "%-*s  %-11s  %-*s  %s\n", width, e.Name, e.Safety, evidence, evidenceName(e), e.Title)
	}
	fmt.Fprintf(&b, "\n%d tools. %d routes are inferred: not verified against the real service.", len(entries), inferred)
	return b.String()
}

// evidenceName returns the word for how well a tool's route is known.
func evidenceName(e tools.Entry) string {
	switch {
	case e.Override:
		return "override"
	case e.Evidence == "":
		return "-"
	default:
		return string(e.Evidence)
	}
}

// printedOnly is what the list of tools holds beside what clients get.
type printedOnly struct {
	Group    string          `json:"group"`
	Safety   string          `json:"safety"`
	Evidence vpsapi.Evidence `json:"evidence,omitempty"`
	Route    string          `json:"route,omitempty"`
	Override bool            `json:"override"`
}

// printTools writes the published tools with what clients do not see.
func (p *program) printTools(server *tools.Server, only []string) error {
	entries := map[string]printedOnly{}
	for _, e := range server.Entries() {
		entries[e.Name] = printedOnly{e.Group, e.Safety.String(), e.Evidence, e.Route, e.Override}
	}
	var list []json.RawMessage
	for _, t := range server.List() {
		if len(only) > 0 && t.Name != only[0] {
			continue
		}
		object, err := json.Marshal(t)
		if err != nil {
			return failuref("tool %s: %w", t.Name, err)
		}
		if e, ok := entries[t.Name]; ok { // the tools that search are not function of the API
			more, err := json.Marshal(e)
			if err != nil {
				return failuref("tool %s: %w", t.Name, err)
			}
			object = mergeObjects(object, more)
		}
		list = append(list, object)
	}
	if len(list) == 0 {
		return fmt.Errorf("unknown tool %s%s", vpsapi.Quote(only[0]), words.Suggest(only[0], settings.ToolNames()))
	}
	all, err := json.Marshal(list)
	if err != nil {
		return failuref("writing the list: %w", err)
	}
	return p.printJSON(all)
}

// mergeObjects makes one JSON object of two, the members of the first before those of the second.
func mergeObjects(first, second []byte) json.RawMessage {
	first = bytes.TrimSuffix(first, []byte("}"))
	return append(append(first, ','), bytes.TrimPrefix(second, []byte("{"))...)
}
