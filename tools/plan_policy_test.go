package tools

import (
	"fmt"
	"strings"
	"testing"

	"vpsnet-mcp/internal/policy"
)

// noneReached is a policy whose one limit is never reached.
func noneReached() *policy.Policy {
	most := &policy.Limit{Count: 1_000_000, Per: "day"}
	return &policy.Policy{Rules: []policy.Rule{{Action: policy.Deny, Effects: []string{"change", "disruptive", "commit", "destructive"}, Limit: most}}}
}

// under puts the lab under a policy file.
func (l *lab) under(text string) {
	l.Helper()
	names := policy.Names{}
	for _, t := range l.server.order {
		names.Tools, names.Groups = append(names.Tools, t.Name), append(names.Groups, t.Group)
	}
	p, err := policy.Parse([]byte(text), names)
	if err != nil {
		l.Fatal(err)
	}
	if err := l.server.SetPolicy(p); err != nil {
		l.Fatal(err)
	}
}

const (
	webProtected    = "protect:\n  - label: \"Web*\"\n"
	mysqlProtected  = "protect:\n  - server: \"1385\"\n"
	cloudProtected  = "protect:\n  - cloud: \"3\"\n"
	domainProtected = "protect:\n  - domain: demodomain.com\n"
	wwwProtected    = "protect:\n  - domain: www.demodomain.com\n"
	belowProtected  = "protect:\n  - domain: shop.eu.demodomain.com\n"
	deniedLabel     = "rules:\n  - action: deny\n    labels: [\"mysql*\"]\n"
	deniedCloud     = "rules:\n  - action: deny\n    clouds: [\"4\"]\n"
	deniedDomain    = "rules:\n  - action: deny\n    domains: [demodomain2.com]\n"
)

func nameProtected(name string) string { return "protect:\n  - domain: " + name + "\n" }

// pointsToWeb makes www.demodomain2.com (record 2315975) point to Web Server 01.
const pointsToWeb = `edit_domain_record {"domain_id":"52","record_id":"2315975","data":"68.169.23.153"}`

func denies(tool string) string { return "rules:\n  - action: deny\n    tools: [" + tool + "]\n" }

// zoneOf51 is the zone file of demodomain.com, as JSON has it.
const zoneOf51 = `mail 86400 IN A 127.0.0.1\nwww 86400 IN A 127.0.0.1\n@ 86400 IN MX 10 mail.demodomain.com.\n@ 86400 IN TXT \"v=spf1 mx -all\"\n`

