package tools

import (
	"context"

	"github.com/mark3labs/mcp-go/server"
)

// clientInfo returns the MCP client's own name and version.
func clientInfo(ctx context.Context) string {
	if p := server.RequestProtocolInfoFromContext(ctx); p != nil && p.ClientInfo != nil {
		return p.ClientInfo.Name + "/" + p.ClientInfo.Version
	}
	if s, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		if info := s.GetClientInfo(); info.Name != "" {
			return info.Name + "/" + info.Version
		}
	}
	return ""
}
