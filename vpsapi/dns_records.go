package vpsapi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ListDomainRecordsIn names a domain.
type ListDomainRecordsIn struct {
	DomainID DomainID `json:"domain_id"`
	New      *Flag    `json:"new,omitempty" jsonschema_description:"Flat records with mx_priority"`
}

// records is [{"domain_record": {...}}, ...], or flat as ?new answers.
func records() Shape[[]Record] {
	shape := wrappedList[Record]("domain_record")
	wrapped, flat := shape.encode, bareList[Record]().encode
	shape.encode = func(rs []Record) ([]byte, error) {
		if len(rs) > 0 && rs[0].Flat {
			return flat(rs)
		}
		return wrapped(rs)
	}
	return shape
}

// recordShape returns {"domain_record": {...}}, or flat as ?new answers. A reply without
// a type is not a record.
func recordShape() Shape[Record] {
	shape := changeReply[Record]("domain_record")
	decode, wrapped := shape.decode, shape.encode
	shape.decode = func(b []byte) (Record, error) {
		r, err := decode(b)
		if err == nil && r.Type == "" {
			err = errNoKey("domain_record", b)
		}
		return r, err
	}
	shape.encode = func(r Record) ([]byte, error) {
		if r.Flat {
			return encodeWire(r)
		}
		return wrapped(r)
	}
	return shape
}

// ListDomainRecords lists a domain's records.
var ListDomainRecords = Op[ListDomainRecordsIn, []Record]{
	Name: "list_domain_records", Title: "List domain records",
	Doc:     "List a domain's DNS records with their ids.",
	Heading: "GET Domain Records",
	Route:   "GET /domains/{domain_id}/records", Reply: records(), Safety: Reads, Evidence: Clients,
}

// newTTLs are the times that a new record may live, in seconds.
var newTTLs = []Int{900, 3600, 86400, 604800}

// CreateDomainRecordIn describes a new record of any type but soa.
type CreateDomainRecordIn struct {
	DomainID   DomainID   `json:"domain_id"`
	Type       string     `json:"type" jsonschema:"enum=ns,enum=a,enum=aaaa,enum=mx,enum=txt,enum=cname,enum=srv,enum=failover"`
	Host       string     `json:"host" jsonschema_description:"Name within the domain, such as www; @ is the domain itself"`
	Data       RecordData `json:"data" jsonschema:"minItems=1" jsonschema_description:"One text; ns, mx, cname, srv targets end in a dot; failover: secondary IPs"`
	TTL        *Int       `json:"ttl,omitempty" jsonschema:"enum=900,enum=3600,enum=86400,enum=604800" jsonschema_description:"Seconds; required unless failover"`
	MXPriority *Int       `json:"mx_priority,omitempty" jsonschema:"minimum=0,maximum=65535" jsonschema_description:"mx, required"`

	PrimaryData string `json:"primary_data,omitempty" jsonschema_description:"failover, required: primary IP"`
	ServiceType string `json:"service_type,omitempty" jsonschema_description:"failover, required: from list_service_types"`
	Service     string `json:"service,omitempty" jsonschema:"maxLength=255" jsonschema_description:"srv, required: such as sip"`
	Protocol    string `json:"protocol,omitempty" jsonschema:"enum=_tcp,enum=_udp,enum=_tls" jsonschema_description:"srv, required"`
	Priority    *Int   `json:"priority,omitempty" jsonschema:"minimum=0,maximum=65535" jsonschema_description:"srv, required: lower is preferred" wire:"string"`
	Weight      *Int   `json:"weight,omitempty" jsonschema:"minimum=0,maximum=65535" jsonschema_description:"srv, required: higher is preferred" wire:"string"`
	Port        *Int   `json:"port,omitempty" jsonschema:"minimum=0,maximum=65535" jsonschema_description:"srv, required" wire:"string"`
}

// Zone returns the record as it stands in a zone.
func (in CreateDomainRecordIn) Zone() ZoneRecord {
	return ZoneRecord{
		Type: in.Type, Host: in.Host, Data: in.Data, TTL: in.TTL, MXPriority: in.MXPriority,
		PrimaryData: in.PrimaryData, ServiceType: in.ServiceType,
		Service: in.Service, Protocol: in.Protocol, Priority: in.Priority, Weight: in.Weight, Port: in.Port,
	}
}

// Body gives data and an srv record's numbers the form that their type has.
func (in CreateDomainRecordIn) Body(o *Object) { in.Zone().adjust(o) }

// Check lists what the type lacks, and what does not belong to it.
func (in CreateDomainRecordIn) Check() []Fault {
	faults := in.Zone().Check()
	if strings.EqualFold(in.Type, "soa") {
		faults = append(faults, Fault{"type", "a soa record comes with the domain and cannot be added"})
	}
	return append(faults, checkNewTTL(in.TTL)...)
}

// Way says how a value that a new record does not take is reached: the document limits the TTL of a new record alone.
func (in CreateDomainRecordIn) Way(field string) string {
	if field == "ttl" {
		return "; make it with one of these, and edit_domain_record sets any other"
	}
	return ""
}

// checkNewTTL returns the fault of a TTL that the newer form of records does not have.
func checkNewTTL(ttl *Int) []Fault {
	if ttl != nil && !slices.Contains(newTTLs, *ttl) {
		return []Fault{{"ttl", fmt.Sprintf("%d is not one of 900, 3600, 86400, 604800", *ttl)}}
	}
	return nil
}

// CreateDomainRecord adds a record.
var CreateDomainRecord = Op[CreateDomainRecordIn, Record]{
	Name: "create_domain_record", Title: "Create domain record",
	Doc:     "Add one DNS record. A host has one TTL: this one becomes that of its other records.",
	Heading: "CREATE Domain Record",
	Route:   "POST /domains/{domain_id}/records", Envelope: "domain_record", Reply: changeReply[Record]("domain_record"),
	Safety: Disrupts, Evidence: Clients,
}

