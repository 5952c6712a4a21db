package account

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// lookupSchedules lists the scheduled upgrades of the input's server by their labels, as far as the
// reply, which nobody has documented, is understood.
func lookupSchedules(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	f := in.FieldByName("ServerID")
	if !f.IsValid() {
		return nil, nil
	}
	raw, err := Read(ctx, r, vpsapi.ListScheduledUpgrades, vpsapi.ListScheduledUpgradesIn{ServerID: vpsapi.ServerID(f.String())})
	if err != nil {
		return nil, err
	}
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil, nil
	}
	return labelled(v), nil
}

// labelled lists the objects, at any depth of v, that have an id and a label.
func labelled(v any) (all []candidate) {
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			all = append(all, labelled(e)...)
		}
	case map[string]any:
		if label, ok := v["label"].(string); ok && v["id"] != nil {
			return []candidate{{fmt.Sprint(v["id"]), label, []string{label}, nil}}
		}
		for _, key := range slices.Sorted(maps.Keys(v)) {
			all = append(all, labelled(v[key])...)
		}
	}
	return all
}
