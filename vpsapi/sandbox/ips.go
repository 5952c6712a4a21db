package sandbox

import "vpsnet-mcp/vpsapi"

func ipHandlers() []handler { return nil }

func seedIPs(*account) {}

// newIP puts a new address of a cloud on the account, assigned to a server when
// there is one.
func (a *account) newIP(cloud vpsapi.CloudID, server *vpsapi.ServerID) *vpsapi.IP {
	ip := &vpsapi.IP{ID: newID[vpsapi.IP](a), CloudID: &cloud, VirtualMachineID: server, CreatedAt: a.stamp(), UpdatedAt: a.stamp()}
	a.ips = append(a.ips, ip)
	return ip
}

// serverIPs lists a server's addresses, the primary one first.
func (a *account) serverIPs(id vpsapi.ServerID) []*vpsapi.IP {
	var ips []*vpsapi.IP
	for _, ip := range a.ips {
		if ip.VirtualMachineID != nil && *ip.VirtualMachineID == id {
			ips = append(ips, ip)
		}
	}
	return ips
}
