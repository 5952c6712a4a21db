package vpsapi

import "strings"

// ListDNSTemplatesIn has no arguments.
type ListDNSTemplatesIn struct{}

// ListDNSTemplates lists the DNS templates.
var ListDNSTemplates = Op[ListDNSTemplatesIn, []DNSTemplate]{
	Name: "list_dns_templates", Title: "List DNS templates",
	Doc:     "List the account's DNS templates: sets of records that a new domain can start with.",
	Heading: "GET DNS Templates",
	Route:   "GET /dns_templates", Reply: wrappedList[DNSTemplate]("dns_template"), Safety: Reads, Evidence: Clients,
}

// CreateDNSTemplateIn describes a new DNS template.
type CreateDNSTemplateIn struct {
	TemplateName string `json:"template_name" jsonschema:"minLength=1,maxLength=255"`
}

// Check refuses a template without a name.
func (in CreateDNSTemplateIn) Check() []Fault {
	if strings.TrimSpace(in.TemplateName) == "" {
		return []Fault{{"template_name", "missing: give the template a name"}}
	}
	return nil
}

// CreateDNSTemplate makes an empty DNS template.
var CreateDNSTemplate = Op[CreateDNSTemplateIn, DNSTemplate]{
	Name: "create_dns_template", Title: "Create DNS template",
	Doc:     "Create an empty DNS template; fill it with create_dns_template_record.",
	Heading: "CREATE DNS Template",
	Route:   "POST /dns_templates", Envelope: "dns_template", Reply: changeReply[DNSTemplate]("dns_template"),
	Safety: Changes, Evidence: Clients,
}

// ListDNSTemplateRecordsIn names a DNS template.
type ListDNSTemplateRecordsIn struct {
	DNSTemplateID DNSTemplateID `json:"dns_template_id"`
}

// ListDNSTemplateRecords lists a DNS template's records.
var ListDNSTemplateRecords = Op[ListDNSTemplateRecordsIn, []DNSTemplateRecord]{
	Name: "list_dns_template_records", Title: "List DNS template records",
	Doc:     "List a DNS template's records with their ids.",
	Heading: "GET DNS Template Records",
	Route:   "GET /dns_templates/{dns_template_id}/records", Reply: wrappedList[DNSTemplateRecord]("dns_template_record"),
	Safety: Reads, Evidence: Inferred,
}

// CreateDNSTemplateRecordIn describes a new record of a DNS template. The
// document has the template's id in the body too.
type CreateDNSTemplateRecordIn struct {
	DNSTemplateID DNSTemplateID `json:"dns_template_id" body:"dns_template_id"`
	Type          string        `json:"type" jsonschema:"enum=ns,enum=a,enum=aaaa,enum=mx,enum=txt,enum=cname"`
	Host          string        `json:"host" jsonschema_description:"Such as www; @ is the domain itself"`
	Data          string        `json:"data" jsonschema_description:"[!ip] and [!domain] stand for the new domain's own"`
	TTL           *Int          `json:"ttl" jsonschema:"enum=900,enum=3600,enum=86400,enum=604800" jsonschema_description:"Seconds"`
	MXPriority    *Int          `json:"mx_priority,omitempty" jsonschema:"minimum=0,maximum=65535" jsonschema_description:"mx, required"`
}

// Record gives the record without its template.
func (in CreateDNSTemplateRecordIn) Record() DNSTemplateRecord {
	return DNSTemplateRecord{
		Type: Text(strings.ToLower(in.Type)), Host: Text(in.Host), Data: Text(in.Data), TTL: in.TTL, MXPriority: in.MXPriority,
	}
}

// Check lists what is wrong with the record.
func (in CreateDNSTemplateRecordIn) Check() []Fault { return in.Record().Check() }

// For is the record that a new domain gets from the template's record.
func (r DNSTemplateRecord) For(domain, ip string) ZoneRecord {
	fill := strings.NewReplacer("[!ip]", ip, "[!domain]", domain).Replace
	data := fill(string(r.Data))
	switch r.Type {
	case "ns", "mx", "cname":
		if _, host, ok := cutPriority(data); ok { // the document: "the priority and [!domain]"
			data = host
		}
		if strings.HasSuffix(string(r.Data), "[!domain]") {
			data += "."
		}
	}
	return ZoneRecord{Type: string(r.Type), Host: fill(string(r.Host)), Data: RecordData{data}, TTL: r.TTL, MXPriority: r.MXPriority}
}

// A domain and an address that nobody has stand for a new domain's own where a
// template's record is checked.
const (
	// TemplateDomain stands for a new domain where a DNS template's record is checked.
	TemplateDomain = "your-domain.example"
	// templateIP stands for a new domain's address where a DNS template's record is checked.
	templateIP = "192.0.0.8"
)

