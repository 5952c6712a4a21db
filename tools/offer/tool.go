// Package offer holds the tools that a server offers: what each is, who may use it, the schema of its
// arguments, and how these are read into the input of its function. A tool here is what MCP clients see
// of a row of tools/catalog, without the protocol: tools publishes it. It knows nothing of plans that
// are judged or sent.
package offer

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/schemas"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// Tool is one published tool. It reads or it plans, never both.
type Tool struct {
	Name, Title, Doc string
	Group            string // empty for the tools of the search surface
	Safety           vpsapi.Safety
	In               reflect.Type
	Op               vpsapi.Operation // nil for a tool that is more than one function
	Row              catalog.Row      // what it is above the wire
	API              vpsapi.API       // that it needs
	Either           bool             // it needs one of the two, whichever there is

	Read func(ctx context.Context, r *account.Reader, in any, s answer.Shaping) (*answer.Answer, error)
	Plan catalog.Planner
	Asks bool           // consent may be asked for: it takes confirm
	Gate *Gate          // the tool calls functions
	more []reflect.Type // further arguments, which are not part of in

	Schema    func() json.RawMessage    // made when it is first asked for
	Arguments func() *schemas.Arguments // likewise
}

// confirmArgument is the type of the argument confirm, where consent may be needed.
type confirmArgument struct {
	Confirm string `json:"confirm,omitempty"`
}

// The argument as it works in each mode of consent.
type (
	// confirmYes is the argument confirm in consent mode flag: yes, once the person agreed.
	confirmYes struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"yes, once the person agreed"`
	}
	// confirmCode is the argument confirm in consent mode code: the plan's code.
	confirmCode struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"The plan's code, once the person agreed"`
	}
	// confirmElsewhere is the argument confirm in consent mode person, where the yes comes by a page or command.
	confirmElsewhere struct {
		Confirm string `json:"confirm,omitempty" jsonschema_description:"Leave out: the person agrees elsewhere"`
	}
	// confirmNever is the argument confirm in consent mode deny, where nobody can agree.
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

// FunctionTool makes the tool of a function.
func FunctionTool(group string, r catalog.Row) *Tool {
	info := r.Op.Info()
	t := &Tool{
		Name: info.Name, Title: info.Title, Doc: info.Doc,
		Group: group, Safety: info.Safety, In: info.In, Op: r.Op, API: info.API, Row: r, Plan: r.Plan,
	}
	if r.Answer != nil {
		t.more = append(t.more, r.Answer)
	}
	if r.Answer != catalog.AsList && IsList(info) {
		t.more = append(t.more, catalog.AsList)
	}
	if r.Until != nil {
		t.more = append(t.more, reflect.TypeFor[catalog.WaitArgument]())
	}
	switch {
	case info.Safety == vpsapi.Reads:
		t.Read = readOne(r.Op)
	case t.Plan == nil:
		t.Plan = catalog.PlanRequest(r.Op)
	}
	return t
}

// IsList reports a read whose reply is a list, or is called one where its form is not documented: it may need pages.
func IsList(info vpsapi.Info) bool {
	return info.Safety == vpsapi.Reads && (info.Out.Kind() == reflect.Slice && info.Out.Elem().Kind() != reflect.Uint8 || strings.HasPrefix(info.Name, "list_"))
}

// IsUsable reports a tool that an account can use: it has credentials for what the
// tool needs.
func (t *Tool) IsUsable(c *vpsapi.Client) bool { return t.Either || c.HasAPI(t.API) }

// DefineArguments sets how the schema of the tool's arguments is made, once it is needed: all schemas together take longer than the
// rest of a start. mode is how consent is given.
func (t *Tool) DefineArguments(mode consent.Mode) {
	t.Schema = sync.OnceValue(func() json.RawMessage {
		types := append([]reflect.Type{t.In}, t.more...)
		if t.Asks {
			types = append(types, confirmType(mode))
		}
		schema, err := schemas.Input(types...)
		if err != nil {
			panic(fmt.Sprintf("tool %s: %v", t.Name, err)) // a wrong type of ours: TestPublishedTools makes every schema
		}
		return schema
	})
	t.Arguments = sync.OnceValue(func() *schemas.Arguments {
		return schemas.NewArguments(t.Schema(), schemas.Marks{IDs: plan.IDArguments(t.In), Exact: plan.ExactArguments(t.In)})
	})
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

// IsAllowedTo reports a tool that the caller may use. The tools of the search surface belong to no group: what they find and
// call is judged by itself.
func IsAllowedTo(c confirm.Caller, t *Tool) bool {
	return t.Group == "" || t.IsUsable(c.Client) && (c.Allows == nil || c.Allows(t.Safety)) && IsInToolsets(t, c.Toolsets)
}

// ReadTool makes a tool of our own that reads: it may call several functions of the API and changes nothing.
func ReadTool[In any](name, title, doc, search, group string, read func(ctx context.Context, r *account.Reader, in In) (*answer.Answer, error)) *Tool {
	return &Tool{
		Name: name, Title: title, Doc: doc, Group: group, Safety: vpsapi.Reads, In: reflect.TypeFor[In](), Row: catalog.Row{Search: search},
		Read: func(ctx context.Context, r *account.Reader, in any, _ answer.Shaping) (*answer.Answer, error) {
			return read(ctx, r, in.(In))
		},
	}
}

// PlanTool makes a tool of our own that plans a change; safety is the worst it can do.
func PlanTool[In any](name, title, doc, search, group string, safety vpsapi.Safety, planner func(ctx context.Context, r *account.Reader, in In) (*plan.Plan, error)) *Tool {
	return &Tool{
		Name: name, Title: title, Doc: doc, Group: group, Safety: safety, In: reflect.TypeFor[In](), Row: catalog.Row{Search: search, Mild: true},
		Plan: func(ctx context.Context, r *account.Reader, in any) (*plan.Plan, error) {
			return planner(ctx, r, in.(In))
		},
	}
}

// Function returns the tool as the policy knows it.
func (t *Tool) Function() policy.Function { return policy.Function{Tool: t.Name, Group: t.Group} }
