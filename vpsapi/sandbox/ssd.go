package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// ssdServer is an SSD server; task counts the tasks begun, of which only the
// last one ends.
type ssdServer struct {
	vpsapi.SSDServer
	task int
}

// ssdHandlers returns the handlers of the functions for SSD servers.
func ssdHandlers() []handler {
	return []handler{
		handle(vpsapi.ListSSDServers, listSSDServers),
		handle(vpsapi.GetSSDServer, getSSDServer),
		handle(vpsapi.CreateSSDServer, createSSDServer),
		handle(vpsapi.ShutdownSSDServer, func(a *account, in vpsapi.ShutdownSSDServerIn) (vpsapi.SSDServer, error) {
			return a.stopSSD(in.ID, shutdownTime)
		}),
		handle(vpsapi.PowerOffSSDServer, func(a *account, in vpsapi.PowerOffSSDServerIn) (vpsapi.SSDServer, error) {
			return a.stopSSD(in.ID, powerOffTime)
		}),
		handle(vpsapi.StartSSDServer, startSSDServer),
		handle(vpsapi.RebootSSDServer, rebootSSDServer),
		handle(vpsapi.DeleteSSDServer, deleteSSDServer),
	}
}

// listSSDServers answers list_ssd_servers from the account in memory.
func listSSDServers(a *account, in vpsapi.ListSSDServersIn) ([]vpsapi.SSDServer, error) {
	list := make([]vpsapi.SSDServer, len(a.ssd))
	for i, s := range a.ssd {
		list[i] = s.SSDServer
		if isOn(in.Basic) {
			list[i].Running, list[i].BandwidthUsed = nil, nil
		}
	}
	return list, nil
}

// getSSDServer answers get_ssd_server from the account in memory.
func getSSDServer(a *account, in vpsapi.GetSSDServerIn) (vpsapi.SSDServer, error) {
	s, err := a.ssdServer(in.ID)
	if err != nil {
		return vpsapi.SSDServer{}, err
	}
	return s.SSDServer, nil
}

// ssdPrice is the sandbox's price of an SSD server's GB a month, in USD.
const ssdPrice = 10.0

// ssdPlans are the plans by their memory: 0.5 to 16 GB. A public client asks for
// plan 0, of which nothing more is known.
var ssdPlans = []vpsapi.Text{"0", "1", "2", "3", "4", "5"}

// createSSDServer names a server that came without a label by its host.
func createSSDServer(a *account, in vpsapi.CreateSSDServerIn) (vpsapi.SSDServer, error) {
	plan := slices.Index(ssdPlans, in.Plan)
	if plan < 0 {
		return vpsapi.SSDServer{}, invalid("ssd_vps_plan", "is not a plan")
	}
	host, domain, _ := strings.Cut(in.FQDN, ".")
	label := in.Label
	if label == "" {
		label = host
	}
	faults := slices.Concat(checkLabel(label), checkName("fqdn", in.FQDN), a.checkSSDPlace(in.CloudID, in.SystemTemplateID))
	if len(faults) > 0 {
		return vpsapi.SSDServer{}, invalid(faults...)
	}
	s := &ssdServer{SSDServer: vpsapi.SSDServer{
		ID: newID[vpsapi.SSDServer](a), Label: vpsapi.Text(label), Plan: in.Plan, Hostname: vpsapi.Text(host), DomainName: vpsapi.Text(domain),
		CloudID: in.CloudID, SystemTemplateID: in.SystemTemplateID, Password: a.password(),
		BackupsEnabled: &in.BackupsEnabled, RsyncEnabled: &in.RsyncEnabled, CreatedAt: a.nowStamp(),
		BandwidthUsed: ptr(vpsapi.Int(0)), Running: ptr(vpsapi.Flag(false)), Built: ptr(vpsapi.Flag(false)), Status: statusBuilding,
	}}
	s.PrimaryIPAddress = &vpsapi.IPWrapper{IP: vpsapi.IP{
		ID: newID[vpsapi.IP](a), Address: vpsapi.Text(fmt.Sprintf("198.51.100.%d", 1+len(a.ssd)%254)), Netmask: "255.255.255.0", CloudID: ptr(in.CloudID),
	}}
	a.ssd = append(a.ssd, s)
	a.charge(ssdPrice/2*float64(int(1)<<plan), fmt.Sprintf("SSD server of plan %s, one month", in.Plan))
	a.pendingSSD(s, buildTime, func() {
		s.Built = ptr(vpsapi.Flag(true))
		s.setBooted(true)
	})
	return s.SSDServer, nil
}

