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
	"vpsnet-mcp/vpsapi"
)

// Surfaces are the ways to publish the tools.
const (
	SurfaceAll    = "all"    // each tool by itself
	SurfaceSearch = "search" // five tools that find, describe and call the others
)

// gate is a tool of the search surface that calls the functions of its classes
// and no others, so that a client's "always allow" on one never reaches a worse.
type gate struct {
	name, title, doc string
	least, worst     vpsapi.Safety
}

var gates = []gate{
	{"call_read", "Call a reading function", "Call a function whose safety is read.", vpsapi.Reads, vpsapi.Reads},
	{"call_change", "Call a changing function", "Call a function whose safety is change: free and reversible.", vpsapi.Changes, vpsapi.Changes},
	{"call_danger", "Call a dangerous function", "Call a function whose safety is disruptive, commit or destructive. Where consent is due, it answers with a plan first.", vpsapi.Disrupts, vpsapi.Destroys},
}

type findArguments struct {
	Query string `json:"query" jsonschema:"maxLength=200" jsonschema_description:"What is to be done, in words"`
}

type describeArguments struct {
	Function string `json:"function"`
}

type gateArguments struct {
	Function  string     `json:"function"`
	Arguments vpsapi.Raw `json:"arguments,omitempty" jsonschema_description:"As describe_function says"`
}

// searchTools are the tools of the search surface.
func (s *Server) searchTools() []*tool {
	finder := sync.OnceValue(func() *find.Finder { return newFinder(s.order) })
	list := []*tool{
		{
			name: "find_functions", title: "Find functions", safety: vpsapi.Reads, in: reflect.TypeFor[findArguments](),
			doc: "Find the functions of VPS.NET for a task: servers, nodes, IPs, backups, DNS, tickets, templates, invoices.",
			read: func(ctx context.Context, _ *account.Reader, in any, _ answer.Shaping) (*answer.Answer, error) {
				return s.searchResult(ctx, finder(), in.(findArguments).Query), nil
			},
		},
		{
			name: "describe_function", title: "Describe function", safety: vpsapi.Reads, in: reflect.TypeFor[describeArguments](),
			doc: "Give a function's arguments, safety and notes. Ask before the first call of a function.",
			read: func(ctx context.Context, _ *account.Reader, in any, _ answer.Shaping) (*answer.Answer, error) {
				return s.describeTool(ctx, in.(describeArguments).Function)
			},
		},
	}
	for _, g := range gates {
		list = append(list, &tool{name: g.name, title: g.title, doc: g.doc, safety: g.worst, in: reflect.TypeFor[gateArguments](), gate: &g})
	}
	return list
}

// SearchTools names the tools of the search surface.
func SearchTools() []string {
	var names []string
	for _, t := range new(Server).searchTools() {
		names = append(names, t.name)
	}
	return names
}

// newFinder reads the words of tools.
func newFinder(all []*tool) *find.Finder {
	functions := make([]find.Function, len(all))
	for i, t := range all {
		functions[i] = find.Function{
			Name: t.name, Title: t.title, Doc: t.doc, Group: t.group, Reads: t.safety == vpsapi.Reads,
			Called: t.row.Search, Acts: t.row.Acts,
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
	for _, name := range f.Find(query, 8, func(name string) bool { return isAllowedTo(c, s.tools[name]) }) {
		t := s.tools[name]
		rows = append(rows, row{t.name, t.safety.String(), t.doc})
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

// describeTool returns a tool with what a model need not read before it is needed.
func (s *Server) describeTool(ctx context.Context, name string) (*answer.Answer, error) {
	t, ok := s.findTool(name)
	if c := s.caller(ctx); !ok || t.group == "" || !isAllowedTo(c, t) {
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
	}{Function: t.name, Does: t.doc, Safety: t.safety.String(), Call: gateOf(t), Arguments: t.schema()}
	if account.AcceptsNames(t.in) {
		d.IDs = "a name, hostname or IP may stand for an id; a DNS record's is its host and type"
	}
	if t.op != nil {
		info := t.op.Info()
		d.Heading, d.Route, d.Evidence = info.Heading, string(s.caller(ctx).Client.Route(info)), info.Evidence
	}
	object, err := json.Marshal(d)
	if err != nil {
		return nil, err
	}
	return &answer.Answer{Text: string(vpsapi.PlainJSON(object)), Structured: object}, nil
}

func (g gate) acceptsTool(t *tool) bool { return t.safety >= g.least && t.safety <= g.worst }

// throughGate leads a call of a gate on to the function that it is for, and gives the
// function's arguments. No gate and no other tool of the surface is a function:
// one call goes through one gate.
func (s *Server) throughGate(p prepared, raw json.RawMessage) (prepared, json.RawMessage, *answer.Answer) {
	g := p.tool.gate
	value, _, names, faults := p.tool.input(raw)
	p.arguments = names
	for i, f := range faults {
		if strings.EqualFold(f.Field, "confirm") {
			faults[i].Message = "belongs inside arguments"
		}
	}
	if len(faults) > 0 {
		return p, nil, answer.Refusal(`%s: %s. Nothing was sent; give {"function": NAME, "arguments": {...}}.`, g.name, joinFaults(faults))
	}
	in := value.(gateArguments)
	t, ok := s.findTool(in.Function)
	if ok && t.group != "" { // who was refused it is on record too
		p.gate, p.tool = g.name, t
	}
	switch {
	case !ok || !isAllowedTo(p.caller, t):
		return p, nil, s.unknownTool(p.caller, in.Function)
	case t.group == "":
		return p, nil, answer.Refusal("%s: %s is a tool and not a function: call it by itself. Nothing was sent.", g.name, t.name)
	case !g.acceptsTool(t):
		return p, nil, answer.Refusal("%s: %s is %s; call it with %s. Nothing was sent.", g.name, t.name, t.safety, gateOf(t))
	}
	return p, json.RawMessage(in.Arguments), nil
}

// gateOf names the gate that calls a tool.
func gateOf(t *tool) string {
	for _, g := range gates {
		if g.acceptsTool(t) {
			return g.name
		}
	}
	return ""
}

// checkSurface refuses what the search surface cannot keep safe.
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

// publish lists the tools of the chosen surface.
func (s *Server) publish() []*tool {
	if s.options.Surface != SurfaceSearch {
		return s.order
	}
	list := s.searchTools()
	for _, t := range list {
		t.prepare(s.options.Consent)
		s.tools[t.name] = t
	}
	return list
}
