package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// preparedCall is a call whose tool is known and whose arguments are read. A call that was refused has only what was known by
// then.
type preparedCall struct {
	caller    confirm.Caller
	rules     *policy.Policy // when the call began
	tool      *tool          // nil when the name is unknown
	gate      string         // the name of the gate that led to the tool; empty when it was called by itself
	arguments []string       // the names of the arguments
	options   callOptions
	asked     any // the input as it was given, names in the place of ids
	in        any
	named     []plan.Thing // what stood in the arguments by name
	reader    *account.Reader
}

// callOptions are the arguments that are not part of a function's input.
type callOptions struct {
	confirm string
	shaping answer.Shaping
	wait    bool
}

// prepare finds the tool of a call, reads the arguments, puts ids in the place of
// names, and checks the whole.
func (s *Server) prepare(ctx context.Context, name string, raw json.RawMessage) (preparedCall, *answer.Answer) {
	p := preparedCall{caller: s.caller(ctx), rules: s.policy.Load()}
	p.reader = account.NewReader(p.caller.Client, s.now)
	p.reader.Kept, p.reader.Person = s.kept, s.options.Person
	t, ok := s.findTool(name)
	if !ok || !isAllowedTo(p.caller, t) {
		return p, s.unknownTool(p.caller, name)
	}
	p.tool = t
	if t.gate != nil {
		var refused *answer.Answer
		if p, raw, refused = s.resolveGate(p, raw); refused != nil {
			return p, refused
		}
	}
	in, options, arguments, faults := p.tool.input(raw)
	p.options, p.arguments = options, arguments
	if len(faults) == 0 {
		var err error
		p.asked = in
		if p.in, p.named, faults, err = account.Resolve(ctx, p.reader, in, account.IDsOnly); err != nil {
			return p, answer.Failure(p.reader.Client, fmt.Errorf("%s: %w", p.tool.name, err)).MarkNotSent(p.tool.plan != nil)
		}
		unnamed := faults // of names that nothing has: they are not ids either, and once is enough
		for _, f := range vpsapi.Check(p.in) {
			if !slices.ContainsFunc(unnamed, func(known vpsapi.Fault) bool { return known.Field == f.Field }) {
				faults = append(faults, f)
			}
		}
	}
	if len(faults) > 0 {
		return p, argumentRefusal(p.tool, faults)
	}
	return p, nil
}

// argumentRefusal refuses a call whose arguments cannot be read as they are.
func argumentRefusal(t *tool, faults []vpsapi.Fault) *answer.Answer {
	return answer.Refusal("%s: %s. Nothing was sent; correct the arguments and call again.", t.name, joinFaults(faults))
}

// findTool returns the tool of a name, in whatever case and with space around it.
func (s *Server) findTool(name string) (*tool, bool) {
	t, ok := s.tools[strings.ToLower(strings.TrimSpace(name))]
	return t, ok
}

// input reads a call's arguments: coerced, then checked, every fault at once.
func (t *tool) input(raw json.RawMessage) (in any, options callOptions, names []string, faults []vpsapi.Fault) {
	canonical, wrong := t.arguments().Read(numberedNodeTypes(t.in, convertLicenses(t.in, raw)))
	for _, f := range wrong {
		faults = append(faults, vpsapi.Fault{Field: f.Path, Message: f.Message})
	}
	if len(faults) > 0 {
		return nil, options, nil, faults
	}
	if string(canonical) == "{}" {
		return reflect.Zero(t.in).Interface(), options, nil, nil
	}
	for _, m := range answer.Members(canonical) {
		names = append(names, m.Name)
	}
	value := reflect.New(t.in)
	err := json.Unmarshal(canonical, value.Interface())
	if err == nil {
		vpsapi.Tidy(value.Interface())
		options, err = t.optionsOf(canonical)
	}
	if err != nil {
		return nil, options, names, []vpsapi.Fault{{Message: err.Error()}}
	}
	return value.Elem().Interface(), options, names, nil
}

// convertLicenses takes licenses in the document's own form too, {"2": 1, "1": 0}: 1
// buys, 0 cancels.
func convertLicenses(in reflect.Type, raw json.RawMessage) json.RawMessage {
	f, ok := in.FieldByName("Licenses")
	value, given := answer.Field(raw, "licenses")
	if !ok || !given || f.Type != reflect.TypeFor[vpsapi.Licenses]() || value[0] != '{' {
		return raw
	}
	if _, one := answer.Field(value, "license_id"); one {
		return raw
	}
	var list vpsapi.Licenses
	if json.Unmarshal(value, &list) != nil {
		return raw // the schema says what is wrong
	}
	members := answer.Members(raw)
	for i := range members {
		if members[i].Name == "licenses" {
			members[i].Value, _ = json.Marshal([]vpsapi.LicenseChange(list))
		}
	}
	return answer.Join(members)
}

// nodeTypes are the numbers of the node types of auto scaling rules by the words in which the service gives them. A disk's rule
// counts differently.
var nodeTypes = map[bool]map[string]string{
	false: {"permanent": "1", "daily": "2"},
	true:  {"storage": "1", "permanent": "2"},
}

// numberedNodeTypes takes the node types of auto scaling rules as words too, as get_autoscaling gives them.
func numberedNodeTypes(in reflect.Type, raw json.RawMessage) json.RawMessage {
	if in != reflect.TypeFor[vpsapi.EditAutoscalingIn]() {
		return raw
	}
	rules := answer.Members(raw)
	for i, rule := range rules {
		parts := answer.Members(rule.Value)
		for j, part := range parts {
			word := strings.ToLower(vpsapi.Trimmed(answer.FormatScalar(part.Value)))
			if number, ok := nodeTypes[rule.Name == "disk_usage"][word]; ok && part.Name == "node_type" {
				parts[j].Value = json.RawMessage(number)
				rules[i].Value = answer.Join(parts)
			}
		}
	}
	if len(rules) == 0 {
		return raw
	}
	return answer.Join(rules)
}

// optionsOf reads the arguments that are not part of the function's input.
func (t *tool) optionsOf(canonical []byte) (o callOptions, err error) {
	if t.asks {
		var a confirmArgument
		if err := json.Unmarshal(canonical, &a); err != nil {
			return o, err
		}
		o.confirm = a.Confirm
	}
	if len(t.more) == 0 {
		return o, nil
	}
	if o.shaping, err = answer.ShapingOf(canonical); err != nil {
		return o, err
	}
	var w catalog.WaitArgument
	if err := json.Unmarshal(canonical, &w); err != nil {
		return o, err
	}
	o.wait = w.Wait != nil && bool(*w.Wait)
	return o, nil
}

// joinFaults returns the faults of an input as one line.
func joinFaults(faults []vpsapi.Fault) string {
	texts := make([]string, len(faults))
	for i, f := range faults {
		texts[i] = f.String()
	}
	return strings.Join(texts, "; ")
}
