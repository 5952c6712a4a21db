package tools

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

// resource is something that a client can read by its URI; reading it is a call
// of a tool, with all that belongs to one.
type resource struct {
	uri, name, title, doc, mime string
	tool                        string
	argument                    string // of the tool, and of the URI
	part                        string // of the answer, that the resource is; all of it when empty
}

// resources are what clients can read without calling a tool; each is answered by the function that it names.
var resources = []resource{
	{"vpsnet://account", "account", "Account", "The account's owner", "application/json", vpsapi.GetProfile.Name, "", ""},
	{"vpsnet://servers/{server_id}", "server", "Cloud server", "One cloud server, by id or name", "application/json", vpsapi.GetServer.Name, "server_id", ""},
	{"vpsnet://domains/{domain_id}/zone", "zone", "DNS zone", "A domain's records as a zone file, by id or name", "text/dns", catalog.ExportZone, "domain_id", "zone"},
	{"vpsnet://invoices/{invoice_no}", "invoice", "Invoice", "One invoice as a PDF", "application/pdf", vpsapi.GetInvoice.Name, "invoice_no", ""},
}

// addResources publishes the resources whose tools are offered.
func (s *Server) addResources(m *server.MCPServer) {
	for _, r := range resources {
		if _, offered := s.tools[r.tool]; !offered {
			continue
		}
		if r.argument == "" {
			m.AddResource(mcp.NewResource(r.uri, r.name, mcp.WithResourceDescription(r.doc), mcp.WithMIMEType(r.mime)),
				func(ctx context.Context, request mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
					return s.readResource(ctx, r, request, "{}")
				})
			continue
		}
		m.AddResourceTemplate(mcp.NewResourceTemplate(r.uri, r.name, mcp.WithTemplateDescription(r.doc), mcp.WithTemplateMIMEType(r.mime)),
			func(ctx context.Context, request mcp.ReadResourceRequest) ([]mcp.ResourceContents, error) {
				arguments, err := json.Marshal(map[string]string{r.argument: uriValue(request.Params.Arguments[r.argument])})
				if err != nil {
					return nil, err
				}
				return s.readResource(ctx, r, request, string(arguments))
			})
	}
}

// uriValue returns the one value of a variable of a resource's URI; empty for none.
func uriValue(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case []string:
		return strings.Join(v, "")
	default:
		return ""
	}
}

// readResource answers a read of a resource by a call of its function, under the same rules as any call.
func (s *Server) readResource(ctx context.Context, r resource, request mcp.ReadResourceRequest, arguments string) ([]mcp.ResourceContents, error) {
	ctx, end := s.span(ctx, string(mcp.MethodResourcesRead), "", request.Header, request.Params.Meta)
	defer end()
	uri := request.Params.URI
	a := s.Call(ctx, r.tool, json.RawMessage(arguments))
	switch {
	case a.IsError:
		if a.Cause == nil || vpsapi.IsNotFound(a.Cause) { // nothing has that name or id
			rpc.CallOf(ctx).ReplaceError(rpc.Error{Code: missingResourceCode(ctx), Data: map[string]string{"uri": uri}})
		}
		return nil, errors.New(a.Text)
	case a.Document != nil:
		return []mcp.ResourceContents{mcp.BlobResourceContents{URI: uri, MIMEType: r.mime, Blob: base64.StdEncoding.EncodeToString(a.Document)}}, nil
	case r.part != "":
		parts := map[string]json.RawMessage{}
		if err := json.Unmarshal(a.Structured, &parts); err != nil {
			return nil, err
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: r.mime, Text: answer.FormatScalar(parts[r.part])}}, nil
	default:
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: r.mime, Text: string(a.Structured)}}, nil
	}
}

// missingResourceCode returns the code of a resource that is not there: it became that of
// invalid parameters in revision 2026-07-28.
func missingResourceCode(ctx context.Context) int {
	if server.IsModernRequest(ctx) {
		return rpc.InvalidParams
	}
	return mcp.RESOURCE_NOT_FOUND
}
