package vpsapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// ZoneRecord is a DNS record as it is sent: with all that its type needs and
// nothing else. Record.Zone makes one from the service's reply.
type ZoneRecord struct {
	Type       string     `json:"type" jsonschema:"enum=soa,enum=ns,enum=a,enum=aaaa,enum=mx,enum=txt,enum=cname,enum=srv,enum=failover"`
	Host       string     `json:"host"`
	Data       RecordData `json:"data" jsonschema:"minItems=1"` // of failover: the secondary IPs
	TTL        *Int       `json:"ttl,omitempty" jsonschema:"minimum=0,maximum=2147483647"`
	MXPriority *Int       `json:"mx_priority,omitempty" jsonschema:"minimum=0,maximum=65535"`

	PrimaryData string `json:"primary_data,omitempty"`
	ServiceType string `json:"service_type,omitempty"`
	Service     string `json:"service,omitempty"`
	Protocol    string `json:"protocol,omitempty" jsonschema:"enum=_tcp,enum=_udp,enum=_tls"`
	Priority    *Int   `json:"priority,omitempty" jsonschema:"minimum=0,maximum=65535" wire:"string"`
	Weight      *Int   `json:"weight,omitempty" jsonschema:"minimum=0,maximum=65535" wire:"string"`
	Port        *Int   `json:"port,omitempty" jsonschema:"minimum=0,maximum=65535" wire:"string"`
}

// UnmarshalJSON takes the record wrapped in domain_record or as it is.
func (z *ZoneRecord) UnmarshalJSON(b []byte) error {
	type plain ZoneRecord
	_, inner := unwrapKey(bytes.TrimSpace(b), "domain_record")
	err := json.Unmarshal(textifyFields(reflect.TypeFor[ZoneRecord](), inner), (*plain)(z))
	z.Type = strings.ToLower(z.Type)
	return err
}

// wire wraps the record, as update_records wants each of its list.
func (z ZoneRecord) wire() any {
	o := wireFields(reflect.ValueOf(z))
	z.adjust(&o)
	return Object{{"domain_record", o}}
}

// adjust gives the members their form on the wire: type in small letters, one
// text as it is, and the numbers of an srv record as text, as the document's
// example has them.
func (z ZoneRecord) adjust(o *Object) {
	kind := strings.ToLower(z.Type)
	if kind != "" {
		o.Set("type", kind)
	}
	if len(z.Data) > 0 {
		o.Set("data", wireData(kind, z.Data))
	}
	if kind == "srv" && z.TTL != nil {
		o.Set("ttl", strconv.FormatInt(int64(*z.TTL), 10))
	}
}

// Zone gives the record as it is written.
func (r Record) Zone() ZoneRecord {
	z := ZoneRecord{
		Type: string(r.Type), Host: string(r.Host), Data: r.Data, TTL: r.TTL, MXPriority: r.MXPriority,
		Service: string(r.Service), Protocol: string(r.Protocol), Priority: r.Priority, Weight: r.Weight, Port: r.Port,
	}
	if r.Type == "failover" {
		z.TTL, z.ServiceType = nil, string(r.ServiceType)
		z.PrimaryData, z.Data = r.Failover()
	}
	return z
}

// Create is the input that adds the record to a domain. A soa record comes with
// the domain and cannot be added.
func (z ZoneRecord) Create(domain DomainID) CreateDomainRecordIn {
	return CreateDomainRecordIn{
		DomainID: domain, Type: z.Type, Host: z.Host, Data: z.Data, TTL: z.TTL, MXPriority: z.MXPriority,
		PrimaryData: z.PrimaryData, ServiceType: z.ServiceType,
		Service: z.Service, Protocol: z.Protocol, Priority: z.Priority, Weight: z.Weight, Port: z.Port,
	}
}

// Edit is the input that makes a record of the same type be as z.
func (z ZoneRecord) Edit(domain DomainID, record RecordID) EditDomainRecordIn {
	return EditDomainRecordIn{
		DomainID: domain, RecordID: record, Type: z.Type, Host: z.Host, Data: z.Data, TTL: z.TTL, MXPriority: z.MXPriority,
		PrimaryData: z.PrimaryData, ServiceType: z.ServiceType,
		Service: z.Service, Protocol: z.Protocol, Priority: z.Priority, Weight: z.Weight, Port: z.Port,
	}
}

// recordTypes are the types of records in the document's order.
var recordTypes = []string{"soa", "ns", "a", "aaaa", "mx", "txt", "cname", "srv", "failover"}

