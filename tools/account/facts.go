package account

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// The describers below say what a person needs to know of a thing. Texts from
// the account stand in quotes, so that none can speak as the plan.

// OtherServer describes a server that a plan names beside its own.
func (r *Reader) OtherServer(ctx context.Context, id vpsapi.ServerID) string {
	if id == vpsapi.UnknownServer {
		return "a server or by none (the service does not say)"
	}
	s, err := r.Server(ctx, id)
	if err != nil {
		return "cloud server " + words.IDText(id) + " (which could not be looked up)"
	}
	return words.ServerText(s)
}

// OnServer starts the plan of what happens to a server.
func OnServer(ctx context.Context, r *Reader, op vpsapi.Operation, in any, id vpsapi.ServerID) (*plan.Plan, vpsapi.Server, error) {
	s, err := r.Server(ctx, id)
	if err != nil {
		return nil, s, err
	}
	p, err := plan.New(r.Client, op, in)
	if err != nil {
		return nil, s, err
	}
	p.Thing = ServerThing(s)
	RequireIdle(p, s)
	p.Say("%s: %s.", op.Info().Title, words.ServerText(s))
	return p, s, nil
}

// ServerThing is a cloud server as a plan names it.
func ServerThing(s vpsapi.Server) plan.Thing {
	return plan.Thing{Kind: "cloud server", ID: string(s.ID), Label: string(s.Label)}
}

// IsServer reports a thing that is a server of any kind.
func IsServer(t plan.Thing) bool {
	return t.Kind == ServerThing(vpsapi.Server{}).Kind || t.Kind == SSDThing(vpsapi.SSDServer{}).Kind || t.Kind == PlatformThing(vpsapi.PlatformServer{}).Kind
}

// SharesLabel reports that another server of any kind has the same label, or
// that nobody knows.
func (r *Reader) SharesLabel(ctx context.Context, t plan.Thing) bool {
	if r.Client.HasAPI(vpsapi.Classic) {
		r.PrefetchServers(ctx)
		Prefetch(ctx, r, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
		defer r.Settle()
	}
	newer, err := r.PlatformServers(ctx)
	if err != nil {
		return true
	}
	var cloud []vpsapi.Server
	var ssd []vpsapi.SSDServer
	if r.Client.HasAPI(vpsapi.Classic) {
		if cloud, err = r.Servers(ctx); err != nil {
			return true
		}
		ssd, err = Read(ctx, r, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{})
		if err != nil && !vpsapi.IsNotFound(err) { // a service that has no such servers has none of that label
			return true
		}
	}
	same := func(o plan.Thing) bool {
		return (o.Kind != t.Kind || o.ID != t.ID) && strings.EqualFold(o.Label, t.Label)
	}
	return slices.ContainsFunc(cloud, func(s vpsapi.Server) bool { return same(ServerThing(s)) }) ||
		slices.ContainsFunc(ssd, func(s vpsapi.SSDServer) bool { return same(SSDThing(s)) }) ||
		slices.ContainsFunc(newer, func(s vpsapi.PlatformServer) bool { return same(PlatformThing(s)) })
}

// IsSettledAs reports a server that is certain to run or not to run, now and in a moment.
func IsSettledAs(s vpsapi.Server, running bool) bool {
	return !words.IsOn(s.PowerActionPending) && !words.IsOff(s.Built) && s.Running != nil && bool(*s.Running) == running
}

// BackupsText counts a server's backups and dates the newest; empty when it has none.
func (r *Reader) BackupsText(ctx context.Context, id vpsapi.ServerID) string {
	all, err := Read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: id})
	if err != nil {
		return "its backups (which could not be looked up)"
	}
	if len(all) == 0 {
		return ""
	}
	newest := slices.MaxFunc(all, func(x, y vpsapi.Backup) int {
		return strings.Compare(words.TimeText(words.BackupTime(x)), words.TimeText(words.BackupTime(y)))
	})
	text := fmt.Sprintf("its %s, the newest of %s", words.Counted(len(all), "backup"), words.TimeText(words.BackupTime(newest)))
	switch making := slices.IndexFunc(all, func(b vpsapi.Backup) bool { return words.IsOff(b.Built) }); {
	case making < 0:
		return text
	case len(all) == 1:
		return "its 1 backup, which is still being made and restores nothing until it is built"
	default:
		return text + ", of which " + words.BackupText(all[making]) + " is still being made and restores nothing until then"
	}
}

// Backup returns a backup of a server; GoneError when the server has none of that id.
func (r *Reader) Backup(ctx context.Context, server vpsapi.ServerID, id vpsapi.BackupID) (vpsapi.Backup, error) {
	all, err := Read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: server})
	if err != nil {
		return vpsapi.Backup{}, err
	}
	return FindOne(all, func(b vpsapi.Backup) bool { return b.ID == id }, "backup "+string(id)+" of cloud server "+string(server), vpsapi.ListBackups.Name)
}

