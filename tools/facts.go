package tools

import (
	"cmp"
	"context"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// The describers below say what a person needs to know of a thing. Texts from
// the account stand in quotes, so that none can speak as the plan.

// server reads a server.
func (r *reader) server(ctx context.Context, id vpsapi.ServerID) (vpsapi.Server, error) {
	s, err := read(ctx, r, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: id})
	s.ID = id
	return s, err
}

// servers lists the live servers, without whether they run.
func (r *reader) servers(ctx context.Context) ([]vpsapi.Server, error) {
	basic := vpsapi.Flag(true)
	return read(ctx, r, vpsapi.ListServers, vpsapi.ListServersIn{Basic: &basic})
}

// otherServer describes a server that a plan names beside its own.
func (r *reader) otherServer(ctx context.Context, id vpsapi.ServerID) string {
	s, err := r.server(ctx, id)
	if err != nil {
		return "cloud server " + idText(id) + " (which could not be looked up)"
	}
	return serverText(s)
}

// onServer starts the plan of what happens to a server.
func (r *reader) onServer(ctx context.Context, op vpsapi.Operation, in any, id vpsapi.ServerID) (*Plan, vpsapi.Server, error) {
	s, err := r.server(ctx, id)
	if err != nil {
		return nil, s, err
	}
	p, err := r.plan(op, in)
	if err != nil {
		return nil, s, err
	}
	p.Thing = serverThing(s)
	if op.Info().Safety == vpsapi.Destroys {
		p.Thing.Shared = r.sharesLabel(ctx, p.Thing)
	}
	p.say("%s: %s.", op.Info().Title, serverText(s))
	return p, s, nil
}

func serverThing(s vpsapi.Server) Thing {
	return Thing{Kind: "cloud server", ID: string(s.ID), Label: string(s.Label)}
}

// sharesLabel reports that another server of either kind has the same label, or
// that nobody knows.
func (r *reader) sharesLabel(ctx context.Context, t Thing) bool {
	cloud, err := r.servers(ctx)
	if err != nil {
		return true
	}
	ssd, err := read(ctx, r, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
	if err != nil && !vpsapi.IsNotFound(err) { // a service that has no such servers has none of that label
		return true
	}
	same := func(o Thing) bool { return (o.Kind != t.Kind || o.ID != t.ID) && strings.EqualFold(o.Label, t.Label) }
	return slices.ContainsFunc(cloud, func(s vpsapi.Server) bool { return same(serverThing(s)) }) ||
		slices.ContainsFunc(ssd, func(s vpsapi.SSDServer) bool { return same(ssdThing(s)) })
}

func serverText(s vpsapi.Server) string {
	parts := []string{"id " + idText(s.ID)}
	if host := hostname(s); host != "" {
		parts = append(parts, vpsapi.Quote(host))
	}
	if s.PrimaryIPAddress != nil {
		parts = append(parts, addressText(s.PrimaryIPAddress.IP.Address))
	}
	return fmt.Sprintf("cloud server %s (%s)", vpsapi.Quote(string(s.Label)), strings.Join(append(parts, stateText(s)), ", "))
}

func hostname(s vpsapi.Server) string {
	return strings.Trim(string(s.Hostname+"."+s.DomainName), ".")
}

func stateText(s vpsapi.Server) string {
	text := "whether it runs is unknown"
	switch {
	case isOff(s.Built):
		text = "not built yet"
	case isOn(s.Running):
		text = "running"
	case isOff(s.Running):
		text = "stopped"
	}
	if isOn(s.PowerActionPending) {
		text += ", a task is under way on it"
	}
	return text
}

// settledAs reports a server that is certain to run or not to run, now and in a moment.
func settledAs(s vpsapi.Server, running bool) bool {
	return !isOn(s.PowerActionPending) && !isOff(s.Built) && s.Running != nil && bool(*s.Running) == running
}

// addressText is an address as it is; what is none is quoted.
func addressText(a vpsapi.Text) string {
	if ip, err := netip.ParseAddr(string(a)); err == nil && ip.Zone() == "" {
		return string(a)
	}
	return vpsapi.Quote(string(a))
}

// furtherAddresses are a server's addresses beside the primary one.
func furtherAddresses(s vpsapi.Server) []string {
	var list []string
	for _, w := range s.IPAddresses {
		if s.PrimaryIPAddress == nil || w.IP.Address != s.PrimaryIPAddress.IP.Address {
			list = append(list, addressText(w.IP.Address))
		}
	}
	return list
}

// nodeCounts are a server's nodes by type, as far as the service counts them.
func nodeCounts(s vpsapi.Server) (monthly, daily *vpsapi.Int, others []string) {
	monthly = cmp.Or(s.RegularNodesCount, s.SlicesCount)
	for _, n := range []struct {
		kind  string
		count *vpsapi.Int
	}{
		{"RAM node", s.RAMNodesCount}, {"storage node", s.StorageNodesCount},
		{"fusion node", s.FusionNodesCount}, {"bandwidth node", s.BandwidthNodesCount},
	} {
		if n.count != nil && *n.count > 0 {
			others = append(others, counted(int(*n.count), n.kind))
		}
	}
	return monthly, s.DailyNodesCount, others
}

// nodesText lists a server's nodes.
func nodesText(s vpsapi.Server) string {
	monthly, daily, others := nodeCounts(s)
	var list []string
	if monthly != nil && *monthly > 0 {
		list = append(list, counted(int(*monthly), "monthly node"))
	}
	if daily != nil && *daily > 0 {
		list = append(list, counted(int(*daily), "daily node"))
	}
	if list = append(list, others...); len(list) == 0 {
		return "its nodes (the service does not say how many)"
	}
	return "its " + and(list)
}

// backupsText counts a server's backups and dates the newest; empty when it has none.
func (r *reader) backupsText(ctx context.Context, id vpsapi.ServerID) string {
	all, err := read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: id})
	if err != nil {
		return "its backups (which could not be looked up)"
	}
	if len(all) == 0 {
		return ""
	}
	newest := slices.MaxFunc(all, func(x, y vpsapi.Backup) int { return strings.Compare(when(backupTime(x)), when(backupTime(y))) })
	return fmt.Sprintf("its %s, the newest of %s", counted(len(all), "backup"), when(backupTime(newest)))
}

