package tools

import (
	"context"
	"slices"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/report"
	"vpsnet-mcp/tools/wait"
	"vpsnet-mcp/tools/zonefile"
	"vpsnet-mcp/vpsapi"
)

// compoundTools lists the tools that are more than one function of the API.
func (s *Server) compoundTools() []*offer.Tool {
	either := []*offer.Tool{s.waitTool(), s.fleetTool(), diagnoseTool(), s.historyTool(), s.undoTool()}
	for _, t := range either {
		t.Either = true
	}
	return slices.Concat(s.zoneTools(), []*offer.Tool{costTool()}, either)
}

// diagnoseTool returns the tool that looks for what is wrong with one server.
func diagnoseTool() *offer.Tool {
	return offer.ReadTool(catalog.DiagnoseServer, "Diagnose server",
		"What is wrong with a cloud server, such as slow or unreachable: likely causes first, each with evidence and one safe next step.", "site website slow down sick hang error diagnose wrong slow unreachable troubleshoot problem broken server down cannot reach respond sick",
		"servers", report.Diagnose)
}

// costTool returns the tool that reports what the account costs each month.
func costTool() *offer.Tool {
	return offer.ReadTool(catalog.CostReport, "Cost report",
		"Monthly cost by server and kind, what idles and saves, last invoices, traffic against its allowance; unknown prices are named.", "costreport cost costs bill billing spend spending money month monthly pay expensive cheaper save saving savings price traffic bandwidth allowance quota limit licenses premium idle invoice compare run out",
		"servers", report.Costs)
}

// fleetTool returns the tool that reports on all servers; it also reads the journal.
func (s *Server) fleetTool() *offer.Tool {
	return offer.ReadTool(catalog.FleetReport, "Fleet report",
		"All servers in one answer: what is off, pending or without backups, and what is paid for and unused (nodes, IPs), with known costs.", "fleetreport fleet report overview account down which list summary waste wasted unused idle cost unbacked health audit all paying nothing everything",
		"servers", func(ctx context.Context, r *account.Reader, in report.FleetArguments) (*answer.Answer, error) {
			return report.Fleet(ctx, r, in, s.journal.Entries)
		})
}

// waitTool returns the tool that waits for a server's state, 45 s at most.
func (s *Server) waitTool() *offer.Tool {
	return offer.ReadTool(catalog.WaitForServer, "Wait for server",
		"Wait up to 45 seconds until a cloud or SSD server is running, stopped, built or idle; call again while pending.", "wait until ready finished running done server",
		"servers", func(ctx context.Context, r *account.Reader, in wait.Arguments) (*answer.Answer, error) {
			return wait.ForServer(ctx, r, s.options.Pause, in)
		})
}

// zoneTools returns the tools that write, compare and apply a zone file.
func (s *Server) zoneTools() []*offer.Tool {
	return []*offer.Tool{
		offer.ReadTool(catalog.ExportZone, "Export zone", "A domain's records as an RFC 1035 zone file, to keep, edit, and give to diff_zone or apply_zone.", "zonefile export download dump bind save domain record", vpsapi.DNS.Name, zonefile.Export),
		offer.ReadTool(catalog.DiffZone, "Diff zone", "What apply_zone would add, remove and change, with lint of the zone file. Changes nothing.", "zonefile compare difference preview lint check would domain record", vpsapi.DNS.Name, zonefile.Diff),
		offer.PlanTool(catalog.ApplyZone, "Apply zone", "Make a domain's records as a zone file says, by the fewest changes, as one plan. Failover, SOA and VPS.NET's NS are left alone.", "zonefile apply import upload load bind domain record",
			vpsapi.DNS.Name, vpsapi.Destroys, zonefile.Apply),
	}
}

// historyTool returns the tool that lists what was changed.
func (s *Server) historyTool() *offer.Tool {
	return offer.ReadTool(catalog.History, "History",
		"What was changed through this server in the last 31 days, newest first: by whom, with whose consent, and what undo can still reverse.", "changehistory history changed changes journal undo consent through recent session",
		offer.JournalGroup, s.journal.History)
}
