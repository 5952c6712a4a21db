package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"

	"vpsnet-mcp/vpsapi"
)

// ipHandlers returns the handlers of the functions for IP addresses.
func ipHandlers() []handler {
	return []handler{
		handle(vpsapi.ListIPs, listIPs),
		handle(vpsapi.AddIPs, addIPs),
		handle(vpsapi.EditIP, editIP),
		handle(vpsapi.RequestJustifiedIPs, requestJustifiedIPs),
		handle(vpsapi.ListJustifiedIPs, listJustifiedIPs),
		handle(vpsapi.DeleteIP, deleteIP),
		handle(vpsapi.ReassignIP, reassignIP),
		handle(vpsapi.CheckIPExists, checkIPExists),
	}
}

// documentAddress is the address of the document's example of IP address exists.
const documentAddress = "68.169.23.153"

// seedIPs gives every seeded server its primary address, the first one the
// document's own, and the account one further address and an internal one.
func seedIPs(a *account) {
	for _, s := range a.servers {
		ip := a.newIP(s.CloudID, &s.ID)
		ip.CreatedAt, ip.UpdatedAt = s.CreatedAt, s.UpdatedAt
		if s.ID == "1384" {
			ip.Address, ip.Network = documentAddress, "68.169.23.0"
		}
	}
	a.newIP("3", nil).Description = "spare"
	a.newIP("", nil)
}

// listIPs answers list_ips from the account in memory.
func listIPs(a *account, in vpsapi.ListIPsIn) ([]vpsapi.IP, error) {
	list := []vpsapi.IP{}
	for _, ip := range a.ips {
		if in.ConsumerID == "" || ip.ConsumerID == in.ConsumerID {
			list = append(list, *ip)
		}
	}
	return list, nil
}

// addIPs answers add_ips from the account in memory.
func addIPs(a *account, in vpsapi.AddIPsIn) ([]vpsapi.IP, error) {
	s, err := a.server(in.VirtualMachineID)
	if err != nil {
		return nil, invalid("virtual_machine_id", "is not a virtual machine of this account")
	}
	if faults := checkCount("quantity", in.Quantity, 1); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	cloud := s.CloudID
	if in.Type == "internal" {
		cloud = ""
	} else {
		a.charge(a.restOfMonth(ipPrice*float64(in.Quantity), countText(int(in.Quantity), "IP address", "es")))
	}
	made := make([]vpsapi.IP, in.Quantity)
	for i := range made {
		ip := a.newIP(cloud, ptr(s.ID))
		if in.ConsumerID != "" {
			ip.ConsumerID = in.ConsumerID
		}
		made[i] = *ip
	}
	a.logAction(s, "add_ip", "complete")
	return made, nil
}

// editIP answers edit_ip from the account in memory.
func editIP(a *account, in vpsapi.EditIPIn) (vpsapi.Raw, error) {
	ip, err := a.ip(in.IPID)
	if err != nil {
		return nil, err
	}
	if in.Notes != nil {
		ip.Description = *in.Notes
	}
	if in.ConsumerID != "" {
		ip.ConsumerID = in.ConsumerID
	}
	ip.UpdatedAt = a.nowStamp()
	return vpsapi.RawOf(vpsapi.Object{{Key: "ip_address", Value: *ip}})
}

