package vpsapi

// SSDServerID names an SSD server. SSD servers are counted apart from cloud servers.
type SSDServerID = ID[SSDServer]

// SSDServer is an SSD server: one of a fixed plan instead of nodes. The document
// names it ("Create SSD VPS") and does not describe it; the fields are those that
// public clients read.
type SSDServer struct {
	ID                 SSDServerID `json:"id"`
	Label              Text        `json:"ssd_vps_label"`
	Plan               Text        `json:"ssd_vps_plan,omitempty"` // 0 to 5
	Hostname           Text        `json:"hostname,omitempty"`
	DomainName         Text        `json:"domain_name,omitempty"`
	Running            *Flag       `json:"running,omitempty"`
	PowerActionPending *Flag       `json:"power_action_pending,omitempty"`
	Built              *Flag       `json:"built,omitempty"`
	Status             Text        `json:"virtual_machine_status,omitempty"`
	CloudID            CloudID     `json:"cloud_id,omitempty"`
	SystemTemplateID   TemplateID  `json:"system_template_id,omitempty"`
	Password           Secret      `json:"password,omitempty"`
	PrimaryIPAddress   *IPWrapper  `json:"primary_ip_address,omitempty"`
	BackupsEnabled     *Flag       `json:"backups_enabled,omitempty"`
	RsyncEnabled       *Flag       `json:"rsync_backups_enabled,omitempty"`
	CreatedAt          Time        `json:"created_at,omitempty"`
	BandwidthUsed      *Int        `json:"bandwidth_used,omitempty"` // this month, KB
	UpdatedAt          Time        `json:"updated_at,omitempty"`
}

// SSD is the group of functions about SSD servers. The document does not have
// them; public clients use them.
var SSD = Group{Name: "ssd", Title: "SSD servers", Operations: []Operation{
	ListSSDServers, GetSSDServer, CreateSSDServer,
	ShutdownSSDServer, PowerOffSSDServer, StartSSDServer, RebootSSDServer, DeleteSSDServer,
}}

// ListSSDServersIn asks for less.
type ListSSDServersIn struct {
	Basic *Flag `json:"basic,omitempty" jsonschema_description:"Faster: state may be missing"`
}

// ListSSDServers lists the account's SSD servers.
var ListSSDServers = Op[ListSSDServersIn, []SSDServer]{
	Name: "list_ssd_servers", Title: "List SSD servers",
	Doc:   "List SSD servers with state, plan, IP and cloud. Cloud servers: list_cloud_servers.",
	Route: "GET /ssd_virtual_machines", Reply: wrappedList[SSDServer]("virtual_machine"), Safety: Reads, Evidence: Clients,
}

// GetSSDServerIn names an SSD server.
type GetSSDServerIn struct {
	ID SSDServerID `json:"ssd_server_id"`
}

// GetSSDServer reads one SSD server.
var GetSSDServer = Op[GetSSDServerIn, SSDServer]{
	Name: "get_ssd_server", Title: "Get SSD server",
	Doc:   "Get one SSD server.",
	Route: "GET /ssd_virtual_machines/{ssd_server_id}", Reply: wrappedObject[SSDServer]("virtual_machine"), Safety: Reads, Evidence: Clients,
}

// CreateSSDServerIn is a new SSD server. Public clients send all but the label; one
// sends plan 0, of which nothing more is known.
type CreateSSDServerIn struct {
	Label            string     `json:"ssd_vps_label,omitempty"`
	Plan             Text       `json:"ssd_vps_plan" wire:"number" jsonschema:"enum=0,enum=1,enum=2,enum=3,enum=4,enum=5" jsonschema_description:"1 to 5: 1, 2, 4, 8, 16 GB RAM; 0: unknown"`
	FQDN             string     `json:"fqdn" jsonschema:"minLength=1"`
	SystemTemplateID TemplateID `json:"system_template_id"`
	CloudID          CloudID    `json:"cloud_id" jsonschema_description:"From list_ssd_clouds"`
	BackupsEnabled   Flag       `json:"backups_enabled"`
	RsyncEnabled     Flag       `json:"rsync_backups_enabled"`
	Tag              string     `json:"tag,omitempty"`
}