// Checked is the record as a domain has it, for checks.
func (r DNSTemplateRecord) Checked() ZoneRecord { return r.For(TemplateDomain, templateIP) }

// TemplateWords is what a check of a template's record says, with the template's own
// words for a new domain and its address.
func TemplateWords(text string) string {
	return strings.NewReplacer(TemplateDomain, "[!domain]", templateIP, "[!ip]").Replace(text)
}

// Check lists what would be wrong with the record in a domain.
func (r DNSTemplateRecord) Check() []Fault {
	faults := r.Checked().Check()
	for i := range faults {
		faults[i].Message = TemplateWords(faults[i].Message)
	}
	if r.Type == "soa" || r.Type == "srv" || r.Type == "failover" {
		faults = []Fault{{"type", Quote(string(r.Type)) + " is not one of ns, a, aaaa, mx, txt, cname"}}
	}
	return append(faults, checkNewTTL(r.TTL)...)
}

// CreateDNSTemplateRecord adds a record to a DNS template.
var CreateDNSTemplateRecord = Op[CreateDNSTemplateRecordIn, DNSTemplateRecord]{
	Name: "create_dns_template_record", Title: "Create DNS template record",
	Doc:     "Add a record to a DNS template. Existing domains do not change.",
	Heading: "CREATE DNS Template Record",
	Route:   "POST /dns_templates/{dns_template_id}/records", Envelope: "dns_template_record",
	Reply: changeReply[DNSTemplateRecord]("dns_template_record"), Safety: Changes, Evidence: Inferred,
}

// EditDNSTemplateRecordIn changes a record of a DNS template. What creating
// calls data is target here.
type EditDNSTemplateRecordIn struct {
	DNSTemplateID DNSTemplateID       `json:"dns_template_id"`
	RecordID      DNSTemplateRecordID `json:"record_id"`
	Target        string              `json:"target,omitempty" jsonschema_description:"The new data"`
	TTL           *Int                `json:"ttl,omitempty" jsonschema:"enum=900,enum=3600,enum=86400,enum=604800" jsonschema_description:"Seconds"`
}

// Check refuses an edit that changes nothing.
func (in EditDNSTemplateRecordIn) Check() []Fault {
	if in.Target == "" && in.TTL == nil {
		return []Fault{{"", "nothing to change: give target or ttl"}}
	}
	return checkNewTTL(in.TTL)
}

// EditDNSTemplateRecord changes a record of a DNS template.
var EditDNSTemplateRecord = Op[EditDNSTemplateRecordIn, DNSTemplateRecord]{
	Name: "edit_dns_template_record", Title: "Edit DNS template record",
	Doc:     "Change a DNS template record's target or ttl. Existing domains do not change.",
	Heading: "EDIT DNS Template Record",
	Route:   "PUT /dns_templates/{dns_template_id}/records/{record_id}", Envelope: "dns_template_record",
	Reply: changeReply[DNSTemplateRecord]("dns_template_record"), Safety: Changes, Evidence: Inferred,
}

// DeleteDNSTemplateRecordIn names a record of a DNS template.
type DeleteDNSTemplateRecordIn struct {
	DNSTemplateID DNSTemplateID       `json:"dns_template_id"`
	RecordID      DNSTemplateRecordID `json:"record_id"`
}

// DeleteDNSTemplateRecord removes a record of a DNS template.
var DeleteDNSTemplateRecord = Op[DeleteDNSTemplateRecordIn, Done]{
	Name: "delete_dns_template_record", Title: "Delete DNS template record",
	Doc:     "Delete a record of a DNS template. Existing domains do not change.",
	Heading: "DELETE a DNS Template Record",
	Route:   "DELETE /dns_templates/{dns_template_id}/records/{record_id}", Reply: noContent(), Safety: Destroys, Evidence: Inferred,
}

// DeleteDNSTemplateIn names a DNS template.
type DeleteDNSTemplateIn struct {
	DNSTemplateID DNSTemplateID `json:"dns_template_id"`
}

// DeleteDNSTemplate removes a DNS template.
var DeleteDNSTemplate = Op[DeleteDNSTemplateIn, Done]{
	Name: "delete_dns_template", Title: "Delete DNS template",
	Doc:     "Delete a DNS template with its records. Existing domains do not change.",
	Heading: "DELETE a DNS Template",
	Route:   "DELETE /dns_templates/{dns_template_id}", Reply: noContent(), Safety: Destroys, Evidence: Inferred,
}
