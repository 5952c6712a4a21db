package offer

import (
	"encoding/json"
	"reflect"
	"strings"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

// Options are the arguments that are not part of a function's input.
type Options struct {
	Confirm string
	Shaping answer.Shaping
	Wait    bool
}

// ArgumentRefusal refuses a call whose arguments cannot be read as they are.
func ArgumentRefusal(t *Tool, faults []vpsapi.Fault) *answer.Answer {
	if in, ok := reflect.Zero(t.In).Interface().(interface{ Way(field string) string }); ok {
		for i, f := range faults {
			faults[i].Message += in.Way(f.Field)
		}
	}
	return answer.Refusal("%s: %s. Nothing was sent; correct the arguments and call again.", t.Name, JoinFaults(faults))
}

// ReadArguments reads a call's arguments: coerced, then checked, every fault at once.
func (t *Tool) ReadArguments(raw json.RawMessage) (in any, options Options, names []string, faults []vpsapi.Fault) {
	canonical, wrong := t.Arguments().Read(numberedNodeTypes(t.In, convertLicenses(t.In, raw)))
	for _, f := range wrong {
		faults = append(faults, vpsapi.Fault{Field: f.Path, Message: f.Message})
	}
	if len(faults) > 0 {
		return nil, options, nil, faults
	}
	if string(canonical) == "{}" {
		return reflect.Zero(t.In).Interface(), options, nil, nil
	}
	for _, m := range answer.Members(canonical) {
		names = append(names, m.Name)
	}
	value := reflect.New(t.In)
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
func (t *Tool) optionsOf(canonical []byte) (o Options, err error) {
	if t.Asks {
		var a confirmArgument
		if err := json.Unmarshal(canonical, &a); err != nil {
			return o, err
		}
		o.Confirm = a.Confirm
	}
	if len(t.more) == 0 {
		return o, nil
	}
	if o.Shaping, err = answer.ShapingOf(canonical); err != nil {
		return o, err
	}
	var w catalog.WaitArgument
	if err := json.Unmarshal(canonical, &w); err != nil {
		return o, err
	}
	o.Wait = w.Wait != nil && bool(*w.Wait)
	return o, nil
}

// JoinFaults returns the faults of an input as one line.
func JoinFaults(faults []vpsapi.Fault) string {
	texts := make([]string, len(faults))
	for i, f := range faults {
		texts[i] = f.String()
	}
	return strings.Join(texts, "; ")
}
