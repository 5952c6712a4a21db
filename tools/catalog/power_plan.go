package catalog

import (
	"context"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planShutdown plans shutdown_cloud_server: what the call would change, cost and break. It only reads.
func planShutdown(ctx context.Context, r *account.Reader, in vpsapi.ShutdownServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.ShutdownServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Shut down gracefully: %s.", words.ServerText(s))
	addOffline(p, s)
	return p, nil
}

// planPowerOff plans power_off_cloud_server: what the call would change, cost and break. It only reads.
func planPowerOff(ctx context.Context, r *account.Reader, in vpsapi.PowerOffServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.PowerOffServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Cut the power of %s.", words.ServerText(s))
	p.Loses("what its programs have not written to its disk")
	addOffline(p, s)
	return p, nil
}

// addOffline adds the words of a server that goes offline until it is started.
func addOffline(p *plan.Plan, s vpsapi.Server) {
	if account.IsSettledAs(s, false) {
		p.Nothing = p.Thing.String() + " is stopped already"
	}
	p.Keeps("%s", words.NodesText(s))
	p.Words.Downtime = "until it is started again"
	p.Undo("start it with "+vpsapi.StartServer.Name+", at any time.", vpsapi.StartServer, vpsapi.StartServerIn{ServerID: s.ID}, "")
}

// recoveryWords warn of recovery mode.
const recoveryWords = "Recovery mode's login is publicly known (root / recovery): whoever reaches the server can enter."

// planStart plans start_cloud_server: what the call would change, cost and break. It only reads.
func planStart(ctx context.Context, r *account.Reader, in vpsapi.StartServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.StartServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Undo("shut it down with "+vpsapi.ShutdownServer.Name+".", vpsapi.ShutdownServer, vpsapi.ShutdownServerIn{ServerID: s.ID}, "")
	p.SetEffect(vpsapi.Changes, "boots a server")
	p.Say("Boot %s.", words.ServerText(s))
	if account.IsSettledAs(s, true) {
		p.Nothing = p.Thing.String() + " is running already"
	}
	return p, nil
}

// planReboot plans reboot_cloud_server: what the call would change, cost and break. It only reads.
func planReboot(ctx context.Context, r *account.Reader, in vpsapi.RebootServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.RebootServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Reboot gracefully: %s.", words.ServerText(s))
	p.Words.Downtime, p.Words.Undo = "about a minute", "a reboot cannot be taken back."
	if in.Mode != "" {
		p.Say("Reboot into recovery mode: %s. %s", words.ServerText(s), recoveryWords)
		p.Words.Downtime = "its own system does not run while it is in recovery mode"
		p.Undo(vpsapi.RebootServer.Name+" without a mode boots its own system.", vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: s.ID}, "")
	}
	checkRunning(p, s, vpsapi.StartServer.Name)
	return p, nil
}

// planRebuildNetwork plans rebuild_cloud_server_network: what the call would change, cost and break. It only reads.
func planRebuildNetwork(ctx context.Context, r *account.Reader, in vpsapi.RebuildServerNetworkIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.RebuildServerNetwork, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	checkRunning(p, s, vpsapi.StartServer.Name)
	p.Say("Write the network interfaces file of %s anew, and reboot it.", words.ServerText(s))
	p.Loses("changes made by hand in that file")
	p.Words.Downtime = "a reboot, about a minute"
	p.Words.Undo = "no: VPS.NET is not known to keep the old file."
	return p, nil
}

// planResetPassword plans reset_root_password: what the call would change, cost and break. It only reads.
func planResetPassword(ctx context.Context, r *account.Reader, in vpsapi.ResetRootPasswordIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.ResetRootPassword, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Give %s a new root password, and reboot it.", words.ServerText(s))
	p.Loses("the present root password: it stops working")
	p.Words.Downtime = "a reboot, about a minute"
	p.Words.Undo = "no: the API cannot set the old password again."
	return p, nil
}

// planDeployStorage plans deploy_all_storage: what the call would change, cost and break. It only reads.
func planDeployStorage(ctx context.Context, r *account.Reader, in vpsapi.DeployAllStorageIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.DeployAllStorage, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Say("Grow the disk of %s to all the storage that its nodes give.", words.ServerText(s))
	if s.DeployedDiskSize != "" && s.AvailableDiskSize != "" {
		p.AddSay("Deployed now: %s; available: %s.", words.TextOrNone(string(s.DeployedDiskSize)), words.TextOrNone(string(s.AvailableDiskSize)))
	}
	p.Words.Downtime = "yes; how long is not documented"
	p.Words.Undo = "unknown: whether a disk can shrink again is not documented."
	return p, nil
}
