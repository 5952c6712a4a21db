package catalog

import (
	"cmp"
	"context"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/find"
	"vpsnet-mcp/vpsapi"
)

// serversRows are the functions of the group servers.
func serversRows() []Row {
	return []Row{
		function(vpsapi.ListServers, spec[vpsapi.ListServersIn]{
			answer: AsList,
			empty:  "SSD servers are listed apart. With a filter or a consumer_id, try without.",
			search: "everything machine count server account running inventory",
		}),
		function(vpsapi.GetServer, spec[vpsapi.GetServerIn]{
			answer: asFields,
			search: "built ready pending plan node many much which server state status spec specs ram size running online uptime hostname detail node storage os template properties",
		}),
		function(vpsapi.SearchServers, spec[vpsapi.SearchServersIn]{
			answer: AsList,
			empty:  "The search takes whole or part of an IP address, hostname, domain name, label or tag; " + vpsapi.ListServers.Name + " shows all.",
			search: "customer search hostname ip label tag name which belongs called named owner matching server",
		}),
		function(vpsapi.CreateServer, spec[vpsapi.CreateServerIn]{
			plan:    planCreateServer,
			until:   untilMade,
			shownIn: vpsapi.ListServers,
			marks:   func(in vpsapi.CreateServerIn) []string { return []string{in.Label} },
			gives:   true,
			search:  "own client customer distro server fresh brand template cloud size node",
		}),
		function(vpsapi.CreateInstantServer, spec[vpsapi.CreateInstantServerIn]{
			plan:    planInstantServer,
			until:   untilMade,
			shownIn: vpsapi.ListServers,
			gives:   true,
			search:  "stock without choose any minute once instant ready fast premade server uk us minute second wait delay",
		}),
		function(vpsapi.ShutdownServer, spec[vpsapi.ShutdownServerIn]{
			plan:   planShutdown,
			until:  untilServer(Stopped),
			search: "nice finish off clean gracefully nicely politely safely orderly soft server stop offline",
		}),
		function(vpsapi.RebootServer, spec[vpsapi.RebootServerIn]{
			plan:   planReboot,
			until:  untilServer(Running),
			search: "reset reboot restart server recovery gracefully mode",
		}),
		function(vpsapi.StartServer, spec[vpsapi.StartServerIn]{
			plan:   planStart,
			until:  untilServer(Running),
			mild:   true,
			search: "start boot server off stopped powered back online",
		}),
		function(vpsapi.PowerOffServer, spec[vpsapi.PowerOffServerIn]{
			plan:   planPowerOff,
			until:  untilServer(Stopped),
			search: "shutdown off poweroff force hard cycle abruptly hang ignore immediately power unresponsive frozen crash server",
			acts:   find.Delete,
		}),
		function(vpsapi.RebuildServer, spec[vpsapi.RebuildServerIn]{
			plan:  planRebuild,
			until: untilServer(Built),
			whole: func(ctx context.Context, r *account.Reader, in vpsapi.RebuildServerIn) (vpsapi.RebuildServerIn, error) {
				s, err := r.Server(ctx, in.ServerID)
				in.SystemTemplateID = cmp.Or(in.SystemTemplateID, s.SystemTemplateID)
				return in, err
			},
			gives:  true,
			search: "settings together build fail failed pending stuck again retry server broke half provision unfinished",
			acts:   find.Create,
		}),
		function(vpsapi.RebuildServerNetwork, spec[vpsapi.RebuildServerNetworkIn]{
			plan:   planRebuildNetwork,
			until:  untilServer(Idle),
			search: "configured ip second setting guest work network interface config configuration networking connectivity ip server file regenerate fix",
			acts:   find.Edit,
		}),
		function(vpsapi.EditServer, spec[vpsapi.EditServerIn]{
			plan:   planEditServer,
			mild:   true,
			search: "nightly switchon automatic daily enable bigger rename label hostname name node ram cpu size bigger smaller resize more less storage server license permanently add plan capacity",
			acts:   find.Create,
		}),
		function(vpsapi.GetRsyncBackupInfo, spec[vpsapi.GetRsyncBackupInfoIn]{
			gives:  true,
			search: "rsync backup quota username password credential access offsite detail space remote storage login",
		}),
		function(vpsapi.ConvertBackupToTemplate, spec[vpsapi.ConvertBackupToTemplateIn]{
			plan:    planConvertBackup,
			shownIn: vpsapi.ListCustomTemplates,
			search:  "new base server use backup template convert custom turn reuse",
			acts:    find.Create,
		}),
		function(vpsapi.CreateTemplateFromServer, spec[vpsapi.CreateTemplateFromServerIn]{
			plan:    planTemplateFromServer,
			shownIn: vpsapi.ListCustomTemplates,
			search:  "others pattern convert reusable template server custom golden save capture save base clone step running existing",
			acts:    find.Act,
		}),
		plain(vpsapi.ListScheduledUpgrades, "week extra node temporary date next scheduled upgrade burst pending planned upcoming"),
		function(vpsapi.CreateScheduledUpgrade, spec[vpsapi.CreateScheduledUpgradeIn]{
			mayMean: "It may run at once in place of its moment, or buy the nodes now",
			plan:    planCreateSchedule,
			shownIn: vpsapi.ListScheduledUpgrades,
			marks:   func(in vpsapi.CreateScheduledUpgradeIn) []string { return []string{in.Label} },
			search:  "day double bigger server weekend peak temporary scale set sale campaign rush busy later scheduled upgrade burst extra temporary node ram cpu day week month resource capacity power next date later time boost peak ahead",
			acts:    find.Act,
		}),
		function(vpsapi.DeleteScheduledUpgrade, spec[vpsapi.DeleteScheduledUpgradeIn]{
			mayMean: "It may take nodes from the server that an upgrade under way has given it",
			plan:    planDeleteSchedule,
			search:  "week extra node temporary date next scheduled upgrade burst planned upcoming pending cancel",
		}),
		function(vpsapi.RestoreServer, spec[vpsapi.RestoreServerIn]{
			plan:   planRestore,
			until:  untilServer(Idle),
			search: "onto update broke restore backup overwrite earlier previous state yesterday back saved server point",
			acts:   find.Edit,
		}),
		function(vpsapi.GetBandwidthUtilisation, spec[vpsapi.GetBandwidthUtilisationIn]{
			answer: asChart,
			search: "close upload download egress much gb limit allowance bandwidth traffic utilisation data network sent received transfer month hour gigabyte gb inbound outbound history",
		}),
		function(vpsapi.GetCPUUtilisation, spec[vpsapi.GetCPUUtilisationIn]{
			answer: asChart,
			search: "idle overload curve swap core cores slow percent cpu utilisation processor load busy percent hour server history performance hard working",
		}),
		function(vpsapi.AddDotdefenderLicense, spec[vpsapi.AddDotdefenderLicenseIn]{
			mayMean: "It may buy a license at another price, or for another server",
			plan:    planAddDotdefender,
			shownIn: vpsapi.GetServerLicenses,
			ask: func(in vpsapi.AddDotdefenderLicenseIn) any {
				return vpsapi.GetServerLicensesIn{ServerID: in.VirtualMachineID}
			},
			shows:  func(vpsapi.AddDotdefenderLicenseIn) ProofSpec { return dotdefenderProof(false) },
			search: "dotdefender firewall web application protection license protect website attack security",
		}),
		function(vpsapi.RemoveDotdefenderLicense, spec[vpsapi.RemoveDotdefenderLicenseIn]{
			mayMean: "It may take a license's id where the server's id stands, and end that license",
			plan:    planRemoveDotdefender,
			shownIn: vpsapi.GetServerLicenses,
			shows:   func(vpsapi.RemoveDotdefenderLicenseIn) ProofSpec { return dotdefenderProof(true) },
			search:  "dotdefender firewall web application protection license security",
		}),
		function(vpsapi.ReinstallServer, spec[vpsapi.ReinstallServerIn]{
			plan:   planReinstall,
			until:  untilServer(Built),
			gives:  true,
			search: "same other hacked distro reinstall template os erase fresh wipe different clean server scratch storage again",
			acts:   find.Edit,
		}),
		function(vpsapi.ResetRootPassword, spec[vpsapi.ResetRootPasswordIn]{
			plan:   planResetPassword,
			until:  untilServer(Idle),
			gives:  true,
			search: "superuser customer in password root login credential reset forgot lost locked ssh access new server admin",
			acts:   find.Edit,
		}),
		function(vpsapi.DeployAllStorage, spec[vpsapi.DeployAllStorageIn]{
			plan:   planDeployStorage,
			shows:  deployedProof,
			until:  untilServer(Idle),
			search: "missing paid half bigger smaller full part rest upgrade storage all delayed unused extend expand remaining rest unallocated available full node grow resize whole entire deploy assign use",
			acts:   find.Edit,
		}),
		function(vpsapi.DeleteServer, spec[vpsapi.DeleteServerIn]{
			plan:   planDeleteServer,
			search: "data project server old unused test server permanently forever",
		}),
		function(vpsapi.ListRecoverableServers, spec[vpsapi.ListRecoverableServersIn]{
			empty:  "Only the last 3 servers deleted within 12 hours can be recovered.",
			search: "today window twelve hour restore delete back recover deleted recoverable undelete recently trash still server bin gone",
		}),
		function(vpsapi.RecoverServer, spec[vpsapi.RecoverServerIn]{
			plan:   planRecoverServer,
			gives:  true,
			search: "hour ago recover deleted undelete accidentally mistake accident removed destroyed terminated wrong server gone back oops",
		}),
		function(vpsapi.GetActivityLog, spec[vpsapi.GetActivityLogIn]{
			answer: AsList,
			search: "actions happened log server reboot who when activity log history event action happened lately recent recently audit done server boot task changes",
		}),
		plain(vpsapi.ListAvailableLicenses, "license available buy sale add offer can panel purchase price"),
		plain(vpsapi.GetServerLicenses, "attached license server installed has running on active have"),
		plain(vpsapi.GetAutoscaling, "active grow load automatic autoscaling rule setting on off enabled switchon switchoff start automatic automatically grow load threshold server configuration config configured policy"),
		function(vpsapi.EditAutoscaling, spec[vpsapi.EditAutoscalingIn]{
			mayMean: "It may replace all rules, and not those alone that are named",
			plan:    planAutoscaling,
			shownIn: vpsapi.GetAutoscaling,
			shows:   scalingProof,
			mild:    true,
			search:  "add node itself traffic peak limit buy itself stop automatic autoscaling rule setting automatic automatically grow load threshold switchon switchoff start enable disable shutdown policy configuration limit server",
			acts:    find.Act,
		}),
	}
}