// Check lists what the record's type lacks, and what does not belong to it.
func (z ZoneRecord) Check() []Fault {
	kind := strings.ToLower(z.Type)
	if !slices.Contains(recordTypes, kind) {
		return []Fault{{"type", fmt.Sprintf("%s is not one of %s", Quote(z.Type), strings.Join(recordTypes, ", "))}}
	}
	var faults []Fault
	if !isHost(z.Host) {
		faults = append(faults, Fault{"host", hostFault(z.Host)})
	}
	faults = append(faults, z.checkFields(kind)...)
	faults = append(faults, checkNumbers(z.TTL, z.MXPriority, z.Priority, z.Weight, z.Port)...)
	return append(faults, checkData(kind, z.Data)...)
}

// checkFields holds each field to the type that it belongs to.
func (z ZoneRecord) checkFields(kind string) []Fault {
	var faults []Fault
	for _, f := range []struct {
		name, of string
		given    bool
	}{
		{"mx_priority", "mx", z.MXPriority != nil},
		{"service", "srv", z.Service != ""},
		{"protocol", "srv", z.Protocol != ""},
		{"priority", "srv", z.Priority != nil},
		{"weight", "srv", z.Weight != nil},
		{"port", "srv", z.Port != nil},
		{"primary_data", "failover", z.PrimaryData != ""},
		{"service_type", "failover", z.ServiceType != ""},
	} {
		switch {
		case f.of == kind && !f.given:
			faults = append(faults, Fault{f.name, "missing: " + kind + " records need it"})
		case f.of != kind && f.given:
			faults = append(faults, Fault{f.name, "leave it out: only " + f.of + " records have it"})
		}
	}
	switch {
	case kind == "failover" && z.TTL != nil:
		faults = append(faults, Fault{"ttl", "leave it out: failover records have none"})
	case kind != "failover" && z.TTL == nil:
		faults = append(faults, Fault{"ttl", "missing: seconds, such as 3600"})
	}
	return append(faults, checkWords(z.Protocol, z.PrimaryData)...)
}

// checkWords returns the faults of an SRV record's protocol and a failover record's primary address.
func checkWords(protocol, primary string) []Fault {
	var faults []Fault
	if protocol != "" && !slices.Contains([]string{"_tcp", "_udp", "_tls"}, protocol) {
		faults = append(faults, Fault{"protocol", Quote(protocol) + " is not one of _tcp, _udp, _tls"})
	}
	if primary != "" && !isIPv4(primary) && !isIPv6(primary) {
		faults = append(faults, Fault{"primary_data", "not an IP address: " + Quote(primary)})
	}
	return faults
}

// checkNumbers returns the faults of a record's TTL, priorities, weight and port.
func checkNumbers(ttl, mxPriority, priority, weight, port *Int) []Fault {
	var faults []Fault
	if ttl != nil && (*ttl < 0 || *ttl > 1<<31-1) {
		faults = append(faults, Fault{"ttl", "must be from 0 to 2147483647 seconds"})
	}
	for _, n := range []struct {
		name  string
		value *Int
	}{{"mx_priority", mxPriority}, {"priority", priority}, {"weight", weight}, {"port", port}} {
		if n.value != nil && (*n.value < 0 || *n.value > 65535) {
			faults = append(faults, Fault{n.name, "must be from 0 to 65535"})
		}
	}
	return faults
}

// checkData holds data to the type: how many texts, and of what form.
func checkData(kind string, data RecordData) []Fault {
	switch {
	case len(data) == 0:
		return []Fault{{"data", "missing: give what the record points to"}}
	case kind != "failover" && len(data) > 1:
		return []Fault{{"data", "give one text: only failover records take several; add one record for each"}}
	}
	for _, text := range data {
		if message := dataFault(kind, text); message != "" {
			return []Fault{{"data", message}}
		}
	}
	return nil
}

// dataFault says what is wrong with one text of data; nothing when it fits.
func dataFault(kind, text string) string {
	switch kind {
	case "a":
		if !isIPv4(text) {
			return "not an IPv4 address: " + Quote(text) + otherType(text)
		}
	case "aaaa":
		if !isIPv6(text) {
			return "not an IPv6 address: " + Quote(text) + otherType(text)
		}
	case "failover":
		if !isIPv4(text) && !isIPv6(text) {
			return "not an IP address: " + Quote(text)
		}
	case "ns", "mx", "cname":
		return targetFault(text)
	case "srv":
		// The document demands the dot; its own example goes without.
		return targetFault(strings.TrimSuffix(text, ".") + ".")
	default:
		if text == "" {
			return "empty: give the text"
		}
		if strings.ContainsFunc(text, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
			return "must be text on one line: give it without line breaks"
		}
	}
	return ""
}

