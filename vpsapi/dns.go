package vpsapi

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
)

// Domain is a DNS zone on the account.
type Domain struct {
	ID        DomainID `json:"id,omitempty"` // creating one may answer without it
	Name      Text     `json:"name"`
	Serial    Text     `json:"serial,omitempty"` // of get_domain alone
	IPAddress Text     `json:"ip_address,omitempty"`
	CreatedAt Time     `json:"created_at,omitempty"`
	UpdatedAt Time     `json:"updated_at,omitempty"`
}

// Record is one record of a domain as the service shows it.
//
// The service has two forms of it. The document's own is wrapped, and its data
// holds an MX record's priority too ("10 mail.example.com."); with ?new a record
// is flat and the priority stands apart. Both are read into the same Record.
type Record struct {
	ID         RecordID   `json:"id,omitempty"`
	Type       Text       `json:"type"` // soa, ns, a, aaaa, mx, txt, cname, srv, failover
	Host       Text       `json:"host"` // "@" is the domain itself
	Data       RecordData `json:"data"` // of failover: the primary IP, then the others
	TTL        *Int       `json:"ttl,omitempty"`
	MXPriority *Int       `json:"mx_priority,omitempty"`

	PrimaryData Text `json:"primary_data,omitempty"` // failover
	ServiceType Text `json:"service_type,omitempty"` // failover
	Service     Text `json:"service,omitempty"`      // srv
	Protocol    Text `json:"protocol,omitempty"`     // srv
	Priority    *Int `json:"priority,omitempty" wire:"string"`
	Weight      *Int `json:"weight,omitempty" wire:"string"`
	Port        *Int `json:"port,omitempty" wire:"string"`

	// Flat is for a server of the API: it writes the record as ?new does.
	Flat bool `json:"-"`
}

// UnmarshalJSON reads both forms of a record.
func (r *Record) UnmarshalJSON(b []byte) error {
	type plain Record
	if err := json.Unmarshal(b, (*plain)(r)); err != nil {
		return err
	}
	r.Type = Text(strings.ToLower(string(r.Type)))
	if r.Type == "mx" && len(r.Data) == 1 {
		if priority, host, ok := cutPriority(r.Data[0]); ok {
			r.Data[0] = host
			r.MXPriority = orDefault(r.MXPriority, &priority)
		}
	}
	return nil
}

// wire writes the record in its form: data is one text, for failover a list.
func (r Record) wire() any {
	data := wireData(string(r.Type), r.Data)
	if !r.Flat {
		if r.Type == "mx" && r.MXPriority != nil && len(r.Data) == 1 {
			data = strconv.FormatInt(int64(*r.MXPriority), 10) + " " + r.Data[0]
		}
		r.MXPriority, r.PrimaryData, r.ServiceType = nil, "", ""
	}
	o := wireFields(reflect.ValueOf(r))
	o.Set("data", data)
	return o
}

// Failover splits a failover record's addresses as writing it needs them. The
// document shows one list; that its first is the primary one is assumed unless
// the record says so itself.
func (r Record) Failover() (primary string, secondary []string) {
	primary = string(r.PrimaryData)
	for i, ip := range r.Data {
		switch {
		case i == 0 && primary == "":
			primary = ip
		case ip != primary:
			secondary = append(secondary, ip)
		}
	}
	return primary, secondary
}

// cutPriority splits the "10 mail.example.com." of the document's form.
func cutPriority(data string) (Int, string, bool) {
	number, host, ok := strings.Cut(strings.TrimSpace(data), " ")
	priority, err := strconv.ParseUint(number, 10, 16)
	return Int(priority), strings.TrimSpace(host), ok && err == nil
}

// RecordData is what a record points to: one text, or the targets of a
// failover record. One text is a list of one.
type RecordData []string

// UnmarshalJSON takes a text or a list of texts.
func (d *RecordData) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if bytes.Equal(b, []byte("null")) {
		*d = nil
		return nil
	}
	if len(b) > 0 && b[0] == '[' {
		var list []Text
		err := json.Unmarshal(b, &list)
		*d = make(RecordData, len(list))
		for i, text := range list {
			(*d)[i] = string(text)
		}
		return err
	}
	var one Text
	err := one.UnmarshalJSON(b)
	*d = RecordData{string(one)}
	return err
}

// wireData is data as the service takes and gives it: the one text itself, but
// always a list for failover.
func wireData(kind string, data RecordData) any {
	if kind != "failover" && len(data) == 1 {
		return data[0]
	}
	return []string(data)
}

// changeReply returns {"key": {...}} or {...}: what the service answers to a change, where
// no document shows it. A reply that tells nothing leaves the value empty.
func changeReply[T any](key string) Shape[T] {
	return Shape[T]{
		decode: func(b []byte) (T, error) {
			var v T
			_, inner := unwrapKey(b, key)
			if inner = bytes.TrimSpace(inner); len(inner) == 0 || inner[0] != '{' {
				return v, nil
			}
			err := json.Unmarshal(inner, &v)
			return v, decodeError(err)
		},
		encode: func(v T) ([]byte, error) { return encodeWire(Object{{key, v}}) },
	}
}

// DNSTemplate is a set of records that a new domain can start with.
type DNSTemplate struct {
	ID        DNSTemplateID `json:"id,omitempty"`
	Name      Text          `json:"template_name"`
	CreatedAt Time          `json:"created_at,omitempty"`
	UpdatedAt Time          `json:"updated_at,omitempty"`
}

// DNSTemplateRecord is one record of a DNS template. Its data may hold [!ip] and
// [!domain], which stand for a new domain's own.
type DNSTemplateRecord struct {
	ID         DNSTemplateRecordID `json:"id,omitempty"`
	Type       Text                `json:"type,omitempty"`
	Host       Text                `json:"host,omitempty"`
	Data       Text                `json:"data,omitempty"`
	TTL        *Int                `json:"ttl,omitempty"`
	MXPriority *Int                `json:"mx_priority,omitempty"`
}

// DNSHost is a name server of the service.
type DNSHost struct {
	Host Text `json:"host"`
	IP   Text `json:"ip"`
}

// DNS is the group of functions about domains and their records.
var DNS = Group{Name: "dns", Title: "DNS", Operations: []Operation{
	ListDomains, CreateDomain, GetDomain, DeleteDomain,
	ListDomainRecords, CreateDomainRecord, EditDomainRecord, UpdateDomainRecords, GetDomainRecord, DeleteDomainRecord,
	ListServiceTypes, ListDNSHosts,
	ListDNSTemplates, CreateDNSTemplate,
	ListDNSTemplateRecords, CreateDNSTemplateRecord, EditDNSTemplateRecord, DeleteDNSTemplateRecord, DeleteDNSTemplate,
}}