// EditDomainRecordIn changes the given fields of a record.
type EditDomainRecordIn struct {
	DomainID   DomainID   `json:"domain_id"`
	RecordID   RecordID   `json:"record_id"`
	Host       string     `json:"host,omitempty"`
	Data       RecordData `json:"data,omitempty" jsonschema_description:"As in create_domain_record"`
	TTL        *Int       `json:"ttl,omitempty" jsonschema:"minimum=0,maximum=2147483647" jsonschema_description:"Seconds"`
	MXPriority *Int       `json:"mx_priority,omitempty" jsonschema:"minimum=0,maximum=65535"`

	PrimaryData string `json:"primary_data,omitempty"`
	ServiceType string `json:"service_type,omitempty"`
	Service     string `json:"service,omitempty" jsonschema:"maxLength=255"`
	Protocol    string `json:"protocol,omitempty" jsonschema:"enum=_tcp,enum=_udp,enum=_tls"`
	Priority    *Int   `json:"priority,omitempty" jsonschema:"minimum=0,maximum=65535" wire:"string"`
	Weight      *Int   `json:"weight,omitempty" jsonschema:"minimum=0,maximum=65535" wire:"string"`
	Port        *Int   `json:"port,omitempty" jsonschema:"minimum=0,maximum=65535" wire:"string"`

	// Type is the record's type when the caller knows it. It is not an argument and
	// is not sent; data is checked by it, and goes out in the form that it has.
	Type string `json:"-"`
}

// kind is the record's type as far as the fields show it.
func (in EditDomainRecordIn) kind() string {
	switch {
	case in.Type != "":
		return in.Type
	case in.PrimaryData != "" || in.ServiceType != "" || len(in.Data) > 1:
		return "failover"
	case in.Service != "" || in.Protocol != "" || in.Priority != nil || in.Weight != nil || in.Port != nil:
		return "srv"
	case in.MXPriority != nil:
		return "mx"
	}
	return ""
}

// Body gives data and ttl the form that the record's type has.
func (in EditDomainRecordIn) Body(o *Object) {
	if len(in.Data) > 0 {
		o.Set("data", wireData(in.kind(), in.Data))
	}
	if in.kind() == "srv" && in.TTL != nil {
		o.Set("ttl", strconv.FormatInt(int64(*in.TTL), 10))
	}
}

// Check refuses an edit of nothing, and what cannot be right for any record or
// for the type that the fields show.
func (in EditDomainRecordIn) Check() []Fault {
	numbers := []*Int{in.TTL, in.MXPriority, in.Priority, in.Weight, in.Port}
	words := []string{in.Host, in.PrimaryData, in.ServiceType, in.Service, in.Protocol}
	given := len(in.Data) > 0 || slices.ContainsFunc(numbers, func(n *Int) bool { return n != nil }) ||
		slices.ContainsFunc(words, func(w string) bool { return w != "" })
	if !given {
		return []Fault{{"", "nothing to change: give data, ttl or another field of the record"}}
	}
	var faults []Fault
	if in.Host != "" && !isHost(in.Host) {
		faults = append(faults, Fault{"host", hostFault(in.Host)})
	}
	if len(in.Data) > 0 {
		faults = append(faults, checkData(in.kind(), in.Data)...)
	}
	if in.kind() == "failover" && in.TTL != nil {
		faults = append(faults, Fault{"ttl", "leave it out: failover records have none"})
	}
	faults = append(faults, checkWords(in.Protocol, in.PrimaryData)...)
	return append(faults, checkNumbers(in.TTL, in.MXPriority, in.Priority, in.Weight, in.Port)...)
}

// EditDomainRecord changes a record.
var EditDomainRecord = Op[EditDomainRecordIn, Record]{
	Name: "edit_domain_record", Title: "Edit domain record",
	Doc:     "Change the given fields of one DNS record, not its type. A new ttl becomes that of all records of the host.",
	Heading: "EDIT Domain Record",
	Route:   "PUT /domains/{domain_id}/records/{record_id}", Envelope: "domain_record", Reply: changeReply[Record]("domain_record"),
	Safety: Disrupts, Evidence: Clients,
}

// GetDomainRecordIn names a record.
type GetDomainRecordIn struct {
	DomainID DomainID `json:"domain_id"`
	RecordID RecordID `json:"record_id"`
	New      *Flag    `json:"new,omitempty" jsonschema_description:"Flat record with mx_priority"`
}

// GetDomainRecord reads a record.
var GetDomainRecord = Op[GetDomainRecordIn, Record]{
	Name: "get_domain_record", Title: "Get domain record",
	Doc:     "Get one DNS record of a domain.",
	Heading: "GET properties for a Domain Record",
	Route:   "GET /domains/{domain_id}/records/{record_id}", Reply: recordShape(), Safety: Reads, Evidence: Clients,
}

// DeleteDomainRecordIn names a record.
type DeleteDomainRecordIn struct {
	DomainID DomainID `json:"domain_id"`
	RecordID RecordID `json:"record_id"`
}

// DeleteDomainRecord removes a record.
var DeleteDomainRecord = Op[DeleteDomainRecordIn, Done]{
	Name: "delete_domain_record", Title: "Delete domain record",
	Doc:     "Delete one DNS record; its name stops resolving to it.",
	Heading: "DELETE a Domain Record",
	Route:   "DELETE /domains/{domain_id}/records/{record_id}", Reply: noContent(), Safety: Destroys, Evidence: Clients,
}
