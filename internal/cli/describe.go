package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// inputSchema is what the help needs of a tool's input schema.
type inputSchema struct {
	Properties map[string]struct {
		Type        string   `json:"type"`
		Description string   `json:"description"`
		Enum        []any    `json:"enum"`
		Minimum     *float64 `json:"minimum"`
		Maximum     *float64 `json:"maximum"`
	} `json:"properties"`
	Required []string `json:"required"`
}

// describeTool returns a tool's page for a person: what it does, its arguments, an example, what it costs or breaks,
// and how its route is known.
func (p *program) describeTool(cmd *cobra.Command, name string) (string, error) {
	s, err := p.settings(cmd)
	if err != nil {
		return "", err
	}
	server, err := settings.CatalogOf(s, true, true) // what a tool does one may ask before there are credentials
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(server.Entries(), func(e tools.Entry) bool { return e.Name == name })
	if at < 0 {
		if _, known := vpsapi.Find(name); known {
			return "", fmt.Errorf("tool %s is not offered: %s", name, server.WhyLeftOut(name))
		}
		return "", fmt.Errorf("unknown tool %s%s", vpsapi.Quote(name), words.Suggest(name, settings.ToolNames()))
	}
	e := server.Entries()[at]
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", e.Name, e.Title)
	for _, t := range server.List() {
		if t.Name != name {
			continue
		}
		var schema inputSchema
		if err := json.Unmarshal(t.RawInputSchema, &schema); err != nil {
			return "", failuref("tool %s: %w", name, err)
		}
		fmt.Fprintf(&b, "%s\n\n%s", t.Description, argumentTable(schema))
		after := ""
		if first := exampleSetups[name]; first != "" {
			after = ", after " + first
		}
		fmt.Fprintf(&b, "\nExample, on the sandbox%s:\n  %s\n", after, exampleCall(e, schema))
	}
	fmt.Fprintf(&b, "\nSafety: %s\nRoute: %s", safetyWords[e.Safety], describeRoute(e))
	return stripControls(b.String()), nil
}

// safetyWords say what each class of safety means.
var safetyWords = map[vpsapi.Safety]string{
	vpsapi.Reads:    "read; it changes nothing",
	vpsapi.Changes:  "change; free and reversible",
	vpsapi.Disrupts: "disruptive; it can mean downtime, a changed password or traffic sent elsewhere, so a person is asked",
	vpsapi.Commits:  "commit; it can cost money or reach people at VPS.NET, so a person is asked",
	vpsapi.Destroys: "destructive; it can lose data or a resource, so a person is asked",
}

// describeRoute says how a tool reaches the service, and how that is known.
func describeRoute(e tools.Entry) string {
	switch {
	case e.Route == "":
		return "several functions of the API"
	case e.Override:
		return e.Route + " (corrected by your config file)"
	}
	known := map[vpsapi.Evidence]string{
		vpsapi.Document:       "from the vendor's document",
		vpsapi.Clients:        "public programs use it",
		vpsapi.Inferred:       "inferred by the API's conventions, not verified; vpsnet-mcp doctor --routes tries it",
		vpsapi.Production:     "a public program uses it in production",
		vpsapi.ClaimedWorking: "a public program has it, marked as working",
		vpsapi.SisterBrand:    "the vendor's client for another of its brands has it",
	}[e.Evidence]
	if known == "" {
		known = string(e.Evidence)
	}
	return fmt.Sprintf("%s (%s)", e.Route, known)
}

// argumentTable lists a tool's arguments, the required ones first.
func argumentTable(schema inputSchema) string {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(schema.Properties)), func(name string) bool { return name == "confirm" }) // a terminal asks, or --yes
	if len(names) == 0 {
		return "It takes no arguments.\n"
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return boolIndex(slices.Contains(schema.Required, b)) - boolIndex(slices.Contains(schema.Required, a))
	})
	width := 0
	for _, name := range names {
		width = max(width, len(name))
	}
	var b strings.Builder
	b.WriteString("Arguments (name=value):\n")
	for _, name := range names {
		property := schema.Properties[name]
		notes := []string{property.Type}
		if slices.Contains(schema.Required, name) {
			notes = append(notes, "required")
		}
		if len(property.Enum) > 0 {
			var values []string
			for _, v := range property.Enum {
				values = append(values, fmt.Sprint(v))
			}
			notes = append(notes, "one of "+strings.Join(values, ", "))
		}
		line := strings.Join(notes, ", ")
		if name == "filter" && property.Type == "array" {
			property.Description = answer.FilterOperators
		}
		if property.Description != "" {
			line += ": " + property.Description
		}
		fmt.Fprintf(&b, "  %-*s  %s\n", width, name, line)
	}
	return b.String()
}

// boolIndex returns 1 for true and 0 for false, to choose from two words.
func boolIndex(is bool) int {
	if is {
		return 1
	}
	return 0
}
