package tools

// planCase is a call whose plan is held.
type planCase struct {
	name, tool, arguments string
	before                []string // calls that come first
}

const (
	fastOne  = `create_ssd_server {"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":false,"rsync_backups_enabled":false}`
	stopped  = `shutdown_cloud_server {"server_id":"1384"}`
	renamed  = `edit_cloud_server {"server_id":"1385","label":"Web Server 01"}`
	moreOnIt = `add_ips {"quantity":1,"type":"external","virtual_machine_id":"1384"}`
)

var planCases = []planCase{
	{name: "create_server", tool: "create_cloud_server", arguments: `{"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"3","backups_enabled":true,"rsync_backups_enabled":false,"slices_required":2,"licenses":[{"license_id":"1","action":"buy"}]}`},
	{name: "create_server_windows", tool: "create_cloud_server", arguments: `{"label":"New 1","fqdn":"new1.example.com","system_template_id":11,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`},
	{name: "create_server_premium", tool: "create_cloud_server", arguments: `{"label":"New 1","fqdn":"new1.example.com","system_template_id":92,"cloud_id":"4","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":3,"licenses":[]}`},
	{name: "create_instant", tool: "create_instant_cloud_server", arguments: `{"country":"1"}`},

	{name: "shutdown", tool: "shutdown_cloud_server", arguments: `{"server_id":"1384"}`},
	{name: "shutdown_stopped", tool: "shutdown_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{stopped}},
	{name: "power_off", tool: "power_off_cloud_server", arguments: `{"server_id":"1384"}`},
	{name: "power_off_stopped", tool: "power_off_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{stopped}},
	{name: "start", tool: "start_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{stopped}},
	{name: "start_running", tool: "start_cloud_server", arguments: `{"server_id":"1384"}`},
	{name: "reboot", tool: "reboot_cloud_server", arguments: `{"server_id":"1384"}`},
	{name: "reboot_recovery", tool: "reboot_cloud_server", arguments: `{"server_id":"1384","mode":"recovery"}`},
	{name: "reboot_stopped", tool: "reboot_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{stopped}},
	{name: "rebuild_network", tool: "rebuild_cloud_server_network", arguments: `{"server_id":"1384"}`},
	{name: "reset_password", tool: "reset_root_password", arguments: `{"server_id":"1384"}`},
	{name: "deploy_storage", tool: "deploy_all_storage", arguments: `{"server_id":"1384"}`},

	{name: "create_platform", tool: "create_platform_server", arguments: `{"location_id":"213","label":"new","hostname":"new.example.com","product_name":"V3","os_component_code":"SSDVPSDEBIAN9","ssh_key_id":"77","backups":true}`},
	{name: "create_platform_template", tool: "create_platform_server", arguments: `{"location_id":"117","label":"new","hostname":"new.example.com","product_name":"V4","custom_template_id":"8817"}`},
	{name: "create_platform_windows", tool: "create_platform_server", arguments: `{"location_id":"117","label":"new","hostname":"new.example.com","product_name":"V4","os_component_code":"SSDVPSWINDOWS2019"}`},
	{name: "delete_platform", tool: "delete_platform_server", arguments: `{"platform_server_id":"225-f2-88"}`},
	{name: "start_platform", tool: "start_platform_server", arguments: `{"platform_server_id":"117-4107"}`, before: []string{`power_off_platform_server {"platform_server_id":"117-4107"}`}},
	{name: "start_platform_running", tool: "start_platform_server", arguments: `{"platform_server_id":"117-4107"}`},
	{name: "power_off_platform", tool: "power_off_platform_server", arguments: `{"platform_server_id":"117-4107"}`},
	{name: "reboot_platform", tool: "reboot_platform_server", arguments: `{"platform_server_id":"117-4107"}`},
	{name: "recovery_platform", tool: "recovery_reboot_platform_server", arguments: `{"platform_server_id":"117-4107"}`},
	{name: "reset_password_platform", tool: "reset_platform_password", arguments: `{"platform_server_id":"225-f2-88","new_password":"correct horse"}`},
	{name: "create_ssh_key", tool: "create_platform_ssh_key", arguments: `{"public_key":"ssh-ed25519 AAAA","label":"desk"}`},
	{name: "rename_ssh_key", tool: "rename_platform_ssh_key", arguments: `{"ssh_key_id":"77","label":"old laptop"}`},
	{name: "delete_ssh_key", tool: "delete_platform_ssh_key", arguments: `{"ssh_key_id":"77"}`},

	{name: "create_ssd", tool: "create_ssd_server", arguments: `{"ssd_vps_label":"Fast 1","ssd_vps_plan":"3","fqdn":"fast1.example.com","system_template_id":78,"cloud_id":"160","backups_enabled":true,"rsync_backups_enabled":false}`},
	{name: "shutdown_ssd", tool: "shutdown_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: []string{fastOne}},
	{name: "power_off_ssd", tool: "power_off_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: []string{fastOne}},
	{name: "start_ssd", tool: "start_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: []string{fastOne, `shutdown_ssd_server {"ssd_server_id":"5018"}`}},
	{name: "start_ssd_running", tool: "start_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: []string{fastOne}},
	{name: "reboot_ssd", tool: "reboot_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: []string{fastOne}},
	{name: "delete_ssd", tool: "delete_ssd_server", arguments: `{"ssd_server_id":"5018"}`, before: []string{fastOne}},

	{name: "rebuild", tool: "rebuild_cloud_server", arguments: `{"server_id":"1384"}`},
	{name: "reinstall", tool: "reinstall_cloud_server", arguments: `{"server_id":"1384","system_template_id":"41"}`},
	{name: "reinstall_stopped", tool: "reinstall_cloud_server", arguments: `{"server_id":"1384","system_template_id":"41"}`, before: []string{stopped}},
	{name: "reinstall_windows", tool: "reinstall_cloud_server", arguments: `{"server_id":"1385","system_template_id":"12"}`},
	{name: "restore", tool: "restore_cloud_server", arguments: `{"server_id":"1384","backup_id":"3774"}`, before: []string{stopped}},
	{name: "restore_running", tool: "restore_cloud_server", arguments: `{"server_id":"1384","backup_id":"3774"}`},
	{name: "convert_backup", tool: "convert_backup_to_template", arguments: `{"server_id":"1384","backup_id":"3774"}`},
	{name: "template_from_server", tool: "create_template_from_server", arguments: `{"server_id":"1384"}`},

	{name: "rename", tool: "edit_cloud_server", arguments: `{"server_id":"1384","label":"Web Server 1"}`},
	{name: "rename_same", tool: "edit_cloud_server", arguments: `{"server_id":"1384","label":"Web Server 01"}`},
	{name: "edit_hostname", tool: "edit_cloud_server", arguments: `{"server_id":"1384","public_fqdn":"www.example.com"}`},
	{name: "edit_consumer", tool: "edit_cloud_server", arguments: `{"server_id":"1384","consumer_id":"77"}`},
	{name: "edit_services", tool: "edit_cloud_server", arguments: `{"server_id":"1384","backups_enabled":true,"rsync_backups_enabled":false}`},
	{name: "edit_more_nodes", tool: "edit_cloud_server", arguments: `{"server_id":"1385","slices_required":5,"ram_nodes_required":1}`},
	{name: "edit_fewer_nodes", tool: "edit_cloud_server", arguments: `{"server_id":"1385","slices_required":1}`},
	{name: "edit_daily_nodes", tool: "edit_cloud_server", arguments: `{"server_id":"1385","daily_nodes_required":2}`},
	{name: "edit_licenses", tool: "edit_cloud_server", arguments: `{"server_id":"1384","licenses":[{"license_id":"1","action":"cancel"},{"license_id":"6","action":"buy"}]}`, before: []string{`edit_cloud_server {"server_id":"1384","licenses":[{"license_id":"1","action":"buy"}]}`}},
	{name: "edit_storage_until", tool: "edit_cloud_server", arguments: `{"server_id":"1384","delayed_storage":true,"delayed_storage_until":"2027-01-02 10:00"}`},
	{name: "edit_storage_now", tool: "edit_cloud_server", arguments: `{"server_id":"1384","delayed_storage":false}`},
	{name: "edit_storage_later", tool: "edit_cloud_server", arguments: `{"server_id":"1385","delayed_storage":true}`},

	{name: "schedule", tool: "create_scheduled_upgrade", arguments: `{"server_id":"1384","label":"burst","extra_slices":2,"run_at":"2027-05-08 12:00"}`},
	{name: "schedule_temporary", tool: "create_scheduled_upgrade", arguments: `{"server_id":"1384","label":"burst","extra_slices":1,"temporary":true,"days":2}`},
	{name: "delete_schedule", tool: "delete_scheduled_upgrade", arguments: `{"server_id":"1384","schedule_id":"$schedule"}`, before: []string{`create_scheduled_upgrade {"server_id":"1384","label":"burst","extra_slices":2,"run_at":"2027-05-08 12:00"}`}},
	{name: "add_dotdefender", tool: "add_dotdefender_license", arguments: `{"virtual_machine_id":"1384"}`},
	{name: "remove_dotdefender", tool: "remove_dotdefender_license", arguments: `{"server_id":"1384"}`, before: []string{`add_dotdefender_license {"virtual_machine_id":"1384"}`}},
	{name: "autoscaling_on", tool: "edit_autoscaling", arguments: `{"server_id":"1384","ram_usage":{"enabled":true,"percentage":80,"period":5,"nodes":2,"node_type":2},"load_average":{"enabled":false}}`},
	{name: "autoscaling_off", tool: "edit_autoscaling", arguments: `{"server_id":"1384","ram_usage":{"enabled":false},"disk_usage":{"enabled":false}}`},
	{name: "autoscaling_unlimited", tool: "edit_autoscaling", arguments: `{"server_id":"1384","max_nodes":{"enabled":false}}`},

	{name: "delete_server", tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{moreOnIt}},
	{name: "delete_server_shared_label", tool: "delete_cloud_server", arguments: `{"server_id":"1385"}`, before: []string{renamed}},
	{name: "delete_server_heir", tool: "delete_cloud_server", arguments: `{"server_id":"1385","reassign_ip":"1384","alternate_vps":"1384"}`},
	{name: "delete_server_fourth", tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{
		`create_instant_cloud_server {"country":"1"}`, `create_instant_cloud_server {"country":"1"}`,
		`delete_cloud_server {"server_id":"5018"}`, `delete_cloud_server {"server_id":"5022"}`, `delete_cloud_server {"server_id":"1385"}`,
	}},
	{name: "recover", tool: "recover_cloud_server", arguments: `{"server_id":"1385"}`, before: []string{`delete_cloud_server {"server_id":"1385"}`}},
	{name: "recover_live", tool: "recover_cloud_server", arguments: `{"server_id":"1385"}`},

	{name: "create_nodes", tool: "create_nodes", arguments: `{"quantity":2}`},
	{name: "create_nodes_daily", tool: "create_nodes", arguments: `{"quantity":3,"upgrade_option":"daily"}`},
	{name: "create_nodes_ram", tool: "create_nodes", arguments: `{"quantity":1,"upgrade_option":"ram"}`},
	{name: "edit_node", tool: "edit_node", arguments: `{"node_id":"$node","consumer_id":"58"}`},
	{name: "edit_node_same", tool: "edit_node", arguments: `{"node_id":"$node","consumer_id":"0"}`},
	{name: "edit_node_used", tool: "edit_node", arguments: `{"node_id":"5001","consumer_id":"58"}`},
	{name: "delete_node", tool: "delete_node", arguments: `{"node_id":"$node"}`},
	{name: "delete_node_needed", tool: "delete_node", arguments: `{"node_id":"5003"}`, before: []string{`delete_cloud_server {"server_id":"1385"}`}},
	{name: "clone_needed", tool: "clone_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{`delete_cloud_server {"server_id":"1385"}`}},
	{name: "delete_node_used", tool: "delete_node", arguments: `{"node_id":"5001"}`},

	{name: "add_ips", tool: "add_ips", arguments: `{"quantity":2,"type":"external","virtual_machine_id":"1384","consumer_id":"77"}`},
	{name: "edit_ip_note", tool: "edit_ip", arguments: `{"ip_id":"$ip","notes":"for the shop"}`},
	{name: "edit_ip_same", tool: "edit_ip", arguments: `{"ip_id":"$ip","notes":"spare"}`},
	{name: "edit_ip_consumer", tool: "edit_ip", arguments: `{"ip_id":"$ip","consumer_id":"77","notes":""}`},
	{name: "justified_ips", tool: "request_justified_ips", arguments: `{"virtual_machine_id":"1384","ip_justification":[{"justification_type":"3","justification_reason":"shop"},{"justification_type":"0","justification_reason":"a name server"}]}`},
	{name: "delete_ip", tool: "delete_ip", arguments: `{"ip_id":"$ip"}`},
	{name: "delete_ip_primary", tool: "delete_ip", arguments: `{"ip_id":"5009"}`},
	{name: "reassign_ip", tool: "reassign_ip", arguments: `{"ip_id":"5018","virtual_machine_id":"1385"}`, before: []string{moreOnIt}},
	{name: "reassign_ip_free", tool: "reassign_ip", arguments: `{"ip_id":"$ip","virtual_machine_id":"1384"}`},
	{name: "reassign_ip_same", tool: "reassign_ip", arguments: `{"ip_id":"5018","virtual_machine_id":"1384"}`, before: []string{moreOnIt}},

	{name: "create_backup", tool: "create_backup", arguments: `{"server_id":"1384","label":"before"}`},
	{name: "delete_backup", tool: "delete_backup", arguments: `{"server_id":"1384","backup_id":"3774"}`},
	{name: "delete_backup_automatic", tool: "delete_backup", arguments: `{"server_id":"1384","backup_id":"3775"}`},
	{name: "clone", tool: "clone_cloud_server", arguments: `{"server_id":"1384","cloud_id":"4"}`},
	{name: "delete_clone", tool: "delete_clone", arguments: `{"server_id":"1384","clone_id":"86"}`},

	{name: "create_domain", tool: "create_domain", arguments: `{"name":"example.org","ip_address":"192.0.2.7"}`},
	{name: "create_domain_there", tool: "create_domain", arguments: `{"name":"DemoDomain.com","ip_address":"192.0.2.7"}`},
	{name: "delete_domain", tool: "delete_domain", arguments: `{"domain_id":"51"}`},
	{name: "create_record", tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"api","data":"192.0.2.9","ttl":3600}`},
	{name: "create_record_shared_ttl", tool: "create_domain_record", arguments: `{"domain_id":"52","type":"txt","host":"@","data":"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB","ttl":900}`},
	{name: "create_record_there", tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"WWW","data":"127.0.0.1","ttl":86400}`},
	{name: "edit_record", tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315958","data":"192.0.2.10"}`},
	{name: "edit_record_ttl", tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315974","ttl":900,"host":"@"}`},
	{name: "edit_record_failover", tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315959","data":["127.0.0.9"],"service_type":"http"}`},
	{name: "edit_record_same", tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315958","data":"127.0.0.1"}`},
	{name: "delete_record", tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315958"}`},
	{name: "delete_record_srv", tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"2315980"}`},
	{name: "delete_record_old_ttl", tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315958"}`, before: []string{`edit_domain_record {"domain_id":"51","record_id":"2315958","ttl":1200}`}},
	{name: "update_records", tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"ns","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"a","host":"@","data":"192.0.2.1"}]}`},
	{name: "update_records_more", tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[` + presentZone + `,{"ttl":86400,"type":"a","host":"new","data":"192.0.2.1"}]}`},
	{name: "update_records_same", tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[` + presentZone + `]}`},

	{name: "create_dns_template", tool: "create_dns_template", arguments: `{"template_name":"mine"}`},
	{name: "delete_dns_template", tool: "delete_dns_template", arguments: `{"dns_template_id":"55"}`},
	{name: "create_template_record", tool: "create_dns_template_record", arguments: `{"dns_template_id":"51","type":"mx","host":"@","data":"mail.[!domain].","ttl":86400,"mx_priority":10}`},
	{name: "edit_template_record", tool: "edit_dns_template_record", arguments: `{"dns_template_id":"55","record_id":"5014","target":"192.0.2.5"}`},
	{name: "edit_template_record_same", tool: "edit_dns_template_record", arguments: `{"dns_template_id":"55","record_id":"5014","ttl":86400}`},
	{name: "delete_template_record", tool: "delete_dns_template_record", arguments: `{"dns_template_id":"55","record_id":"5014"}`},

	{name: "open_ticket", tool: "open_ticket", arguments: `{"department":"1","body":"A question about an invoice"}`},
	{name: "open_ticket_server", tool: "open_ticket", arguments: `{"department":"5","subject":"reboot","vm_id":"1384","body":"It does not come up","root_password":"hunter22","ssh_user":"admin","ssh_password":"hunter33","ssh_port":22}`},
	{name: "open_ticket_unlisted_server", tool: "open_ticket", arguments: `{"department":"5","subject":"other","vm_id":"520","body":"Hello"}`},
	{name: "reply_to_ticket", tool: "reply_to_ticket", arguments: `{"ticket_id":"979","body":"Thank you","root_password":"hunter22"}`},
	{name: "close_ticket", tool: "close_ticket", arguments: `{"ticket_id":"979"}`},
	{name: "close_ticket_closed", tool: "close_ticket", arguments: `{"ticket_id":"979"}`, before: []string{`close_ticket {"ticket_id":"979"}`}},

	{name: "edit_custom_template", tool: "edit_custom_template", arguments: `{"system_template_id":"115","description":"Base image"}`},
	{name: "edit_custom_template_empty", tool: "edit_custom_template", arguments: `{"system_template_id":"115","info":"Base image"}`},
	{name: "edit_custom_template_same", tool: "edit_custom_template", arguments: `{"system_template_id":"115","description":"test_cus_temp"}`},
	{name: "delete_custom_template", tool: "delete_custom_template", arguments: `{"system_template_id":"115"}`},
	{name: "add_cloudlinux", tool: "add_cloudlinux_template", arguments: `{"system_template_id":"106"}`},
	{name: "edit_cloudlinux", tool: "edit_cloudlinux_template", arguments: `{"commercial_template_id":"25","system_template_id":"107"}`},
	{name: "edit_cloudlinux_same", tool: "edit_cloudlinux_template", arguments: `{"commercial_template_id":"25","system_template_id":"106"}`},
	{name: "delete_cloudlinux", tool: "delete_cloudlinux_template", arguments: `{"commercial_template_id":"25"}`},
	{name: "add_windows", tool: "add_windows_template", arguments: `{"system_template_id":"11"}`},
	{name: "edit_windows", tool: "edit_windows_template", arguments: `{"windows_template_id":"15","system_template_id":"12"}`},
	{name: "delete_windows_used", tool: "delete_windows_template", arguments: `{"windows_template_id":"15"}`, before: []string{`reinstall_cloud_server {"server_id":"1384","system_template_id":"10"}`}},
	{name: "delete_windows", tool: "delete_windows_template", arguments: `{"windows_template_id":"15"}`},
}

// presentZone is domain 52 as the sandbox has it.
const presentZone = `{"ttl":86400,"type":"soa","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"ns","host":"@","data":"dns1.vps.net."},` +
	`{"ttl":86400,"type":"ns","host":"@","data":"dns2.vps.net."},{"ttl":86400,"type":"a","host":"@","data":"127.0.0.1"},` +
	`{"ttl":86400,"type":"a","host":"www","data":"127.0.0.1"},{"ttl":86400,"type":"aaaa","host":"@","data":"2001:db8::1"},` +
	`{"ttl":86400,"type":"cname","host":"ftp","data":"www.demodomain2.com."},{"ttl":86400,"type":"mx","host":"@","data":"mail.demodomain.com.","mx_priority":10},` +
	`{"ttl":86400,"type":"txt","host":"@","data":"v=spf1 mx -all"},` +
	`{"ttl":86400,"type":"srv","host":"_sip._tcp","data":"www.demodomain2.com.","service":"sip","protocol":"_tcp","priority":10,"weight":60,"port":5060}`
