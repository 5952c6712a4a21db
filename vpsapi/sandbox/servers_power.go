package sandbox

import (
	"time"

	"vpsnet-mcp/vpsapi"
)

// How long a server's tasks take in the sandbox's time.
const (
	buildTime    = 2 * time.Minute
	instantTime  = 20 * time.Second
	startTime    = 40 * time.Second
	shutdownTime = 30 * time.Second
	powerOffTime = 20 * time.Second
	rebootTime   = 45 * time.Second
	resizeTime   = 40 * time.Second
	deployTime   = time.Minute
)

// shutdownServer answers shutdown_cloud_server from the account in memory.
func shutdownServer(a *account, in vpsapi.ShutdownServerIn) (vpsapi.Server, error) {
	return a.stop(in.ServerID, shutdownTime, "shutdown")
}

// powerOffServer answers power_off_cloud_server from the account in memory.
func powerOffServer(a *account, in vpsapi.PowerOffServerIn) (vpsapi.Server, error) {
	return a.stop(in.ServerID, powerOffTime, "power_off")
}

// stop stops a running server, as a task that takes d.
func (a *account) stop(id vpsapi.ServerID, d time.Duration, action string) (vpsapi.Server, error) {
	s, err := a.runningServer(id)
	if err != nil {
		return vpsapi.Server{}, err
	}
	a.pending(s, d, action, func() { s.setBooted(false) })
	return a.serverView(s), nil
}

// rebootServer answers reboot_cloud_server from the account in memory.
func rebootServer(a *account, in vpsapi.RebootServerIn) (vpsapi.Server, error) {
	s, err := a.runningServer(in.ServerID)
	if err != nil {
		return vpsapi.Server{}, err
	}
	a.restart(s, rebootTime, actionInMode("reboot", in.Mode), func() { s.enterMode(in.Mode) })
	return a.serverView(s), nil
}

// startServer answers start_cloud_server from the account in memory.
func startServer(a *account, in vpsapi.StartServerIn) (vpsapi.Server, error) {
	s, err := a.idleServer(in.ServerID)
	switch {
	case err != nil:
		return vpsapi.Server{}, err
	case !s.built():
		return vpsapi.Server{}, invalid("base", "The virtual machine is not built yet")
	case isOn(s.Running):
		return vpsapi.Server{}, invalid("base", "The virtual machine is already running")
	}
	a.pending(s, startTime, "startup", func() {
		s.setBooted(true)
		s.enterMode("")
	})
	return a.serverView(s), nil
}

// actionInMode names an action with its mode, as the activity log does.
func actionInMode(action, mode string) string {
	if mode == "" {
		return action
	}
	return action + "_" + mode
}

// enterMode says that a server that has booted is in recovery mode, when it is.
func (s *server) enterMode(mode string) {
	if mode != "" {
		s.Status = statusRecovery
	}
}

// rebuildServerNetwork answers rebuild_cloud_server_network from the account in memory.
func rebuildServerNetwork(a *account, in vpsapi.RebuildServerNetworkIn) (vpsapi.Raw, error) {
	s, err := a.runningServer(in.ServerID)
	if err != nil {
		return nil, err
	}
	a.restart(s, rebootTime, "rebuild_network", func() {})
	return a.reply(s)
}

// resetRootPassword leaves a stopped server stopped.
func resetRootPassword(a *account, in vpsapi.ResetRootPasswordIn) (vpsapi.Server, error) {
	s, err := a.idleServer(in.ServerID)
	if err != nil {
		return vpsapi.Server{}, err
	}
	s.Password = a.password()
	a.restart(s, rebootTime, "reset_password", func() {})
	return a.serverView(s), nil
}

// deployAllStorage answers deploy_all_storage from the account in memory.
func deployAllStorage(a *account, in vpsapi.DeployAllStorageIn) (vpsapi.Raw, error) {
	s, err := a.idleServer(in.ServerID)
	if err != nil {
		return nil, err
	}
	a.restart(s, deployTime, "deploy_all_storage", func() { a.deploy(s) })
	return a.reply(s)
}

// deploy gives a server's disk all that its nodes have.
func (a *account) deploy(s *server) {
	s.DeployedDiskSize = a.serverView(s).AvailableDiskSize
	s.DelayedStorage, s.DelayedStorageUntil = ptr(vpsapi.Flag(false)), nil
}

// runningServer finds a live server that is booted and not busy.
func (a *account) runningServer(id vpsapi.ServerID) (*server, error) {
	s, err := a.idleServer(id)
	if err == nil && !isOn(s.Running) {
		err = invalid("base", "The virtual machine is not running")
	}
	return s, err
}

// restart keeps a server down for a task, then runs done; a server that was
// stopped stays so.
func (a *account) restart(s *server, d time.Duration, action string, done func()) {
	was := isOn(s.Running)
	s.setBooted(false)
	a.pending(s, d, action, func() {
		s.setBooted(was)
		done()
	})
}