// otherType names the type that takes what is not an address of a record's own.
func otherType(text string) string {
	switch name := strings.TrimSuffix(text, "."); {
	case isIPv4(name):
		return " (type a takes IPv4, without a dot at its end)"
	case isIPv6(name):
		return " (type aaaa takes IPv6, without a dot at its end)"
	case strings.ContainsFunc(name, unicode.IsLetter) && isName(name):
		return " (give the address of that name; a name needs a new cname record, alone at its host and never at @)"
	}
	return ""
}

// targetFault says what is wrong with the name that a record points to. A name
// without its dot at the end would be taken within the domain.
func targetFault(text string) string {
	if _, _, ok := cutPriority(text); ok {
		return "the host name alone; the priority is an argument of its own"
	}
	name, dotted := strings.CutSuffix(text, ".")
	if bare := strings.TrimSuffix(strings.TrimPrefix(name, "["), "]"); len(bare) == len(name)-2 {
		name = bare // as mail and web addresses have it
	}
	switch _, err := netip.ParseAddr(name); {
	case err == nil:
		return fmt.Sprintf("an IP address, where a name belongs: give %s to a name by an a or aaaa record, and point to that name", name)
	case text == ".": // "no such service" of mx and srv
	case len(text) > 254 || !isName(name):
		return "not a host name: " + Quote(text) + "; give a whole name with a dot at its end, such as \"mail.example.com.\""
	case !dotted && !strings.Contains(name, "."):
		return fmt.Sprintf("must be a whole name that ends in a dot, such as %s: %s", Quote(name+".example.com."), Quote(text))
	case !dotted:
		return fmt.Sprintf("must be a whole name that ends in a dot: %q", name+".")
	}
	return ""
}

// hostFault says of a host that is none what to give.
func hostFault(host string) string {
	if name, ok := strings.CutSuffix(host, "."); ok && isHost(name) {
		return "is a full name, with a dot at its end: give it without the dot and the domain's own name (www for www.example.com.): " + Quote(host)
	}
	return "not a name within the domain, such as www, or @ for the domain itself: " + Quote(host)
}

// isHost reports a name within a domain: @, a name, or one that starts with *.
func isHost(host string) bool {
	if host == "@" || host == "*" {
		return true
	}
	return len(host) <= 253 && isName(strings.TrimPrefix(host, "*."))
}

// isName reports a domain's name: labels with dots between.
func isName(name string) bool {
	return !slices.ContainsFunc(strings.Split(name, "."), func(label string) bool { return !isLabel(label) })
}

// UpdateDomainRecordsIn is a whole zone. Its list stands at the body's root:
// each element is wrapped, the list is not.
type UpdateDomainRecordsIn struct {
	DomainID      DomainID     `json:"domain_id"`
	DomainRecords []ZoneRecord `json:"domain_records" jsonschema:"minItems=1" jsonschema_description:"Every record, soa and ns included; fields as in create_domain_record"`
}

// Check checks each of the given records.
func (in UpdateDomainRecordsIn) Check() []Fault {
	if len(in.DomainRecords) == 0 {
		return []Fault{{"domain_records", "empty: it would remove every record; give the whole zone"}}
	}
	var faults []Fault
	for i, z := range in.DomainRecords {
		for _, f := range z.Check() {
			faults = append(faults, Fault{fmt.Sprintf("domain_records[%d].%s", i, f.Field), f.Message})
		}
	}
	return faults
}

// ZoneUpdate is the answer to a replaced zone.
type ZoneUpdate struct {
	Message Text `json:"message"`
}

// zoneUpdate is {"message": "..."}. Without it the zone was not replaced, says
// a hosting panel's client.
func zoneUpdate() Shape[ZoneUpdate] {
	shape := bareObject[ZoneUpdate]()
	decode := shape.decode
	shape.decode = func(b []byte) (ZoneUpdate, error) {
		v, err := decode(b)
		if err == nil && v.Message == "" {
			err = errNoKey("message", b)
		}
		return v, err
	}
	return shape
}

// UpdateDomainRecords replaces a zone.
var UpdateDomainRecords = Op[UpdateDomainRecordsIn, ZoneUpdate]{
	Name: "update_domain_records", Title: "Replace domain records",
	Doc:     "Replace ALL records of a domain: what is not given is lost. For single records use create_, edit_ and delete_domain_record.",
	Heading: "UPDATE Domain Records",
	Route:   "PUT /domains/{domain_id}/records/update_records", Reply: zoneUpdate(), Safety: Destroys, Evidence: Clients,
}
