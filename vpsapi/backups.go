package vpsapi

// Backup is a backup of a server.
type Backup struct {
	ID          BackupID `json:"id"`
	Label       Text     `json:"label,omitempty"`
	Type        Text     `json:"backup_type,omitempty"` // normal (made by a user, can be deleted) or autobackup
	Built       *Flag    `json:"built,omitempty"`       // false while it is being made
	Locked      *Flag    `json:"locked,omitempty"`
	Size        Text     `json:"backup_size,omitempty"`   // KB
	MinDiskSize *Int     `json:"min_disk_size,omitempty"` // GB that a server needs for a restore
	BuiltAt     *Time    `json:"built_at" wire:"null"`
	CreatedAt   Time     `json:"created_at,omitempty"`
	UpdatedAt   Time     `json:"updated_at,omitempty"`

	OperatingSystem          Text  `json:"operating_system,omitempty"`
	OperatingSystemDistro    Text  `json:"operating_system_distro,omitempty"`
	AllowedSwap              *Flag `json:"allowed_swap,omitempty"`
	AllowResizeWithoutReboot *Flag `json:"allow_resize_without_reboot,omitempty"`
	Identifier               Text  `json:"identifier,omitempty"`                // internal
	DiskID                   Text  `json:"disk_id,omitempty" wire:"number"`     // internal
	InternalTemplateID       Text  `json:"template_id,omitempty" wire:"number"` // internal
}

// Clone is an entry of a server's clone list.
type Clone struct {
	ID             CloneID  `json:"id"`
	Label          Text     `json:"label,omitempty"`
	Status         Text     `json:"status,omitempty"`
	ClonedServerID ServerID `json:"cloned_server_id,omitempty"`
	CreatedAt      Time     `json:"created_at,omitempty"`
}

// CreateBackupIn names a server, and the backup if it shall have a name.
type CreateBackupIn struct {
	ServerID ServerID `json:"server_id"`
	Label    string   `json:"label,omitempty"`
}

// CreateBackup starts a backup of a server.
var CreateBackup = Op[CreateBackupIn, Raw]{
	Name: "create_backup", Title: "Create backup",
	Doc:     "Back up a server. Takes minutes; list_backups shows built when it is done.",
	Heading: "BACK UP cloud servers",
	Route:   "POST /virtual_machines/{server_id}/backups", Envelope: "backup", Reply: rawShape(),
	Safety: Changes, Evidence: Clients,
}

// ListBackupsIn names a server.
type ListBackupsIn struct {
	ServerID ServerID `json:"server_id"`
}

// ListBackups lists a server's backups.
var ListBackups = Op[ListBackupsIn, []Backup]{
	Name: "list_backups", Title: "List backups",
	Doc:     "List a server's backups: built says complete, locked says not free for use now; min_disk_size is GB needed to restore.",
	Heading: "GET backup list of cloud servers",
	Route:   "GET /virtual_machines/{server_id}/backups", Reply: bareList[Backup](),
	Safety: Reads, Evidence: Clients,
}

// DeleteBackupIn names a backup of a server.
type DeleteBackupIn struct {
	ServerID ServerID `json:"server_id"`
	BackupID BackupID `json:"backup_id"`
}

// DeleteBackup deletes a backup that a user made.
var DeleteBackup = Op[DeleteBackupIn, Done]{
	Name: "delete_backup", Title: "Delete backup",
	Doc:     "Delete a manual backup for good. Automatic ones (autobackup) cannot be deleted.",
	Heading: "Delete Backup",
	Route:   "DELETE /virtual_machines/{server_id}/backups/{backup_id}", Reply: noContent(),
	Safety: Destroys, Evidence: Clients,
}

// ListClonesIn names a server.
type ListClonesIn struct {
	ServerID ServerID `json:"server_id"`
}

// ListClones lists the clonings of a server.
var ListClones = Op[ListClonesIn, []Clone]{
	Name: "list_clones", Title: "List clones",
	Doc:     "List a server's cloning activity: status and id of each cloned server.",
	Heading: "GET clone list of cloud servers",
	Route:   "GET /virtual_machines/{server_id}/clones", Reply: wrappedList[Clone]("clone"),
	Safety: Reads, Evidence: Inferred,
}

// CloneServerIn names a server, and the cloud of its clone.
type CloneServerIn struct {
	ServerID ServerID `json:"server_id"`
	CloudID  CloudID  `json:"cloud_id,omitempty" jsonschema_description:"Default: the server's own cloud"`
}

// CloneServer makes a new server that is a copy of another.
var CloneServer = Op[CloneServerIn, Raw]{
	Name: "clone_cloud_server", Title: "Clone cloud server",
	Doc:     "Copy a server to a new one, which uses as many nodes and is billed. Follow it with list_clones.",
	Heading: "Clone a cloud server",
	Route:   "POST /virtual_machines/{server_id}/backups",
	Fixed:   Object{{"one_click", true}, {"one_clone", true}}, Reply: rawShape(),
	Safety: Commits, Evidence: Inferred,
}

// DeleteCloneIn names an entry of a server's clone list.
type DeleteCloneIn struct {
	ServerID ServerID `json:"server_id"`
	CloneID  CloneID  `json:"clone_id" body:"id" jsonschema_description:"From list_clones; not the cloned server's id"`
}

// DeleteClone deletes a clone. Whether that is the entry of the list or the
// cloned server is not documented.
var DeleteClone = Op[DeleteCloneIn, Done]{
	Name: "delete_clone", Title: "Delete clone",
	Doc:     "Delete a clone from a server's clone list. Undocumented whether the cloned server goes too: assume it does.",
	Heading: "Delete Clone",
	Route:   "DELETE /virtual_machines/{server_id}/clones/{clone_id}", Reply: noContent(),
	Safety: Destroys, Evidence: Inferred,
}

// Backups is the group of functions about backups and clones.
var Backups = Group{Name: "backups", Title: "Backups", Operations: []Operation{
	CreateBackup, ListBackups, DeleteBackup, ListClones, CloneServer, DeleteClone,
}}
