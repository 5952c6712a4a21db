package catalog

// The tools that are more than one function of the API.
const (
	// ExportZone is the name of the tool that writes a domain's zone file.
	ExportZone = "export_zone"
	// DiffZone is the name of the tool that compares a zone file with a domain.
	DiffZone = "diff_zone"
	// ApplyZone is the name of the tool that makes a domain's records as a zone file says.
	ApplyZone = "apply_zone"
	// WaitForServer is the name of the tool that waits for a server's state.
	WaitForServer = "wait_for_server"
	// FleetReport is the name of the tool that reports on all servers.
	FleetReport = "fleet_report"
	// CostReport is the name of the tool that reports what the account costs.
	CostReport = "cost_report"
	// DiagnoseServer is the name of the tool that looks for what is wrong with a server.
	DiagnoseServer = "diagnose_server"
	// History is the name of the tool that lists changes of the journal.
	History = "history"
	// Undo is the name of the tool that reverses a change.
	Undo = "undo"
)
