package catalog

import (
	"vpsnet-mcp/vpsapi"
)

// nodesRows are the functions of the group nodes.
func nodesRows() []Row {
	return []Row{
		function(vpsapi.ListNodes, spec[vpsapi.ListNodesIn]{
			answer: AsList,
			search: "attached idle free used pay node resource capacity account unused own bought",
		}),
		function(vpsapi.CreateNodes, spec[vpsapi.CreateNodesIn]{
			plan:    planCreateNodes,
			shownIn: vpsapi.ListNodes,
			ask:     func(in vpsapi.CreateNodesIn) any { return vpsapi.ListNodesIn{Type: typeOfNodes(in)} },
			search:  "ram cpu storage more node resource capacity pool buy daily monthly account",
		}),
		function(vpsapi.EditNode, spec[vpsapi.EditNodeIn]{
			plan:   planEditNode,
			search: "owns client node consumer reassign customer assign owner",
		}),
		function(vpsapi.DeleteNode, spec[vpsapi.DeleteNodeIn]{
			plan:   planDeleteNode,
			search: "pay node unused spare release free billing account",
		}),
	}
}
