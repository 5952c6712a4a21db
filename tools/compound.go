package tools

import (
	"context"
	"reflect"
	"slices"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/report"
	"vpsnet-mcp/tools/wait"
	"vpsnet-mcp/tools/zonefile"
	"vpsnet-mcp/vpsapi"
)

// compoundTools lists the tools that are more than one function of the API.
func (s *Server) compoundTools() []*tool {
	either := []*tool{s.waitTool(), s.fleetTool(), diagnoseTool(), s.historyTool(), s.undoTool()}
	for _, t := range either {
		t.either = true
	}
	return slices.Concat(s.zoneTools(), []*tool{costTool()}, either)
}

// readTool makes a tool of our own that reads: it may call several functions of the API and changes nothing.
func readTool[In any](name, title, doc, search, group string, read func(ctx context.Context, r *account.Reader, in In) (*answer.Answer, error)) *tool {
	return &tool{
		name: name, title: title, doc: doc, group: group, safety: vpsapi.Reads, in: reflect.TypeFor[In](), row: catalog.Row{Search: search},
		read: func(ctx context.Context, r *account.Reader, in any, _ answer.Shaping) (*answer.Answer, error) {
			return read(ctx, r, in.(In))
		},
	}
}

// planTool makes a tool of our own that plans a change; safety is the worst it can do.
func planTool[In any](name, title, doc, search, group string, safety vpsapi.Safety, planner func(ctx context.Context, r *account.Reader, in In) (*plan.Plan, error)) *tool {
	return &tool{
		name: name, title: title, doc: doc, group: group, safety: safety, in: reflect.TypeFor[In](), row: catalog.Row{Search: search, Mild: true},
		plan: func(ctx context.Context, r *account.Reader, in any) (*plan.Plan, error) {
			return planner(ctx, r, in.(In))
		},
	}
}

// diagnoseTool returns the tool that looks for what is wrong with one server.
func diagnoseTool() *tool {
	return readTool(catalog.DiagnoseServer, "Diagnose server",
		"What is wrong with a cloud server, such as slow or unreachable: likely causes first, each with evidence and one safe next step.", "site website slow down sick hang error diagnose wrong slow unreachable troubleshoot problem broken server down cannot reach respond sick",
		"servers", report.Diagnose)
}

// costTool returns the tool that reports what the account costs each month.
func costTool() *tool {
	return readTool(catalog.CostReport, "Cost report",
		"Monthly cost by server and kind, what idles and saves, last invoices, traffic against its allowance; unknown prices are named.", "costreport cost costs bill billing spend spending money month monthly pay expensive cheaper save saving savings price traffic bandwidth allowance quota limit licenses premium idle invoice compare run out",
		"servers", report.Costs)
}

// fleetTool returns the tool that reports on all servers; it also reads the journal.
func (s *Server) fleetTool() *tool {
	return readTool(catalog.FleetReport, "Fleet report",
		"All servers in one answer: what is off, pending or without backups, and what is paid for and unused (nodes, IPs), with known costs.", "fleetreport fleet report overview summary waste wasted unused idle cost unbacked health audit all paying nothing everything",
		"servers", func(ctx context.Context, r *account.Reader, in report.FleetArguments) (*answer.Answer, error) {
			return report.Fleet(ctx, r, in, s.entries)
		})
}

// waitTool returns the tool that waits for a server's state, 45 s at most.
func (s *Server) waitTool() *tool {
	return readTool(catalog.WaitForServer, "Wait for server",
		"Wait up to 45 seconds until a cloud or SSD server is running, stopped, built or idle; call again while it is pending.", "wait until ready finished running done server",
		"servers", func(ctx context.Context, r *account.Reader, in wait.Arguments) (*answer.Answer, error) {
			return wait.ForServer(ctx, r, s.options.Pause, in)
		})
}

// zoneTools returns the tools that write, compare and apply a zone file.
func (s *Server) zoneTools() []*tool {
	return []*tool{
		readTool(catalog.ExportZone, "Export zone", "A domain's records as an RFC 1035 zone file, to keep, edit, and give to diff_zone or apply_zone.", "zonefile export download dump bind save domain record", vpsapi.DNS.Name, zonefile.Export),
		readTool(catalog.DiffZone, "Diff zone", "What apply_zone would add, remove and change, with lint of the zone file. Changes nothing.", "zonefile compare difference preview lint check would domain record", vpsapi.DNS.Name, zonefile.Diff),
		planTool(catalog.ApplyZone, "Apply zone", "Make a domain's records as a zone file says, by the fewest changes, as one plan. Failover, SOA and VPS.NET's NS are left alone.", "zonefile apply import upload load bind domain record",
			vpsapi.DNS.Name, vpsapi.Destroys, zonefile.Apply),
	}
}
