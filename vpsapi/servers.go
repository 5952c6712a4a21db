package vpsapi

import (
	"encoding/json"
	"math"
)

// Server is a cloud server. A server of a list that was asked for with basic
// has no Running and no BandwidthUsed: absent is not false and not 0.
type Server struct {
	ID                  ServerID         `json:"id"`
	Label               Text             `json:"label"`
	Hostname            Text             `json:"hostname,omitempty"`
	DomainName          Text             `json:"domain_name,omitempty"`
	Running             *Flag            `json:"running,omitempty"`
	PowerActionPending  *Flag            `json:"power_action_pending,omitempty"` // locked by a task: a boot, a stop, a resize
	Built               *Flag            `json:"built,omitempty"`
	Status              Text             `json:"virtual_machine_status,omitempty"`
	CloudID             CloudID          `json:"cloud_id,omitempty"`
	SystemTemplateID    TemplateID       `json:"system_template_id,omitempty"`
	ConsumerID          ConsumerID       `json:"consumer_id,omitempty"`
	Password            Secret           `json:"password,omitempty"` // root's, set whenever the machine is built
	PrimaryIPAddress    *IPWrapper       `json:"primary_ip_address,omitempty"`
	IPAddresses         []IPWrapper      `json:"ip_addresses,omitempty"`
	AdditionalIPs       []IPWrapper      `json:"additional_ip_addresses,omitempty"`
	SlicesCount         *Int             `json:"slices_count" wire:"null"`
	RegularNodesCount   *Int             `json:"regular_nodes_count,omitempty"`
	DailyNodesCount     *Int             `json:"daily_nodes_count,omitempty"`
	RAMNodesCount       *Int             `json:"ram_nodes_count,omitempty"`
	StorageNodesCount   *Int             `json:"storage_nodes_count,omitempty"`
	FusionNodesCount    *Int             `json:"fusion_nodes_count,omitempty"`
	BandwidthNodesCount *Int             `json:"bandwidth_nodes_count,omitempty"`
	BetaNodesCount      *Int             `json:"beta_nodes_count,omitempty"`
	BackupsEnabled      *Flag            `json:"backups_enabled,omitempty"`
	RsyncEnabled        *Flag            `json:"rsync_backups_enabled,omitempty"`
	R1SoftEnabled       *Flag            `json:"r1_soft_backups_enabled,omitempty"`
	BackupLicenses      *BackupLicenses  `json:"backup_licenses,omitempty"`
	Licenses            []LicenseWrapper `json:"virtual_machine_licenses,omitempty"`
	UpgradeSchedules    []Raw            `json:"upgrade_schedules,omitempty"`
	BandwidthUsed       *Int             `json:"bandwidth_used,omitempty"` // this month, KB
	AvailableDiskSize   Text             `json:"available_disk_size,omitempty"`
	DeployedDiskSize    Text             `json:"deployed_disk_size,omitempty"`
	DelayedStorage      *Flag            `json:"delayed_storage,omitempty"`
	DelayedStorageUntil *Time            `json:"delayed_storage_until" wire:"null"`
	CreatedAt           Time             `json:"created_at,omitempty"`
	UpdatedAt           Time             `json:"updated_at,omitempty"`
}

// IPWrapper is an IP address inside a server.
type IPWrapper struct {
	IP IP `json:"ip_address"`
}

// UnmarshalJSON takes the address under either key that clients read.
func (w *IPWrapper) UnmarshalJSON(b []byte) error {
	_, inner := unwrapKey(b, "ip_address", "ip_addresses")
	return json.Unmarshal(inner, &w.IP)
}

// BackupLicenses says which backup services a server has.
type BackupLicenses struct {
	Rsync  *Flag `json:"rsync_license,omitempty"`
	R1Soft *Flag `json:"r1soft_license,omitempty"`
}

// LicenseWrapper is a license inside a server.
type LicenseWrapper struct {
	License struct {
		ID LicenseID `json:"license_id"` // 1 is cPanel, 6 is ISPmanager
	} `json:"virtual_machine_license"`
}

// Schedule is a scheduled upgrade (burst) of a server.
type Schedule struct {
	ID             ScheduleID `json:"id,omitempty"`
	Label          Text       `json:"label,omitempty"`
	ExtraSlices    *Int       `json:"extra_slices,omitempty"`
	Temporary      *Flag      `json:"temporary,omitempty"`
	Days           *Int       `json:"days,omitempty"`
	RunAt          Time       `json:"run_at,omitempty"`
	DelayedStorage *Flag      `json:"delayed_storage,omitempty"`
}

// NetworkRow is the traffic of one interval, in KB; nil is unknown.
type NetworkRow struct {
	CreatedAt    Time `json:"created_at"`
	DataSent     *Int `json:"data_sent"`
	DataReceived *Int `json:"data_received"`
}

// CPURow is the CPU time of one interval; nil is unknown.
type CPURow struct {
	CreatedAt   Time `json:"created_at"`
	CPUTime     *Int `json:"cpu_time"`
	ElapsedTime *Int `json:"elapsed_time"`
}

// Percent is how clients of the service plot a row, CPUTime / ElapsedTime * 10;
// NaN where that is unknown.
func (r CPURow) Percent() float64 {
	if r.CPUTime == nil || r.ElapsedTime == nil || *r.ElapsedTime == 0 {
		return math.NaN()
	}
	return float64(*r.CPUTime) / float64(*r.ElapsedTime) * 10
}

// Total is a row's traffic in both directions, in KB; NaN where either is unknown.
func (r NetworkRow) Total() float64 { return countOrNaN(r.DataSent) + countOrNaN(r.DataReceived) }

// countOrNaN returns a count as a number; NaN for none.
func countOrNaN(n *Int) float64 {
	if n == nil {
		return math.NaN()
	}
	return float64(*n)
}

// Sent and Received are a row's traffic in KB; NaN where it is unknown.
func (r NetworkRow) Sent() float64 { return countOrNaN(r.DataSent) }

// Received returns the KB received in the hour.
func (r NetworkRow) Received() float64 { return countOrNaN(r.DataReceived) }

// RsyncInfo is a server's account at the rsync backup service.
type RsyncInfo struct {
	Username Text   `json:"username" wire:"number"`
	Quota    Text   `json:"quota,omitempty"`
	Password Secret `json:"password,omitempty"`
}

// Servers is the group of functions about cloud servers.
var Servers = Group{Name: "servers", Title: "Cloud servers", Operations: []Operation{
	ListServers, GetServer, SearchServers, CreateServer, CreateInstantServer,
	ShutdownServer, RebootServer, StartServer, PowerOffServer,
	RebuildServer, RebuildServerNetwork, EditServer,
	GetRsyncBackupInfo, ConvertBackupToTemplate, CreateTemplateFromServer,
	ListScheduledUpgrades, CreateScheduledUpgrade, DeleteScheduledUpgrade,
	RestoreServer, GetBandwidthUtilisation, GetCPUUtilisation,
	AddDotdefenderLicense, RemoveDotdefenderLicense,
	ReinstallServer, ResetRootPassword, DeployAllStorage,
	DeleteServer, ListRecoverableServers, RecoverServer, GetActivityLog,
	ListAvailableLicenses, GetServerLicenses, GetAutoscaling, EditAutoscaling,
}}
