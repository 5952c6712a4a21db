package offer

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

// JournalGroup is the toolset of what was done, and of undoing it.
const JournalGroup = "journal"

// JobToolsets are toolsets by what a person does, each small enough for the clients
// that cut the list of tools.
var JobToolsets = map[string][]string{
	"operate": {
		vpsapi.ListServers.Name, vpsapi.GetServer.Name, vpsapi.SearchServers.Name, vpsapi.CreateServer.Name, vpsapi.EditServer.Name,
		vpsapi.StartServer.Name, vpsapi.ShutdownServer.Name, vpsapi.RebootServer.Name, vpsapi.PowerOffServer.Name,
		vpsapi.ReinstallServer.Name, vpsapi.RebuildServerNetwork.Name, vpsapi.ResetRootPassword.Name, vpsapi.DeleteServer.Name,
		vpsapi.ListRecoverableServers.Name, vpsapi.RecoverServer.Name, vpsapi.GetActivityLog.Name,
		vpsapi.GetCPUUtilisation.Name, vpsapi.GetBandwidthUtilisation.Name,
		vpsapi.CreateBackup.Name, vpsapi.ListBackups.Name, vpsapi.RestoreServer.Name, vpsapi.DeleteBackup.Name, vpsapi.CloneServer.Name,
		vpsapi.ListIPs.Name, vpsapi.AddIPs.Name, vpsapi.ReassignIP.Name, vpsapi.ListNodes.Name, vpsapi.ListClouds.Name, vpsapi.ListTemplates.Name,
		catalog.WaitForServer, catalog.FleetReport, catalog.DiagnoseServer, catalog.History, catalog.Undo,
	},
	"dns": {
		vpsapi.ListDomains.Name, vpsapi.CreateDomain.Name, vpsapi.GetDomain.Name, vpsapi.DeleteDomain.Name, vpsapi.ListDomainRecords.Name, vpsapi.CreateDomainRecord.Name,
		vpsapi.EditDomainRecord.Name, vpsapi.UpdateDomainRecords.Name, vpsapi.GetDomainRecord.Name, vpsapi.DeleteDomainRecord.Name, vpsapi.ListServiceTypes.Name,
		vpsapi.ListDNSHosts.Name, vpsapi.ListDNSTemplates.Name, vpsapi.CreateDNSTemplate.Name, vpsapi.ListDNSTemplateRecords.Name, vpsapi.CreateDNSTemplateRecord.Name,
		vpsapi.EditDNSTemplateRecord.Name, vpsapi.DeleteDNSTemplateRecord.Name, vpsapi.DeleteDNSTemplate.Name,
		catalog.ExportZone, catalog.DiffZone, catalog.ApplyZone, vpsapi.ListServers.Name, vpsapi.ListIPs.Name, catalog.History, catalog.Undo,
	},
	"billing": {
		vpsapi.ListInvoices.Name, vpsapi.GetBillingInfo.Name, vpsapi.GetInvoice.Name, vpsapi.GetProfile.Name, vpsapi.ListNodes.Name, vpsapi.CreateNodes.Name, vpsapi.EditNode.Name, vpsapi.DeleteNode.Name,
		vpsapi.ListIPs.Name, vpsapi.DeleteIP.Name, vpsapi.ListServers.Name, vpsapi.GetServer.Name, vpsapi.EditServer.Name, vpsapi.ListAvailableLicenses.Name,
		vpsapi.GetServerLicenses.Name, vpsapi.ListCloudLinuxTemplates.Name, vpsapi.DeleteCloudLinuxTemplate.Name, vpsapi.ListWindowsTemplates.Name,
		vpsapi.DeleteWindowsTemplate.Name, vpsapi.ListManagedServices.Name, vpsapi.GetAutoscaling.Name, vpsapi.ListScheduledUpgrades.Name, vpsapi.DeleteScheduledUpgrade.Name,
		vpsapi.OpenTicket.Name, catalog.CostReport, catalog.FleetReport, catalog.History,
	},
	"support": {
		vpsapi.ListTickets.Name, vpsapi.OpenTicket.Name, vpsapi.GetTicket.Name, vpsapi.ReplyToTicket.Name, vpsapi.CloseTicket.Name, vpsapi.ListManagedServices.Name,
		vpsapi.ListServers.Name, vpsapi.GetServer.Name, vpsapi.SearchServers.Name, vpsapi.GetActivityLog.Name, vpsapi.GetCPUUtilisation.Name,
		vpsapi.GetBandwidthUtilisation.Name, vpsapi.ListBackups.Name, vpsapi.ListDomainRecords.Name, vpsapi.ListDomains.Name, vpsapi.ListInvoices.Name, vpsapi.GetProfile.Name,
		catalog.DiagnoseServer, catalog.FleetReport,
	},
}

// isInToolset reports a tool that a group or a job has.
func isInToolset(t *Tool, set string) bool {
	return t.Group == set || slices.Contains(JobToolsets[set], t.Name)
}

// IsInToolsets reports a tool that one of the toolsets has; none named means all.
func IsInToolsets(t *Tool, sets []string) bool {
	return len(sets) == 0 || slices.ContainsFunc(sets, func(set string) bool { return isInToolset(t, set) })
}

// Toolsets lists the names that Options.Toolsets and Caller.Toolsets take: groups and jobs.
func Toolsets() []string {
	names := slices.Collect(maps.Keys(JobToolsets))
	names = append(names, JournalGroup)
	for _, g := range vpsapi.All() {
		names = append(names, g.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// clientToolLimits are how many tools clients show a model at most; what is above is cut,
// from the end, in silence.
var clientToolLimits = []struct {
	client string
	most   int
}{{"Cursor", 40}, {"Windsurf", 50}, {"VS Code with Copilot", 128}, {"many others", 100}}

// ListCutAdvice names the clients that would cut a list of so many tools, and what to
// choose there; empty when none would.
func ListCutAdvice(count int) string {
	var who []string
	for _, c := range clientToolLimits {
		if count > c.most {
			who = append(who, fmt.Sprintf("%s from %d on", c.client, c.most))
		}
	}
	if len(who) == 0 {
		return ""
	}
	return fmt.Sprintf("%d tools are offered, and some clients cut the list (%s): choose what you need there with --toolsets operate, dns, billing or support, each under 40 tools, or take --surface search, five tools that reach all",
		count, strings.Join(who, ", "))
}