// Body adds fields that decline paid monitoring to the request's body.
func (in CreateSSDServerIn) Body(o *Object) { declineMonitoring(o) }

// CreateSSDServer builds a new SSD server. Its password comes with the reply.
var CreateSSDServer = Op[CreateSSDServerIn, SSDServer]{
	Name: "create_ssd_server", Title: "Create SSD server",
	Doc:   "Build a new SSD server of a plan. Billed from now; ready in minutes.",
	Route: "POST /ssd_virtual_machines", Envelope: "virtual_machine", Reply: wrappedObject[SSDServer]("virtual_machine"),
	Safety: Commits, Evidence: Clients,
}

// ShutdownSSDServerIn names a running SSD server.
type ShutdownSSDServerIn struct {
	ID SSDServerID `json:"ssd_server_id"`
}

// ShutdownSSDServer stops a running SSD server by its own system.
var ShutdownSSDServer = Op[ShutdownSSDServerIn, SSDServer]{
	Name: "shutdown_ssd_server", Title: "Shut down SSD server",
	Doc:   "Shut a running SSD server down gracefully; it stays billed.",
	Route: "POST /ssd_virtual_machines/{ssd_server_id}/shutdown", Reply: wrappedObject[SSDServer]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// PowerOffSSDServerIn names a running SSD server.
type PowerOffSSDServerIn struct {
	ID SSDServerID `json:"ssd_server_id"`
}

// PowerOffSSDServer cuts a running SSD server's power.
var PowerOffSSDServer = Op[PowerOffSSDServerIn, SSDServer]{
	Name: "power_off_ssd_server", Title: "Power off SSD server",
	Doc:   "Cut a running SSD server's power; unsaved data may be lost. Try shutdown_ssd_server first.",
	Route: "POST /ssd_virtual_machines/{ssd_server_id}/power_off", Reply: wrappedObject[SSDServer]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// StartSSDServerIn names a stopped SSD server.
type StartSSDServerIn struct {
	ID SSDServerID `json:"ssd_server_id"`
}

// StartSSDServer boots a stopped SSD server.
var StartSSDServer = Op[StartSSDServerIn, SSDServer]{
	Name: "start_ssd_server", Title: "Start SSD server",
	Doc:   "Boot an SSD server that is powered off.",
	Route: "POST /ssd_virtual_machines/{ssd_server_id}/power_on", Reply: wrappedObject[SSDServer]("virtual_machine"), Safety: Changes, Evidence: Clients,
}

// RebootSSDServerIn names a running SSD server.
type RebootSSDServerIn struct {
	ID SSDServerID `json:"ssd_server_id"`
}

// RebootSSDServer restarts a running SSD server.
var RebootSSDServer = Op[RebootSSDServerIn, SSDServer]{
	Name: "reboot_ssd_server", Title: "Reboot SSD server",
	Doc:   "Reboot a running SSD server gracefully.",
	Route: "POST /ssd_virtual_machines/{ssd_server_id}/reboot", Reply: wrappedObject[SSDServer]("virtual_machine"), Safety: Disrupts, Evidence: Clients,
}

// DeleteSSDServerIn names an SSD server.
type DeleteSSDServerIn struct {
	ID SSDServerID `json:"ssd_server_id"`
}

// DeleteSSDServer deletes an SSD server. Whether it can be recovered is not known.
var DeleteSSDServer = Op[DeleteSSDServerIn, Done]{
	Name: "delete_ssd_server", Title: "Delete SSD server",
	Doc:   "Delete an SSD server with its disk; no way back is known.",
	Route: "DELETE /ssd_virtual_machines/{ssd_server_id}", Reply: noContent(), Safety: Destroys, Evidence: Clients,
}
