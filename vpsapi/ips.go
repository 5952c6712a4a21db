package vpsapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// IP is an IP address on the account. The note that edit_ip writes as notes is
// read back as Description. An absent CloudID, or "0", is an internal address.
type IP struct {
	ID               IPID       `json:"id"`
	Address          Text       `json:"ip_address"`
	Netmask          Text       `json:"netmask,omitempty"`
	Network          Text       `json:"network,omitempty"`
	CloudID          *CloudID   `json:"cloud_id" wire:"null"`
	ConsumerID       ConsumerID `json:"consumer_id,omitempty"` // it works only on servers of this consumer
	VirtualMachineID *ServerID  `json:"virtual_machine_id" wire:"null"`
	Description      Text       `json:"description,omitempty"`
	CreatedAt        Time       `json:"created_at,omitempty"`
	UpdatedAt        Time       `json:"updated_at,omitempty"`
}

// UnmarshalJSON leaves UnknownServer where the reply does not say who uses it.
func (ip *IP) UnmarshalJSON(b []byte) error {
	type plain IP
	unknown := UnknownServer
	ip.VirtualMachineID = &unknown
	return json.Unmarshal(b, (*plain)(ip))
}

// ListIPsIn filters the list.
type ListIPsIn struct {
	ConsumerID ConsumerID `json:"consumer_id,omitempty"`
}

// ListIPs lists the account's addresses.
var ListIPs = Op[ListIPsIn, []IP]{
	Name: "list_ips", Title: "List IPs",
	Doc:     "List the account's IP addresses with server, cloud, consumer and note.",
	Heading: "GET IPs",
	Route:   "GET /ips", Reply: wrappedList[IP]("ip_address"), Safety: Reads, Evidence: Clients,
}

// AddIPsIn says how many addresses to add, of which type, and for what.
type AddIPsIn struct {
	Quantity         Int        `json:"quantity" jsonschema:"minimum=1"`
	Type             string     `json:"type" jsonschema:"enum=internal,enum=external"`
	VirtualMachineID ServerID   `json:"virtual_machine_id" jsonschema_description:"Server that gets them"`
	ConsumerID       ConsumerID `json:"consumer_id,omitempty" jsonschema_description:"They then work on this consumer's servers only"`
}

// Check refuses a purchase of nothing, and an unknown type.
func (in AddIPsIn) Check() []Fault {
	return append(checkQuantity(in.Quantity), checkChoice("type", in.Type, "internal", "external")...)
}

// AddIPs adds addresses to the account and to a server.
var AddIPs = Op[AddIPsIn, []IP]{
	Name: "add_ips", Title: "Add IPs",
	Doc:     "Add IP addresses to a cloud server; billed until deleted. Afterwards rebuild_cloud_server_network may be needed.",
	Heading: "ADD IPs",
	Route:   "POST /ips", Reply: wrappedList[IP]("ip_address"), Safety: Commits, Evidence: Clients,
}

// EditIPIn is what of an address changes.
type EditIPIn struct {
	IPID       IPID       `json:"ip_id"`
	Notes      *Text      `json:"notes,omitempty" jsonschema_description:"Read back as description"`
	ConsumerID ConsumerID `json:"consumer_id,omitempty" jsonschema_description:"It then works on this consumer's servers only; 0 none"`
}

// Check refuses an edit that changes nothing.
func (in EditIPIn) Check() []Fault {
	if in.Notes == nil && in.ConsumerID == "" {
		return []Fault{{"notes", "nothing to edit: give notes or consumer_id"}}
	}
	return nil
}

// EditIP sets an address's note or consumer.
var EditIP = Op[EditIPIn, Raw]{
	Name: "edit_ip", Title: "Edit IP",
	Doc:     "Set an IP address's note, or its consumer, which can cut it off from its server.",
	Heading: "Edit IPs",
	Route:   "PUT /ips/{ip_id}", Envelope: "ip_address", Reply: rawShape(), Safety: Disrupts, Evidence: Clients,
}

// RequestJustifiedIPsIn asks for addresses, one for each justification.
type RequestJustifiedIPsIn struct {
	VirtualMachineID ServerID       `json:"virtual_machine_id"`
	Justification    Justifications `json:"ip_justification" jsonschema:"minItems=1" jsonschema_description:"One entry an address"`
}

// Check refuses a request without justifications, and one without its reason.
func (in RequestJustifiedIPsIn) Check() []Fault {
	if len(in.Justification) == 0 {
		return []Fault{{"ip_justification", "missing: give one entry for each address"}}
	}
	var faults []Fault
	for i, j := range in.Justification {
		at := fmt.Sprintf("ip_justification[%d].", i)
		faults = append(faults, checkChoice(at+"justification_type", string(j.Type), "0", "1", "2", "3")...)
		if strings.TrimSpace(j.Reason) == "" {
			faults = append(faults, Fault{at + "justification_reason", "missing: say what the address is for"})
		}
	}
	return faults
}

// Justifications are the reasons for addresses. On the wire they are an object
// of ip_address1, ip_address2 and so on: a list is what schemas can describe.
type Justifications []Justification

