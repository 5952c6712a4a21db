package vpsapi

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ListDomainsIn has no arguments.
type ListDomainsIn struct{}

// ListDomains lists the domains.
var ListDomains = Op[ListDomainsIn, []Domain]{
	Name: "list_domains", Title: "List domains",
	Doc:     "List the account's DNS domains with their ids.",
	Heading: "GET Domains",
	Route:   "GET /domains", Reply: wrappedList[Domain]("domain"), Safety: Reads, Evidence: Clients,
}

// CreateDomainIn describes a new domain.
type CreateDomainIn struct {
	Name           string        `json:"name" jsonschema:"maxLength=253" jsonschema_description:"Such as example.com"`
	CustomTemplate DNSTemplateID `json:"custom_template,omitempty" jsonschema_description:"DNS template to start with"`
	IPAddress      string        `json:"ip_address" jsonschema:"format=ipv4" jsonschema_description:"IPv4 of the first records"`
}

// Body sends the template always: the document demands an empty one for none.
func (in CreateDomainIn) Body(o *Object) {
	if in.CustomTemplate == "" {
		o.Set("custom_template", "")
	}
}

// Check refuses a name that can be no domain, and what is no IPv4 address.
func (in CreateDomainIn) Check() []Fault {
	var faults []Fault
	if err := validHostName(in.Name); err != nil {
		faults = append(faults, Fault{"name", err.Error()})
	} else if !strings.Contains(in.Name, ".") {
		faults = append(faults, Fault{"name", "not a whole domain name, such as example.com: " + Quote(in.Name)})
	}
	if !isIPv4(in.IPAddress) {
		faults = append(faults, Fault{"ip_address", "not an IPv4 address: " + Quote(in.IPAddress)})
	}
	return faults
}

// CreateDomain makes a zone.
var CreateDomain = Op[CreateDomainIn, Domain]{
	Name: "create_domain", Title: "Create domain",
	Doc:     "Create a DNS domain (zone) with first records. It registers no name: the registrar must point to list_dns_hosts.",
	Heading: "CREATE Domain",
	Route:   "POST /domains", Envelope: "domain", Reply: wrappedObject[Domain]("domain"), Safety: Disrupts, Evidence: Clients,
}

// DomainRef names a domain: by its id, or by its name such as "example.com".
type DomainRef string

// UnmarshalJSON takes an id as a number, or text.
func (d *DomainRef) UnmarshalJSON(b []byte) error { return unmarshalText(b, (*string)(d)) }

// isID reports a reference by id, not by name.
func (d DomainRef) isID() bool { return strings.Trim(string(d), "0123456789") == "" }

// validID implements identifier: an id or a domain's name.
func (d DomainRef) validID() error {
	if d == "" {
		return errors.New("missing: give a domain's id, or its name such as example.com")
	}
	if d.isID() {
		return validID(string(d))
	}
	return validHostName(string(d))
}

// GetDomainIn names a domain.
type GetDomainIn struct {
	DomainID DomainRef `json:"domain_id" jsonschema_description:"Id, or name such as example.com"`
	// TLD is what follows the first dot of the name. It is not an argument: encoding
	// takes it from DomainID, a server finds it here.
	TLD string `json:"tld,omitempty" jsonschema:"-"`
}

// Path splits a name at its first dot, as the service wants it:
// GET /domains/example?tld=co.uk. A name is not a segment that the one rule knows.
func (in GetDomainIn) Path(values map[string]string, query url.Values) {
	if label, rest, ok := strings.Cut(string(in.DomainID), "."); ok {
		values["domain_id"] = label
		query.Set("tld", rest)
	}
}

// Check refuses a domain's name that is not whole, such as example.
func (in GetDomainIn) Check() []Fault {
	if in.TLD != "" {
		if err := validHostName(in.TLD); err != nil {
			return []Fault{{"tld", err.Error()}}
		}
		return nil
	}
	if !in.DomainID.isID() && !strings.Contains(string(in.DomainID), ".") {
		return []Fault{{"domain_id", fmt.Sprintf("neither an id nor a whole name such as example.com: %s", Quote(string(in.DomainID)))}}
	}
	return nil
}

// GetDomain reads one domain.
var GetDomain = Op[GetDomainIn, Domain]{
	Name: "get_domain", Title: "Get domain",
	Doc:     "Get one DNS domain, by id or name, with its serial.",
	Heading: "GET properties for a Domain",
	Route:   "GET /domains/{domain_id}", Reply: wrappedObject[Domain]("domain"), Safety: Reads, Evidence: Clients,
}

// DeleteDomainIn names a domain.
type DeleteDomainIn struct {
	DomainID DomainID `json:"domain_id"`
}

// DeleteDomain removes a zone.
var DeleteDomain = Op[DeleteDomainIn, Done]{
	Name: "delete_domain", Title: "Delete domain",
	Doc:     "Delete a DNS domain with all its records, for good: its names stop resolving.",
	Heading: "DELETE a Domain",
	Route:   "DELETE /domains/{domain_id}", Reply: noContent(), Safety: Destroys, Evidence: Clients,
}

// ListServiceTypesIn has no arguments.
type ListServiceTypesIn struct{}

// ListServiceTypes lists what failover records can watch. No document shows the
// reply.
var ListServiceTypes = Op[ListServiceTypesIn, Raw]{
	Name: "list_service_types", Title: "List failover service types",
	Doc:     "List the service types (text keys) that failover DNS records can watch.",
	Heading: "GET Service Type Textkeys",
	Route:   "GET /domains/service_types", Reply: rawShape(), Safety: Reads, Evidence: Inferred,
}

// ListDNSHostsIn has no arguments.
type ListDNSHostsIn struct{}

// ListDNSHosts lists the service's name servers.
var ListDNSHosts = Op[ListDNSHostsIn, []DNSHost]{
	Name: "list_dns_hosts", Title: "List DNS hosts",
	Doc:     "List VPS.NET's own name servers: host and IP.",
	Heading: "GET DNS Hosts",
	Route:   "GET /domains/dns_hosts", Reply: bareList[DNSHost](), Safety: Reads, Evidence: Clients,
}

// validHostName refuses what can be no DNS name; a name in another script has
// its xn-- form.
func validHostName(name string) error {
	if len(name) > 253 {
		return errors.New("longer than a DNS name can be (253 characters)")
	}
	for _, label := range strings.Split(name, ".") {
		if !isLabel(label) || strings.Contains(label, "_") || label[0] == '-' || label[len(label)-1] == '-' {
			return fmt.Errorf("not a domain name: %s; labels of letters, digits and hyphens, such as example.com", Quote(name))
		}
	}
	return nil
}

// isLabel reports one label of a name in a zone, where underscores are common.
func isLabel(label string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"
	return label != "" && len(label) <= 63 && strings.Trim(label, letters) == ""
}

// isIPv4 reports an IPv4 address.
func isIPv4(s string) bool {
	ip, err := netip.ParseAddr(s)
	return err == nil && ip.Is4()
}

// isIPv6 reports an IPv6 address without a zone.
func isIPv6(s string) bool {
	ip, err := netip.ParseAddr(s)
	return err == nil && ip.Is6() && ip.Zone() == ""
}
