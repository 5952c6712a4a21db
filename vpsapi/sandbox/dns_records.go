package sandbox

import (
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// listDomainRecords answers list_domain_records from the account in memory.
func listDomainRecords(a *account, in vpsapi.ListDomainRecordsIn) ([]vpsapi.Record, error) {
	d, err := a.domain(in.DomainID)
	if err != nil {
		return nil, err
	}
	out := copyValues(d.records)
	for i := range out {
		out[i].Flat = in.New != nil && bool(*in.New)
	}
	return out, nil
}

// getDomainRecord answers get_domain_record from the account in memory.
func getDomainRecord(a *account, in vpsapi.GetDomainRecordIn) (vpsapi.Record, error) {
	_, r, err := a.record(in.DomainID, in.RecordID)
	if err != nil {
		return vpsapi.Record{}, err
	}
	out := *r
	out.Flat = in.New != nil && bool(*in.New)
	return out, nil
}

// record finds a record with its domain.
func (a *account) record(domainID vpsapi.DomainID, id vpsapi.RecordID) (*domain, *vpsapi.Record, error) {
	d, err := a.domain(domainID)
	if err != nil {
		return nil, nil, err
	}
	r, err := d.find(id)
	return d, r, err
}

// createDomainRecord answers create_domain_record from the account in memory.
func createDomainRecord(a *account, in vpsapi.CreateDomainRecordIn) (vpsapi.Record, error) {
	d, err := a.domain(in.DomainID)
	if err != nil {
		return vpsapi.Record{}, err
	}
	draft := newRecord("", in.Zone())
	if field, message := conflict(d.records, draft); field != "" {
		return vpsapi.Record{}, invalid(field, message)
	}
	r := a.addRecord(d, in.Zone())
	shareTTL(d, r)
	a.markChanged(d)
	return *r, nil
}

// editDomainRecord checks the record as it would be, then makes it so.
func editDomainRecord(a *account, in vpsapi.EditDomainRecordIn) (vpsapi.Record, error) {
	d, r, err := a.record(in.DomainID, in.RecordID)
	if err != nil {
		return vpsapi.Record{}, err
	}
	if r.Type == "failover" && in.TTL != nil {
		return vpsapi.Record{}, invalid("ttl", "cannot be set for a failover record")
	}
	zone := applyEdit(r.Zone(), in)
	var pairs []string
	for _, f := range zone.Check() {
		pairs = append(pairs, f.Field, f.Message)
	}
	if len(pairs) > 0 {
		return vpsapi.Record{}, invalid(pairs...)
	}
	draft := newRecord(r.ID, zone)
	if field, message := conflict(d.records, draft); field != "" {
		return vpsapi.Record{}, invalid(field, message)
	}
	*r = *draft
	shareTTL(d, r)
	a.markChanged(d)
	return *r, nil
}

// applyEdit returns a record with the fields of an edit in place of its own.
func applyEdit(z vpsapi.ZoneRecord, in vpsapi.EditDomainRecordIn) vpsapi.ZoneRecord {
	for _, f := range []struct {
		to   *string
		from string
	}{
		{&z.Host, in.Host},
		{&z.PrimaryData, in.PrimaryData},
		{&z.ServiceType, in.ServiceType},
		{&z.Service, in.Service},
		{&z.Protocol, in.Protocol},
	} {
		if f.from != "" {
			*f.to = f.from
		}
	}
	for _, f := range []struct {
		to   **vpsapi.Int
		from *vpsapi.Int
	}{
		{&z.TTL, in.TTL}, {&z.MXPriority, in.MXPriority}, {&z.Priority, in.Priority}, {&z.Weight, in.Weight}, {&z.Port, in.Port},
	} {
		if f.from != nil {
			*f.to = f.from
		}
	}
	if len(in.Data) > 0 {
		z.Data = in.Data
	}
	return z
}

// deleteDomainRecord answers delete_domain_record from the account in memory.
func deleteDomainRecord(a *account, in vpsapi.DeleteDomainRecordIn) (vpsapi.Done, error) {
	d, r, err := a.record(in.DomainID, in.RecordID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if r.Type == "soa" {
		return vpsapi.Done{}, invalid("base", "The SOA record cannot be deleted")
	}
	d.records = removeFirst(d.records, func(r *vpsapi.Record) bool { return r.ID == in.RecordID })
	a.markChanged(d)
	return vpsapi.Done{}, nil
}

// failoverTTL is what the document shows for a failover record, whose time to
// live nobody sets.
const failoverTTL = 300

// newRecord is a record as the service keeps it.
func newRecord(id vpsapi.RecordID, z vpsapi.ZoneRecord) *vpsapi.Record {
	r := &vpsapi.Record{
		ID: id, Type: vpsapi.Text(strings.ToLower(z.Type)), Host: vpsapi.Text(z.Host), Data: slices.Clone(z.Data),
		TTL: z.TTL, MXPriority: z.MXPriority, Service: vpsapi.Text(z.Service), Protocol: vpsapi.Text(z.Protocol),
		Priority: z.Priority, Weight: z.Weight, Port: z.Port,
	}
	if r.Type == "failover" {
		r.TTL, r.PrimaryData, r.ServiceType = ptr(vpsapi.Int(failoverTTL)), vpsapi.Text(z.PrimaryData), vpsapi.Text(z.ServiceType)
		others := slices.DeleteFunc(slices.Clone(z.Data), func(ip string) bool { return ip == z.PrimaryData })
		r.Data = append(vpsapi.RecordData{z.PrimaryData}, others...)
	}
	return r
}

// addRecord puts a new record into a domain.
func (a *account) addRecord(d *domain, z vpsapi.ZoneRecord) *vpsapi.Record {
	r := newRecord(newID[vpsapi.Record](a), z)
	d.records = append(d.records, r)
	return r
}

// conflict returns the field and the message for which a record is refused
// beside others: a host has one CNAME and nothing beside it, one SOA, and one
// failover record, of a known service type. The same record twice is accepted: the
// document's own example adds a name server that a domain has already.
func conflict(others []*vpsapi.Record, r *vpsapi.Record) (field, message string) {
	if r.Type == "failover" && !slices.Contains(serviceTypes, string(r.ServiceType)) {
		return "service_type", "is not a known service type textkey"
	}
	for _, o := range others {
		switch {
		case o.ID != "" && o.ID == r.ID || !strings.EqualFold(string(o.Host), string(r.Host)):
		case o.Type == "cname" || r.Type == "cname":
			return "host", "has other records: a CNAME record cannot stand beside them"
		case o.Type == "soa" && r.Type == "soa", o.Type == "failover" && r.Type == "failover":
			return "type", fmt.Sprintf("a host has one %s record", r.Type)
		}
	}
	return "", ""
}

// sameRecord reports two records that differ in id and time to live alone.
func sameRecord(x, y *vpsapi.Record) bool { return recordContents(x) == recordContents(y) }

// recordContents returns all that makes two records equal, but for their ids.
func recordContents(r *vpsapi.Record) string {
	number := func(n *vpsapi.Int) string {
		if n == nil {
			return ""
		}
		return fmt.Sprint(*n)
	}
	return fmt.Sprintf("%q", []string{
		string(r.Type), strings.ToLower(string(r.Host)), strings.Join(r.Data, "\x00"), number(r.MXPriority), string(r.ServiceType),
		string(r.Service), string(r.Protocol), number(r.Priority), number(r.Weight), number(r.Port),
	})
}

// shareTTL gives a record's time to live to all others of its host: the service
// keeps one for a host. Failover records have their own.
func shareTTL(d *domain, r *vpsapi.Record) {
	if r.Type == "failover" {
		return
	}
	for _, o := range d.records {
		if o.Type != "failover" && strings.EqualFold(string(o.Host), string(r.Host)) {
			o.TTL = r.TTL
		}
	}
}
