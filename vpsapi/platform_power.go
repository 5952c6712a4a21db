package vpsapi

// The power functions send no body, and nobody reads their replies: what came
// of one, GetPlatformServerStatus tells.

// StartPlatformServerIn names a stopped server.
type StartPlatformServerIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// StartPlatformServer boots a stopped server.
var StartPlatformServer = Op[StartPlatformServerIn, Done]{
	Name: "start_platform_server", Title: "Start SSD server (newer API)", API: Platform,
	Doc:   "Boot an SSD server of the newer API that is powered off.",
	Route: "POST /ssd-vps/locations/{location_id}/servers/{server_id}/power/on", Reply: platformEnvelope(noContent(), statusCodeKey, 200, "Powered On"),
	Safety: Changes, Evidence: ClaimedWorking,
}

// PowerOffPlatformServerIn names a running server.
type PowerOffPlatformServerIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// PowerOffPlatformServer stops a running server. The vendor calls it a shutdown;
// whether the system is asked or the power is cut, nobody has said.
var PowerOffPlatformServer = Op[PowerOffPlatformServerIn, Done]{
	Name: "power_off_platform_server", Title: "Power off SSD server (newer API)", API: Platform,
	Doc:   "Stop a running SSD server of the newer API; it stays billed. Whether cleanly is not known: unsaved data may be lost.",
	Route: "POST /ssd-vps/locations/{location_id}/servers/{server_id}/power/off", Reply: platformEnvelope(noContent(), statusCodeKey, 200, "Powered Off"),
	Safety: Disrupts, Evidence: ClaimedWorking,
}

// RebootPlatformServerIn names a running server.
type RebootPlatformServerIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// RebootPlatformServer restarts a running server.
var RebootPlatformServer = Op[RebootPlatformServerIn, Done]{
	Name: "reboot_platform_server", Title: "Reboot SSD server (newer API)", API: Platform,
	Doc:   "Reboot a running SSD server of the newer API.",
	Route: "POST /ssd-vps/locations/{location_id}/servers/{server_id}/power/reboot", Reply: platformEnvelope(noContent(), statusCodeKey, 200, "Rebooted"),
	Safety: Disrupts, Evidence: ClaimedWorking,
}

// RecoveryRebootPlatformServerIn names a running server.
type RecoveryRebootPlatformServerIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// RecoveryRebootPlatformServer restarts a server into a recovery system. How
// that is entered is not known; RebootPlatformServer leaves it.
var RecoveryRebootPlatformServer = Op[RecoveryRebootPlatformServerIn, Done]{
	Name: "recovery_reboot_platform_server", Title: "Reboot SSD server to recovery (newer API)", API: Platform,
	Doc:   "Reboot an SSD server of the newer API into its recovery system, to repair it: its services stay down until reboot_platform_server.",
	Route: "POST /ssd-vps/locations/{location_id}/servers/{server_id}/power/recovery-reboot", Reply: platformEnvelope(noContent(), statusCodeKey, 200, "Rebooted"),
	Safety: Disrupts, Evidence: SisterBrand,
}
