package sandbox

import (
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// A deleted server can be recovered for a while, and only the last few can.
const (
	// recoverableFor is how long a deleted server can be recovered.
	recoverableFor = 12 * time.Hour
	// recoverableCount is how many deleted servers can be recovered.
	recoverableCount = 3
)

// deleteServer answers delete_cloud_server from the account in memory.
func deleteServer(a *account, in vpsapi.DeleteServerIn) (vpsapi.Done, error) {
	s, err := a.idleServer(in.ServerID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if faults := a.checkHeirs(s, in); len(faults) > 0 {
		return vpsapi.Done{}, invalid(faults...)
	}
	a.countAllNodes()[s.ID].writeTo(&s.Server)
	a.leaveAddresses(s, in.ReassignIP)
	a.leaveService(s, in.AlternateVPS)
	a.releaseNodes(s)
	s.setBooted(false)
	s.deletedAt = a.now
	a.logAction(s, "destroy", "complete")
	a.servers = removeFirst(a.servers, func(other *server) bool { return other == s })
	a.deleted = append(a.deleted, s)
	a.deleted = a.deleted[max(0, len(a.deleted)-recoverableCount):]
	a.schedule(recoverableFor, func() { a.forgetServer(s, a.now) })
	return vpsapi.Done{}, nil
}

// forgetServer loses a deleted server with all that it has, unless it has been
// recovered since.
func (a *account) forgetServer(s *server, now time.Time) {
	if !s.deletedAt.IsZero() && now.Sub(s.deletedAt) >= recoverableFor {
		a.deleted = removeFirst(a.deleted, func(other *server) bool { return other == s })
	}
}

// checkHeirs returns the faults of the servers that are to get what a deleted server had.
func (a *account) checkHeirs(s *server, in vpsapi.DeleteServerIn) []string {
	var faults []string
	for _, heir := range []struct {
		field string
		id    vpsapi.ServerID
		wrong func(*server) string
	}{
		{"reassign_ip", in.ReassignIP, func(h *server) string {
			if h.CloudID != s.CloudID {
				return "must be a virtual machine on the same cloud"
			}
			return ""
		}},
		{"alternate_vps", in.AlternateVPS, func(h *server) string {
			if a.onWindows(h) {
				return "can't be a Windows virtual machine"
			}
			return ""
		}},
		{"alternate_sd_vps", in.AlternateSD, func(*server) string { return "" }},
	} {
		if heir.id == "" {
			continue
		}
		h, err := a.server(heir.id)
		if err != nil {
			faults = append(faults, heir.field, "is not a virtual machine of this account")
		} else if wrong := heir.wrong(h); wrong != "" {
			faults = append(faults, heir.field, wrong)
		}
	}
	return faults
}

// onWindows reports a server whose template is a Windows one, which costs a license.
func (a *account) onWindows(s *server) bool {
	t, err := a.template(s.SystemTemplateID)
	return err == nil && strings.Contains(strings.ToLower(string(t.OSType+" "+t.OperatingSystem+" "+t.Label)), "windows")
}

// leaveAddresses gives up a server's primary address, or makes it a further one
// of another server at a price; its own further ones stay on the account. An
// address that was given up comes back with the server.
func (a *account) leaveAddresses(s *server, heir vpsapi.ServerID) {
	s.PrimaryIPAddress = nil
	for i, ip := range a.serverIPs(s.ID) {
		ip.UpdatedAt = a.nowStamp()
		if i > 0 {
			ip.VirtualMachineID = nil
			continue
		}
		a.ips = removeFirst(a.ips, func(other *vpsapi.IP) bool { return other == ip })
		if heir == "" {
			s.PrimaryIPAddress = &vpsapi.IPWrapper{IP: *ip}
			continue
		}
		ip.VirtualMachineID = &heir
		a.ips = append(a.ips, ip) // at the end: the heir's own primary address stays the first
		a.charge(ipPrice, "IP address "+string(ip.Address)+", one month")
	}
}

// leaveService hands the Pro-Active Managed Service on.
func (a *account) leaveService(s *server, heir vpsapi.ServerID) {
	for _, m := range a.managed {
		if heir != "" && m.VirtualMachineID == s.ID {
			m.VirtualMachineID = heir
		}
	}
}

// listRecoverableServers answers list_recoverable_cloud_servers from the account in memory.
func listRecoverableServers(a *account, _ vpsapi.ListRecoverableServersIn) ([]vpsapi.Server, error) {
	list := make([]vpsapi.Server, len(a.deleted))
	for i, s := range a.deleted {
		list[i] = s.Server
	}
	return list, nil
}

// recoverServer brings a server back, stopped, on nodes that are still free: it
// buys none.
func recoverServer(a *account, in vpsapi.RecoverServerIn) (vpsapi.Server, error) {
	i := slices.IndexFunc(a.deleted, func(s *server) bool { return s.ID == in.ServerID })
	if i < 0 {
		if _, err := a.server(in.ServerID); err != nil {
			return vpsapi.Server{}, err
		}
		return vpsapi.Server{}, invalid("base", "The virtual machine is not deleted")
	}
	s, free := a.deleted[i], a.countAllNodes()[""]
	needed := heldNodes(s)
	for _, n := range needed {
		if free[n.kind] < n.count {
			return vpsapi.Server{}, invalid("base", "There are not enough free "+n.kind+" nodes to recover this virtual machine")
		}
	}
	a.deleted = slices.Delete(slices.Clone(a.deleted), i, i+1)
	a.servers = append(a.servers, s)
	s.deletedAt, s.UpdatedAt = time.Time{}, a.nowStamp()
	for _, n := range needed {
		a.setNodes(s, n.kind, n.count)
	}
	a.returnAddress(s)
	a.logAction(s, "recover", "complete")
	return a.serverView(s), nil
}

// heldNodes lists the nodes that a deleted server had.
func heldNodes(s *server) []nodeCount {
	var held []nodeCount
	for _, n := range []struct {
		kind  string
		count *vpsapi.Int
	}{
		{monthlyNodes, s.RegularNodesCount}, {dailyNodes, s.DailyNodesCount}, {ramNodes, s.RAMNodesCount},
		{storageNodes, s.StorageNodesCount}, {fusionNodes, s.FusionNodesCount}, {bandwidthNodes, s.BandwidthNodesCount},
	} {
		if n.count != nil && *n.count > 0 {
			held = append(held, nodeCount{n.kind, int(*n.count)})
		}
	}
	return held
}

// returnAddress gives a recovered server its address back, or a new one where
// another server has got it.
func (a *account) returnAddress(s *server) {
	if s.PrimaryIPAddress == nil {
		a.newIP(s.CloudID, &s.ID)
		return
	}
	ip := s.PrimaryIPAddress.IP
	ip.UpdatedAt = a.nowStamp()
	a.ips = append(a.ips, &ip)
}