// Justification is the reason for one address.
type Justification struct {
	Type   Text   `json:"justification_type" jsonschema:"enum=0,enum=1,enum=2,enum=3" jsonschema_description:"0 dns, 1 ns, 2 others, 3 ssl"`
	Reason string `json:"justification_reason" jsonschema:"minLength=1"`
}

// wire returns the form that the service takes: ip_address1, ip_address2 and so on.
func (js Justifications) wire() any {
	o := make(Object, len(js))
	for i, j := range js {
		o[i] = Member{"ip_address" + strconv.Itoa(i+1), j}
	}
	return o
}

// UnmarshalJSON takes the list, and the object of the wire.
func (js *Justifications) UnmarshalJSON(b []byte) error {
	if b = bytes.TrimSpace(b); len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]Justification)(js))
	}
	object := map[string]Justification{}
	if err := json.Unmarshal(b, &object); err != nil {
		return err
	}
	*js = make(Justifications, 0, len(object))
	for i := range object {
		if !strings.HasPrefix(i, "ip_address") {
			return fmt.Errorf("ip_justification: %s is not ip_address1, ip_address2 and so on", Quote(i))
		}
	}
	for i := 1; len(*js) < len(object); i++ {
		j, ok := object["ip_address"+strconv.Itoa(i)]
		if !ok {
			return fmt.Errorf("ip_justification: ip_address%d is missing", i)
		}
		*js = append(*js, j)
	}
	return nil
}

// RequestJustifiedIPs asks the vendor for addresses that need a reason.
var RequestJustifiedIPs = Op[RequestJustifiedIPsIn, Raw]{
	Name: "request_justified_ips", Title: "Request justified IPs",
	Doc:     "Ask VPS.NET's staff for further IP addresses with a reason for each; granted ones are billed.",
	Heading: "Request for Justified IPs",
	Route:   "POST /ip_justifications", Reply: rawShape(), Safety: Commits, Evidence: Inferred,
}

// ListJustifiedIPsIn has no arguments.
type ListJustifiedIPsIn struct{}

// ListJustifiedIPs lists the requests for justified addresses.
var ListJustifiedIPs = Op[ListJustifiedIPsIn, Raw]{
	Name: "list_justified_ips", Title: "List justified IPs",
	Doc:     "List the requests for justified IP addresses.",
	Heading: "GET justification list",
	Route:   "GET /ip_justifications", Reply: rawShape(), Safety: Reads, Evidence: Inferred,
}

// DeleteIPIn names an address.
type DeleteIPIn struct {
	IPID IPID `json:"ip_id"`
}

// DeleteIP gives an address up.
var DeleteIP = Op[DeleteIPIn, Done]{
	Name: "delete_ip", Title: "Delete IP",
	Doc:     "Give an IP address up for good and end its billing; whatever uses it is cut off.",
	Heading: "DELETE IPs",
	Route:   "DELETE /ips/{ip_id}", Reply: noContent(), Safety: Destroys, Evidence: Clients,
}

// ReassignIPIn names an address and the server that gets it.
type ReassignIPIn struct {
	IPID             IPID     `json:"ip_id"`
	VirtualMachineID ServerID `json:"virtual_machine_id" wire:"string" jsonschema_description:"Server on the same cloud that gets it"`
}

// ReassignIP moves an address to another server of the same cloud.
var ReassignIP = Op[ReassignIPIn, Raw]{
	Name: "reassign_ip", Title: "Reassign IP",
	Doc:     "Move an IP address to another cloud server on the same cloud; its traffic goes there.",
	Heading: "Reassign IPs",
	Route:   "PUT /ips/{ip_id}/reassign", Reply: rawShape(), Safety: Disrupts, Evidence: Inferred,
}

// CheckIPExistsIn names an address by itself.
type CheckIPExistsIn struct {
	Address string `json:"ip_address" jsonschema:"maxLength=45"`
}

// Check refuses what is not an address. A zone (%eth0) is a name of some machine's
// own network card.
func (in CheckIPExistsIn) Check() []Fault {
	if addr, err := netip.ParseAddr(in.Address); err != nil || addr.Zone() != "" {
		return []Fault{{"ip_address", "not an IP address: " + Quote(in.Address)}}
	}
	return nil
}

// CheckIPExists asks whether an address is one of VPS.NET's. It is a read, although
// the document sends it as a POST.
var CheckIPExists = Op[CheckIPExistsIn, Raw]{
	Name: "check_ip_exists", Title: "Check IP exists",
	Doc:     "Check whether an IP address exists at VPS.NET.",
	Heading: "IP address exists",
	Route:   "POST /ips/ip_address_exists", Reply: rawShape(), Safety: Reads, Evidence: Inferred,
}

// IPs is the group of functions about IP addresses.
var IPs = Group{Name: "ips", Title: "IPs", Operations: []Operation{
	ListIPs, AddIPs, EditIP, RequestJustifiedIPs, ListJustifiedIPs, DeleteIP, ReassignIP, CheckIPExists,
}}
