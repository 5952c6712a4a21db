package tools

import (
	"context"
	_ "embed" // the app's page

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/offer"
)

// The plan as an MCP App: a page that hosts show in the conversation, where they
// can. It shows the plan and leads to where a person decides; it agrees to nothing,
// and the text stays whole beside it.
const (
	appExtension = "io.modelcontextprotocol/ui"
	appType      = "text/html;profile=mcp-app"
	appURI       = "ui://vps-net/plan"
	planMeta     = "net.vps/plan" // the plan in a result's _meta, which no model is sent
)

// planPage is the page that clients with the apps extension show a plan in, as HTML.
//
//go:embed app/plan.html
var planPage string

// clientShowsApps reports a client that shows pages of ours. Others are sent nothing of them.
func clientShowsApps(ctx context.Context) bool {
	c := clientCapabilities(ctx)
	if c == nil {
		return false
	}
	extension, ok := c.Extensions[appExtension].(map[string]any)
	if !ok {
		return false
	}
	types, listed := extension["mimeTypes"].([]any)
	if !listed {
		return true
	}
	for _, t := range types {
		if t == appType {
			return true
		}
	}
	return false
}

// clientCapabilities are those of a request's client; nil when they are not known.
func clientCapabilities(ctx context.Context) *mcp.ClientCapabilities {
	if server.IsModernRequest(ctx) {
		return server.RequestProtocolInfoFromContext(ctx).ClientCapabilities
	}
	if s, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo); ok {
		c := s.GetClientCapabilities()
		return &c
	}
	return nil
}

// withApp names the page of a tool that may answer with a plan.
func withApp(t *offer.Tool, published mcp.Tool) mcp.Tool {
	if t.Asks || t.Gate != nil {
		published.Meta = mcp.NewMetaFromMap(map[string]any{"ui": map[string]any{"resourceUri": appURI, "visibility": []string{"model"}}})
	}
	return published
}

// addApp publishes the page. It is listed for the clients alone that show it.
func (s *Server) addApp(m *server.MCPServer) {
	m.AddResource(mcp.NewResource(appURI, "plan", mcp.WithResourceDescription("A plan that needs consent"), mcp.WithMIMEType(appType)),
		func(context.Context, mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
			return []mcp.ResourceContents{mcp.TextResourceContents{URI: appURI, MIMEType: appType, Text: planPage}}, nil
		})
}

// hideApp takes the page from the list of a client that does not show it.
func hideApp(ctx context.Context, _ any, _ *mcp.ListResourcesRequest, result *mcp.ListResourcesResult) {
	if result == nil || clientShowsApps(ctx) {
		return
	}
	var rest []mcp.Resource
	for _, r := range result.Resources {
		if r.URI != appURI {
			rest = append(rest, r)
		}
	}
	result.Resources = rest
}

// addAppPlan adds the plan to a result, under planMeta, for a client that shows the app's page.
func addAppPlan(ctx context.Context, a *answer.Answer, r *mcp.CallToolResult) *mcp.CallToolResult {
	if a.Plan != nil && clientShowsApps(ctx) {
		r.Meta = mcp.NewMetaFromMap(map[string]any{planMeta: a.Plan})
	}
	return r
}
