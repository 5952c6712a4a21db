package vpsapi

import (
	"bytes"
	"encoding/json"
)

// Domain is a DNS zone on the account.
type Domain struct {
	ID        DomainID `json:"id,omitempty"` // creating one may answer without it
	Name      Text     `json:"name"`
	Serial    Text     `json:"serial,omitempty"`
	IPAddress Text     `json:"ip_address,omitempty"`
	CreatedAt Time     `json:"created_at,omitempty"`
	UpdatedAt Time     `json:"updated_at,omitempty"`
}

// Record is one record of a domain.
type Record struct {
	ID         RecordID   `json:"id,omitempty"`
	Type       Text       `json:"type"` // soa, ns, a, aaaa, mx, txt, cname, srv, failover
	Host       Text       `json:"host"` // "@" is the domain itself
	Data       RecordData `json:"data"`
	TTL        *Int       `json:"ttl,omitempty"` // seconds; one for all records of a host
	MXPriority *Int       `json:"mx_priority,omitempty"`

	PrimaryData Text `json:"primary_data,omitempty"`           // failover
	ServiceType Text `json:"service_type,omitempty"`           // failover
	Service     Text `json:"service,omitempty"`                // srv
	Protocol    Text `json:"protocol,omitempty"`               // srv
	Priority    *Int `json:"priority,omitempty" wire:"string"` // srv
	Weight      *Int `json:"weight,omitempty" wire:"string"`   // srv
	Port        *Int `json:"port,omitempty" wire:"string"`     // srv
}

// RecordData is what a record points to: one text, or the targets of a
// failover record. One text is a list of one.
type RecordData []string

// UnmarshalJSON takes a text or a list of texts.
func (d *RecordData) UnmarshalJSON(b []byte) error {
	if b = bytes.TrimSpace(b); len(b) > 0 && b[0] == '[' {
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

// DNSTemplate is a set of records that a new domain can start with.
type DNSTemplate struct {
	ID        DNSTemplateID `json:"id,omitempty"`
	Name      Text          `json:"template_name"`
	CreatedAt Time          `json:"created_at,omitempty"`
	UpdatedAt Time          `json:"updated_at,omitempty"`
}

// DNSTemplateRecord is one record of a DNS template.
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
var DNS = Group{Name: "dns", Title: "DNS"}
