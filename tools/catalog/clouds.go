package catalog

import (
	"vpsnet-mcp/vpsapi"
)

// cloudsRows are the functions of the group clouds.
func cloudsRows() []Row {
	return []Row{
		plain(vpsapi.ListClouds, "site germany city cloud available where price world bandwidth geographic"),
		plain(vpsapi.ListSSDClouds, "ssd cloud storage fast where"),
		function(vpsapi.GetCloud, spec[vpsapi.GetCloudIn]{
			answer: asFields,
			search: "cloud capacity free memory ram storage template detail single particular space",
		}),
		plain(vpsapi.ListCloudGroups, "groups cloud cluster organised organized"),
	}
}
