package vpsapi

// ListServersIn filters the list.
type ListServersIn struct {
	Basic      *Flag      `json:"basic,omitempty" jsonschema_description:"Faster: leaves out running and bandwidth_used"`
	ConsumerID ConsumerID `json:"consumer_id,omitempty" jsonschema_description:"Only this consumer's servers"`
}

// ListServers lists the account's servers.
var ListServers = Op[ListServersIn, []Server]{
	Name: "list_cloud_servers", Title: "List cloud servers",
	Doc:     "List all cloud servers with state, nodes, IPs and cloud. To find one by name or IP, use search_cloud_servers.",
	Heading: "GET Cloud Servers",
	Route:   "GET /virtual_machines", Reply: wrappedList[Server]("virtual_machine"), Safety: Reads, Evidence: Document,
}

// GetServerIn names a server.
type GetServerIn struct {
	ServerID ServerID `json:"server_id"`
}

// GetServer reads one server.
var GetServer = Op[GetServerIn, Server]{
	Name: "get_cloud_server", Title: "Get cloud server",
	Doc:     "Get one cloud server: state, nodes, IPs, licenses, disk, whether a task is pending.",
	Heading: "GET properties for a Cloud Server",
	Route:   "GET /virtual_machines/{server_id}", Reply: wrappedObject[Server]("virtual_machine"), Safety: Reads, Evidence: Clients,
}

// SearchServersIn says what to look for.
type SearchServersIn struct {
	Search string `json:"search" jsonschema:"minLength=1" jsonschema_description:"IP address, hostname, domain name, label or tag"`
}

// SearchServers finds servers by name or address.
var SearchServers = Op[SearchServersIn, []Server]{
	Name: "search_cloud_servers", Title: "Search cloud servers",
	Doc:     "Find cloud servers by IP address, hostname, domain name, label or tag.",
	Heading: "Search Cloud Servers",
	Route:   "GET /virtual_machines", Reply: wrappedList[Server]("virtual_machine"), Safety: Reads, Evidence: Clients,
}

// GetActivityLogIn names a server.
type GetActivityLogIn struct {
	ServerID ServerID `json:"server_id"`
}

// GetActivityLog reads what was done to a server.
var GetActivityLog = Op[GetActivityLogIn, Raw]{
	Name: "get_activity_log", Title: "Get activity log",
	Doc:     "Get what was done to a cloud server and when: boots, builds, edits, backups.",
	Heading: "Get Activity Log of Cloud Server",
	Route:   "GET /virtual_machines/{server_id}/activity_log", Reply: rawShape(), Safety: Reads, Evidence: Inferred,
}
