package sandbox

import (
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// serverHandlers returns the handlers of the functions for cloud servers.
func serverHandlers() []handler {
	return []handler{
		handle(vpsapi.ListServers, listServers),
		handle(vpsapi.GetServer, getServer),
		handle(vpsapi.SearchServers, searchServers),
		handle(vpsapi.CreateServer, createServer),
		handle(vpsapi.CreateInstantServer, createInstantServer),
		handle(vpsapi.ShutdownServer, shutdownServer),
		handle(vpsapi.RebootServer, rebootServer),
		handle(vpsapi.StartServer, startServer),
		handle(vpsapi.PowerOffServer, powerOffServer),
		handle(vpsapi.RebuildServer, rebuildServer),
		handle(vpsapi.RebuildServerNetwork, rebuildServerNetwork),
		handle(vpsapi.EditServer, editServer),
		handle(vpsapi.ReinstallServer, reinstallServer),
		handle(vpsapi.ResetRootPassword, resetRootPassword),
		handle(vpsapi.DeployAllStorage, deployAllStorage),
		handle(vpsapi.DeleteServer, deleteServer),
		handle(vpsapi.ListRecoverableServers, listRecoverableServers),
		handle(vpsapi.RecoverServer, recoverServer),
		handle(vpsapi.GetActivityLog, getActivityLog),
	}
}

// What a server's virtual_machine_status says.
const (
	statusRunning  = "running"
	statusStopped  = "stopped"
	statusBuilding = "building"
	statusRecovery = "recovery"
)

// newServer puts a new server on the account: with a password, a primary
// address and its nodes at once, pending until it is built, then running.
func (a *account) newServer(v vpsapi.Server, fqdn string, nodes int) *server {
	s := a.addServer(v, fqdn, nodes)
	a.build(s, buildTime, "build")
	return s
}

// addServer is newServer without the building.
func (a *account) addServer(v vpsapi.Server, fqdn string, nodes int) *server {
	s := &server{Server: v, fullTraffic: documentTraffic}
	s.ID = newID[vpsapi.Server](a)
	s.rename(fqdn)
	if s.ConsumerID == "" {
		s.ConsumerID = noConsumer
	}
	for _, flag := range []**vpsapi.Flag{&s.BackupsEnabled, &s.RsyncEnabled, &s.R1SoftEnabled, &s.DelayedStorage} {
		if *flag == nil {
			*flag = ptr(vpsapi.Flag(false))
		}
	}
	s.Password = a.password()
	s.SlicesCount = ptr(vpsapi.Int(nodes))
	s.CreatedAt, s.UpdatedAt = a.nowStamp(), a.nowStamp()
	a.servers = append(a.servers, s)
	a.newIP(s.CloudID, &s.ID)
	a.setNodes(s, monthlyNodes, nodes)
	s.DeployedDiskSize = gigabytes(nodes * diskGBPerNode)
	return s
}

// noConsumer is the consumer_id of what belongs to none.
const noConsumer = "0"

// rename sets the hostname and the domain from the whole name.
func (s *server) rename(fqdn string) {
	host, domain, _ := strings.Cut(fqdn, ".")
	s.Hostname, s.DomainName = vpsapi.Text(host), vpsapi.Text(domain)
}

// requireIdle refuses with a 422 when a server has a power action or task pending.
func requireIdle(s *server) error {
	if isOn(s.PowerActionPending) {
		return invalid("base", "A power action is already pending on this virtual machine")
	}
	return nil
}

// pending locks a server for a task of d, then runs done. A task that is begun
// before the last one's end takes its place.
func (a *account) pending(s *server, d time.Duration, action string, done func()) {
	s.task++
	task := s.task
	s.PowerActionPending, s.UpdatedAt = ptr(vpsapi.Flag(true)), a.nowStamp()
	a.logAction(s, action, "pending")
	a.schedule(d, func() {
		if s.task != task {
			return
		}
		s.PowerActionPending, s.UpdatedAt = ptr(vpsapi.Flag(false)), a.nowStamp()
		a.logAction(s, action, "complete")
		done()
	})
}

// idleServer finds a live server that no task keeps busy.
func (a *account) idleServer(id vpsapi.ServerID) (*server, error) {
	s, err := a.server(id)
	if err != nil {
		return nil, err
	}
	return s, requireIdle(s)
}

// setBooted says whether a server is booted.
func (s *server) setBooted(on bool) {
	s.Running, s.Status = ptr(vpsapi.Flag(on)), statusStopped
	if on {
		s.Status = statusRunning
	}
}

// built is false until a server's first or latest build is over.
func (s *server) built() bool { return s.Built == nil || bool(*s.Built) }