func backupTime(b vpsapi.Backup) vpsapi.Time {
	if b.BuiltAt != nil && *b.BuiltAt != "" {
		return *b.BuiltAt
	}
	return b.CreatedAt
}

// backup finds a backup of a server.
func (r *reader) backup(ctx context.Context, server vpsapi.ServerID, id vpsapi.BackupID) (vpsapi.Backup, error) {
	all, err := read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: server})
	if err != nil {
		return vpsapi.Backup{}, err
	}
	return found(all, func(b vpsapi.Backup) bool { return b.ID == id }, "backup "+string(id)+" of cloud server "+string(server), "list_backups")
}

func backupText(b vpsapi.Backup) string {
	parts := []string{"id " + idText(b.ID), "of " + when(backupTime(b))}
	if b.Type != "" && b.Type != "normal" {
		parts = append(parts, vpsapi.Quote(string(b.Type)))
	}
	if isOff(b.Built) {
		parts = append(parts, "not finished yet")
	}
	label := ""
	if b.Label != "" {
		label = " " + vpsapi.Quote(string(b.Label))
	}
	return fmt.Sprintf("backup%s (%s)", label, strings.Join(parts, ", "))
}

// ip finds an address.
func (r *reader) ip(ctx context.Context, id vpsapi.IPID) (vpsapi.IP, error) {
	all, err := read(ctx, r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	if err != nil {
		return vpsapi.IP{}, err
	}
	return found(all, func(ip vpsapi.IP) bool { return ip.ID == id }, "IP address "+string(id), "list_ips")
}

func ipText(ip vpsapi.IP) string {
	text := fmt.Sprintf("IP address %s (id %s", addressText(ip.Address), idText(ip.ID))
	if ip.Description != "" {
		text += ", note " + vpsapi.Quote(string(ip.Description))
	}
	return text + ")"
}

// onIP starts the plan of what happens to an address.
func (r *reader) onIP(ctx context.Context, op vpsapi.Operation, in any, id vpsapi.IPID) (*Plan, vpsapi.IP, error) {
	ip, err := r.ip(ctx, id)
	if err != nil {
		return nil, ip, err
	}
	p, err := r.plan(op, in)
	if err == nil {
		p.Thing = Thing{Kind: "IP address", ID: string(ip.ID), Label: string(ip.Address)}
	}
	return p, ip, err
}

// node finds a node of a type.
func (r *reader) node(ctx context.Context, id vpsapi.NodeID, kind string) (vpsapi.Node, error) {
	kind = cmp.Or(kind, "vps")
	all, err := read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: kind})
	if err != nil {
		return vpsapi.Node{}, err
	}
	return found(all, func(n vpsapi.Node) bool { return n.ID == id }, fmt.Sprintf("node %s of type %s", id, kind), "list_nodes")
}

func nodeText(n vpsapi.Node) string {
	billed := "monthly"
	if isOn(n.DailyNode) {
		billed = "daily"
	}
	if isOn(n.FreeNode) {
		billed = "free"
	}
	return fmt.Sprintf("%s node %s (%s)", cmp.Or(string(n.Type), "vps"), idText(n.ID), billed)
}

// inUse is what uses a thing; empty when nothing does.
func inUse(id *vpsapi.ServerID) vpsapi.ServerID {
	if id == nil || *id == "0" {
		return ""
	}
	return *id
}

// cloudText names a cloud.
func (r *reader) cloudText(ctx context.Context, id vpsapi.CloudID) string {
	if c, ok := r.cloud(ctx, id); ok {
		return fmt.Sprintf("cloud %s (id %s)", vpsapi.Quote(string(c.Label)), idText(id))
	}
	return "cloud " + idText(id)
}

// cloud finds a cloud among those for servers.
func (r *reader) cloud(ctx context.Context, id vpsapi.CloudID) (vpsapi.Cloud, bool) {
	all, err := read(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
	i := slices.IndexFunc(all, func(c vpsapi.Cloud) bool { return c.ID == id })
	if err != nil || i < 0 {
		return vpsapi.Cloud{}, false
	}
	return all[i], true
}

func consumerText(id vpsapi.ConsumerID) string {
	if id == "" || id == "0" {
		return "none"
	}
	return idText(id)
}

// found is the one of a list that fits. What is not there is told before
// anything is sent.
func found[T any](list []T, fits func(T) bool, what, where string) (T, error) {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i], nil
	}
	var none T
	return none, &goneError{what, where}
}

// goneError says that a list does not have what a plan is about.
type goneError struct{ what, where string }

func (e *goneError) Error() string {
	return fmt.Sprintf("there is no %s on the account, says %s; nothing was sent", e.what, e.where)
}
