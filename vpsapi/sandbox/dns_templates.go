package sandbox

import (
	"slices"

	"vpsnet-mcp/vpsapi"
)

// seedDNSTemplates makes the document's templates 51 and 52, and 55, which its
// examples add records to.
func seedDNSTemplates(a *account) {
	const then = "2009-05-15T06:55:02-04:00"
	for _, t := range []struct {
		id   vpsapi.DNSTemplateID
		name vpsapi.Text
	}{{"51", "demotemplate1"}, {"52", "demotemplate2"}, {"55", "demotemplate"}} {
		a.dnsTemplates = append(a.dnsTemplates, &dnsTemplate{
			DNSTemplate: vpsapi.DNSTemplate{ID: t.id, Name: t.name, CreatedAt: then, UpdatedAt: then},
		})
	}
	last := a.dnsTemplates[2]
	for _, r := range []vpsapi.DNSTemplateRecord{
		{Type: "ns", Host: "@", Data: "dns2.vps.net."},
		{Type: "a", Host: "@", Data: "[!ip]"},
		{Type: "a", Host: "www", Data: "[!ip]"},
		{Type: "a", Host: "mail", Data: "[!ip]"},
		{Type: "mx", Host: "@", Data: "mail.[!domain].", MXPriority: ptr(vpsapi.Int(10))},
		{Type: "txt", Host: "@", Data: "v=spf1 ip4:[!ip] mx -all"},
	} {
		r.ID, r.TTL = newID[vpsapi.DNSTemplateRecord](a), ptr(vpsapi.Int(dayTTL))
		last.records = append(last.records, &r)
	}
}

// dnsTemplate finds a DNS template.
func (a *account) dnsTemplate(id vpsapi.DNSTemplateID) (*dnsTemplate, error) {
	for _, t := range a.dnsTemplates {
		if t.ID == id {
			return t, nil
		}
	}
	return nil, notFound("DNS template", id)
}

// zone gives the records of a new domain: an SOA record, the template's own,
// and the service's name servers when the template names none.
func (t *dnsTemplate) zone(name, ip string) []vpsapi.ZoneRecord {
	zone := apexRecords()
	if slices.ContainsFunc(t.records, func(r *vpsapi.DNSTemplateRecord) bool { return r.Type == "ns" }) {
		zone = zone[:1]
	}
	for _, r := range t.records {
		zone = append(zone, r.For(name, ip))
	}
	return zone
}

// listDNSTemplates answers list_dns_templates from the account in memory.
func listDNSTemplates(a *account, _ vpsapi.ListDNSTemplatesIn) ([]vpsapi.DNSTemplate, error) {
	out := make([]vpsapi.DNSTemplate, len(a.dnsTemplates))
	for i, t := range a.dnsTemplates {
		out[i] = t.DNSTemplate
	}
	return out, nil
}

// createDNSTemplate answers create_dns_template from the account in memory.
func createDNSTemplate(a *account, in vpsapi.CreateDNSTemplateIn) (vpsapi.DNSTemplate, error) {
	t := &dnsTemplate{DNSTemplate: vpsapi.DNSTemplate{
		ID: newID[vpsapi.DNSTemplate](a), Name: vpsapi.Text(in.TemplateName), CreatedAt: a.nowStamp(), UpdatedAt: a.nowStamp(),
	}}
	a.dnsTemplates = append(a.dnsTemplates, t)
	return t.DNSTemplate, nil
}

// deleteDNSTemplate answers delete_dns_template from the account in memory.
func deleteDNSTemplate(a *account, in vpsapi.DeleteDNSTemplateIn) (vpsapi.Done, error) {
	if _, err := a.dnsTemplate(in.DNSTemplateID); err != nil {
		return vpsapi.Done{}, err
	}
	a.dnsTemplates = removeFirst(a.dnsTemplates, func(t *dnsTemplate) bool { return t.ID == in.DNSTemplateID })
	return vpsapi.Done{}, nil
}

