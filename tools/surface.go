package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/find"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// Surfaces are the ways to publish the tools.
const (
	SurfaceAll    = "all"    // each tool by itself
	SurfaceSearch = "search" // five tools that find, describe and call the others
)

// gates are the tools that call any function of their safety, for clients that are offered few tools.
var gates = []offer.Gate{
	{Name: "call_read", Title: "Call a reading function", Doc: "Call a function whose safety is read.", Least: vpsapi.Reads, Worst: vpsapi.Reads},
	{Name: "call_change", Title: "Call a changing function", Doc: "Call a function whose safety is change: free and reversible.", Least: vpsapi.Changes, Worst: vpsapi.Changes},
	{Name: "call_danger", Title: "Call a dangerous function", Doc: "Call a function whose safety is disruptive, commit or destructive. Where consent is due, it answers with a plan first.", Least: vpsapi.Disrupts, Worst: vpsapi.Destroys},
}

// findArguments are the arguments of find_function.
type findArguments struct {
	Query string `json:"query" jsonschema:"maxLength=200" jsonschema_description:"What is to be done, in words"`
}

// describeArguments are the arguments of describe_function.
type describeArguments struct {
	Function string `json:"function"`
}

// gateArguments are the arguments of a gate: a function's name, and its own arguments as JSON.
type gateArguments struct {
	Function  string     `json:"function"`
	Arguments vpsapi.Raw `json:"arguments,omitempty" jsonschema_description:"As describe_function says"`
}

// searchTools returns the tools of the search surface.
func (s *Server) searchTools() []*offer.Tool {
	finder := sync.OnceValue(func() *find.Finder { return newFinder(s.order) })
	list := []*offer.Tool{
		{
			Name: "find_functions", Title: "Find functions", Safety: vpsapi.Reads, In: reflect.TypeFor[findArguments](),
			Doc: "Find the functions of VPS.NET for a task: servers, nodes, IPs, backups, DNS, tickets, templates, invoices.",
			Read: func(ctx context.Context, _ *account.Reader, in any, _ answer.Shaping) (*answer.Answer, error) {
				return s.searchResult(ctx, finder(), in.(findArguments).Query), nil
			},
		},
		{
			Name: "describe_function", Title: "Describe function", Safety: vpsapi.Reads, In: reflect.TypeFor[describeArguments](),
			Doc: "Give a function's arguments, safety and notes. Ask before the first call of a function.",
			Read: func(ctx context.Context, _ *account.Reader, in any, _ answer.Shaping) (*answer.Answer, error) {
				return s.describeTool(ctx, in.(describeArguments).Function)
			},
		},
	}
	for _, g := range gates {
		list = append(list, &offer.Tool{Name: g.Name, Title: g.Title, Doc: g.Doc, Safety: g.Worst, In: reflect.TypeFor[gateArguments](), Gate: &g})
	}
	return list
}

// SearchTools names the tools of the search surface.
func SearchTools() []string {
	var names []string
	for _, t := range new(Server).searchTools() {
		names = append(names, t.Name)
	}
	return names
}

// newFinder indexes the names, descriptions and search words of tools.
func newFinder(all []*offer.Tool) *find.Finder {
	functions := make([]find.Function, len(all))
	for i, t := range all {
		functions[i] = find.Function{
			Name: t.Name, Title: t.Title, Doc: t.Doc, Group: t.Group, Reads: t.Safety == vpsapi.Reads,
			Called: t.Row.Search, Acts: t.Row.Acts,
		}
	}
	return find.New(functions)
}

// searchResult lists what fits a query among the tools that the caller may use.
func (s *Server) searchResult(ctx context.Context, f *find.Finder, query string) *answer.Answer {
	type row struct {
		Function string `json:"function"`
		Safety   string `json:"safety"`
		Does     string `json:"does"`
	}
	rows := []row{}
	c := s.caller(ctx)
	for _, name := range f.Find(query, 8, func(name string) bool { return offer.IsAllowedTo(c, s.tools[name]) }) {
		t := s.tools[name]
		rows = append(rows, row{t.Name, t.Safety.String(), t.Doc})
	}
	found := map[string]any{"functions": rows}
	cannot := s.whatCannot(c, query)
	if len(cannot) > 0 {
		found["cannot"] = cannot
	}
	object, err := json.Marshal(found)
	if err != nil {
		return answer.Refusal("find_functions: %v", err)
	}
	var b strings.Builder
	for _, text := range cannot {
		b.WriteString(text + "\n")
	}
	for _, r := range rows {
		fmt.Fprintf(&b, "%s (%s): %s\n", r.Function, r.Safety, r.Does)
	}
	if len(rows) == 0 && len(cannot) == 0 {
		b.WriteString("Nothing fits; try other words, such as the thing (server, domain, ticket) and what is to be done.")
	}
	return &answer.Answer{Text: strings.TrimRight(b.String(), "\n"), Structured: object}
}