// TestProtected calls what would harm, rename or move a protected thing, or what
// belongs to one: nothing is sent. The same calls beside it pass.
func TestProtected(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		policy, tool, arguments string
		denied                  bool
		before                  []string
	}{
		{policy: webProtected, tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, denied: true},
		{policy: webProtected, tool: "delete_cloud_server", arguments: `{"server_id":"1385"}`},
		{policy: webProtected, tool: "delete_cloud_server", arguments: `{"server_id":"Web Server 01"}`, denied: true},
		{policy: webProtected, tool: "edit_cloud_server", arguments: `{"server_id":"1384","label":"Attic 01"}`, denied: true},
		{policy: webProtected, tool: "edit_cloud_server", arguments: `{"server_id":"1384","public_fqdn":"attic.example.com"}`, denied: true},
		{policy: webProtected, tool: "edit_cloud_server", arguments: `{"server_id":"1384","delayed_storage":false}`, denied: true},
		{policy: webProtected, tool: "edit_cloud_server", arguments: `{"server_id":"1385","label":"Attic 01"}`},
		{policy: webProtected, tool: "create_backup", arguments: `{"server_id":"1384"}`},
		{policy: webProtected, tool: "shutdown_cloud_server", arguments: `{"server_id":"1384"}`, denied: true},
		{policy: webProtected, tool: "start_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{stopped}},
		{policy: webProtected, tool: "delete_backup", arguments: `{"server_id":"1384","backup_id":"3774"}`, denied: true},
		{policy: webProtected, tool: "delete_clone", arguments: `{"server_id":"1384","clone_id":"86"}`, denied: true},
		{policy: webProtected, tool: "delete_scheduled_upgrade", arguments: `{"server_id":"1384","schedule_id":"$schedule"}`, denied: true, before: []string{`create_scheduled_upgrade {"server_id":"1384","label":"burst","extra_slices":2,"run_at":"2027-05-08 12:00"}`}},
		{policy: webProtected, tool: "remove_dotdefender_license", arguments: `{"server_id":"1384"}`, denied: true, before: []string{`add_dotdefender_license {"virtual_machine_id":"1384"}`}},
		{policy: webProtected, tool: "delete_ip", arguments: `{"ip_id":"5018"}`, denied: true, before: []string{moreOnIt}},
		{policy: webProtected, tool: "reassign_ip", arguments: `{"ip_id":"5018","virtual_machine_id":"1385"}`, denied: true, before: []string{moreOnIt}},
		{policy: webProtected, tool: "reassign_ip", arguments: `{"ip_id":"$ip","virtual_machine_id":"1384"}`, denied: true},
		{policy: webProtected, tool: "edit_ip", arguments: `{"ip_id":"5018","notes":"shop"}`, before: []string{moreOnIt}},
		{policy: webProtected, tool: "edit_ip", arguments: `{"ip_id":"5018","consumer_id":"77"}`, denied: true, before: []string{moreOnIt}},
		{policy: webProtected, tool: "delete_ip", arguments: `{"ip_id":"$ip"}`},
		{policy: webProtected, tool: "edit_node", arguments: `{"node_id":"5001","consumer_id":"58"}`, denied: true},
		{policy: webProtected, tool: "edit_node", arguments: `{"node_id":"5003","consumer_id":"58"}`},
		{policy: webProtected, tool: "open_ticket", arguments: `{"department":"5","subject":"other","vm_id":"1384","body":"Please delete it"}`, denied: true},
		{policy: webProtected, tool: "edit_windows_template", arguments: `{"windows_template_id":"15","system_template_id":"12"}`, denied: true, before: []string{`reinstall_cloud_server {"server_id":"1384","system_template_id":"10"}`}},
		{policy: webProtected, tool: "delete_cloud_server", arguments: `{"server_id":"1385","reassign_ip":"1384"}`, denied: true},

		// The names that point to a protected server, by what they are and by what they will be.
		{policy: webProtected, tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315975","data":"192.0.2.99"}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315975","data":"68.169.23.153"}`, denied: true},
		{policy: webProtected, tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315975","data":"192.0.2.99"}`},
		{policy: webProtected, tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"2315975"}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "delete_domain", arguments: `{"domain_id":"52"}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "delete_domain", arguments: `{"domain_id":"51"}`, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[` + presentZone + `]}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"soa","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"a","host":"www","data":"68.169.23.153"},{"ttl":86400,"type":"cname","host":"ftp","data":"www.demodomain2.com."},{"ttl":86400,"type":"srv","host":"_sip._tcp","data":"www.demodomain2.com.","service":"sip","protocol":"_tcp","priority":10,"weight":60,"port":5060}]}`, denied: true, before: []string{pointsToWeb}}, // without name servers nobody finds it
		{policy: webProtected, tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"soa","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"ns","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"ns","host":"@","data":"dns2.vps.net."},{"ttl":86400,"type":"a","host":"www","data":"68.169.23.153"},{"ttl":86400,"type":"cname","host":"ftp","data":"www.demodomain2.com."},{"ttl":86400,"type":"srv","host":"_sip._tcp","data":"www.demodomain2.com.","service":"sip","protocol":"_tcp","priority":10,"weight":60,"port":5060}]}`, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"soa","host":"@","data":"dns1.vps.net."},{"ttl":86400,"type":"a","host":"www","data":"68.169.23.153"}]}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"ftp"}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"ftp"}`},
		{policy: webProtected, tool: "create_domain", arguments: `{"name":"www.demodomain2.com","ip_address":"192.0.2.9"}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "create_domain", arguments: `{"name":"ftp.demodomain2.com","ip_address":"192.0.2.9"}`, denied: true, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "create_domain", arguments: `{"name":"mail.demodomain2.com","ip_address":"192.0.2.9"}`, before: []string{pointsToWeb}},
		{policy: webProtected, tool: "create_domain_record", arguments: `{"domain_id":"52","type":"ns","host":"www","data":"ns1.example.net.","ttl":86400}`, denied: true, before: []string{pointsToWeb}},

		// What goes with a thing, by rules on the functions that take it away alone.
		{policy: "rules:\n  - {action: deny, tools: [delete_backup]}\n", tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, denied: true},
		{policy: "rules:\n  - {action: deny, tools: [delete_backup]}\n", tool: "delete_cloud_server", arguments: `{"server_id":"1385"}`},
		{policy: "rules:\n  - {action: deny, tools: [delete_dns_template_record]}\n", tool: "delete_dns_template", arguments: `{"dns_template_id":"55"}`, denied: true},
		{policy: "rules:\n  - {action: deny, tools: [delete_dns_template_record]}\n", tool: "delete_dns_template", arguments: `{"dns_template_id":"51"}`},

		// A protected server's hostname, taken along by what stands above it.
		{policy: webProtected, tool: "create_domain", arguments: `{"name":"web01.demodomain.com","ip_address":"192.0.2.9"}`, denied: true},
		{policy: webProtected, tool: "create_domain", arguments: `{"name":"new.example.com","ip_address":"192.0.2.9"}`},
		{policy: webProtected, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"*","data":"192.0.2.9","ttl":86400}`, denied: true},
		{policy: webProtected, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"ns","host":"@","data":"ns1.example.net.","ttl":86400}`, denied: true},
		{policy: webProtected, tool: "create_domain_record", arguments: `{"domain_id":"52","type":"a","host":"*","data":"192.0.2.9","ttl":86400}`},
		{policy: webProtected, tool: "create_domain", arguments: `{"name":"example.net","ip_address":"192.0.2.9"}`, denied: true, before: []string{
			`edit_cloud_server {"server_id":"1384","public_fqdn":"web.example.net"}`,
		}},

		// A name that leads to another one by its records changes with that one.
		{policy: nameProtected("ftp.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315975","data":"192.0.2.99"}`, denied: true},
		{policy: nameProtected("ftp.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315957","data":"192.0.2.99"}`},
		{policy: nameProtected("deep.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315975","data":"192.0.2.99"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"deep","data":"ftp.demodomain2.com.","ttl":86400}`,
		}},
		{policy: nameProtected("b.demodomain2.com"), tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"2315975"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"mx","host":"b","data":"www.demodomain2.com.","mx_priority":1,"ttl":86400}`,
		}},
		{policy: nameProtected("q.b.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"2315975","data":"192.0.2.99"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"*.b","data":"www.demodomain2.com.","ttl":86400}`,
		}},
		{policy: nameProtected("shop.demodomain2.com"), tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"* A"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"shop","data":"x.apps.demodomain2.com.","ttl":86400}`,
			`create_domain_record {"domain_id":"52","type":"a","host":"*","data":"192.0.2.9","ttl":86400}`,
		}},
		{policy: nameProtected("shop.demodomain2.com"), tool: "create_domain_record", arguments: `{"domain_id":"52","type":"a","host":"later","data":"192.0.2.99","ttl":86400}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"shop","data":"later.demodomain2.com.","ttl":86400}`,
		}},

		// A server that is deleted already, and would be lost for good by another one.
		{policy: mysqlProtected, tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, denied: true, before: []string{
			`create_instant_cloud_server {"country":"1"}`, `create_instant_cloud_server {"country":"1"}`,
			`delete_cloud_server {"server_id":"5018"}`, `delete_cloud_server {"server_id":"5022"}`, `delete_cloud_server {"server_id":"1385"}`,
		}},
		{policy: mysqlProtected, tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, before: []string{`delete_cloud_server {"server_id":"1385"}`}},
		{policy: mysqlProtected, tool: "recover_cloud_server", arguments: `{"server_id":"1385"}`, before: []string{`delete_cloud_server {"server_id":"1385"}`}},

		{policy: cloudProtected, tool: "reboot_cloud_server", arguments: `{"server_id":"1385"}`, denied: true},
		{policy: cloudProtected, tool: "delete_backup", arguments: `{"server_id":"1384","backup_id":"3774"}`, denied: true},
		{policy: cloudProtected, tool: "delete_ip", arguments: `{"ip_id":"$ip"}`, denied: true},
		{policy: cloudProtected, tool: "create_instant_cloud_server", arguments: `{"country":"1"}`},

		{policy: domainProtected, tool: "delete_domain", arguments: `{"domain_id":"51"}`, denied: true},
		{policy: domainProtected, tool: "delete_domain", arguments: `{"domain_id":"demodomain.com"}`, denied: true},
		{policy: domainProtected, tool: "delete_domain", arguments: `{"domain_id":"52"}`, denied: true}, // its MX leads to mail.demodomain.com
		{policy: domainProtected, tool: "delete_domain", arguments: `{"domain_id":"52"}`, before: []string{`delete_domain_record {"domain_id":"52","record_id":"@ MX"}`}},
		{policy: domainProtected, tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315957","data":"192.0.2.10"}`, denied: true},
		{policy: domainProtected, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"api","data":"192.0.2.9","ttl":3600}`, denied: true},
		{policy: domainProtected, tool: "create_domain", arguments: `{"name":"new.demodomain.com","ip_address":"192.0.2.9"}`, denied: true},
		{policy: domainProtected, tool: "apply_zone", arguments: `{"domain_id":"51","zone":"@ 86400 IN A 192.0.2.1\n"}`, denied: true},

		// A name below a domain: its own record, and the whole zone that holds it.
		{policy: wwwProtected, tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315958"}`, denied: true},
		{policy: wwwProtected, tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315957"}`},
		{policy: wwwProtected, tool: "delete_domain", arguments: `{"domain_id":"51"}`, denied: true},
		{policy: belowProtected, tool: "delete_domain", arguments: `{"domain_id":"51"}`, denied: true},
		{policy: belowProtected, tool: "delete_domain", arguments: `{"domain_id":"52"}`},
		{policy: belowProtected, tool: "create_domain", arguments: `{"name":"eu.demodomain.com","ip_address":"192.0.2.9"}`, denied: true},
		{policy: belowProtected, tool: "create_domain", arguments: `{"name":"us.demodomain.com","ip_address":"192.0.2.9"}`},
		{policy: belowProtected, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"ns","host":"eu","data":"ns1.example.net.","ttl":86400}`, denied: true},
		{policy: belowProtected, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"*","data":"192.0.2.9","ttl":86400}`, denied: true},
		{policy: belowProtected, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"eu","data":"192.0.2.9","ttl":86400}`},
		{policy: wwwProtected, tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315957","host":"www","data":"192.0.2.10"}`, denied: true},
		{policy: wwwProtected, tool: "apply_zone", arguments: `{"domain_id":"51","zone":"@ 86400 IN A 192.0.2.1\n"}`, denied: true},

		// Records that lead to a protected name are how it is reached, in whatever domain they are.
		{policy: nameProtected("mail.demodomain.com"), tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"@ MX","data":"mx.example.net."}`, denied: true},
		{policy: nameProtected("mail.demodomain.com"), tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"@ MX","mx_priority":20}`, denied: true},
		{policy: nameProtected("mail.demodomain.com"), tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"@ MX"}`, denied: true},
		{policy: nameProtected("mail.demodomain.com"), tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"@ MX"}`, denied: true},
		{policy: nameProtected("mail.demodomain.com"), tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"www"}`},
		{policy: nameProtected("www.demodomain2.com"), tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"ftp"}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"ftp","data":"www.example.net."}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"ftp","host":"old"}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"@ MX","data":"www.demodomain2.com."}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"_sip._tcp"}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "delete_domain", arguments: `{"domain_id":"52"}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"a","host":"www","data":"127.0.0.1"}]}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "create_domain", arguments: `{"name":"ftp.demodomain2.com","ip_address":"192.0.2.9"}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "create_domain_record", arguments: `{"domain_id":"51","type":"cname","host":"shop","data":"www.demodomain2.com.","ttl":86400}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "apply_zone", arguments: `{"domain_id":"51","zone":"shop 86400 IN CNAME www.demodomain2.com.\n"}`, denied: true},
		{policy: nameProtected("www.demodomain2.com"), tool: "undo", arguments: `{}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"51","type":"cname","host":"shop","data":"www.demodomain2.com.","ttl":86400}`,
		}},
		{policy: nameProtected("far.demodomain2.com"), tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"www"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"far","data":"www.demodomain.com.","ttl":86400}`,
		}},
		{policy: nameProtected("far.demodomain2.com"), tool: "create_domain", arguments: `{"name":"www.demodomain.com","ip_address":"192.0.2.9"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"far","data":"www.demodomain.com.","ttl":86400}`,
		}},
		{policy: nameProtected("far.demodomain2.com"), tool: "create_domain_record", arguments: `{"domain_id":"51","type":"ns","host":"@","data":"ns1.example.net.","ttl":86400}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"far","data":"www.demodomain.com.","ttl":86400}`,
		}},
		{policy: nameProtected("far.demodomain2.com"), tool: "create_domain_record", arguments: `{"domain_id":"51","type":"ns","host":"eu","data":"ns1.example.net.","ttl":86400}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"52","type":"cname","host":"far","data":"x.eu.demodomain.com.","ttl":86400}`,
		}},
		{policy: nameProtected("far.demodomain2.com"), tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"nsx a","data":"192.0.2.9"}`, denied: true, before: []string{
			`create_domain_record {"domain_id":"51","type":"a","host":"nsx","data":"192.0.2.8","ttl":86400}`,
			`create_domain_record {"domain_id":"52","type":"ns","host":"@","data":"nsx.demodomain.com.","ttl":86400}`,
		}},
		{policy: domainProtected, tool: "apply_zone", arguments: `{"domain_id":"51","zone":"` + zoneOf51 + `api 86400 IN A 192.0.2.9\n"}`, denied: true},
		{policy: deniedDomain, tool: "apply_zone", arguments: `{"domain_id":"51","zone":"` + zoneOf51 + `api 86400 IN A 192.0.2.9\n"}`},

		// The hostname of a protected server, and the addresses of SSD servers.
		{policy: mysqlProtected, tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"www","data":"192.0.2.99"}`, denied: true, before: []string{
			`edit_cloud_server {"server_id":"1385","public_fqdn":"www.demodomain2.com"}`,
		}},
		{policy: mysqlProtected, tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"ftp"}`, denied: true, before: []string{
			`edit_cloud_server {"server_id":"1385","public_fqdn":"www.demodomain2.com"}`,
		}},
		{policy: mysqlProtected, tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"away"}`, denied: true, before: []string{
			`edit_cloud_server {"server_id":"1385","public_fqdn":"db.example.net"}`,
			`create_domain_record {"domain_id":"51","type":"cname","host":"away","data":"db.example.net.","ttl":86400}`,
		}},
		{policy: mysqlProtected, tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"ftp"}`},

		// Without its name servers a domain is found by nobody.
		{policy: nameProtected("www.demodomain.com"), tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315955"}`, denied: true},
		{policy: nameProtected("www.demodomain.com"), tool: "edit_domain_record", arguments: `{"domain_id":"51","record_id":"2315955","host":"old"}`, denied: true},
		{policy: nameProtected("www.demodomain.com"), tool: "delete_domain_record", arguments: `{"domain_id":"52","record_id":"2315972"}`},
		{policy: domainProtected, tool: "delete_domain_record", arguments: `{"domain_id":"51","record_id":"2315955"}`, denied: true},

		// Rules that speak of things.
		{policy: deniedLabel, tool: "create_backup", arguments: `{"server_id":"1385"}`, denied: true},
		{policy: deniedLabel, tool: "create_backup", arguments: `{"server_id":"1384"}`},
		{policy: deniedLabel, tool: "delete_ip", arguments: `{"ip_id":"5009"}`, denied: true},
		{policy: deniedCloud, tool: "create_cloud_server", arguments: `{"label":"New 1","fqdn":"new1.example.com","system_template_id":92,"cloud_id":"4","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`, denied: true},
		{policy: deniedCloud, tool: "clone_cloud_server", arguments: `{"server_id":"1384","cloud_id":"4"}`, denied: true},
		{policy: deniedCloud, tool: "clone_cloud_server", arguments: `{"server_id":"1384"}`},
		{policy: deniedDomain, tool: "create_domain_record", arguments: `{"domain_id":"52","type":"a","host":"api","data":"192.0.2.9","ttl":3600}`, denied: true},
		{policy: deniedDomain, tool: "create_domain", arguments: `{"name":"www.demodomain2.com","ip_address":"192.0.2.9"}`, denied: true},
		{policy: deniedDomain, tool: "create_domain_record", arguments: `{"domain_id":"51","type":"a","host":"api","data":"192.0.2.9","ttl":3600}`},

		// Names that a new domain, other name servers or an address in the place of an id reach.
		{policy: "protect:\n  - domain: sub.new.example\n", tool: "create_domain", arguments: `{"name":"new.example","ip_address":"192.0.2.9"}`, denied: true},
		{policy: "protect:\n  - domain: sub.new.example\n", tool: "create_domain", arguments: `{"name":"old.example","ip_address":"192.0.2.9"}`},
		{policy: "protect:\n  - domain: www.demodomain.com\n", tool: "create_domain_record", arguments: `{"domain_id":"51","type":"ns","host":"@","data":"ns.example.net.","ttl":86400}`, denied: true},
		{policy: "protect:\n  - server: \"1385\"\n", tool: "open_ticket", arguments: `{"department":"5","subject":"other","vm_id":"1384","ip_address":"192.0.2.3","body":"Thank you."}`, denied: true},

		// Rules on what was called, what reverses it, and what the steps are.
		{policy: "rules:\n  - action: deny\n    tools: [undo]\n", tool: "undo", arguments: `{}`, denied: true, before: []string{renamed}},
		{policy: "rules:\n  - action: deny\n    groups: [journal]\n", tool: "undo", arguments: `{}`, denied: true, before: []string{renamed}},
		{policy: "rules:\n  - action: deny\n    tools: [edit_cloud_server]\n", tool: "undo", arguments: `{}`, denied: true, before: []string{renamed}},
		{policy: "rules:\n  - action: deny\n    tools: [delete_domain]\n", tool: "undo", arguments: `{}`, before: []string{renamed}},
		{policy: "rules:\n  - action: deny\n    tools: [create_domain_record]\n", tool: "apply_zone", arguments: `{"domain_id":"51","zone":"api 3600 IN A 192.0.2.9\n"}`, denied: true},
		{policy: "rules:\n  - action: deny\n    tools: [delete_domain]\n", tool: "apply_zone", arguments: `{"domain_id":"51","zone":"api 3600 IN A 192.0.2.9\n"}`},
		// What a function does by other calls is held too: its own calls are not the only way.
		{policy: denies("delete_domain_record"), tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"a","host":"www","data":"127.0.0.1"}]}`, denied: true},
		{policy: denies("delete_domain_record"), tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[` + presentZone + `,{"ttl":86400,"type":"a","host":"new","data":"192.0.2.1"}]}`},
		{policy: denies("delete_domain_record"), tool: "delete_domain", arguments: `{"domain_id":"52"}`, denied: true},
		{policy: denies("delete_domain_record"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"ftp","host":"old"}`, denied: true},
		{policy: denies("delete_domain_record"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"ftp","data":"demodomain2.com."}`},
		{policy: denies("delete_domain_record"), tool: "apply_zone", arguments: `{"domain_id":"51","zone":"` + zoneOf51 + `api 86400 IN A 192.0.2.9\n"}`},
		{policy: denies("delete_domain_record"), tool: "undo", arguments: `{}`, denied: true, before: []string{`edit_domain_record {"domain_id":"52","record_id":"ftp","host":"old"}`}},
		{policy: denies("create_domain_record"), tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[` + presentZone + `,{"ttl":86400,"type":"a","host":"new","data":"192.0.2.1"}]}`, denied: true},
		{policy: denies("create_domain_record"), tool: "create_domain", arguments: `{"name":"new.example","ip_address":"192.0.2.9"}`, denied: true},
		{policy: denies("create_domain_record"), tool: "edit_domain_record", arguments: `{"domain_id":"52","record_id":"ftp","host":"old"}`, denied: true},
		{policy: denies("create_domain_record"), tool: "delete_domain", arguments: `{"domain_id":"52"}`},
		{policy: denies("edit_domain_record"), tool: "update_domain_records", arguments: `{"domain_id":"52","domain_records":[{"ttl":86400,"type":"a","host":"www","data":"192.0.2.7"}]}`, denied: true},
		{policy: denies("edit_domain_record"), tool: "create_domain", arguments: `{"name":"www.demodomain.com","ip_address":"192.0.2.9"}`, denied: true},
		{policy: denies("edit_domain_record"), tool: "create_domain", arguments: `{"name":"new.example","ip_address":"192.0.2.9"}`},
		{policy: denies("create_nodes"), tool: "edit_cloud_server", arguments: `{"server_id":"1384","slices_required":3}`, denied: true},
		{policy: denies("create_nodes"), tool: "edit_cloud_server", arguments: `{"server_id":"1384","ram_nodes_required":1}`, denied: true},
		{policy: denies("create_nodes"), tool: "edit_cloud_server", arguments: `{"server_id":"1384","label":"Web 7"}`},
		{policy: denies("create_nodes"), tool: "create_scheduled_upgrade", arguments: `{"server_id":"1384","label":"burst","extra_slices":2,"run_at":"2027-05-08 12:00"}`, denied: true},
		{policy: denies("create_nodes"), tool: "clone_cloud_server", arguments: `{"server_id":"1384"}`, denied: true},
		{policy: denies("reassign_ip"), tool: "delete_cloud_server", arguments: `{"server_id":"1384","reassign_ip":"1385"}`, denied: true},
		{policy: denies("delete_ip"), tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`, denied: true},
		{policy: denies("reassign_ip"), tool: "delete_cloud_server", arguments: `{"server_id":"1384"}`},

		{policy: "rules:\n  - action: deny\n    tools: [\"delete_*\"]\n", tool: "apply_zone", arguments: `{"domain_id":"51","zone":"@ 86400 IN A 192.0.2.1\n"}`, denied: true},
	} {
		l := newLab(t, nil)
		for _, before := range c.before {
			tool, arguments, _ := strings.Cut(before, " ")
			l.do(tool, arguments)
		}
		arguments := l.fill(c.arguments)
		changes := len(l.sb.Changes())
		l.under(c.policy)
		a := l.call(c.tool, arguments, true)
		sent := len(l.sb.Changes()) - changes
		said := strings.Contains(a.Text, "the policy denies it")
		if said != c.denied || (c.denied && sent != 0) || (!c.denied && (sent == 0 || a.IsError)) {
			t.Errorf("%s%s %s: denied %v, %d changes: %s", c.policy, c.tool, arguments, said, sent, a.Text)
		}
	}
}

