// Package tools publishes the functions of the API as MCP tools, and takes
// every call the one way: read the arguments, plan, ask for consent, send,
// answer.
package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/schemas"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"

	"github.com/mark3labs/mcp-go/mcp"
)

// tool is one published tool. It reads or it plans, never both.
type tool struct {
	name, title, doc string
	group            string // empty for the tools of the search surface
	safety           vpsapi.Safety
	in               reflect.Type
	op               vpsapi.Operation // nil for a tool that is more than one function
	row              catalog.Row      // what it is above the wire
	api              vpsapi.API       // that it needs
	either           bool             // it needs one of the two, whichever there is

	read func(ctx context.Context, r *account.Reader, in any, s answer.Shaping) (*answer.Answer, error)
	plan catalog.Planner
	asks bool           // consent may be asked for: it takes confirm
	gate *gate          // the tool calls functions
	more []reflect.Type // further arguments, which are not part of in

	schema    func() json.RawMessage    // made when it is first asked for
	arguments func() *schemas.Arguments // likewise
}

// confirmArgument is the type of the argument confirm, where consent may be needed.
type confirmArgument struct {
	Confirm string `json:"confirm,omitempty"`
}

// The argument as it works in each mode of consent.
type (
	confirmYes struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"yes, once the person agreed"`
	}
	confirmCode struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"The plan's code, once the person agreed"`
	}
	confirmElsewhere struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"Leave out: the person agrees elsewhere"`
	}
	confirmNever struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"Leave out: nobody can agree here"`
	}
)

// confirmType returns the argument in a mode of consent.
func confirmType(mode consent.Mode) reflect.Type {
	switch mode {
	case consent.Flag:
		return reflect.TypeFor[confirmYes]()
	case consent.Person:
		return reflect.TypeFor[confirmElsewhere]()
	case consent.Deny:
		return reflect.TypeFor[confirmNever]()
	}
	return reflect.TypeFor[confirmCode]()
}

// functionTool makes the tool of a function.
func functionTool(group string, r catalog.Row) *tool {
	info := r.Op.Info()
	t := &tool{
		name: info.Name, title: info.Title, doc: info.Doc,
		group: group, safety: info.Safety, in: info.In, op: r.Op, api: info.API, row: r, plan: r.Plan,
	}
	if r.Answer != nil {
		t.more = append(t.more, r.Answer)
	}
	if r.Answer != catalog.AsList && isList(info) {
		t.more = append(t.more, catalog.AsList)
	}
	if r.Until != nil {
		t.more = append(t.more, reflect.TypeFor[catalog.WaitArgument]())
	}
	switch {
	case info.Safety == vpsapi.Reads:
		t.read = readOne(r.Op)
	case t.plan == nil:
		t.plan = catalog.PlanRequest(r.Op)
	}
	return t
}

// isList reports a read whose reply is a list, or is called one where its form is not documented: it may need pages.
func isList(info vpsapi.Info) bool {
	return info.Safety == vpsapi.Reads && (info.Out.Kind() == reflect.Slice && info.Out.Elem().Kind() != reflect.Uint8 || strings.HasPrefix(info.Name, "list_"))
}

// isUsable reports a tool that an account can use: it has credentials for what the
// tool needs.
func (t *tool) isUsable(c *vpsapi.Client) bool { return t.either || c.HasAPI(t.api) }

// prepare sets how the schema of the tool's arguments is made, once it is needed: all schemas together take longer than the
// rest of a start. mode is how consent is given.
func (t *tool) prepare(mode consent.Mode) {
	t.schema = sync.OnceValue(func() json.RawMessage {
		types := append([]reflect.Type{t.in}, t.more...)
		if t.asks {
			types = append(types, confirmType(mode))
		}
		schema, err := schemas.Input(types...)
		if err != nil {
			panic(fmt.Sprintf("tool %s: %v", t.name, err)) // a wrong type of ours: TestPublishedTools makes every schema
		}
		return schema
	})
	t.arguments = sync.OnceValue(func() *schemas.Arguments {
		return schemas.NewArguments(t.schema(), schemas.Marks{IDs: plan.IDArguments(t.in), Exact: plan.ExactArguments(t.in)})
	})
}

// published returns the tool as clients see it.
func (t *tool) published() mcp.Tool {
	whole := t.withoutArguments()
	whole.RawInputSchema = t.schema()
	return whole
}

// withoutArguments returns the tool without its arguments.
func (t *tool) withoutArguments() mcp.Tool {
	reads := t.safety == vpsapi.Reads
	destructive := t.safety > vpsapi.Changes
	idempotent := reads || (t.op != nil && isIdempotentMethod(t.op.Info().Route.Method()))
	open := t.group == vpsapi.Tickets.Name
	return mcp.Tool{
		Name: t.name, Title: t.title, Description: t.doc, RawInputSchema: json.RawMessage(`{"type":"object"}`),
		Annotations: mcp.ToolAnnotation{
			ReadOnlyHint: &reads, DestructiveHint: &destructive, IdempotentHint: &idempotent, OpenWorldHint: &open,
		},
	}
}

// isIdempotentMethod reports an HTTP method whose request may be repeated without a further effect (RFC 9110, 9.2.2).
func isIdempotentMethod(method string) bool {
	return method == "GET" || method == "PUT" || method == "DELETE"
}

// readOne returns the handler of a reading tool: it answers with the function's reply.
func readOne(op vpsapi.Operation) func(context.Context, *account.Reader, any, answer.Shaping) (*answer.Answer, error) {
	return func(ctx context.Context, r *account.Reader, in any, s answer.Shaping) (*answer.Answer, error) {
		result, err := op.Do(ctx, r.Client, in)
		if err != nil {
			return nil, err
		}
		s.Empty = catalog.RowOf(op.Info().Name).Empty
		got, err := answer.FromReply(op, in, result, s)
		if err == nil {
			got.Secrets = result.Secrets
			addChart(s, r, in, got, result.Out)
			got.Text += proposal(op, result)
		}
		return got, err
	}
}

// proposal says that another route than the inferred one answered, and how to keep that one in the config file.
func proposal(op vpsapi.Operation, result vpsapi.Result) string {
	if result.Proposed == "" {
		return ""
	}
	name := op.Info().Name
	return fmt.Sprintf("\nThe inferred route of %s was not found, and another one answered. To keep it, put into the config file: routes: {%s: %q}",
		name, name, string(result.Proposed))
}