// checkSSDPlace returns the faults of a cloud and template for an SSD server, as pairs of field and message.
func (a *account) checkSSDPlace(id vpsapi.CloudID, template vpsapi.TemplateID) []string {
	c, err := a.cloud(id)
	switch {
	case err != nil || !c.ssd:
		return []string{"cloud_id", "is not an SSD cloud"}
	case !slices.ContainsFunc(c.SystemTemplates, func(t vpsapi.CloudTemplate) bool { return t.ID == template }):
		return []string{"system_template_id", "is not available on cloud " + string(id)}
	}
	return nil
}

// stopSSD stops a running SSD server, as a task that takes d.
func (a *account) stopSSD(id vpsapi.SSDServerID, d time.Duration) (vpsapi.SSDServer, error) {
	s, err := a.readySSD(id)
	if err != nil {
		return vpsapi.SSDServer{}, err
	}
	a.pendingSSD(s, d, func() { s.setBooted(false) })
	return s.SSDServer, nil
}

// startSSDServer answers start_ssd_server from the account in memory.
func startSSDServer(a *account, in vpsapi.StartSSDServerIn) (vpsapi.SSDServer, error) {
	s, err := a.idleSSD(in.ID)
	if err == nil && isOn(s.Running) {
		err = invalid("base", "The virtual machine is already running")
	}
	if err != nil {
		return vpsapi.SSDServer{}, err
	}
	a.pendingSSD(s, startTime, func() { s.setBooted(true) })
	return s.SSDServer, nil
}

// rebootSSDServer answers reboot_ssd_server from the account in memory.
func rebootSSDServer(a *account, in vpsapi.RebootSSDServerIn) (vpsapi.SSDServer, error) {
	s, err := a.readySSD(in.ID)
	if err != nil {
		return vpsapi.SSDServer{}, err
	}
	s.setBooted(false)
	a.pendingSSD(s, rebootTime, func() { s.setBooted(true) })
	return s.SSDServer, nil
}

// deleteSSDServer answers delete_ssd_server from the account in memory.
func deleteSSDServer(a *account, in vpsapi.DeleteSSDServerIn) (vpsapi.Done, error) {
	s, err := a.idleSSD(in.ID)
	if err == nil {
		a.ssd = removeFirst(a.ssd, func(other *ssdServer) bool { return other == s })
	}
	return vpsapi.Done{}, err
}

// ssdServer finds an SSD server.
func (a *account) ssdServer(id vpsapi.SSDServerID) (*ssdServer, error) {
	for _, s := range a.ssd {
		if s.ID == id {
			return s, nil
		}
	}
	return nil, notFound("Virtual machine", id)
}

// idleSSD finds an SSD server that no task keeps busy.
func (a *account) idleSSD(id vpsapi.SSDServerID) (*ssdServer, error) {
	s, err := a.ssdServer(id)
	if err == nil && isOn(s.PowerActionPending) {
		err = invalid("base", "A power action is already pending on this virtual machine")
	}
	return s, err
}

// readySSD finds an SSD server that is booted and not busy.
func (a *account) readySSD(id vpsapi.SSDServerID) (*ssdServer, error) {
	s, err := a.idleSSD(id)
	if err == nil && !isOn(s.Running) {
		err = invalid("base", "The virtual machine is not running")
	}
	return s, err
}

// pendingSSD locks an SSD server for a task of d, then runs done.
func (a *account) pendingSSD(s *ssdServer, d time.Duration, done func()) {
	s.task++
	task := s.task
	s.PowerActionPending, s.UpdatedAt = ptr(vpsapi.Flag(true)), a.nowStamp()
	a.schedule(d, func() {
		if s.task == task {
			s.PowerActionPending, s.UpdatedAt = ptr(vpsapi.Flag(false)), a.nowStamp()
			done()
		}
	})
}

// setBooted says whether an SSD server is booted.
func (s *ssdServer) setBooted(on bool) {
	s.Running, s.Status = ptr(vpsapi.Flag(on)), statusStopped
	if on {
		s.Status = statusRunning
	}
}
