package sandbox

import (
	"cmp"

	"vpsnet-mcp/vpsapi"
)

// rsyncQuota is how much of its rsync account a server has used, in the service's words.
const rsyncQuota = "0.00 GB out of 10 GB"

// getRsyncBackupInfo opens the account on the first look at a server that has
// the service: who switches it on need not know of it.
func getRsyncBackupInfo(a *account, in vpsapi.GetRsyncBackupInfoIn) (vpsapi.RsyncInfo, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return vpsapi.RsyncInfo{}, err
	}
	if s.rsync.Username == "" {
		if !isOn(s.RsyncEnabled) {
			return vpsapi.RsyncInfo{}, invalid("base", "Rsync backups are not enabled on this virtual machine")
		}
		s.rsync = vpsapi.RsyncInfo{Username: vpsapi.Text(decimalText(a.nextID())), Quota: rsyncQuota, Password: a.password()}
	}
	return s.rsync, nil
}

// convertBackupToTemplate uses the backup up, the worst that the document allows.
func convertBackupToTemplate(a *account, in vpsapi.ConvertBackupToTemplateIn) (vpsapi.Raw, error) {
	s, b, err := a.backup(in.ServerID, in.BackupID)
	if err != nil {
		return nil, err
	}
	if err := requireReady(b); err != nil {
		return nil, err
	}
	a.convert(s, b)
	return vpsapi.RawOf(b)
}

// createTemplateFromServer is a backup that is converted once it is built.
func createTemplateFromServer(a *account, in vpsapi.CreateTemplateFromServerIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	if err := requireIdle(s); err != nil {
		return nil, err
	}
	return vpsapi.RawOf(a.startBackup(s, "", func(b *vpsapi.Backup) { a.convert(s, b) }))
}

// convert makes a custom template of a backup, which is gone then.
func (a *account) convert(s *server, b *vpsapi.Backup) {
	b.Locked = ptr(vpsapi.Flag(true))
	a.logAction(s, "convert_backup", "pending")
	a.schedule(convertTime, func() {
		label := cmp.Or(b.Label, s.Label+" template")
		a.customTemplates = append(a.customTemplates, &vpsapi.SystemTemplate{
			ID: newID[vpsapi.SystemTemplate](a), Label: label, OperatingSystem: "Custom Templates", Description: label,
		})
		s.dropBackup(b)
		a.logAction(s, "convert_backup", "complete")
	})
}

// restoreServer answers restore_cloud_server from the account in memory.
func restoreServer(a *account, in vpsapi.RestoreServerIn) (vpsapi.Raw, error) {
	s, b, err := a.backup(in.ServerID, in.BackupID)
	if err != nil {
		return nil, err
	}
	if err := requireIdle(s); err != nil {
		return nil, err
	}
	if err := requireReady(b); err != nil {
		return nil, err
	}
	need := int(*b.MinDiskSize)
	switch {
	case isOn(s.Running):
		return nil, invalid("base", "The virtual machine must be powered off before a backup can be restored")
	case s.diskGB(need) < need:
		return nil, invalid("min_disk_size", "The backup needs a disk of "+decimalText(need)+" GB")
	}
	b.Locked = ptr(vpsapi.Flag(true))
	a.pending(s, restoreTime, "restore_backup", func() {
		b.Locked = ptr(vpsapi.Flag(false))
		s.UpdatedAt = a.nowStamp()
	})
	return vpsapi.RawOf(b)
}