// describeTool answers with a tool's schema and whatever else a model needs only before it calls the tool.
func (s *Server) describeTool(ctx context.Context, name string) (*answer.Answer, error) {
	t, ok := s.findTool(name)
	if c := s.caller(ctx); !ok || t.Group == "" || !offer.IsAllowedTo(c, t) {
		return nil, errors.New(s.unknownTool(c, name).Text)
	}
	d := struct {
		Function  string          `json:"function"`
		Does      string          `json:"does"`
		Safety    string          `json:"safety"`
		Call      string          `json:"call_with"`
		Arguments json.RawMessage `json:"arguments"`
		IDs       string          `json:"ids,omitempty"`
		Heading   string          `json:"document_heading,omitempty"`
		Route     string          `json:"route,omitempty"`
		Evidence  vpsapi.Evidence `json:"evidence,omitempty"`
	}{Function: t.Name, Does: t.Doc, Safety: t.Safety.String(), Call: gateNameFor(t), Arguments: t.Schema()}
	if account.AcceptsNames(t.In) {
		d.IDs = "a name, hostname or IP may stand for an id; a DNS record is named by its host and type"
	}
	if t.Op != nil {
		info := t.Op.Info()
		d.Heading, d.Route, d.Evidence = info.Heading, string(s.caller(ctx).Client.Route(info)), info.Evidence
	}
	object, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return &answer.Answer{Text: string(vpsapi.PlainJSON(object)), Structured: object}, nil
}

// resolveGate takes a call of a gate on to the function that it names, and returns the function's arguments. A gate leads to
// no other gate and to no other tool of the surface.
func (s *Server) resolveGate(p offer.PreparedCall, raw json.RawMessage) (offer.PreparedCall, json.RawMessage, *answer.Answer) {
	g := p.Tool.Gate
	value, _, names, faults := p.Tool.ReadArguments(raw)
	p.Arguments = names
	for i, f := range faults {
		if strings.EqualFold(f.Field, "confirm") {
			faults[i].Message = "belongs inside arguments"
		}
	}
	if len(faults) > 0 {
		return p, nil, answer.Refusal(`%s: %s. Nothing was sent; give {"function": NAME, "arguments": {...}}.`, g.Name, offer.JoinFaults(faults))
	}
	in := value.(gateArguments)
	t, ok := s.findTool(in.Function)
	if ok && t.Group != "" { // who was refused it is on record too
		p.Gate, p.Tool = g.Name, t
	}
	switch {
	case !ok || !offer.IsAllowedTo(p.Caller, t):
		return p, nil, s.unknownTool(p.Caller, in.Function)
	case t.Group == "":
		return p, nil, answer.Refusal("%s: %s is a tool and not a function: call it by itself. Nothing was sent.", g.Name, t.Name)
	case !g.AcceptsTool(t):
		return p, nil, answer.Refusal("%s: %s is %s; call it with %s. Nothing was sent.", g.Name, t.Name, t.Safety, gateNameFor(t))
	}
	return p, json.RawMessage(in.Arguments), nil
}

// gateNameFor returns the name of the gate that calls a tool.
func gateNameFor(t *offer.Tool) string {
	for _, g := range gates {
		if g.AcceptsTool(t) {
			return g.Name
		}
	}
	return ""
}

// gateOf returns the name of the gate that calls a function; empty for what is none.
func (s *Server) gateOf(function string) string {
	t, ok := s.tools[function]
	if !ok || t.Group == "" {
		return ""
	}
	return gateNameFor(t)
}

// checkSurface refuses options that the search surface cannot keep safe.
func checkSurface(o Options) error {
	switch o.Surface {
	case "", SurfaceAll:
		return nil
	case SurfaceSearch:
		if o.Consent == consent.Flag {
			return errors.New("surface search with consent flag: one tool would call everything with the model's own approval; use consent code or person")
		}
		return nil
	default:
		return fmt.Errorf("surface %s: use all or search", vpsapi.Quote(o.Surface))
	}
}

// publish returns the tools of the chosen surface.
func (s *Server) publish() []*offer.Tool {
	if s.options.Surface != SurfaceSearch {
		return s.order
	}
	list := s.searchTools()
	for _, t := range list {
		t.DefineArguments(s.options.Consent)
		s.tools[t.Name] = t
	}
	return list
}
