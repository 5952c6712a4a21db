package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"

	"vpsnet-mcp/vpsapi"
)

// Token is what the newer API takes, in the header X-Api-Token.
const Token = "sandbox"

// platformPath begins every path of the newer API.
const platformPath = "/rest-api"

// How long things take in the newer API. A new server is missing from the list
// for a while, for longer when it is made from a template of the account's own.
const (
	unlistedTime         = 40 * time.Second
	unlistedTemplateTime = 4 * time.Minute
	firstBootTime        = 30 * time.Second
)

// The values of a server's status. That 1 is up is known; the other one is ours.
const (
	// platformDown is the status of a server of the newer API that is off; the value is the sandbox's own.
	platformDown vpsapi.Int = 0
	// platformUp is the status of a server of the newer API that is powered on.
	platformUp vpsapi.Int = 1
)

// platformServer is a server of the newer API. task counts the tasks begun, of
// which only the last one ends.
type platformServer struct {
	vpsapi.PlatformServer
	detail vpsapi.PlatformServerDetail
	status vpsapi.Int
	listed bool
	task   int
}

// platformHandlers returns the handlers of the functions for the newer API.
func platformHandlers() []handler {
	handlers := []handler{
		handle(vpsapi.ListPlatformServers, listPlatformServers),
		handle(vpsapi.GetPlatformServer, getPlatformServer),
		handle(vpsapi.GetPlatformServerStatus, getPlatformServerStatus),
		handle(vpsapi.CreatePlatformServer, createPlatformServer),
		handle(vpsapi.DeletePlatformServer, deletePlatformServer),
		handle(vpsapi.StartPlatformServer, func(a *account, in vpsapi.StartPlatformServerIn) (vpsapi.Done, error) {
			return a.switchPlatform(in.ID, platformDown, startTime, platformUp)
		}),
		handle(vpsapi.PowerOffPlatformServer, func(a *account, in vpsapi.PowerOffPlatformServerIn) (vpsapi.Done, error) {
			return a.switchPlatform(in.ID, platformUp, powerOffTime, platformDown)
		}),
		handle(vpsapi.RebootPlatformServer, func(a *account, in vpsapi.RebootPlatformServerIn) (vpsapi.Done, error) {
			return a.switchPlatform(in.ID, platformUp, rebootTime, platformUp)
		}),
		handle(vpsapi.RecoveryRebootPlatformServer, func(a *account, in vpsapi.RecoveryRebootPlatformServerIn) (vpsapi.Done, error) {
			return a.switchPlatform(in.ID, platformUp, rebootTime, platformUp)
		}),
		handle(vpsapi.ResetPlatformPassword, resetPlatformPassword),
		handle(vpsapi.ListPlatformPlans, func(*account, vpsapi.ListPlatformPlansIn) ([]vpsapi.PlatformPlan, error) { return platformPlans(), nil }),
		handle(vpsapi.ListPlatformLocations, func(*account, vpsapi.ListPlatformLocationsIn) ([]vpsapi.Location, error) {
			return platformLocations(), nil
		}),
		handle(vpsapi.ListPlatformSystems, listPlatformSystems),
		handle(vpsapi.ListPlatformTemplates, listPlatformTemplates),
		handle(vpsapi.ListPlatformStatusUpdates, func(*account, vpsapi.ListPlatformStatusUpdatesIn) (vpsapi.Raw, error) { return vpsapi.Raw("[]"), nil }),
	}
	handlers = append(handlers, platformKeyHandlers()...)
	for i := range handlers {
		handlers[i] = handlers[i].refusing(badInput)
	}
	return handlers
}

// platformRefusal is a refusal in the newer API's words.
func platformRefusal(status int, message string) *refusal {
	body, _ := json.Marshal(map[string]any{"status": status, "message": message, "data": []any{}})
	return &refusal{status, string(body)}
}

// badInput is a 400 that names the first of pairs of field and message.
func badInput(pairs ...string) error {
	return platformRefusal(http.StatusBadRequest, pairs[0]+" "+pairs[1])
}

// badToken is the answer to a token that is not the account's.
var badToken = &refusal{status: http.StatusUnauthorized, body: `{"status":401,"error":{"type":"UNAUTHENTICATED","description":"Invalid API Key"}}`}

// listPlatformServers answers list_platform_servers from the account in memory.
func listPlatformServers(a *account, in vpsapi.ListPlatformServersIn) ([]vpsapi.PlatformServer, error) {
	list := []vpsapi.PlatformServer{}
	for _, s := range a.platform {
		if s.listed && (in.LocationID == "" || in.LocationID == s.Location.ID) {
			list = append(list, s.PlatformServer)
		}
	}
	return list, nil
}

// getPlatformServer answers get_platform_server from the account in memory.
func getPlatformServer(a *account, in vpsapi.GetPlatformServerIn) (vpsapi.PlatformServerDetail, error) {
	s, err := a.platformServer(in.ID)
	if err != nil {
		return vpsapi.PlatformServerDetail{}, err
	}
	return s.detail, nil
}

// getPlatformServerStatus answers get_platform_server_status from the account in memory.
func getPlatformServerStatus(a *account, in vpsapi.GetPlatformServerStatusIn) (vpsapi.PlatformState, error) {
	s, err := a.platformServer(in.ID)
	if err != nil {
		return vpsapi.PlatformState{}, err
	}
	return vpsapi.PlatformState{Status: s.status}, nil
}

