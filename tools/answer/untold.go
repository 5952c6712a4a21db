package answer

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	"vpsnet-mcp/vpsapi"
)

// Unknown is what a table shows where the service does not say a value that there is.
const Unknown = "unknown"

// alwaysTold are the fields that a thing has a value of whenever the service knows it: where one is missing, it is told as unknown.
var alwaysTold = []string{
	"running", "booted", "power_action_pending", "backups_enabled", "bandwidth_used", "status", "amount", "current_balance", "account_credits",
	"per_node_price", "premium_price", "free_node", "daily_node", "regular_nodes_count", "ttl",
}

// mayBeNone are fields of flags, counts and amounts of which null says that there is none.
var mayBeNone = []string{"slices_count", "mx_priority", "priority", "weight", "port", "beta_nodes_count"}

// states are texts of which null is no answer.
var states = []string{"status", "virtual_machine_status", "backup_size", "deployed_disk_size", "available_disk_size", "price", "cpu_percent"}

// hasValue names the fields of which null is unknown, and not none: flags, counts, amounts and states, of whatever reply.
var hasValue = sync.OnceValue(func() map[string]bool {
	names := map[string]bool{}
	for _, op := range vpsapi.Operations() {
		out := op.Info().Out
		for out.Kind() == reflect.Slice || out.Kind() == reflect.Pointer {
			out = out.Elem()
		}
		if out.Kind() != reflect.Struct {
			continue
		}
		for _, f := range reflect.VisibleFields(out) {
			switch f.Type {
			case reflect.TypeFor[*vpsapi.Flag](), reflect.TypeFor[*vpsapi.Int](), reflect.TypeFor[vpsapi.Money]():
				names[nameOf(f)] = true
			}
		}
	}
	for _, name := range states {
		names[name] = true
	}
	for _, name := range mayBeNone {
		delete(names, name)
	}
	return names
})

// nameOf returns a struct field's name in JSON.
func nameOf(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// isUntold reports a null that stands for what the service does not say. A name may end in its unit.
func isUntold(name string, value []byte) bool {
	if string(value) != "null" {
		return false
	}
	for _, unit := range []string{"_kb", "_mb", "_gb"} {
		name = strings.TrimSuffix(name, unit)
	}
	return hasValue()[name]
}

// withNulls returns a reply as people read it, with null for what the service does not say.
func withNulls(out, in any, shown json.RawMessage, raw []byte) json.RawMessage {
	if !bytes.HasPrefix(shown, []byte("[")) {
		one := []json.RawMessage{shown}
		withUntold(out, in, one, []json.RawMessage{Unwrap(raw)})
		return one[0]
	}
	items, err := elementsOf(shown)
	if err != nil {
		return shown
	}
	var whole []json.RawMessage
	if bytes.Contains(raw, []byte("null")) {
		if whole = unwrapElements(raw); whole == nil {
			whole, _ = elementsOf(unwrapObject(raw)) // of one envelope round all
		}
	}
	withUntold(out, in, items, whole)
	return joinList(items)
}

// joinList returns the items as one JSON array.
func joinList(items []json.RawMessage) json.RawMessage {
	b := []byte{'['}
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return append(b, ']')
}

// withUntold gives records of a reply, as people read them, with null for what the service does not say of each: what it sends as null,
// and, unless less was asked for, what it leaves out though the thing has it. whole are the records as sent.
func withUntold(out, in any, usual, whole []json.RawMessage) {
	list := reflect.ValueOf(out)
	if list.Kind() != reflect.Slice {
		one := reflect.MakeSlice(reflect.SliceOf(list.Type()), 1, 1)
		one.Index(0).Set(list)
		list = one
	}
	fields := alwaysIn(list.Type().Elem())
	if asksLess(in) {
		fields = nil
	}
	for i := range usual {
		var names []string
		for _, f := range fields {
			if i < list.Len() && list.Index(i).FieldByIndex(f.Index).IsZero() && !otherwiseTold(list.Index(i), f) {
				names = append(names, nameOf(f))
			}
		}
		if i < len(whole) && bytes.Contains(whole[i], []byte("null")) {
			vpsapi.Members(whole[i], func(key, value []byte) bool {
				if string(value) != "null" {
					return true
				}
				if name := FormatScalar(key); isUntold(name, value) && !slices.Contains(names, name) {
					names = append(names, name)
				}
				return true
			})
		}
		if len(names) > 0 && bytes.HasPrefix(usual[i], []byte("{")) {
			usual[i] = addUntold(usual[i], names)
		}
	}
}

// otherwiseTold reports a field that another stands for, or that a record of its kind does not have: monthly nodes are counted as
// slices too, and the service says of nodes of type vps alone whether they are daily.
func otherwiseTold(record reflect.Value, f reflect.StructField) bool {
	switch v := record.Interface().(type) {
	case vpsapi.Server:
		return f.Name == "RegularNodesCount" && v.SlicesCount != nil
	case vpsapi.Cloud: // one cloud's reply tells how full it is, and no price: the list of clouds does
		return f.Name == "PremiumPrice" && len(v.ClusterStats) > 0
	case vpsapi.Node:
		return f.Name == "DailyNode" && v.Type != "vps"
	}
	return false
}

// alwaysByType are the results of alwaysIn.
var alwaysByType sync.Map

// alwaysIn are the fields of a record that it always has a value of.
func alwaysIn(record reflect.Type) []reflect.StructField {
	if record.Kind() != reflect.Struct {
		return nil
	}
	if fields, ok := alwaysByType.Load(record); ok {
		return fields.([]reflect.StructField) //nolint:forcetypeassert // no other is stored
	}
	fields := slices.DeleteFunc(reflect.VisibleFields(record), func(f reflect.StructField) bool {
		return !slices.Contains(alwaysTold, nameOf(f)) || f.Type.Kind() == reflect.Bool
	})
	alwaysByType.Store(record, fields)
	return fields
}

// asksLess reports the input of a list without what takes the service long.
func asksLess(in any) bool {
	v := reflect.ValueOf(in)
	if v.Kind() != reflect.Struct {
		return false
	}
	basic, ok := v.FieldByName("Basic"), false
	if basic.IsValid() {
		var flag *vpsapi.Flag
		flag, ok = basic.Interface().(*vpsapi.Flag)
		ok = ok && flag != nil && bool(*flag)
	}
	return ok
}

// addUntold sets fields to null; one that stands under its name with a unit keeps that.
func addUntold(object json.RawMessage, names []string) json.RawMessage {
	var members []Member
	vpsapi.Members(object, func(key, value []byte) bool {
		name := FormatScalar(key)
		bare := name
		for _, unit := range []string{"_kb", "_mb", "_gb"} {
			bare = strings.TrimSuffix(bare, unit)
		}
		if i := slices.Index(names, bare); i >= 0 {
			names = slices.Delete(slices.Clone(names), i, i+1)
			if string(value) == `""` {
				value = []byte("null")
			}
		}
		members = append(members, Member{name, value})
		return true
	})
	for _, name := range names {
		if name == "bandwidth_used" || name == "backup_size" || name == "min_disk_size" {
			name += map[string]string{"bandwidth_used": "_kb", "backup_size": "_mb", "min_disk_size": "_gb"}[name]
		}
		members = append(members, Member{name, json.RawMessage("null")})
	}
	return Join(members)
}
