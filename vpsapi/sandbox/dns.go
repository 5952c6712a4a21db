package sandbox

import (
	"fmt"
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// dnsHandlers returns the handlers of the functions for DNS.
func dnsHandlers() []handler {
	return []handler{
		handle(vpsapi.ListDomains, listDomains),
		handle(vpsapi.CreateDomain, createDomain).refusing(func(...string) error { return falseReply() }),
		handle(vpsapi.GetDomain, getDomain),
		handle(vpsapi.DeleteDomain, deleteDomain),
		handle(vpsapi.ListDomainRecords, listDomainRecords),
		handle(vpsapi.CreateDomainRecord, createDomainRecord),
		handle(vpsapi.EditDomainRecord, editDomainRecord),
		handle(vpsapi.UpdateDomainRecords, updateDomainRecords).refusing(refuseZone),
		handle(vpsapi.GetDomainRecord, getDomainRecord),
		handle(vpsapi.DeleteDomainRecord, deleteDomainRecord),
		handle(vpsapi.ListServiceTypes, listServiceTypes),
		handle(vpsapi.ListDNSHosts, listDNSHosts),
		handle(vpsapi.ListDNSTemplates, listDNSTemplates),
		handle(vpsapi.CreateDNSTemplate, createDNSTemplate),
		handle(vpsapi.ListDNSTemplateRecords, listDNSTemplateRecords),
		handle(vpsapi.CreateDNSTemplateRecord, createDNSTemplateRecord),
		handle(vpsapi.EditDNSTemplateRecord, editDNSTemplateRecord),
		handle(vpsapi.DeleteDNSTemplateRecord, deleteDNSTemplateRecord),
		handle(vpsapi.DeleteDNSTemplate, deleteDNSTemplate),
	}
}

// dayTTL is the time to live of the records that the sandbox makes itself.
const dayTTL = 86400

// seedDNS makes the document's domains 51 and 52 with its records 2315958 and
// 2315959, its DNS templates, and the generated domains.
func seedDNS(a *account) {
	seedDNSTemplates(a)
	a.domains = []*domain{
		seedDomain("51", "demodomain.com", 2315954,
			zoneRecord("a", "mail", "127.0.0.1"),
			zoneRecord("a", "www", "127.0.0.1"),
			vpsapi.ZoneRecord{
				Type: "failover", Host: "@", PrimaryData: "127.0.0.1",
				Data: vpsapi.RecordData{"127.0.0.2", "127.0.0.3"}, ServiceType: "icmp.ping",
			},
			mxRecord("@", "mail.demodomain.com.", 10),
			zoneRecord("txt", "@", "v=spf1 mx -all"),
		),
		seedDomain("52", "demodomain2.com", 2315971,
			zoneRecord("a", "@", "127.0.0.1"),
			zoneRecord("a", "www", "127.0.0.1"),
			zoneRecord("aaaa", "@", "2001:db8::1"),
			zoneRecord("cname", "ftp", "www.demodomain2.com."),
			mxRecord("@", "mail.demodomain.com.", 10),
			zoneRecord("txt", "@", "v=spf1 mx -all"),
			vpsapi.ZoneRecord{
				Type: "srv", Host: "_sip._tcp", Data: vpsapi.RecordData{"www.demodomain2.com."}, TTL: ptr(vpsapi.Int(dayTTL)),
				Service: "sip", Protocol: "_tcp", Priority: ptr(vpsapi.Int(10)), Weight: ptr(vpsapi.Int(60)), Port: ptr(vpsapi.Int(5060)),
			},
		),
	}
	generateDomains(a, a.options.Records)
}

// seedDomain is a domain of the document; its records are numbered from first.
func seedDomain(id vpsapi.DomainID, name string, first int, zone ...vpsapi.ZoneRecord) *domain {
	const then = "2009-05-15T06:55:02-04:00"
	d := &domain{Domain: vpsapi.Domain{
		ID: id, Name: vpsapi.Text(name), Serial: "2010080405", IPAddress: "127.0.0.1", CreatedAt: then, UpdatedAt: then,
	}}
	for i, z := range append(apexRecords(), zone...) {
		d.records = append(d.records, newRecord(vpsapi.RecordID(strconv.Itoa(first+i)), z))
	}
	return d
}

// maxGenerated is how many records a generated domain has at most.
const maxGenerated = 500

// generateDomains spreads n records over as few domains as hold them.
func generateDomains(a *account, n int) {
	domains := (n + maxGenerated - 1) / maxGenerated
	for i := range domains {
		count := n / domains
		if i < n%domains {
			count++
		}
		d := a.newDomain(fmt.Sprintf("generated-%d.example", i+1), "127.0.0.1")
		for k, z := range generatedZone(string(d.Name), count) {
			if k == count {
				break
			}
			a.addRecord(d, z)
		}
		a.domains = append(a.domains, d)
	}
}

// generatedZone is a zone of at least count records of every common type.
func generatedZone(name string, count int) []vpsapi.ZoneRecord {
	zone := append(apexRecords(), zoneRecord("a", "@", "127.0.0.1"), mxRecord("@", "host-1."+name+".", 10))
	for i := 1; len(zone) < count; i++ {
		host := fmt.Sprintf("host-%d", i)
		switch i % 5 {
		case 0:
			zone = append(zone, zoneRecord("cname", host, "host-1."+name+"."))
		case 1, 2:
			zone = append(zone, zoneRecord("a", host, fmt.Sprintf("10.0.%d.%d", i/250, i%250+1)))
		case 3:
			zone = append(zone, zoneRecord("aaaa", host, fmt.Sprintf("2001:db8::%x", i)))
		case 4:
			zone = append(zone, zoneRecord("txt", host, fmt.Sprintf("generated record %d", i)))
		}
	}
	return zone
}

// apexRecords returns what every zone begins with.
func apexRecords() []vpsapi.ZoneRecord {
	return []vpsapi.ZoneRecord{
		zoneRecord("soa", "@", "dns1.vps.net."), zoneRecord("ns", "@", "dns1.vps.net."), zoneRecord("ns", "@", "dns2.vps.net."),
	}
}

// zoneRecord returns a record as it stands in a zone, with a TTL of a day.
func zoneRecord(kind, host, data string) vpsapi.ZoneRecord {
	return vpsapi.ZoneRecord{Type: kind, Host: host, Data: vpsapi.RecordData{data}, TTL: ptr(vpsapi.Int(dayTTL))}
}

// mxRecord returns an MX record as it stands in a zone.
func mxRecord(host, data string, priority vpsapi.Int) vpsapi.ZoneRecord {
	z := zoneRecord("mx", host, data)
	z.MXPriority = &priority
	return z
}

// serviceTypes are what a failover record can watch.
var serviceTypes = []string{"icmp.ping", "http", "https", "ftp", "smtp", "pop3", "imap", "ssh", "dns", "mysql"}

// listServiceTypes answers list_service_types from the account in memory.
func listServiceTypes(*account, vpsapi.ListServiceTypesIn) (vpsapi.Raw, error) {
	return vpsapi.Raw(`["` + strings.Join(serviceTypes, `","`) + `"]`), nil
}

// listDNSHosts answers list_dns_hosts from the account in memory.
func listDNSHosts(*account, vpsapi.ListDNSHostsIn) ([]vpsapi.DNSHost, error) {
	return []vpsapi.DNSHost{{Host: "dns1.vps.net", IP: "67.228.254.4"}, {Host: "dns2.vps.net", IP: "67.228.255.5"}}, nil
}