// createPlatformServer takes two servers of one hostname: whether the service
// does is not known, and a client must be ready for it.
func createPlatformServer(a *account, in vpsapi.CreatePlatformServerIn) (vpsapi.Done, error) {
	location, err := platformLocation(in.LocationID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	plan := slices.IndexFunc(platformPlans(), func(p vpsapi.PlatformPlan) bool { return string(p.ProductName) == in.ProductName })
	known := slices.ContainsFunc(platformSystems(), func(s vpsapi.PlatformSystem) bool { return string(s.ComponentCode) == in.OSComponentCode })
	unlisted := unlistedTime
	if in.CustomTemplateID != "" {
		known, unlisted = in.CustomTemplateID == platformTemplate(location.ID).ID, unlistedTemplateTime
	}
	hasKey := slices.ContainsFunc(a.sshKeys, func(k *vpsapi.SSHKey) bool { return k.ID == in.SSHKeyID })
	switch {
	case plan < 0:
		return vpsapi.Done{}, badInput("product_name", "is invalid")
	case !known:
		return vpsapi.Done{}, badInput("os_component_code", "or custom_template_id is invalid")
	case in.SSHKeyID == "" && location.NeedsKey():
		return vpsapi.Done{}, badInput("ssh_key_id", "is required in this location")
	case in.SSHKeyID != "" && !hasKey:
		return vpsapi.Done{}, badInput("ssh_key_id", "is invalid")
	}
	s := newPlatformServer(vpsapi.PlatformServer{
		ID: vpsapi.Text(newID[vpsapi.PlatformServer](a)), Label: vpsapi.Text(in.Label), Hostname: vpsapi.Text(in.Hostname),
		IPAddress: vpsapi.Text(fmt.Sprintf("203.0.113.%d", 20+len(a.platform)%200)), Backups: &in.Backups,
		Location: location, PlanID: platformPlans()[plan].ID, ServiceID: vpsapi.Text(newID[vpsapi.PlatformServer](a)),
	}, a.password(), a.now)
	s.detail.Built, s.detail.Booted = ptr(vpsapi.Flag(false)), ptr(vpsapi.Flag(false))
	a.platform = append(a.platform, s)
	a.schedule(unlisted, func() {
		s.listed, s.detail.Built = true, ptr(vpsapi.Flag(true))
		a.pendingPlatform(s, firstBootTime, platformUp)
	})
	return vpsapi.Done{}, nil
}

// deletePlatformServer answers delete_platform_server from the account in memory.
func deletePlatformServer(a *account, in vpsapi.DeletePlatformServerIn) (vpsapi.Done, error) {
	s, err := a.platformServer(in.ID)
	if err == nil {
		a.platform = removeFirst(a.platform, func(other *platformServer) bool { return other == s })
	}
	return vpsapi.Done{}, err
}

// resetPlatformPassword answers reset_platform_password from the account in memory.
func resetPlatformPassword(a *account, in vpsapi.ResetPlatformPasswordIn) (vpsapi.Done, error) {
	_, err := a.platformServer(in.ID) // initial_root_password stays what it was at first
	return vpsapi.Done{}, err
}

// switchPlatform takes a server that is up or down from there; in d it is the other.
func (a *account) switchPlatform(id vpsapi.PlatformServerID, from vpsapi.Int, d time.Duration, to vpsapi.Int) (vpsapi.Done, error) {
	s, err := a.platformServer(id)
	if err == nil && s.status != from {
		err = platformRefusal(http.StatusBadRequest, "The virtual machine is not in the right state for this")
	}
	if err == nil {
		a.pendingPlatform(s, d, to)
	}
	return vpsapi.Done{}, err
}

// pendingPlatform has a server be down for d, then as told.
func (a *account) pendingPlatform(s *platformServer, d time.Duration, then vpsapi.Int) {
	s.task++
	task := s.task
	s.setState(platformDown)
	a.schedule(d, func() {
		if s.task == task {
			s.setState(then)
		}
	})
}

// setState sets the status and whether the server is booted, which follows from it.
func (s *platformServer) setState(status vpsapi.Int) {
	s.status, s.detail.Booted = status, ptr(vpsapi.Flag(status == platformUp))
}

// platformServer finds a server that is listed.
func (a *account) platformServer(id vpsapi.PlatformServerID) (*platformServer, error) {
	for _, s := range a.platform {
		if s.listed && s.ServerID() == id {
			return s, nil
		}
	}
	return nil, platformRefusal(http.StatusNotFound, "server not found")
}

// platformLocation returns the location of an id, or the service's 404.
func platformLocation(id vpsapi.LocationID) (vpsapi.Location, error) {
	for _, l := range platformLocations() {
		if l.ID == id {
			return l, nil
		}
	}
	return vpsapi.Location{}, platformRefusal(http.StatusNotFound, "location not found")
}

// listPlatformSystems answers list_platform_systems from the account in memory.
func listPlatformSystems(_ *account, in vpsapi.ListPlatformSystemsIn) ([]vpsapi.PlatformSystem, error) {
	_, err := platformLocation(in.LocationID)
	return platformSystems(), err
}

// listPlatformTemplates answers list_platform_templates from the account in memory.
func listPlatformTemplates(_ *account, in vpsapi.ListPlatformTemplatesIn) ([]vpsapi.PlatformTemplate, error) {
	location, err := platformLocation(in.LocationID)
	return []vpsapi.PlatformTemplate{platformTemplate(location.ID)}, err
}
