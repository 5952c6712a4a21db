package tools

import (
	"encoding/json"

	"github.com/mark3labs/mcp-go/mcp"

	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// published returns the tool as clients see it.
func published(t *offer.Tool) mcp.Tool {
	whole := withoutArguments(t)
	whole.RawInputSchema = t.Schema()
	return whole
}

// withoutArguments returns the tool without its arguments.
func withoutArguments(t *offer.Tool) mcp.Tool {
	reads := t.Safety == vpsapi.Reads
	destructive := t.Safety > vpsapi.Changes
	idempotent := reads || (t.Op != nil && isIdempotentMethod(t.Op.Info().Route.Method()))
	open := t.Group == vpsapi.Tickets.Name
	return mcp.Tool{
		Name: t.Name, Title: t.Title, Description: t.Doc, RawInputSchema: json.RawMessage(`{"type":"object"}`),
		Annotations: mcp.ToolAnnotation{
			ReadOnlyHint: &reads, DestructiveHint: &destructive, IdempotentHint: &idempotent, OpenWorldHint: &open,
		},
	}
}

// isIdempotentMethod reports an HTTP method whose request may be repeated without a further effect (RFC 9110, 9.2.2).
func isIdempotentMethod(method string) bool {
	return method == "GET" || method == "PUT" || method == "DELETE"
}
