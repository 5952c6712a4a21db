package vpsapi

// AddDotdefenderLicenseIn names a server.
type AddDotdefenderLicenseIn struct {
	VirtualMachineID ServerID `json:"virtual_machine_id" jsonschema_description:"The server's id"`
}

// AddDotdefenderLicense buys dotDefender for a server. Its body says "accept":
// the license's terms and price, which consent has shown.
var AddDotdefenderLicense = Op[AddDotdefenderLicenseIn, Raw]{
	Name: "add_dotdefender_license", Title: "Add dotDefender license",
	Doc:     "Buy a dotDefender (web application firewall) license for a server and accept its terms.",
	Heading: "Add dotDefender License for a cloud server",
	Route:   "POST /dotdefender_licenses", Fixed: Object{{"accept", "1"}}, Reply: rawShape(),
	Safety: Commits, Evidence: Inferred,
}

// RemoveDotdefenderLicenseIn names a server.
type RemoveDotdefenderLicenseIn struct {
	ServerID ServerID `json:"server_id"`
}

// RemoveDotdefenderLicense cancels a server's dotDefender.
var RemoveDotdefenderLicense = Op[RemoveDotdefenderLicenseIn, Done]{
	Name: "remove_dotdefender_license", Title: "Remove dotDefender license",
	Doc:     "Cancel a server's dotDefender license; its protection ends.",
	Heading: "Remove dotDefender License from a Cloud Server",
	Route:   "DELETE /dotdefender_licenses/{server_id}", Reply: noContent(),
	Safety: Destroys, Evidence: Inferred,
}

// ListAvailableLicensesIn has no arguments.
type ListAvailableLicensesIn struct{}

// ListAvailableLicenses lists the control panels and add-ons on sale.
var ListAvailableLicenses = Op[ListAvailableLicensesIn, Raw]{
	Name: "list_available_licenses", Title: "List available licenses",
	Doc:     "List the control panel and add-on licenses on sale. They are bought with create_cloud_server or edit_cloud_server.",
	Heading: "Available Cloud Server Licenses",
	Route:   "GET /available_licenses", Reply: rawShape(), Safety: Reads, Evidence: Inferred,
}

// GetServerLicensesIn names a server.
type GetServerLicensesIn struct {
	ServerID ServerID `json:"server_id"`
}

// GetServerLicenses lists a server's control panel and add-on licenses.
var GetServerLicenses = Op[GetServerLicensesIn, Raw]{
	Name: "get_cloud_server_licenses", Title: "Get cloud server licenses",
	Doc:     "Get a server's control panel and add-on licenses, with the ids that edit_cloud_server buys and cancels by.",
	Heading: "Get Cloud Server Licenses",
	Route:   "GET /virtual_machines/{server_id}/licenses", Reply: rawShape(),
	Safety: Reads, Evidence: Inferred,
}
