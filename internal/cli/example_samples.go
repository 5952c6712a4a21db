package cli

// toolSamples are values for one tool: where those of samples do not fit, and of
// arguments that its schema does not require and a call needs.
var toolSamples = map[string]map[string]string{
	"edit_autoscaling":           {"max_nodes": `{"enabled": true, "nodes": 2}`},
	"edit_ip":                    {"notes": "spare"},
	"create_domain":              {"name": "example.com"},
	"create_domain_record":       {"type": "a", "host": "shop", "data": "192.0.2.10", "ttl": "3600"},
	"update_domain_records":      {"domain_records": `[{"type": "ns", "host": "@", "data": ["dns1.vps.net."], "ttl": 86400}, {"type": "a", "host": "www", "data": ["192.0.2.10"], "ttl": 3600}]`},
	"edit_domain_record":         {"ttl": "7200"},
	"create_dns_template_record": {"type": "a", "host": "shop", "data": "192.0.2.10", "ttl": "3600"},
	"edit_dns_template_record":   {"ttl": "7200"},
	"edit_custom_template":       {"system_template_id": "115", "description": "web servers"},
	"delete_custom_template":     {"system_template_id": "115"},
	"add_cloudlinux_template":    {"system_template_id": "106"},
	"edit_cloudlinux_template":   {"system_template_id": "107"},
	"add_windows_template":       {"system_template_id": "17"},
	"edit_windows_template":      {"system_template_id": "17"},
	"create_ssd_server":          {"cloud_id": "160", "system_template_id": "78"},
	"request_justified_ips":      {"ip_justification": `[{"justification_type": "3", "justification_reason": "a certificate"}]`},
	"wait_for_server":            {"server_id": "1384", "state": "running"},
}

// laterExamples are the tools for things that a fresh sandbox has none of: their
// example runs after the call that makes one.
var laterExamples = map[string]string{
	"delete_scheduled_upgrade":   "create_scheduled_upgrade",
	"restore_cloud_server":       "shutdown_cloud_server",
	"remove_dotdefender_license": "add_dotdefender_license",
	"edit_dns_template_record":   "create_dns_template_record",
	"delete_dns_template_record": "create_dns_template_record",
	"get_ssd_server":             "create_ssd_server",
	"shutdown_ssd_server":        "create_ssd_server",
	"power_off_ssd_server":       "create_ssd_server",
	"start_ssd_server":           "create_ssd_server",
	"reboot_ssd_server":          "create_ssd_server",
	"delete_ssd_server":          "create_ssd_server",
	"undo":                       "a call that can be reversed",
}
