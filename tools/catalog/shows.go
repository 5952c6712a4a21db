package catalog

import (
	"fmt"

	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// dotdefenderProof returns a license that has no id of its own; where the route takes a license's id, another server loses one.
func dotdefenderProof(gone bool) ProofSpec {
	return ProofSpec{Wants: []proof.Want{{Marks: []proof.Mark{{Value: "dotDefender"}}, Gone: gone}}, Also: []WatchedList{{vpsapi.ListServers, []string{"virtual_machine_licenses"}}}}
}

// deployedProof returns a server whose disk grows or begins to.
func deployedProof(in vpsapi.DeployAllStorageIn) ProofSpec {
	return ProofSpec{
		In: vpsapi.ListServers, Wants: []proof.Want{{ID: string(in.ServerID)}},
		Watch: []string{"deployed_disk_size", "delayed_storage", "power_action_pending"},
	}
}

// scalingProof returns rules, which the service lists by their names: with their numbers while they are on. Its words for types of
// nodes are not those of the request.
func scalingProof(in vpsapi.EditAutoscalingIn) ProofSpec {
	var s ProofSpec
	rule := func(name string, on vpsapi.Flag, numbers map[string]*vpsapi.Int) {
		want := proof.Want{ID: name, Gone: !bool(on)}
		for _, key := range []string{"nodes", "percentage", "period"} {
			if n := numbers[key]; on && n != nil {
				want.Marks = append(want.Marks, proof.Mark{Key: key, Value: fmt.Sprint(*n)})
			}
		}
		s.Wants = append(s.Wants, want)
	}
	if r := in.MaxNodes; r != nil {
		rule("max_nodes", r.Enabled, map[string]*vpsapi.Int{"nodes": r.Nodes})
	}
	if r := in.SwapUsage; r != nil {
		rule("swap_usage", r.Enabled, map[string]*vpsapi.Int{"nodes": r.Nodes, "percentage": r.Percentage, "period": r.Period})
	}
	if r := in.RAMUsage; r != nil {
		rule("ram_usage", r.Enabled, map[string]*vpsapi.Int{"nodes": r.Nodes, "percentage": r.Percentage, "period": r.Period})
	}
	if r := in.LoadAverage; r != nil {
		rule("load_average", r.Enabled, map[string]*vpsapi.Int{"nodes": r.Nodes, "period": r.Period})
		if last := &s.Wants[len(s.Wants)-1]; bool(r.Enabled) && r.Average != nil { // it may be a fraction
			last.Marks = append(last.Marks, proof.Mark{Key: "average", Value: fmt.Sprint(*r.Average)})
		}
	}
	if r := in.DiskUsage; r != nil {
		rule("disk_usage", r.Enabled, map[string]*vpsapi.Int{"nodes": r.Nodes, "percentage": r.Percentage})
	}
	return s
}

// ProofSpec is what a change by an inferred route shows, where that does not follow from its route and input.
type ProofSpec struct {
	In    vpsapi.Operation // the list that shows it
	Wants []proof.Want     // what it shows there
	Watch []string         // the keys by which things of that list differ
	Also  []WatchedList    // further lists, in which a mistake would show
}

// WatchedList is a list in which a mistake would show: things gone or added, and changes of some keys.
type WatchedList struct {
	In    vpsapi.Operation
	Watch []string
}
