package vpsapi

// RebuildServerIn names a server and what to build it from.
type RebuildServerIn struct {
	ServerID         ServerID   `json:"server_id"`
	SystemTemplateID TemplateID `json:"system_template_id,omitempty" jsonschema_description:"Default: its present template"`
}

// RebuildServer builds a server again; the document means it for a pending one.
var RebuildServer = Op[RebuildServerIn, Raw]{
	Name: "rebuild_cloud_server", Title: "Rebuild cloud server",
	Doc:     "Build a cloud server again whose build is pending or failed. ERASES its disk. For a working one, use reinstall_cloud_server.",
	Heading: "Rebuild a cloud server",
	Route:   "POST /virtual_machines/{server_id}/rebuild", Envelope: "virtual_machine", Reply: rawShape(),
	Safety: Destroys, Evidence: Clients,
}

// ReinstallServerIn names a server and its new template.
type ReinstallServerIn struct {
	ServerID         ServerID   `json:"server_id"`
	SystemTemplateID TemplateID `json:"system_template_id" jsonschema_description:"A template of its cloud, from list_templates"`
}

// ReinstallServer replaces all that is on a server by a fresh template.
var ReinstallServer = Op[ReinstallServerIn, Server]{
	Name: "reinstall_cloud_server", Title: "Reinstall cloud server",
	Doc:     "ERASE a cloud server's disk and install a template afresh; IPs and nodes stay. Back up first.",
	Heading: "Re-install a Cloud Server",
	Route:   "PUT /virtual_machines/{server_id}/reinstall", Envelope: "virtual_machine", Reply: wrappedObject[Server]("virtual_machine"),
	Safety: Destroys, Evidence: Clients,
}
