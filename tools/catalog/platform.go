package catalog

import (
	"vpsnet-mcp/vpsapi"
)

// platformRows are the functions of the group platform.
func platformRows() []Row {
	return []Row{
		plain(vpsapi.ListPlatformServers, ""),
		function(vpsapi.GetPlatformServer, spec[vpsapi.GetPlatformServerIn]{
			gives: true,
		}),
		plain(vpsapi.GetPlatformServerStatus, ""),
		function(vpsapi.CreatePlatformServer, spec[vpsapi.CreatePlatformServerIn]{
			plan:    planCreatePlatform,
			until:   untilPlatform,
			shownIn: vpsapi.ListPlatformServers,
			marks:   func(in vpsapi.CreatePlatformServerIn) []string { return []string{in.Hostname} },
		}),
		function(vpsapi.DeletePlatformServer, spec[vpsapi.DeletePlatformServerIn]{
			plan: planDeletePlatform,
		}),
		function(vpsapi.StartPlatformServer, spec[vpsapi.StartPlatformServerIn]{
			plan:  planStartPlatform,
			until: untilPlatform,
		}),
		function(vpsapi.PowerOffPlatformServer, spec[vpsapi.PowerOffPlatformServerIn]{
			plan:  planPowerOffPlatform,
			until: untilPlatform,
		}),
		function(vpsapi.RebootPlatformServer, spec[vpsapi.RebootPlatformServerIn]{
			plan:  planRebootPlatform,
			until: untilPlatform,
		}),
		function(vpsapi.RecoveryRebootPlatformServer, spec[vpsapi.RecoveryRebootPlatformServerIn]{
			plan:  planRecoverPlatform,
			until: untilPlatform,
		}),
		function(vpsapi.ResetPlatformPassword, spec[vpsapi.ResetPlatformPasswordIn]{
			plan: planResetPlatformPassword,
		}),
		plain(vpsapi.ListPlatformPlans, ""),
		plain(vpsapi.ListPlatformLocations, ""),
		plain(vpsapi.ListPlatformSystems, ""),
		plain(vpsapi.ListPlatformTemplates, ""),
		plain(vpsapi.ListPlatformStatusUpdates, ""),
		plain(vpsapi.ListPlatformSSHKeys, ""),
		plain(vpsapi.GetPlatformSSHKey, ""),
		function(vpsapi.CreatePlatformSSHKey, spec[vpsapi.CreatePlatformSSHKeyIn]{
			plan:    planCreateSSHKey,
			shownIn: vpsapi.ListPlatformSSHKeys,
			marks:   func(in vpsapi.CreatePlatformSSHKeyIn) []string { return []string{in.Label} },
		}),
		function(vpsapi.RenamePlatformSSHKey, spec[vpsapi.RenamePlatformSSHKeyIn]{
			plan: planRenameSSHKey,
		}),
		function(vpsapi.DeletePlatformSSHKey, spec[vpsapi.DeletePlatformSSHKeyIn]{
			plan: planDeleteSSHKey,
		}),
	}
}
