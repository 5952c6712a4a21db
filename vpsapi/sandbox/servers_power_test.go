package sandbox

import (
	"errors"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

func TestPowerActionsTakeTheirTime(t *testing.T) {
	server := vpsapi.ServerID("1384")
	for _, c := range []struct {
		name  string
		begin func(*lab) vpsapi.Server
		takes time.Duration
		was   bool // running before, so that the action fits
		down  bool // not running while it lasts
		ends  vpsapi.Text
	}{
		{"shutdown", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: server})
		}, shutdownTime, true, false, statusStopped},
		{"power off", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.PowerOffServer, vpsapi.PowerOffServerIn{ServerID: server})
		}, powerOffTime, true, false, statusStopped},
		{"reboot", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: server})
		}, rebootTime, true, true, statusRunning},
		{"reboot into recovery", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: server, Mode: "recovery"})
		}, rebootTime, true, true, statusRecovery},
		{"start", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.StartServer, vpsapi.StartServerIn{ServerID: server})
		}, startTime, false, true, statusRunning},
		{"rebuild network", func(l *lab) vpsapi.Server {
			must(l, vpsapi.RebuildServerNetwork, vpsapi.RebuildServerNetworkIn{ServerID: server})
			return l.get(server)
		}, rebootTime, true, true, statusRunning},
		{"reset password", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.ResetRootPassword, vpsapi.ResetRootPasswordIn{ServerID: server})
		}, rebootTime, true, true, statusRunning},
		{"reset password of a stopped server", func(l *lab) vpsapi.Server {
			return must(l, vpsapi.ResetRootPassword, vpsapi.ResetRootPasswordIn{ServerID: server})
		}, rebootTime, false, true, statusStopped},
		{"deploy all storage", func(l *lab) vpsapi.Server {
			must(l, vpsapi.DeployAllStorage, vpsapi.DeployAllStorageIn{ServerID: server})
			return l.get(server)
		}, deployTime, true, true, statusRunning},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := newLab(t)
			l.vm(server).setBooted(c.was)
			if v := c.begin(l); v.ID != server || !isOn(v.PowerActionPending) {
				t.Errorf("answered %s, pending %v", v.ID, isOn(v.PowerActionPending))
			}
			l.pass(c.takes - time.Second)
			if v := l.get(server); isOn(v.Running) == c.down || !isOn(v.PowerActionPending) {
				t.Errorf("just before its end: running %v, pending %v", isOn(v.Running), isOn(v.PowerActionPending))
			}
			refused(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: server}, 422, "pending")
			l.pass(time.Second)
			l.expect(server, c.ends != statusStopped, false, c.ends)
		})
	}
}

func TestRecoveryModeEndsWithTheNextReboot(t *testing.T) {
	l := newLab(t)
	must(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: "1384", Mode: "recovery"})
	l.pass(time.Minute)
	must(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: "1384"})
	l.pass(time.Minute)
	l.expect("1384", true, false, statusRunning)
}

// notRefused lists the actions that the account does not refuse with a 422.
func notRefused(l *lab, id vpsapi.ServerID) (names []string) {
	for _, action := range []struct {
		op vpsapi.Operation
		in any
	}{
		{vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: id}},
		{vpsapi.PowerOffServer, vpsapi.PowerOffServerIn{ServerID: id}},
		{vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: id}},
		{vpsapi.StartServer, vpsapi.StartServerIn{ServerID: id}},
		{vpsapi.RebuildServerNetwork, vpsapi.RebuildServerNetworkIn{ServerID: id}},
		{vpsapi.ResetRootPassword, vpsapi.ResetRootPasswordIn{ServerID: id}},
		{vpsapi.DeployAllStorage, vpsapi.DeployAllStorageIn{ServerID: id}},
		{vpsapi.ReinstallServer, vpsapi.ReinstallServerIn{ServerID: id, SystemTemplateID: "41"}},
		{vpsapi.RebuildServer, vpsapi.RebuildServerIn{ServerID: id}},
		{vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: id}},
	} {
		_, err := action.op.Do(l.Context(), l.client, action.in)
		var failure *vpsapi.Error
		if !errors.As(err, &failure) || failure.Kind != vpsapi.Invalid {
			names = append(names, action.op.Info().Name)
		}
	}
	return names
}

func TestActionsOnlyWhenTheyFit(t *testing.T) {
	t.Run("stopped", func(t *testing.T) {
		l := newLab(t)
		l.vm("1384").setBooted(false)
		refused(l, vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: "1384"}, 422, "not running")
		refused(l, vpsapi.PowerOffServer, vpsapi.PowerOffServerIn{ServerID: "1384"}, 422, "not running")
		refused(l, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: "1384"}, 422, "not running")
		refused(l, vpsapi.RebuildServerNetwork, vpsapi.RebuildServerNetworkIn{ServerID: "1384"}, 422, "not running")
	})
	t.Run("running", func(t *testing.T) {
		l := newLab(t)
		refused(l, vpsapi.StartServer, vpsapi.StartServerIn{ServerID: "1384"}, 422, "already running")
	})
	t.Run("busy", func(t *testing.T) {
		l := newLab(t)
		must(l, vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: "1384"})
		if got := notRefused(l, "1384"); len(got) > 0 {
			t.Errorf("not refused: %v", got)
		}
	})
	t.Run("the other server is free", func(t *testing.T) {
		l := newLab(t)
		must(l, vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: "1384"})
		must(l, vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: "1385"})
	})
}

func TestResetPasswordGivesANewOneAtOnce(t *testing.T) {
	l := newLab(t)
	result, err := vpsapi.ResetRootPassword.Do(t.Context(), l.client, vpsapi.ResetRootPasswordIn{ServerID: "1384"})
	if err != nil {
		t.Fatal(err)
	}
	now := l.vm("1384").Password
	if now == "a8hjsjnbs91" || len(result.Secrets) != 1 || result.Secrets[0].Value != now {
		t.Errorf("the server has a new password: %v; the reply shows it: %v", now != "a8hjsjnbs91", len(result.Secrets) == 1)
	}
}

func TestDeployAllStorageGrowsTheDisk(t *testing.T) {
	l := newLab(t)
	l.account.nodes = append(l.account.nodes, &vpsapi.Node{Type: storageNodes, ID: "77", VirtualMachineID: ptr(vpsapi.ServerID("1384"))})
	must(l, vpsapi.DeployAllStorage, vpsapi.DeployAllStorageIn{ServerID: "1384"})
	if v := l.get("1384"); v.DeployedDiskSize != "20" {
		t.Errorf("%s GB before the end, want 20", v.DeployedDiskSize)
	}
	l.pass(deployTime)
	if v := l.get("1384"); v.DeployedDiskSize != "30" || isOn(v.DelayedStorage) || v.DelayedStorageUntil != nil {
		t.Errorf("%s GB, delayed %v until %v; want 30, no longer delayed", v.DeployedDiskSize, isOn(v.DelayedStorage), v.DelayedStorageUntil)
	}
}
