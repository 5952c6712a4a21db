package vpsapi

// CreateServerIn is a new server. The document demands all but R1Soft, Licenses
// and ConsumerID in words, and slices_required in every example; storage and RAM
// nodes are in the vendor's own client.
type CreateServerIn struct {
	Label            string     `json:"label" jsonschema:"minLength=1,pattern=^[A-Za-z0-9 ._-]+$" jsonschema_description:"No special characters"`
	FQDN             string     `json:"fqdn" jsonschema:"minLength=1" jsonschema_description:"Host and domain, such as web01.example.com"`
	SystemTemplateID TemplateID `json:"system_template_id" jsonschema_description:"A template of that cloud, from list_templates"`
	CloudID          CloudID    `json:"cloud_id" jsonschema_description:"From list_clouds"`
	BackupsEnabled   Flag       `json:"backups_enabled"`
	RsyncEnabled     Flag       `json:"rsync_backups_enabled"`
	R1SoftEnabled    *Flag      `json:"r1_soft_backups_enabled,omitempty"`
	SlicesRequired   Int        `json:"slices_required" jsonschema:"minimum=1" jsonschema_description:"Nodes, billed monthly"`
	StorageNodes     *Int       `json:"storage_nodes_required,omitempty" jsonschema:"minimum=0"`
	RAMNodes         *Int       `json:"ram_nodes_required,omitempty" jsonschema:"minimum=0"`
	ConsumerID       ConsumerID `json:"consumer_id,omitempty"`
	Licenses         Licenses   `json:"licenses,omitempty"`
}

// Check refuses licenses that contradict each other, which the schema cannot.
func (in CreateServerIn) Check() []Fault { return in.Licenses.check() }

// Body adds fields that decline paid monitoring to the request's body.
func (in CreateServerIn) Body(o *Object) { declineMonitoring(o) }

// monitoringFields are sent as "0" with every create of a server: without them the
// service may add monitoring, and bill it. Public clients send them since 2024.
var monitoringFields = []string{"server_monitoring_service_required", "server_monitoring_configuration_service_required"}

// declineMonitoring sets the fields of paid monitoring to 0, which the service would turn on by itself.
func declineMonitoring(o *Object) {
	for _, field := range monitoringFields {
		o.Set(field, "0")
	}
}

// CreateServer builds a new server. Its password and primary address come with
// the reply; it is not running until it is built.
var CreateServer = Op[CreateServerIn, Server]{
	Name: "create_cloud_server", Title: "Create cloud server",
	Doc:     "Build a new cloud server of chosen template, cloud and nodes. Billed monthly from now; ready in minutes.",
	Heading: "CREATE Cloud Servers",
	Route:   "POST /virtual_machines", Envelope: "virtual_machine", Reply: wrappedObject[Server]("virtual_machine"),
	Safety: Commits, Evidence: Clients,
}

// CreateInstantServerIn says where. Country goes out as the document's number.
type CreateInstantServerIn struct {
	Country Text `json:"country" wire:"number" jsonschema:"enum=1,enum=2" jsonschema_description:"1 UK, 2 US"`
}

// CreateInstantServer takes a server that the vendor has built in advance.
var CreateInstantServer = Op[CreateInstantServerIn, Server]{
	Name: "create_instant_cloud_server", Title: "Create instant cloud server",
	Doc:     "Get a ready-made cloud server in the UK or US at once; billed monthly. To choose template or size, use create_cloud_server.",
	Heading: "CREATE Instant Cloud Servers",
	Route:   "POST /virtual_machines", Fixed: Object{{"instant", true}}, Reply: wrappedObject[Server]("virtual_machine"),
	Safety: Commits, Evidence: Clients,
}
