package vpsapi

import "reflect"

// The ids of things of the newer API.
type (
	// LocationID names a Location.
	LocationID = ID[Location]
	// PlatformTemplateID names a PlatformTemplate.
	PlatformTemplateID = ID[PlatformTemplate]
	// SSHKeyID names an SSHKey.
	SSHKeyID = ID[SSHKey]
)

// platformIDType is the type PlatformServerID.
var platformIDType = reflect.TypeFor[PlatformServerID]()

// PlatformServer is a server of the newer API as its list shows it.
type PlatformServer struct {
	ID            Text     `json:"id" wire:"number"` // within its location; ServerID is what names it
	Label         Text     `json:"label"`
	Hostname      Text     `json:"hostname"`
	IPAddress     Text     `json:"ip_address,omitempty"`
	Backups       *Flag    `json:"backups,omitempty" wire:"digit"`
	HourlyBilling *Flag    `json:"hourly_billing,omitempty" wire:"digit"`
	Location      Location `json:"location"`
	PlanID        Text     `json:"plan_id,omitempty" wire:"number"`
	ServiceID     Text     `json:"service_id,omitempty" wire:"number"`
}

// ServerID names the server in the functions that take one.
func (s PlatformServer) ServerID() PlatformServerID { return NewPlatformServerID(s.Location.ID, s.ID) }

// Location is a site where servers are built. Its number means another place than
// the same number of a Cloud.
type Location struct {
	ID             LocationID `json:"id"`
	Name           Text       `json:"name"`
	SSHKeyRequired *Flag      `json:"ssh_key_required,omitempty"`
}

// NeedsKey reports a location whose servers are accessed by an SSH key alone.
func (l Location) NeedsKey() bool { return l.SSHKeyRequired != nil && bool(*l.SSHKeyRequired) }

// ListPlatformServersIn may name a location.
type ListPlatformServersIn struct {
	LocationID LocationID `json:"location_id,omitempty"`
}

// ListPlatformServers lists the servers of every location. What they are doing
// it does not say. The program in production never gives a location.
var ListPlatformServers = Op[ListPlatformServersIn, []PlatformServer]{
	Name: "list_platform_servers", Title: "List SSD servers (newer API)", API: Platform,
	Doc:   "List SSD servers of the newer API with hostname, IP and location. Whether one runs: get_platform_server_status.",
	Route: "GET /ssd-vps/servers", Reply: platformEnvelope(bareList[PlatformServer](), statusCodeKey, 200, "SSD Virtual Machines"),
	Safety: Reads, Evidence: Production,
}

// PlatformServerDetail is one server with its machine and addresses. It has
// neither location, plan nor state.
type PlatformServerDetail struct {
	ID              Text                `json:"id" wire:"number"` // within its location
	Hostname        Text                `json:"hostname"`
	Label           Text                `json:"label"`
	Memory          *Int                `json:"memory,omitempty"` // MB
	CPUs            *Int                `json:"cpus,omitempty"`
	DiskSize        *Int                `json:"total_disk_size,omitempty"` // GB
	CreatedAt       Time                `json:"created_at,omitempty"`
	Built           *Flag               `json:"built,omitempty"`
	Booted          *Flag               `json:"booted,omitempty"`
	Suspended       *Flag               `json:"suspended,omitempty"`
	OperatingSystem Text                `json:"operating_system,omitempty"`
	Distribution    Text                `json:"operating_system_distro,omitempty"`
	Note            Text                `json:"note,omitempty"`
	Domain          Text                `json:"domain,omitempty"`
	IPAddresses     []PlatformIPWrapper `json:"ip_addresses,omitempty"`
	RootPassword    Secret              `json:"initial_root_password,omitempty"` // wrong where an SSH key is required
	HourlyBilling   *Flag               `json:"hourly_billing,omitempty"`
	Backups         *Flag               `json:"backups,omitempty"`
}

// PlatformIPWrapper is the envelope of an address inside a server.
type PlatformIPWrapper struct {
	IP PlatformIP `json:"ip_address"`
}

// PlatformIP is an address of a server.
type PlatformIP struct {
	Address     Text `json:"address"`
	Broadcast   Text `json:"broadcast,omitempty"`
	Network     Text `json:"network_address,omitempty"`
	Gateway     Text `json:"gateway,omitempty"`
	CreatedAt   Time `json:"created_at,omitempty"`
	ReverseName Text `json:"rdnsEntry,omitempty"`
}

// GetPlatformServerIn names a server of the newer API.
type GetPlatformServerIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// GetPlatformServer reads one server.
var GetPlatformServer = Op[GetPlatformServerIn, PlatformServerDetail]{
	Name: "get_platform_server", Title: "Get SSD server (newer API)", API: Platform,
	Doc:   "Get an SSD server of the newer API: memory, disk, system, addresses, first root password (wrong where the location requires an SSH key).",
	Route: "GET /ssd-vps/locations/{location_id}/servers/{server_id}", Reply: platformEnvelope(bareObject[PlatformServerDetail](), statusCodeKey, 200, "SSD Virtual Machine"),
	Safety: Reads, Evidence: Production,
}

// PlatformState is what a server is doing. 1 is up; no other value is known.
type PlatformState struct {
	Status Int `json:"status"`
}

// IsUp reports a server that is powered on. The other states are not documented.
func (s PlatformState) IsUp() bool { return s.Status == 1 }

// GetPlatformServerStatusIn names a server of the newer API.
type GetPlatformServerStatusIn struct {
	ID PlatformServerID `json:"platform_server_id"`
}