// TestUnknownThings sees that a policy that speaks of things refuses what it
// cannot know.
func TestUnknownThings(t *testing.T) {
	l := newLab(t, nil)
	l.under(webProtected)
	a := l.call("open_ticket", `{"department":"5","subject":"other","vm_id":"520","body":"Hello"}`, true)
	if !a.IsError || !strings.Contains(a.Text, "cannot be looked up") || len(l.sb.Changes()) != 0 {
		t.Errorf("a server that is not listed: %s", a.Text)
	}
}

// TestTouchesAreBounded counts the reads that a zone of many records costs: the
// lists once, however many records point to servers.
func TestTouchesAreBounded(t *testing.T) {
	l := newLab(t, nil)
	var many strings.Builder
	for i := range 25 {
		fmt.Fprintf(&many, `,{"ttl":3600,"type":"a","host":"x%d","data":"68.169.23.153"},{"ttl":3600,"type":"a","host":"x%d","data":"192.0.2.3"}`, i, i)
	}
	l.do("update_domain_records", `{"domain_id":"52","domain_records":[`+presentZone+many.String()+`]}`)
	l.under("protect:\n  - label: nothing\n")
	before := l.sb.Calls()
	if a := l.call("delete_domain", `{"domain_id":"52"}`, true); a.IsError {
		t.Fatal(a.Text)
	}
	if calls := l.sb.Calls() - before; calls > 9 {
		t.Errorf("%d requests to delete a domain", calls)
	}
}
