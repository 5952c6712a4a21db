package catalog

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// planRebuild plans rebuild_cloud_server, which erases the disk; a server with a task under way is refused.
func planRebuild(ctx context.Context, r *account.Reader, in vpsapi.RebuildServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.RebuildServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	if words.IsOn(s.Built) && words.IsOn(s.PowerActionPending) {
		p.RuleOut(p.Thing.String()+" is built and has a task under way", fmt.Sprintf(`%s {"server_id":%q,"state":"idle"}`, WaitForServer, s.ID))
	}
	addErasure(ctx, p, r, s, cmp.Or(in.SystemTemplateID, s.SystemTemplateID), "Build again")
	if words.IsOn(s.Built) {
		p.AddSay("VPS.NET means this for a server whose build is pending or failed, and this one is built: %s is for those.", vpsapi.ReinstallServer.Name)
	}
	return p, nil
}

// planReinstall plans reinstall_cloud_server, which erases the disk.
func planReinstall(ctx context.Context, r *account.Reader, in vpsapi.ReinstallServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.ReinstallServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	addErasure(ctx, p, r, s, in.SystemTemplateID, "Install afresh")
	return p, nil
}

// addErasure adds the words of a server that is made anew from a template, which its cloud has.
func addErasure(ctx context.Context, p *plan.Plan, r *account.Reader, s vpsapi.Server, template vpsapi.TemplateID, verb string) {
	account.Prefetch(ctx, r, vpsapi.GetSystemTemplate, vpsapi.GetSystemTemplateIn{CloudID: s.CloudID, SystemTemplateID: template})
	account.Prefetch(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: s.ID})
	t, unread := r.Template(ctx, s.CloudID, template)
	if template != s.SystemTemplateID && vpsapi.IsNotFound(unread) {
		ruleOutTemplate(p, r.CloudText(ctx, s.CloudID), template, vpsapi.ListTemplates.Name)
	}
	p.Say("%s: %s, from %s.", verb, words.ServerText(s), words.TemplateText(t, template, unread))
	p.Loses("everything on its disk")
	p.Keeps("%s and its IP addresses", words.NodesText(s))
	if n := len(s.Licenses); n > 0 {
		p.Keeps("%s", words.Counted(n, "license"))
	}
	p.Words.Downtime = "until it is installed, some minutes"
	if words.IsOff(s.Running) && words.IsOn(s.Built) {
		p.AddSay("It is stopped now, and will run once it is installed.")
	}
	p.Words.Undo = "no, and it has no backup that could be restored: " + vpsapi.CreateBackup.Name + " makes one first."
	if backups := r.BackupsText(ctx, s.ID); backups != "" {
		p.Words.Undo = "no, other than from " + backups + ", with " + vpsapi.RestoreServer.Name + "; that backups outlive this is not documented."
	}
	if template == s.SystemTemplateID {
		return // it has been paid for
	}
	p.Words.Cost = account.AddTemplatePrice(ctx, p, r, t, "", unread)
}

// planRestore plans restore_cloud_server: what on the disk is replaced by the backup.
func planRestore(ctx context.Context, r *account.Reader, in vpsapi.RestoreServerIn) (*plan.Plan, error) {
	account.Prefetch(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: in.ServerID})
	p, s, err := account.OnServer(ctx, r, vpsapi.RestoreServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	b, err := r.Backup(ctx, in.ServerID, in.BackupID)
	if err != nil {
		return nil, err
	}
	if err := checkBackup(p, b); err != nil {
		return nil, err
	}
	checkRestore(p, s, b)
	p.Say("Overwrite the disk of %s with its %s.", words.ServerText(s), words.BackupText(b))
	if b.MinDiskSize != nil && *b.MinDiskSize > 0 {
		p.AddSay("The backup needs a disk of %d GB.", *b.MinDiskSize)
	}
	p.Loses("everything on its disk since the backup was made")
	p.Words.Downtime = "until the backup is restored; the server is off for it"
	p.Words.Undo = "no: " + vpsapi.CreateBackup.Name + " first keeps the present state."
	return p, nil
}

// planConvertBackup plans convert_backup_to_template: what the call would change, cost and break. It only reads.
func planConvertBackup(ctx context.Context, r *account.Reader, in vpsapi.ConvertBackupToTemplateIn) (*plan.Plan, error) {
	r.PrefetchServer(ctx, in.ServerID)
	b, err := r.Backup(ctx, in.ServerID, in.BackupID)
	if err != nil {
		return nil, err
	}
	p, s, err := account.OnServer(ctx, r, vpsapi.ConvertBackupToTemplate, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	if err := checkBackup(p, b); err != nil {
		return nil, err
	}
	setBackup(ctx, p, r, in.ServerID, b)
	p.Creates = 1
	p.Say("Turn the %s of %s into a custom template.", words.BackupText(b), words.ServerText(s))
	p.Loses("perhaps the backup itself: that it outlives this is not documented")
	p.Words.Cost = "for the template, none that is known"
	p.Words.Undo = vpsapi.DeleteCustomTemplate.Name + " deletes the template; a backup that was used up does not come back."
	return p, nil
}

// checkBackup refuses a backup that is not whole yet, and warns of one that is
// locked: the document says that the flag tells whether a backup is available for use.
func checkBackup(p *plan.Plan, b vpsapi.Backup) error {
	if words.IsOff(b.Built) {
		return fmt.Errorf("%s: %s is still being made: wait until %s says built true; nothing was sent", p.Tool, words.BackupText(b), vpsapi.ListBackups.Name)
	}
	if words.IsOn(b.Locked) {
		p.Words.Warnings = append(p.Words.Warnings, "the backup is locked, so it may not be available for use now: "+vpsapi.ListBackups.Name+" says when it no longer is")
	}
	return nil
}

// setBackup makes a backup what the plan is about.
func setBackup(ctx context.Context, p *plan.Plan, r *account.Reader, server vpsapi.ServerID, b vpsapi.Backup) {
	p.Thing = plan.Thing{Kind: "backup", ID: string(b.ID), Label: string(b.Label)}
	all, err := account.Read(ctx, r, vpsapi.ListBackups, vpsapi.ListBackupsIn{ServerID: server})
	p.Thing.Shared = err != nil || slices.ContainsFunc(all, func(o vpsapi.Backup) bool { return o.ID != b.ID && o.Label == b.Label })
}

// planTemplateFromServer plans create_template_from_server: what the call would change, cost and break. It only reads.
func planTemplateFromServer(ctx context.Context, r *account.Reader, in vpsapi.CreateTemplateFromServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.CreateTemplateFromServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Creates = 1
	p.Say("Make a custom template of %s, by way of a backup.", words.ServerText(s))
	p.Words.Undo = vpsapi.DeleteCustomTemplate.Name + " deletes the template, once " + vpsapi.ListCustomTemplates.Name + " shows it."
	return p, nil
}