// listDNSTemplateRecords answers list_dns_template_records from the account in memory.
func listDNSTemplateRecords(a *account, in vpsapi.ListDNSTemplateRecordsIn) ([]vpsapi.DNSTemplateRecord, error) {
	t, err := a.dnsTemplate(in.DNSTemplateID)
	if err != nil {
		return nil, err
	}
	return copyValues(t.records), nil
}

// createDNSTemplateRecord answers create_dns_template_record from the account in memory.
func createDNSTemplateRecord(a *account, in vpsapi.CreateDNSTemplateRecordIn) (vpsapi.DNSTemplateRecord, error) {
	t, err := a.dnsTemplate(in.DNSTemplateID)
	if err != nil {
		return vpsapi.DNSTemplateRecord{}, err
	}
	r := in.Record()
	if err := t.fits(r); err != nil {
		return vpsapi.DNSTemplateRecord{}, err
	}
	r.ID = newID[vpsapi.DNSTemplateRecord](a)
	t.records = append(t.records, &r)
	t.keepRecord(a, &r)
	return r, nil
}

// editDNSTemplateRecord answers edit_dns_template_record from the account in memory.
func editDNSTemplateRecord(a *account, in vpsapi.EditDNSTemplateRecordIn) (vpsapi.DNSTemplateRecord, error) {
	t, r, err := a.dnsTemplateRecord(in.DNSTemplateID, in.RecordID)
	if err != nil {
		return vpsapi.DNSTemplateRecord{}, err
	}
	next := *r
	if in.Target != "" {
		next.Data = vpsapi.Text(in.Target)
	}
	if in.TTL != nil {
		next.TTL = in.TTL
	}
	if err := t.fits(next); err != nil {
		return vpsapi.DNSTemplateRecord{}, err
	}
	*r = next
	t.keepRecord(a, r)
	return next, nil
}

// deleteDNSTemplateRecord answers delete_dns_template_record from the account in memory.
func deleteDNSTemplateRecord(a *account, in vpsapi.DeleteDNSTemplateRecordIn) (vpsapi.Done, error) {
	t, r, err := a.dnsTemplateRecord(in.DNSTemplateID, in.RecordID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	t.records = removeFirst(t.records, func(x *vpsapi.DNSTemplateRecord) bool { return x == r })
	t.UpdatedAt = a.nowStamp()
	return vpsapi.Done{}, nil
}

// dnsTemplateRecord finds a record with its template.
func (a *account) dnsTemplateRecord(templateID vpsapi.DNSTemplateID, id vpsapi.DNSTemplateRecordID) (*dnsTemplate, *vpsapi.DNSTemplateRecord, error) {
	t, err := a.dnsTemplate(templateID)
	if err != nil {
		return nil, nil, err
	}
	for _, r := range t.records {
		if r.ID == id {
			return t, r, nil
		}
	}
	return nil, nil, notFound("DNS template record", id)
}

// fits refuses a record that could not stand in a domain made from the template.
func (t *dnsTemplate) fits(r vpsapi.DNSTemplateRecord) error {
	var pairs []string
	for _, f := range r.Check() {
		pairs = append(pairs, f.Field, f.Message)
	}
	if len(pairs) > 0 {
		return invalid(pairs...)
	}
	const name, ip = "example.com", "192.0.2.1"
	var others []*vpsapi.Record
	for _, o := range t.records {
		if o.ID != r.ID {
			others = append(others, newRecord("", o.For(name, ip)))
		}
	}
	if field, message := conflict(others, newRecord("", r.For(name, ip))); field != "" {
		return invalid(field, message)
	}
	return nil
}

// keepRecord notes a changed record and gives its time to live to its host's others,
// so that a domain made from the template has one for a host.
func (t *dnsTemplate) keepRecord(a *account, r *vpsapi.DNSTemplateRecord) {
	t.UpdatedAt = a.nowStamp()
	for _, o := range t.records {
		if o.Host == r.Host {
			o.TTL = r.TTL
		}
	}
}
