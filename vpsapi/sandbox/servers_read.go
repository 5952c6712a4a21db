package sandbox

import (
	"encoding/json"
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// listServers answers list_cloud_servers from the account in memory.
func listServers(a *account, in vpsapi.ListServersIn) ([]vpsapi.Server, error) {
	list := a.serverViews(func(v vpsapi.Server) bool { return in.ConsumerID == "" || v.ConsumerID == in.ConsumerID })
	if isOn(in.Basic) {
		for i := range list {
			list[i].Running, list[i].BandwidthUsed = nil, nil
		}
	}
	return list, nil
}

// getServer answers get_cloud_server from the account in memory.
func getServer(a *account, in vpsapi.GetServerIn) (vpsapi.Server, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return vpsapi.Server{}, err
	}
	return a.serverView(s), nil
}

// searchServers looks into names and addresses; the sandbox's servers have no tags.
func searchServers(a *account, in vpsapi.SearchServersIn) ([]vpsapi.Server, error) {
	wanted := strings.ToLower(strings.TrimSpace(in.Search))
	if wanted == "" {
		return nil, invalid("search", "can't be blank")
	}
	return a.serverViews(func(v vpsapi.Server) bool {
		names := []string{string(v.Label), string(v.Hostname + "." + v.DomainName)}
		for _, w := range v.IPAddresses {
			names = append(names, string(w.IP.Address))
		}
		return strings.Contains(strings.ToLower(strings.Join(names, "\n")), wanted)
	}), nil
}

// getActivityLog gives the newest line first. Nobody has published the reply's
// form: this is how the service's lists are.
func getActivityLog(a *account, in vpsapi.GetActivityLogIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	type line struct {
		Entry logEntry `json:"activity_log"`
	}
	lines := make([]line, len(s.log))
	for i, entry := range s.log {
		lines[len(lines)-1-i] = line{entry}
	}
	return json.Marshal(lines)
}

// serverViews shows the live servers that ok holds for.
func (a *account) serverViews(ok func(vpsapi.Server) bool) []vpsapi.Server {
	nodes, ips := a.countAllNodes(), map[vpsapi.ServerID][]*vpsapi.IP{}
	for _, ip := range a.ips {
		if ip.VirtualMachineID != nil {
			ips[*ip.VirtualMachineID] = append(ips[*ip.VirtualMachineID], ip)
		}
	}
	list := []vpsapi.Server{}
	for _, s := range a.servers {
		if v := a.assembleServer(s, nodes[s.ID], primaryFirst(ips[s.ID])); ok(v) {
			list = append(list, v)
		}
	}
	return list
}

// serverView returns a live server as the service shows it.
func (a *account) serverView(s *server) vpsapi.Server {
	return a.assembleServer(s, a.countAllNodes()[s.ID], a.serverIPs(s.ID))
}

// assembleServer lays out what the account keeps beside a server: its month's traffic, its
// nodes and its addresses, of which the first is the primary one.
func (a *account) assembleServer(s *server, nodes nodesByType, ips []*vpsapi.IP) vpsapi.Server {
	v := s.Server
	v.BandwidthUsed = a.monthTraffic(s)
	v.PrimaryIPAddress, v.IPAddresses, v.AdditionalIPs = nil, nil, nil
	for i, ip := range ips {
		wrapped := vpsapi.IPWrapper{IP: *ip}
		v.IPAddresses = append(v.IPAddresses, wrapped)
		if i == 0 {
			v.PrimaryIPAddress = &wrapped
		} else {
			v.AdditionalIPs = append(v.AdditionalIPs, wrapped)
		}
	}
	nodes.writeTo(&v)
	v.AvailableDiskSize = gigabytes(nodes.disk())
	v.BackupLicenses = &vpsapi.BackupLicenses{Rsync: ptr(vpsapi.Flag(isOn(s.RsyncEnabled))), R1Soft: ptr(vpsapi.Flag(isOn(s.R1SoftEnabled)))}
	return v
}

// reply is a server as an action whose reply is not documented answers with it.
func (a *account) reply(s *server) (vpsapi.Raw, error) {
	return vpsapi.GetServer.EncodeReply(a.serverView(s))
}

// nodesByType is how many nodes of each type a server uses.
type nodesByType map[string]int

// The types of nodes; daily ones are vps nodes that are billed by the day.
const (
	monthlyNodes   = "vps"
	dailyNodes     = "daily"
	ramNodes       = "ram"
	storageNodes   = "storage"
	fusionNodes    = "fusion"
	bandwidthNodes = "bandwidth"
)

// diskGBPerNode is the disk that a node gives, in GB.
const diskGBPerNode = 10

// countAllNodes counts the nodes of every server; those that are free stand
// under the empty id.
func (a *account) countAllNodes() map[vpsapi.ServerID]nodesByType {
	all := map[vpsapi.ServerID]nodesByType{}
	for _, n := range a.nodes {
		var user vpsapi.ServerID
		if n.VirtualMachineID != nil {
			user = *n.VirtualMachineID
		}
		if all[user] == nil {
			all[user] = nodesByType{}
		}
		all[user][nodeKind(n)]++
	}
	return all
}

// writeTo fills in a server's counts. slices_count, where a server has one,
// does not tell monthly nodes from daily ones.
func (c nodesByType) writeTo(v *vpsapi.Server) {
	for kind, field := range map[string]**vpsapi.Int{
		monthlyNodes: &v.RegularNodesCount, dailyNodes: &v.DailyNodesCount, ramNodes: &v.RAMNodesCount,
		storageNodes: &v.StorageNodesCount, fusionNodes: &v.FusionNodesCount, bandwidthNodes: &v.BandwidthNodesCount,
	} {
		*field = ptr(vpsapi.Int(c[kind]))
	}
	v.BetaNodesCount = ptr(vpsapi.Int(0))
	if v.SlicesCount != nil {
		v.SlicesCount = ptr(vpsapi.Int(c[monthlyNodes] + c[dailyNodes]))
	}
}

// disk is what the nodes give, in GB.
func (c nodesByType) disk() int {
	return (c[monthlyNodes] + c[dailyNodes] + c[storageNodes]) * diskGBPerNode
}

// gigabytes returns a size in GB, as the service writes it: a number as text.
func gigabytes(n int) vpsapi.Text { return vpsapi.Text(strconv.Itoa(n)) }