// GetPlatformServerStatus reads whether a server is powered on.
var GetPlatformServerStatus = Op[GetPlatformServerStatusIn, PlatformState]{
	Name: "get_platform_server_status", Title: "Get SSD server status (newer API)", API: Platform,
	Doc:   "Get whether an SSD server of the newer API is up: status 1 is powered on, what other values mean is not known.",
	Route: "GET /ssd-vps/locations/{location_id}/servers/{server_id}/status", Reply: platformEnvelope(bareObject[PlatformState](), statusCodeKey, 200, "Powered On"),
	Safety: Reads, Evidence: Production,
}

// PlatformPlan is a size of server with its price a month.
type PlatformPlan struct {
	ID          Text  `json:"id" wire:"number"`
	Label       Text  `json:"label"`
	Price       Money `json:"price"` // net, USD a month
	ProductName Text  `json:"product_name,omitempty"`
}

// ListPlatformPlansIn has no arguments.
type ListPlatformPlansIn struct{}

// ListPlatformPlans lists the sizes of servers with their prices.
var ListPlatformPlans = Op[ListPlatformPlansIn, []PlatformPlan]{
	Name: "list_platform_plans", Title: "List SSD plans (newer API)", API: Platform,
	Doc:   "List the plans of SSD servers of the newer API: size, product_name, net price in USD a month.",
	Route: "GET /ssd-vps/plans", Reply: platformEnvelope(bareList[PlatformPlan](), statusKey, 200, "Plans"),
	Safety: Reads, Evidence: ClaimedWorking,
}

// ListPlatformLocationsIn has no arguments.
type ListPlatformLocationsIn struct{}

// ListPlatformLocations lists where servers can be built. Which is sold out it
// does not say.
var ListPlatformLocations = Op[ListPlatformLocationsIn, []Location]{
	Name: "list_platform_locations", Title: "List locations (newer API)", API: Platform,
	Doc:   "List locations of the newer API, and whether each requires an SSH key. Their ids are not cloud ids.",
	Route: "GET /ssd-vps/locations", Reply: platformEnvelope(bareList[Location](), statusKey, 200, "Locations"),
	Safety: Reads, Evidence: Production,
}

// PlatformSystem is an operating system that a server can be built with.
type PlatformSystem struct {
	Name          Text  `json:"name"`
	ComponentCode Text  `json:"component_code"`
	Price         Money `json:"price" wire:"number"`
	PriceHourly   Money `json:"price_hourly,omitempty" wire:"number"`
	Currency      Text  `json:"currency,omitempty"`
	MinDiskSize   *Int  `json:"min_disk_size,omitempty" wire:"string"` // GB
	Architecture  Text  `json:"operating_system_arch,omitempty"`
	MinMemorySize *Int  `json:"min_memory_size,omitempty" wire:"string"` // MB
}

// ListPlatformSystemsIn names a location.
type ListPlatformSystemsIn struct {
	LocationID LocationID `json:"location_id" jsonschema_description:"From list_platform_locations"`
}

// ListPlatformSystems lists the operating systems of a location.
var ListPlatformSystems = Op[ListPlatformSystemsIn, []PlatformSystem]{
	Name: "list_platform_systems", Title: "List systems (newer API)", API: Platform,
	Doc:   "List the operating systems of a location of the newer API, with component_code and price.",
	Route: "GET /ssd-vps/locations/{location_id}/operating-systems", Reply: platformEnvelope(bareList[PlatformSystem](), statusCodeKey, 200, "Operating Systems"),
	Safety: Reads, Evidence: ClaimedWorking,
}

// PlatformTemplate is a template of the account's own. The same template has
// another id in each location.
type PlatformTemplate struct {
	ID          PlatformTemplateID `json:"id"`
	Label       Text               `json:"label"`
	Price       Money              `json:"price,omitempty" wire:"number"`
	PriceHourly Money              `json:"price_hourly,omitempty" wire:"number"`
	IsHourly    *Flag              `json:"is_hourly,omitempty"`
	IsMonthly   *Flag              `json:"is_monthly,omitempty"`
	Products    []Text             `json:"products,omitempty"`
}

// ListPlatformTemplatesIn names a location.
type ListPlatformTemplatesIn struct {
	LocationID LocationID `json:"location_id" jsonschema_description:"From list_platform_locations"`
}

// ListPlatformTemplates lists the account's own templates in a location.
var ListPlatformTemplates = Op[ListPlatformTemplatesIn, []PlatformTemplate]{
	Name: "list_platform_templates", Title: "List own templates (newer API)", API: Platform,
	Doc:   "List the account's own templates in a location of the newer API. A template's id differs by location.",
	Route: "GET /ssd-vps/locations/{location_id}/templates/custom", Reply: platformEnvelope(bareList[PlatformTemplate](), statusCodeKey, 200, "Custom Templates"),
	Safety: Reads, Evidence: Production,
}

// ListPlatformStatusUpdatesIn has no arguments.
type ListPlatformStatusUpdatesIn struct{}

// ListPlatformStatusUpdates reads the vendor's notices. Their form is not known.
var ListPlatformStatusUpdates = Op[ListPlatformStatusUpdatesIn, Raw]{
	Name: "list_platform_status_updates", Title: "List notices (newer API)", API: Platform,
	Doc:   "List the vendor's active notices of faults and maintenance.",
	Route: "GET /status-updates", Reply: platformEnvelope(rawShape(), statusCodeKey, 200, "Status Updates"),
	Safety: Reads, Evidence: ClaimedWorking,
}
