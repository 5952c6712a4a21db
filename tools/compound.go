package tools

import (
	"context"
	"reflect"
	"slices"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// The tools that are more than one function of the API.
const (
	ExportZone     = "export_zone"
	DiffZone       = "diff_zone"
	ApplyZone      = "apply_zone"
	WaitForServer  = "wait_for_server"
	FleetReport    = "fleet_report"
	DiagnoseServer = "diagnose_server"
	History        = "history"
	Undo           = "undo"
)

// compounds lists the tools that are more than one function of the API.
func (s *Server) compounds() []*tool {
	either := []*tool{s.waitTool(), s.fleetTool(), diagnoseTool(), s.historyTool(), s.undoTool()}
	for _, t := range either {
		t.either = true
	}
	return slices.Concat(s.zoneTools(), either)
}

// readTool is a compound tool that only reads.
func readTool[In any](name, title, doc, search, group string, read func(ctx context.Context, r *reader, in In) (*Answer, error)) *tool {
	return &tool{
		name: name, title: title, doc: doc, group: group, safety: vpsapi.Reads, in: reflect.TypeFor[In](), row: row{search: search},
		read: func(ctx context.Context, r *reader, in any, _ shaping) (*Answer, error) { return read(ctx, r, in.(In)) },
	}
}

// planTool is a compound tool that makes a plan; safety is the worst it can do.
func planTool[In any](name, title, doc, search, group string, safety vpsapi.Safety, planner func(ctx context.Context, r *reader, in In) (*plan.Plan, error)) *tool {
	return &tool{
		name: name, title: title, doc: doc, group: group, safety: safety, in: reflect.TypeFor[In](), row: row{search: search, mild: true},
		plan: func(ctx context.Context, r *reader, in any) (*plan.Plan, error) { return planner(ctx, r, in.(In)) },
	}
}
