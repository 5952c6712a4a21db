package catalog

import (
	"vpsnet-mcp/vpsapi"
)

// profileRows are the functions of the group profile.
func profileRows() []Row {
	return []Row{
		function(vpsapi.GetProfile, spec[vpsapi.GetProfileIn]{
			answer: asFields,
			search: "card address phone contact login who own pay profile name email company payment price per node account currency registered user plan method",
		}),
	}
}
