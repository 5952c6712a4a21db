package tools

import (
	"context"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/calls"
)

// withProgress returns a context in which calls report progress, when the client asked for it.
func withProgress(ctx context.Context, request mcp.CallToolRequest) context.Context {
	var tell func(string)
	if call := rpc.CallOf(ctx); call != nil {
		if !call.TellsProgress() {
			return ctx
		}
		tell = call.Progress
	} else if m := request.Params.Meta; m != nil && m.ProgressToken != nil {
		var told atomic.Int64
		tell = func(message string) {
			if s := server.ServerFromContext(ctx); s != nil {
				_ = s.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), map[string]any{
					"progressToken": m.ProgressToken, "progress": told.Add(1), "message": message,
				})
			}
		}
	} else {
		return ctx
	}
	return calls.WithProgress(ctx, tell)
}
