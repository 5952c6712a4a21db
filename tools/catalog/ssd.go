package catalog

import (
	"vpsnet-mcp/vpsapi"
)

// ssdRows are the functions of the group ssd.
func ssdRows() []Row {
	return []Row{
		plain(vpsapi.ListSSDServers, ""),
		plain(vpsapi.GetSSDServer, "ip state"),
		function(vpsapi.CreateSSDServer, spec[vpsapi.CreateSSDServerIn]{
			plan:    planCreateSSD,
			until:   untilMade,
			shownIn: vpsapi.ListSSDServers,
			marks:   func(in vpsapi.CreateSSDServerIn) []string { return []string{in.Label} },
			search:  "fast storage",
		}),
		function(vpsapi.ShutdownSSDServer, spec[vpsapi.ShutdownSSDServerIn]{
			plan:   planShutdownSSD,
			until:  untilServer(Stopped),
			search: "clean graceful off",
		}),
		function(vpsapi.PowerOffSSDServer, spec[vpsapi.PowerOffSSDServerIn]{
			plan:   planPowerOffSSD,
			until:  untilServer(Stopped),
			search: "react hang freeze force plug",
		}),
		function(vpsapi.StartSSDServer, spec[vpsapi.StartSSDServerIn]{
			plan:  planStartSSD,
			until: untilServer(Running),
		}),
		function(vpsapi.RebootSSDServer, spec[vpsapi.RebootSSDServerIn]{
			plan:  planRebootSSD,
			until: untilServer(Running),
		}),
		function(vpsapi.DeleteSSDServer, spec[vpsapi.DeleteSSDServerIn]{
			plan: planDeleteSSD,
		}),
	}
}
