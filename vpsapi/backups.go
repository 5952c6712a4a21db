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

// Backups is the group of functions about backups and clones.
var Backups = Group{Name: "backups", Title: "Backups"}
