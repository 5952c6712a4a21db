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
