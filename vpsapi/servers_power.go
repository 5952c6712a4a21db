package vpsapi

// ShutdownServerIn names a running server.
type ShutdownServerIn struct {
	ServerID ServerID `json:"server_id"`
}

// ShutdownServer stops a running server by its own system.
var ShutdownServer = Op[ShutdownServerIn, Server]{
	Name: "shutdown_cloud_server", Title: "Shut down cloud server",
	Doc:     "Shut a running cloud server down gracefully; it goes offline, its nodes stay billed. If it hangs, use power_off_cloud_server.",
	Heading: "SHUTDOWN a Cloud Server gracefully",
	Route:   "POST /virtual_machines/{server_id}/shutdown", Reply: wrappedObject[Server]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// RebootServerIn names a running server.
type RebootServerIn struct {
	ServerID ServerID `json:"server_id"`
	Mode     string   `json:"mode,omitempty" jsonschema:"enum=recovery" jsonschema_description:"Recovery's login is public: root / recovery"`
}

// RebootServer restarts a running server.
var RebootServer = Op[RebootServerIn, Server]{
	Name: "reboot_cloud_server", Title: "Reboot cloud server",
	Doc:     "Reboot a running cloud server gracefully, offline for about a minute; optionally into recovery mode, to repair it.",
	Heading: "REBOOT a Cloud Server gracefully",
	Route:   "POST /virtual_machines/{server_id}/reboot", Reply: wrappedObject[Server]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// StartServerIn names a stopped server. A mode is not part of it: that recovery mode can be started into is poorly evidenced.
type StartServerIn struct {
	ServerID ServerID `json:"server_id"`
}

// StartServer boots a stopped server.
var StartServer = Op[StartServerIn, Server]{
	Name: "start_cloud_server", Title: "Start cloud server",
	Doc:     "Boot a cloud server that is powered off. Recovery mode: reboot_cloud_server.",
	Heading: "START UP a Cloud Server",
	Route:   "POST /virtual_machines/{server_id}/power_on", Reply: wrappedObject[Server]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// PowerOffServerIn names a running server.
type PowerOffServerIn struct {
	ServerID ServerID `json:"server_id"`
}

// PowerOffServer cuts a running server's power.
var PowerOffServer = Op[PowerOffServerIn, Server]{
	Name: "power_off_cloud_server", Title: "Power off cloud server",
	Doc:     "Cut a running cloud server's power; unsaved data may be lost. Try shutdown_cloud_server first.",
	Heading: "POWER OFF a cloud server forcefully",
	Route:   "POST /virtual_machines/{server_id}/power_off", Reply: wrappedObject[Server]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// RebuildServerNetworkIn names a server.
type RebuildServerNetworkIn struct {
	ServerID ServerID `json:"server_id"`
}

// RebuildServerNetwork writes a server's network configuration anew.
var RebuildServerNetwork = Op[RebuildServerNetworkIn, Raw]{
	Name: "rebuild_cloud_server_network", Title: "Rebuild cloud server network",
	Doc:     "Regenerate a cloud server's network interfaces file, such as after adding an IP. Reboots it.",
	Heading: "Rebuild cloud server Network",
	Route:   "POST /virtual_machines/{server_id}/rebuild_network", Reply: rawShape(), Safety: Disrupts, Evidence: Clients,
}

// ResetRootPasswordIn names a server.
type ResetRootPasswordIn struct {
	ServerID ServerID `json:"server_id"`
}

// ResetRootPassword gives a server a new root password, which the reply holds.
var ResetRootPassword = Op[ResetRootPasswordIn, Server]{
	Name: "reset_root_password", Title: "Reset root password",
	Doc:     "Give a cloud server a new root password. Reboots it; the old password stops working.",
	Heading: "Reset root password for a Cloud Server",
	Route:   "POST /virtual_machines/{server_id}/reset_password", Reply: wrappedObject[Server]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// DeployAllStorageIn names a server whose storage was delayed.
type DeployAllStorageIn struct {
	ServerID ServerID `json:"server_id"`
}

// DeployAllStorage grows a server's disk to what its nodes give.
var DeployAllStorage = Op[DeployAllStorageIn, Raw]{
	Name: "deploy_all_storage", Title: "Deploy all storage",
	Doc:     "Grow a cloud server's disk to all the storage that its nodes give, such as delayed storage. Causes downtime.",
	Heading: "Deploy all storage for a Cloud Server",
	Route:   "POST /virtual_machines/{server_id}/deploy_all_storage", Reply: rawShape(), Safety: Disrupts, Evidence: Inferred,
}
