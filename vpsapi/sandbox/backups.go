package sandbox

import (
	"time"

	"vpsnet-mcp/vpsapi"
)

// backupHandlers returns the handlers of the functions for backups.
func backupHandlers() []handler {
	return []handler{
		handle(vpsapi.CreateBackup, createBackup),
		handle(vpsapi.ListBackups, listBackups),
		handle(vpsapi.DeleteBackup, deleteBackup),
		handle(vpsapi.ListClones, listClones),
		handle(vpsapi.CloneServer, cloneServer),
		handle(vpsapi.DeleteClone, deleteClone),
	}
}

// How long things take in the sandbox's time.
const (
	// backupTime is how long making a backup takes, in the sandbox's time.
	backupTime = 90 * time.Second
	// restoreTime is how long restoring a backup takes, in the sandbox's time.
	restoreTime = 2 * time.Minute
	// convertTime is how long making a template of a backup takes, in the sandbox's time.
	convertTime = time.Minute
	// cloneTime is how long copying a server takes, in the sandbox's time.
	cloneTime = 3 * time.Minute
)

// smallestDisk is what the document's backup needs for a restore, in GB.
const smallestDisk = 5

// seedBackups gives the document's examples to the document's servers: backup
// 3774, clone 86, the rsync account and the auto scaling rules to 1384, the
// clone 543 that its delete names to 1385. Backup 3775 is an automatic one.
func seedBackups(a *account) {
	if s, err := a.server("1385"); err == nil {
		s.clones = []*vpsapi.Clone{{
			ID: "543", Label: "mysql_clone", Status: "Cloned successfully",
			ClonedServerID: "2979", CreatedAt: "2014-03-11T09:02:44+05:30",
		}}
	}
	s, err := a.server("1384")
	if err != nil {
		return
	}
	s.backups = []*vpsapi.Backup{
		{
			ID: "3774", Type: "normal", Size: "510340", MinDiskSize: ptr(vpsapi.Int(smallestDisk)),
			Built: ptr(vpsapi.Flag(true)), Locked: ptr(vpsapi.Flag(false)),
			BuiltAt: ptr(vpsapi.Time("2011-01-07T15:44:43Z")), CreatedAt: "2011-01-07T20:43:33+05:30", UpdatedAt: "2011-01-07T21:14:43+05:30",
			OperatingSystem: "linux", OperatingSystemDistro: "ubuntu",
			AllowedSwap: ptr(vpsapi.Flag(true)), AllowResizeWithoutReboot: ptr(vpsapi.Flag(false)),
			Identifier: "zvgrwpkoi16qfq", DiskID: "765", InternalTemplateID: "7",
		},
		{
			ID: "3775", Type: "autobackup", Size: "512876", MinDiskSize: ptr(vpsapi.Int(smallestDisk)),
			Built: ptr(vpsapi.Flag(true)), Locked: ptr(vpsapi.Flag(false)),
			BuiltAt: ptr(vpsapi.Time("2011-01-08T02:11:09Z")), CreatedAt: "2011-01-08T07:30:00+05:30", UpdatedAt: "2011-01-08T07:41:09+05:30",
			OperatingSystem: "linux", OperatingSystemDistro: "ubuntu",
			AllowedSwap: ptr(vpsapi.Flag(true)), AllowResizeWithoutReboot: ptr(vpsapi.Flag(false)),
			Identifier: "qmhw3xk0vd82ru", DiskID: "765", InternalTemplateID: "7",
		},
	}
	s.clones = []*vpsapi.Clone{{
		ID: "86", Label: "test_clone_machine", Status: "Cloned successfully",
		ClonedServerID: "2978", CreatedAt: "2014-03-10T18:23:10+05:30",
	}}
	s.rsync = vpsapi.RsyncInfo{Username: "1000", Quota: rsyncQuota, Password: "GGD3sH"}
	s.autoscaling = documentScaling()
}

// createBackup answers create_backup from the account in memory.
func createBackup(a *account, in vpsapi.CreateBackupIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	if err := requireIdle(s); err != nil {
		return nil, err
	}
	return vpsapi.RawOf(a.startBackup(s, in.Label, func(*vpsapi.Backup) {}))
}

// listBackups answers list_backups from the account in memory.
func listBackups(a *account, in vpsapi.ListBackupsIn) ([]vpsapi.Backup, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	return copyValues(s.backups), nil
}

// deleteBackup answers delete_backup from the account in memory.
func deleteBackup(a *account, in vpsapi.DeleteBackupIn) (vpsapi.Done, error) {
	s, b, err := a.backup(in.ServerID, in.BackupID)
	switch {
	case err != nil:
		return vpsapi.Done{}, err
	case b.Type != "normal":
		return vpsapi.Done{}, invalid("base", "Only manual backups can be deleted")
	case isOn(b.Locked):
		return vpsapi.Done{}, invalid("base", "The backup is in use by another task")
	}
	s.dropBackup(b)
	a.logAction(s, "destroy_backup", "complete")
	return vpsapi.Done{}, nil
}

// backup finds a backup of a live server.
func (a *account) backup(id vpsapi.ServerID, backup vpsapi.BackupID) (*server, *vpsapi.Backup, error) {
	s, err := a.server(id)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range s.backups {
		if b.ID == backup {
			return s, b, nil
		}
	}
	return nil, nil, notFound("Backup", backup)
}

// startBackup begins a backup, locked until it is built; then runs done.
func (a *account) startBackup(s *server, label string, done func(*vpsapi.Backup)) *vpsapi.Backup {
	b := &vpsapi.Backup{
		ID: newID[vpsapi.Backup](a), Label: vpsapi.Text(label), Type: "normal", Size: "0",
		MinDiskSize: ptr(vpsapi.Int(s.diskGB(smallestDisk))),
		Built:       ptr(vpsapi.Flag(false)), Locked: ptr(vpsapi.Flag(true)), CreatedAt: a.nowStamp(), UpdatedAt: a.nowStamp(),
		OperatingSystem: "linux", OperatingSystemDistro: "ubuntu",
		AllowedSwap: ptr(vpsapi.Flag(true)), AllowResizeWithoutReboot: ptr(vpsapi.Flag(false)),
		Identifier: vpsapi.Text(a.password()),
	}
	s.backups = append(s.backups, b)
	a.logAction(s, "create_backup", "pending")
	a.schedule(backupTime, func() {
		b.Built, b.Locked = ptr(vpsapi.Flag(true)), ptr(vpsapi.Flag(false))
		b.Size = vpsapi.Text(decimalText(400_000 + a.rng.IntN(400_000)))
		b.BuiltAt, b.UpdatedAt = ptr(a.nowStamp()), a.nowStamp()
		a.logAction(s, "create_backup", "complete")
		done(b)
	})
	return b
}

// requireReady refuses with a 422 what cannot be done with a backup that is not built
// or that another task works on.
func requireReady(b *vpsapi.Backup) error {
	switch {
	case !isOn(b.Built):
		return invalid("base", "The backup is not built yet")
	case isOn(b.Locked):
		return invalid("base", "The backup is in use by another task")
	}
	return nil
}

// dropBackup takes a backup off its server.
func (s *server) dropBackup(b *vpsapi.Backup) {
	s.backups = removeFirst(s.backups, func(other *vpsapi.Backup) bool { return other == b })
}