// deleteIP answers delete_ip from the account in memory.
func deleteIP(a *account, in vpsapi.DeleteIPIn) (vpsapi.Done, error) {
	ip, err := a.ip(in.IPID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if a.onlyAddress(ip) {
		return vpsapi.Done{}, invalid("base", "The primary IP address of a virtual machine can't be removed")
	}
	a.ips = removeFirst(a.ips, func(other *vpsapi.IP) bool { return other == ip })
	return vpsapi.Done{}, nil
}

// reassignIP moves an address within its cloud, to a server of its consumer.
func reassignIP(a *account, in vpsapi.ReassignIPIn) (vpsapi.Raw, error) {
	ip, err := a.ip(in.IPID)
	if err != nil {
		return nil, err
	}
	s, err := a.server(in.VirtualMachineID)
	switch {
	case err != nil:
		return nil, invalid("virtual_machine_id", "is not a virtual machine of this account")
	case !a.onCloud(ip, s.CloudID):
		return nil, invalid("virtual_machine_id", "must be a virtual machine on the same cloud")
	case ip.ConsumerID != noConsumer && ip.ConsumerID != s.ConsumerID:
		return nil, invalid("virtual_machine_id", "must be a virtual machine of the same consumer")
	case ip.VirtualMachineID != nil && *ip.VirtualMachineID == s.ID:
		return vpsapi.RawOf(vpsapi.Object{{Key: "ip_address", Value: *ip}})
	case a.onlyAddress(ip):
		return nil, invalid("base", "The primary IP address of a virtual machine can't be reassigned")
	}
	a.ips = append(removeFirst(a.ips, func(other *vpsapi.IP) bool { return other == ip }), ip) // the last: a further one of its new server
	ip.VirtualMachineID, ip.UpdatedAt = ptr(s.ID), a.nowStamp()
	a.logAction(s, "reassign_ip", "complete")
	return vpsapi.RawOf(vpsapi.Object{{Key: "ip_address", Value: *ip}})
}

// onCloud reports an address that belongs to a cloud: by itself, or an internal
// one by the server that uses it.
func (a *account) onCloud(ip *vpsapi.IP, cloud vpsapi.CloudID) bool {
	if ip.CloudID != nil {
		return *ip.CloudID == cloud
	}
	if ip.VirtualMachineID == nil {
		return true
	}
	user, err := a.server(*ip.VirtualMachineID)
	return err != nil || user.CloudID == cloud
}

// onlyAddress reports the primary address of a server that has no other public one.
func (a *account) onlyAddress(ip *vpsapi.IP) bool {
	if ip.VirtualMachineID == nil || ip.CloudID == nil {
		return false
	}
	others := slices.DeleteFunc(a.serverIPs(*ip.VirtualMachineID), func(other *vpsapi.IP) bool { return other == ip || other.CloudID == nil })
	return len(others) == 0
}

// ip returns the address of an id, or the service's 404.
func (a *account) ip(id vpsapi.IPID) (*vpsapi.IP, error) {
	for _, ip := range a.ips {
		if ip.ID == id {
			return ip, nil
		}
	}
	return nil, notFound("IP address", id)
}

// requestJustifiedIPs keeps the request for the vendor's staff, who never answer
// in a sandbox.
func requestJustifiedIPs(a *account, in vpsapi.RequestJustifiedIPsIn) (vpsapi.Raw, error) {
	if _, err := a.server(in.VirtualMachineID); err != nil {
		return nil, invalid("virtual_machine_id", "is not a virtual machine of this account")
	}
	var made []json.RawMessage
	for _, j := range in.Justification {
		raw, err := vpsapi.RawOf(vpsapi.Object{{Key: "ip_justification", Value: vpsapi.Object{
			{Key: "id", Value: a.nextID()}, {Key: "virtual_machine_id", Value: in.VirtualMachineID},
			{Key: "justification_type", Value: j.Type}, {Key: "justification_reason", Value: j.Reason},
			{Key: "status", Value: "pending"}, {Key: "created_at", Value: a.nowStamp()},
		}}})
		if err != nil {
			return nil, err
		}
		a.justifications = append(a.justifications, raw)
		made = append(made, json.RawMessage(raw))
	}
	return json.Marshal(made)
}

// listJustifiedIPs answers list_justified_ips from the account in memory.
func listJustifiedIPs(a *account, _ vpsapi.ListJustifiedIPsIn) (vpsapi.Raw, error) {
	list := make([]json.RawMessage, len(a.justifications))
	for i, raw := range a.justifications {
		list[i] = json.RawMessage(raw)
	}
	return json.Marshal(list)
}

// checkIPExists answers check_ip_exists from the account in memory.
func checkIPExists(a *account, in vpsapi.CheckIPExistsIn) (vpsapi.Raw, error) {
	exists := slices.ContainsFunc(a.ips, func(ip *vpsapi.IP) bool { return string(ip.Address) == in.Address }) ||
		slices.ContainsFunc(a.ssd, func(s *ssdServer) bool {
			return s.PrimaryIPAddress != nil && string(s.PrimaryIPAddress.IP.Address) == in.Address
		})
	return vpsapi.RawOf(vpsapi.Object{{Key: "exists", Value: exists}})
}

// newIP puts a new address of a cloud on the account, assigned to a server when
// there is one; no cloud makes an internal address. Public addresses are
// those that are reserved for documentation, then those for benchmarks.
func (a *account) newIP(cloud vpsapi.CloudID, server *vpsapi.ServerID) *vpsapi.IP {
	n := a.nextAddress
	a.nextAddress++
	ip := &vpsapi.IP{
		ID: newID[vpsapi.IP](a), ConsumerID: noConsumer, VirtualMachineID: server, CloudID: &cloud,
		Netmask: "255.255.255.0", CreatedAt: a.nowStamp(), UpdatedAt: a.nowStamp(),
	}
	network := []string{"192.0.2", "198.51.100", "203.0.113"}
	prefix := fmt.Sprintf("198.%d.%d", 18+n/250/250, n/250%250)
	switch {
	case cloud == "":
		prefix = fmt.Sprintf("10.%d.%d", 100+n/250/250, n/250%250)
	case n/250 < len(network):
		prefix = network[n/250]
	}
	ip.Address, ip.Network = vpsapi.Text(fmt.Sprintf("%s.%d", prefix, n%250+2)), vpsapi.Text(prefix+".0")
	if cloud == "" {
		ip.CloudID = nil
	}
	if server != nil {
		if s, err := a.server(*server); err == nil {
			ip.ConsumerID = s.ConsumerID
		}
	}
	a.ips = append(a.ips, ip)
	return ip
}

// serverIPs lists a server's addresses, the primary one first: the oldest of the
// public ones.
func (a *account) serverIPs(id vpsapi.ServerID) []*vpsapi.IP {
	var ips []*vpsapi.IP
	for _, ip := range a.ips {
		if ip.VirtualMachineID != nil && *ip.VirtualMachineID == id {
			ips = append(ips, ip)
		}
	}
	return primaryFirst(ips)
}

// primaryFirst orders a server's addresses: public ones before internal ones.
func primaryFirst(ips []*vpsapi.IP) []*vpsapi.IP {
	var public, internal []*vpsapi.IP
	for _, ip := range ips {
		if ip.CloudID == nil {
			internal = append(internal, ip)
		} else {
			public = append(public, ip)
		}
	}
	return append(public, internal...)
}
