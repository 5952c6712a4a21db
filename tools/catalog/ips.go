package catalog

import (
	"vpsnet-mcp/tools/find"
	"vpsnet-mcp/vpsapi"
)

// ipsRows are the functions of the group ips.
func ipsRows() []Row {
	return []Row{
		function(vpsapi.ListIPs, spec[vpsapi.ListIPsIn]{
			answer: AsList,
			search: "pay ip account all note",
		}),
		function(vpsapi.AddIPs, spec[vpsapi.AddIPsIn]{
			plan:    planAddIPs,
			shownIn: vpsapi.ListIPs,
			search:  "additional get ip server another extra second additional new",
		}),
		function(vpsapi.EditIP, spec[vpsapi.EditIPIn]{
			plan:   planEditIP,
			mild:   true,
			search: "remember for mark belong rdns reverse ptr ip note comment consumer label describe reminder memo annotation",
			acts:   find.Create,
		}),
		function(vpsapi.RequestJustifiedIPs, spec[vpsapi.RequestJustifiedIPsIn]{
			mayMean: "It may be granted, and billed, without a check by their staff",
			plan:    planJustifiedIPs,
			shownIn: vpsapi.ListJustifiedIPs,
			marks:   func(in vpsapi.RequestJustifiedIPsIn) []string { return []string{string(in.Justification[0].Reason)} },
			search:  "limit reached why block why ssl justified ip more reason explain staff request ask grant justification need apply",
			acts:    find.Create,
		}),
		plain(vpsapi.ListJustifiedIPs, "granted approved justified ip request pending submitted justification status asked"),
		function(vpsapi.DeleteIP, spec[vpsapi.DeleteIPIn]{
			plan:   planDeleteIP,
			search: "pay ip release free permanently server",
		}),
		function(vpsapi.ReassignIP, spec[vpsapi.ReassignIPIn]{
			plan:   planReassignIP,
			search: "reassign ip move another different other server from between",
			acts:   find.Edit,
		}),
		plain(vpsapi.CheckIPExists, "is net valid yours exist ip known valid real ours belong belongs vps taken"),
	}
}
