package catalog

// The tools that are more than one function of the API.
const (
	ExportZone     = "export_zone"
	DiffZone       = "diff_zone"
	ApplyZone      = "apply_zone"
	WaitForServer  = "wait_for_server"
	FleetReport    = "fleet_report"
	CostReport     = "cost_report"
	DiagnoseServer = "diagnose_server"
	History        = "history"
	Undo           = "undo"
)
