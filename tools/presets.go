package tools

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// jobs are toolsets by what a person does, each small enough for the clients
// that cut the list of tools.
var jobs = map[string][]string{
	"operate": {
		"list_cloud_servers", "get_cloud_server", "search_cloud_servers", "create_cloud_server", "edit_cloud_server",
		"start_cloud_server", "shutdown_cloud_server", "reboot_cloud_server", "power_off_cloud_server",
		"reinstall_cloud_server", "rebuild_cloud_server_network", "reset_root_password", "delete_cloud_server",
		"list_recoverable_cloud_servers", "recover_cloud_server", "get_activity_log",
		"get_cpu_utilisation", "get_bandwidth_utilisation",
		"create_backup", "list_backups", "restore_cloud_server", "delete_backup", "clone_cloud_server",
		"list_ips", "add_ips", "reassign_ip", "list_nodes", "list_clouds", "list_templates",
		"wait_for_server", "fleet_report", "diagnose_server", "history", "undo",
	},
	"dns": {
		"list_domains", "create_domain", "get_domain", "delete_domain", "list_domain_records", "create_domain_record",
		"edit_domain_record", "update_domain_records", "get_domain_record", "delete_domain_record", "list_service_types",
		"list_dns_hosts", "list_dns_templates", "create_dns_template", "list_dns_template_records", "create_dns_template_record",
		"edit_dns_template_record", "delete_dns_template_record", "delete_dns_template",
		"export_zone", "diff_zone", "apply_zone", "list_cloud_servers", "list_ips", "history", "undo",
	},
	"billing": {
		"list_invoices", "get_billing_info", "get_invoice", "get_profile", "list_nodes", "create_nodes", "edit_node", "delete_node",
		"list_ips", "delete_ip", "list_cloud_servers", "get_cloud_server", "edit_cloud_server", "list_available_licenses",
		"get_cloud_server_licenses", "list_cloudlinux_templates", "delete_cloudlinux_template", "list_windows_templates",
		"delete_windows_template", "list_managed_services", "get_autoscaling", "list_scheduled_upgrades", "delete_scheduled_upgrade",
		"open_ticket", "fleet_report", "history",
	},
	"support": {
		"list_tickets", "open_ticket", "get_ticket", "reply_to_ticket", "close_ticket", "list_managed_services",
		"list_cloud_servers", "get_cloud_server", "search_cloud_servers", "get_activity_log", "get_cpu_utilisation",
		"get_bandwidth_utilisation", "list_backups", "list_domain_records", "list_domains", "list_invoices", "get_profile",
		"diagnose_server", "fleet_report",
	},
}

// inToolset reports a tool that a group or a job has.
func inToolset(t *tool, set string) bool {
	return t.group == set || slices.Contains(jobs[set], t.name)
}

// inToolsets reports a tool that one of the toolsets has; none named means all.
func inToolsets(t *tool, sets []string) bool {
	return len(sets) == 0 || slices.ContainsFunc(sets, func(set string) bool { return inToolset(t, set) })
}

// Toolsets lists the names that Options.Toolsets and Caller.Toolsets take: groups and jobs.
func Toolsets() []string {
	names := slices.Collect(maps.Keys(jobs))
	names = append(names, journalGroup)
	for _, g := range vpsapi.All() {
		names = append(names, g.Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// caps are how many tools clients show a model at most; what is above is cut,
// from the end, in silence.
var caps = []struct {
	client string
	most   int
}{{"Cursor", 40}, {"Windsurf", 50}, {"VS Code with Copilot", 128}, {"many others", 100}}

// CutBy names the clients that would cut a list of so many tools, and what to
// choose there; empty when none would.
func CutBy(count int) string {
	var who []string
	for _, c := range caps {
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
