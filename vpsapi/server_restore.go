package vpsapi

// GetRsyncBackupInfoIn names a server.
type GetRsyncBackupInfoIn struct {
	ServerID ServerID `json:"server_id"`
}

// GetRsyncBackupInfo reads a server's account at the rsync backup service.
var GetRsyncBackupInfo = Op[GetRsyncBackupInfoIn, RsyncInfo]{
	Name: "get_rsync_backup_info", Title: "Get rsync backup info",
	Doc:     "Get a server's rsync backup account: username, quota and password. For its snapshots use list_backups.",
	Heading: "GET rsync backup info of a cloud server",
	Route:   "GET /virtual_machines/{server_id}/backups/rsync_backup", Reply: bareObject[RsyncInfo](),
	Safety: Reads, Evidence: Clients,
}

// ConvertBackupToTemplateIn names a backup of a server.
type ConvertBackupToTemplateIn struct {
	ServerID ServerID `json:"server_id"`
	BackupID BackupID `json:"backup_id"`
}

// ConvertBackupToTemplate makes a custom template of a backup. Whether the
// backup outlives it is not documented: it is taken to be used up.
var ConvertBackupToTemplate = Op[ConvertBackupToTemplateIn, Raw]{
	Name: "convert_backup_to_template", Title: "Convert backup to template",
	Doc:     "Turn a finished backup into a custom template. The backup may be used up; create_template_from_server keeps existing backups.",
	Heading: "CONVERT cloud servers backup to a template",
	Route:   "POST /virtual_machines/{server_id}/backups/{backup_id}/convert", Reply: rawShape(),
	Safety: Destroys, Evidence: Clients,
}

// CreateTemplateFromServerIn names a server.
type CreateTemplateFromServerIn struct {
	ServerID ServerID `json:"server_id"`
}

// CreateTemplateFromServer backs a server up and makes a custom template of it.
var CreateTemplateFromServer = Op[CreateTemplateFromServerIn, Raw]{
	Name: "create_template_from_server", Title: "Create template from server",
	Doc:     "Make a custom template of a server in one step. Takes minutes; then see list_custom_templates.",
	Heading: "Create Template in one step.",
	Route:   "POST /virtual_machines/{server_id}/backups", Fixed: Object{{"one_click", true}}, Reply: rawShape(),
	Safety: Changes, Evidence: Clients,
}

// RestoreServerIn names a server and one of its backups.
type RestoreServerIn struct {
	ServerID ServerID `json:"server_id"`
	BackupID BackupID `json:"backup_id"`
}

// RestoreServer puts a backup back onto its server. The service refuses it
// while the server runs, and when the server's disk is smaller than the
// backup's MinDiskSize.
var RestoreServer = Op[RestoreServerIn, Raw]{
	Name: "restore_cloud_server", Title: "Restore cloud server",
	Doc:     "Overwrite a server's disk with one of its backups; everything since is lost. The server must be off.",
	Heading: "RESTORE cloud server",
	Route:   "POST /virtual_machines/{server_id}/backups/{backup_id}/restore", Reply: rawShape(),
	Safety: Destroys, Evidence: Clients,
}
