package vpsapi

// DeleteServerIn names a server and those that get what can outlive it. The
// document writes their ids as text.
type DeleteServerIn struct {
	ServerID     ServerID `json:"server_id"`
	ReassignIP   ServerID `json:"reassign_ip,omitempty" wire:"string" jsonschema_description:"Server on the same cloud that gets its primary IP (chargeable)"`
	AlternateVPS ServerID `json:"alternate_vps,omitempty" wire:"string" jsonschema_description:"Server (no Windows) that gets its Pro-Active Managed Service"`
	AlternateSD  ServerID `json:"alternate_sd_vps,omitempty" wire:"string" jsonschema_description:"Server that gets its monitoring (server density)"`
}

// Check refuses a server that would inherit from itself.
func (in DeleteServerIn) Check() []Fault {
	var faults []Fault
	for _, heir := range []struct {
		field string
		id    ServerID
	}{{"reassign_ip", in.ReassignIP}, {"alternate_vps", in.AlternateVPS}, {"alternate_sd_vps", in.AlternateSD}} {
		if heir.id != "" && heir.id == in.ServerID {
			faults = append(faults, Fault{heir.field, "this is the server to be deleted; name another one"})
		}
	}
	return faults
}

// DeleteServer deletes a server. Only the last three deleted ones of an account
// can be recovered.
var DeleteServer = Op[DeleteServerIn, Done]{
	Name: "delete_cloud_server", Title: "Delete cloud server",
	Doc:     "Delete a cloud server; recoverable for 12 hours, then lost with its backups. Its nodes stay billed until removed with delete_node.",
	Heading: "DELETE a Cloud Server",
	Route:   "DELETE /virtual_machines/{server_id}", Reply: noContent(), Safety: Destroys, Evidence: Clients,
}

// ListRecoverableServersIn has no arguments.
type ListRecoverableServersIn struct{}

// ListRecoverableServers lists the deleted servers that can be recovered.
var ListRecoverableServers = Op[ListRecoverableServersIn, []Server]{
	Name: "list_recoverable_cloud_servers", Title: "List recoverable cloud servers",
	Doc:     "List the cloud servers deleted in the last 12 hours that recover_cloud_server can bring back.",
	Heading: "GET Recoverable Cloud Servers",
	Route:   "GET /virtual_machines/recoverable", Reply: wrappedList[Server]("virtual_machine"), Safety: Reads, Evidence: Clients,
}

// RecoverServerIn names a deleted server.
type RecoverServerIn struct {
	ServerID ServerID `json:"server_id" jsonschema_description:"From list_recoverable_cloud_servers"`
}

// RecoverServer brings a deleted server back.
var RecoverServer = Op[RecoverServerIn, Server]{
	Name: "recover_cloud_server", Title: "Recover cloud server",
	Doc:     "Bring back a cloud server within 12 hours of its deletion.",
	Heading: "RECOVER a Cloud Server",
	Route:   "POST /virtual_machines/{server_id}/recover", Reply: wrappedObject[Server]("virtual_machine"), Safety: Changes, Evidence: Clients,
}
