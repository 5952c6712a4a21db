package catalog

import (
	"vpsnet-mcp/tools/find"
	"vpsnet-mcp/vpsapi"
)

// dnsRows are the functions of the group dns.
func dnsRows() []Row {
	return []Row{
		function(vpsapi.ListDomains, spec[vpsapi.ListDomainsIn]{
			answer: AsList,
			search: "name domain account manage dns own host hosted",
		}),
		function(vpsapi.CreateDomain, spec[vpsapi.CreateDomainIn]{
			plan:   planCreateDomain,
			search: "registered serve name domain dns host start new",
			acts:   find.Act,
		}),
		plain(vpsapi.GetDomain, "domain dns serial detail single"),
		function(vpsapi.DeleteDomain, spec[vpsapi.DeleteDomainIn]{
			plan:   planDeleteDomain,
			search: "expired entries domain dns whole entire sold",
		}),
		function(vpsapi.ListDomainRecords, spec[vpsapi.ListDomainRecordsIn]{
			answer: AsList,
			empty:  "The domain exists and has no records.",
			search: "print content record domain dns all entire contents content inside under ttl",
		}),
		function(vpsapi.CreateDomainRecord, spec[vpsapi.CreateDomainRecordIn]{
			plan:   planCreateRecord,
			search: "record domain dns point txt cname mx a subdomain mail new add",
		}),
		function(vpsapi.EditDomainRecord, spec[vpsapi.EditDomainRecordIn]{
			plan:   planEditRecord,
			search: "typo elsewhere mail moved else wrong record domain dns ttl point target ip data existing www value repoint single cname mx wrong different ip",
		}),
		function(vpsapi.UpdateDomainRecords, spec[vpsapi.UpdateDomainRecordsIn]{
			plan:   planUpdateRecords,
			mild:   true,
			search: "complete new once record domain dns all bulk mass replace whole set entire complete once together overwrite several every",
			acts:   find.Create,
		}),
		plain(vpsapi.GetDomainRecord, "record domain dns single value particular ttl detail"),
		function(vpsapi.DeleteDomainRecord, spec[vpsapi.DeleteDomainRecordIn]{
			plan:   planDeleteRecord,
			search: "record domain dns single old stale",
		}),
		plain(vpsapi.ListServiceTypes, "service type failover monitor check health watch key record dns kind monitored"),
		plain(vpsapi.ListDNSHosts, "hosts dns authoritative registrar delegate delegation point ns ip"),
		plain(vpsapi.ListDNSTemplates, "new saved dns template domain reusable set own"),
		function(vpsapi.CreateDNSTemplate, spec[vpsapi.CreateDNSTemplateIn]{
			plan:    planCreateDNSTemplate,
			shownIn: vpsapi.ListDNSTemplates,
			marks:   func(in vpsapi.CreateDNSTemplateIn) []string { return []string{in.TemplateName} },
			search:  "dns template domain reusable set empty blank default starter",
		}),
		plain(vpsapi.ListDNSTemplateRecords, "single value see record dns template domain contents content inside"),
		function(vpsapi.CreateDNSTemplateRecord, spec[vpsapi.CreateDNSTemplateRecordIn]{
			plan:    planCreateTemplateRecord,
			shownIn: vpsapi.ListDNSTemplateRecords,
			marks:   func(in vpsapi.CreateDNSTemplateRecordIn) []string { return []string{in.Type, in.Data} },
			search:  "lack content spf mx line every new domain record dns template domain reusable default mx",
		}),
		function(vpsapi.EditDNSTemplateRecord, spec[vpsapi.EditDNSTemplateRecordIn]{
			plan:   planEditTemplateRecord,
			search: "mail moved mx wrong content value record record dns template domain ttl target value",
		}),
		function(vpsapi.DeleteDNSTemplateRecord, spec[vpsapi.DeleteDNSTemplateRecordIn]{
			mayMean: "It may delete another record, of a zone or template that has one of this id",
			plan:    planDeleteTemplateRecord,
			search:  "content old single line record dns template domain reusable",
		}),
		function(vpsapi.DeleteDNSTemplate, spec[vpsapi.DeleteDNSTemplateIn]{
			mayMean: "It may delete what uses the template too",
			plan:    planDeleteDNSTemplate,
			search:  "dns template domain reusable whole set",
		}),
	}
}
