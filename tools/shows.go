package tools

import (
	"fmt"

	"vpsnet-mcp/tools/proof"
	"vpsnet-mcp/vpsapi"
)

// showsDotdefender is a license that has no id of its own; where the route takes a license's id, another server loses one.
func showsDotdefender(gone bool) shows {
	return shows{wants: []proof.Want{{Marks: []proof.Mark{{Value: "dotDefender"}}, Gone: gone}}, also: []elsewhere{{vpsapi.ListServers, []string{"virtual_machine_licenses"}}}}
}

// showsDeployed is a server whose disk grows or begins to.
func showsDeployed(in vpsapi.DeployAllStorageIn) shows {
	return shows{
		in: vpsapi.ListServers, wants: []proof.Want{{ID: string(in.ServerID)}},
		watch: []string{"deployed_disk_size", "delayed_storage", "power_action_pending"},
	}
}

// showsScaling are rules, which the service lists by their names: with their numbers while they are on. Its words for types of
// nodes are not those of the request.
func showsScaling(in vpsapi.EditAutoscalingIn) shows {
	var s shows
	rule := func(name string, on vpsapi.Flag, numbers map[string]*vpsapi.Int) {
		want := proof.Want{ID: name, Gone: !bool(on)}
		for _, key := range []string{"nodes", "percentage", "period"} {
			if n := numbers[key]; on && n != nil {
				want.Marks = append(want.Marks, proof.Mark{Key: key, Value: fmt.Sprint(*n)})
			}
		}
		s.wants = append(s.wants, want)
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
		if last := &s.wants[len(s.wants)-1]; bool(r.Enabled) && r.Average != nil { // it may be a fraction
			last.Marks = append(last.Marks, proof.Mark{Key: "average", Value: fmt.Sprint(*r.Average)})
		}
	}
	if r := in.DiskUsage; r != nil {
		rule("disk_usage", r.Enabled, map[string]*vpsapi.Int{"nodes": r.Nodes, "percentage": r.Percentage})
	}
	return s
}
