package tools

import (
	"encoding/base64"

	"github.com/mark3labs/mcp-go/mcp"

	"vpsnet-mcp/tools/answer"
)

// protocolResult returns the answer as the protocol carries it.
func protocolResult(a *answer.Answer) *mcp.CallToolResult {
	if a.Question != nil {
		return inputRequiredResult(*a.Question)
	}
	content := []mcp.Content{mcp.NewTextContent(a.Text)}
	if a.Image != nil {
		content = append(content, mcp.NewImageContent(base64.StdEncoding.EncodeToString(a.Image), "image/png"))
	}
	if a.Document != nil {
		content = append(content, mcp.NewEmbeddedResource(mcp.BlobResourceContents{
			URI: a.DocumentURI, MIMEType: "application/pdf", Blob: base64.StdEncoding.EncodeToString(a.Document),
		}))
	}
	r := &mcp.CallToolResult{Content: content, IsError: a.IsError}
	if a.Structured != nil {
		r.StructuredContent = a.Structured
	}
	return r
}
