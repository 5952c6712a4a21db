package plan

import (
	"reflect"
	"slices"

	"vpsnet-mcp/vpsapi"
)

// Kinds names the things that ids stand for.
var Kinds = map[reflect.Type]string{
	reflect.TypeFor[vpsapi.ServerID]():             "cloud server",
	reflect.TypeFor[vpsapi.SSDServerID]():          "SSD server",
	reflect.TypeFor[vpsapi.CloudID]():              "cloud",
	reflect.TypeFor[vpsapi.TemplateID]():           "template",
	reflect.TypeFor[vpsapi.ConsumerID]():           "consumer",
	reflect.TypeFor[vpsapi.NodeID]():               "node",
	reflect.TypeFor[vpsapi.IPID]():                 "IP address",
	reflect.TypeFor[vpsapi.BackupID]():             "backup",
	reflect.TypeFor[vpsapi.CloneID]():              "clone",
	reflect.TypeFor[vpsapi.ScheduleID]():           "scheduled upgrade",
	reflect.TypeFor[vpsapi.DomainID]():             "domain",
	reflect.TypeFor[vpsapi.RecordID]():             "DNS record",
	reflect.TypeFor[vpsapi.DNSTemplateID]():        "DNS template",
	reflect.TypeFor[vpsapi.DNSTemplateRecordID]():  "DNS template record",
	reflect.TypeFor[vpsapi.TicketID]():             "ticket",
	reflect.TypeFor[vpsapi.CommercialTemplateID](): "CloudLinux template",
	reflect.TypeFor[vpsapi.WindowsTemplateID]():    "Windows template",
	reflect.TypeFor[vpsapi.LicenseID]():            "license",
	reflect.TypeFor[vpsapi.InvoiceNo]():            "invoice",
	reflect.TypeFor[vpsapi.AnyServerID]():          "server",
	reflect.TypeFor[vpsapi.PlatformServerID]():     "platform server",
	reflect.TypeFor[vpsapi.LocationID]():           "location",
	reflect.TypeFor[vpsapi.PlatformTemplateID]():   "own template",
	reflect.TypeFor[vpsapi.SSHKeyID]():             "SSH key",
}

// Named is an id that an input names.
type Named struct {
	Field string
	Kind  string
	ID    string
	Type  reflect.Type
}

// NamedIn lists the ids of an input's own fields, in their order; "0" names none.
func NamedIn(in any) []Named {
	var list []Named
	v := reflect.ValueOf(in)
	for _, f := range reflect.VisibleFields(v.Type()) {
		value := v.FieldByIndex(f.Index)
		for value.Kind() == reflect.Pointer && !value.IsNil() {
			value = value.Elem()
		}
		kind, ok := Kinds[value.Type()]
		if !ok || value.String() == "" || value.String() == "0" {
			continue
		}
		list = append(list, Named{JSONName(f), kind, value.String(), value.Type()})
	}
	return list
}

// IDArguments names the arguments of an input, at any depth, that are ids.
func IDArguments(t reflect.Type) []string {
	return argumentsOf(t, func(f reflect.StructField, kind reflect.Type) bool {
		_, ok := Kinds[kind]
		return ok || kind == reflect.TypeFor[vpsapi.DomainRef]()
	})
}

// ExactArguments names the texts of an input whose space at the ends counts:
// secrets, and what a record or a message says.
func ExactArguments(t reflect.Type) []string {
	return argumentsOf(t, func(f reflect.StructField, kind reflect.Type) bool {
		return kind == reflect.TypeFor[vpsapi.Secret]() || slices.Contains([]string{"zone", "data", "target", "body"}, JSONName(f))
	})
}

// argumentsOf names the fields of an input, at any depth, that are so; kind is a
// field's type without pointers and lists.
func argumentsOf(t reflect.Type, is func(f reflect.StructField, kind reflect.Type) bool) []string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var names []string
	for _, f := range reflect.VisibleFields(t) {
		kind := f.Type
		for kind.Kind() == reflect.Pointer || kind.Kind() == reflect.Slice {
			kind = kind.Elem()
		}
		if is(f, kind) {
			names = append(names, JSONName(f))
		}
		names = append(names, argumentsOf(kind, is)...)
	}
	return names
}

// Subject is the thing that a function's route leads to: what the last id of
// the path names.
func Subject(op vpsapi.Operation, in any) Thing {
	placeholders := op.Info().Route.Placeholders()
	for i := len(placeholders) - 1; i >= 0; i-- {
		for _, n := range NamedIn(in) {
			if n.Field == placeholders[i] || (n.Type == reflect.TypeFor[vpsapi.PlatformServerID]() && placeholders[i] == "server_id") {
				return Thing{Kind: n.Kind, ID: n.ID}
			}
		}
	}
	return Thing{}
}