// IP returns an IP address of the account; GoneError when there is none of that id.
func (r *Reader) IP(ctx context.Context, id vpsapi.IPID) (vpsapi.IP, error) {
	all, err := Read(ctx, r, vpsapi.ListIPs, vpsapi.ListIPsIn{})
	if err != nil {
		return vpsapi.IP{}, err
	}
	return FindOne(all, func(ip vpsapi.IP) bool { return ip.ID == id }, "IP address "+string(id), vpsapi.ListIPs.Name)
}

// OnIP starts the plan of what happens to an address.
func OnIP(ctx context.Context, r *Reader, op vpsapi.Operation, in any, id vpsapi.IPID) (*plan.Plan, vpsapi.IP, error) {
	ip, err := r.IP(ctx, id)
	if err != nil {
		return nil, ip, err
	}
	p, err := plan.New(r.Client, op, in)
	if err == nil {
		p.Thing = plan.Thing{Kind: "IP address", ID: string(ip.ID), Label: string(ip.Address)}
	}
	return p, ip, err
}

// Node returns a node of a type; GoneError when there is none of that id.
func (r *Reader) Node(ctx context.Context, id vpsapi.NodeID, kind string) (vpsapi.Node, error) {
	kind = cmp.Or(kind, "vps")
	all, err := Read(ctx, r, vpsapi.ListNodes, vpsapi.ListNodesIn{Type: kind})
	if err != nil {
		return vpsapi.Node{}, err
	}
	return FindOne(all, func(n vpsapi.Node) bool { return n.ID == id }, fmt.Sprintf("node %s of type %s", id, kind), vpsapi.ListNodes.Name)
}

// CloudText names a cloud in words, by label and id.
func (r *Reader) CloudText(ctx context.Context, id vpsapi.CloudID) string {
	if c, ok := r.cloud(ctx, id); ok {
		return fmt.Sprintf("cloud %s (id %s)", vpsapi.Quote(string(c.Label)), words.IDText(id))
	}
	return "cloud " + words.IDText(id)
}

// cloud finds a cloud among those for servers.
func (r *Reader) cloud(ctx context.Context, id vpsapi.CloudID) (vpsapi.Cloud, bool) {
	all, err := Lookup(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
	i := slices.IndexFunc(all, func(c vpsapi.Cloud) bool { return c.ID == id })
	if err != nil || i < 0 {
		return vpsapi.Cloud{}, false
	}
	return all[i], true
}

// FindOne returns the one of a list that fits. A missing one is an error before anything is sent.
func FindOne[T any](list []T, fits func(T) bool, what, where string) (T, error) {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i], nil
	}
	var none T
	return none, &GoneError{what, where}
}

// GoneError says that a list does not have what a plan is about.
type GoneError struct{ What, Where string }

// Error implements error.
func (e *GoneError) Error() string {
	return fmt.Sprintf("there is no %s on the account, according to %s; nothing was sent", e.What, e.Where)
}

// serverTasks are the functions that begin a task on a server: programs offer none
// of them while one is under way.
var serverTasks = []string{
	vpsapi.StartServer.Name, vpsapi.ShutdownServer.Name, vpsapi.PowerOffServer.Name, vpsapi.RebootServer.Name,
	vpsapi.RebuildServerNetwork.Name, vpsapi.ResetRootPassword.Name, vpsapi.DeployAllStorage.Name, vpsapi.ReinstallServer.Name,
	vpsapi.CreateBackup.Name, vpsapi.RestoreServer.Name, vpsapi.ConvertBackupToTemplate.Name, vpsapi.CreateTemplateFromServer.Name,
	vpsapi.CloneServer.Name, vpsapi.StartSSDServer.Name, vpsapi.ShutdownSSDServer.Name, vpsapi.PowerOffSSDServer.Name, vpsapi.RebootSSDServer.Name,
	vpsapi.DeleteServer.Name, vpsapi.DeleteSSDServer.Name,
}

// RequireIdle rules out a task on a server that has one under way.
func RequireIdle(p *plan.Plan, s vpsapi.Server) {
	if !words.IsOn(s.PowerActionPending) || !slices.Contains(serverTasks, p.Tool) {
		return
	}
	wait := fmt.Sprintf(`wait_for_server {"server_id":%q,"state":"idle"}`, s.ID)
	if strings.Contains(p.Tool, "_ssd_") {
		wait = fmt.Sprintf(`%s {"ssd_server_id":%q} tells whether it has ended`, vpsapi.GetSSDServer.Name, s.ID)
	}
	p.RuleOut(p.Thing.String()+" has a task under way, and accepts one at a time", wait+"; "+vpsapi.OpenTicket.Name+" is for a task that hangs")
}

// TellBusy adds to a plan for a server that has a task under way that the service may refuse it until that has ended.
// It is not ruled out: whether the service would is not documented.
func TellBusy(p *plan.Plan, s vpsapi.Server) {
	if words.IsOn(s.PowerActionPending) {
		p.AddSay(`A task is under way on it, and VPS.NET may refuse this until it has ended: wait_for_server {"server_id":%q,"state":"idle"}.`, s.ID)
	}
}
