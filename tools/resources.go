package tools

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/account"
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

// uriValue is one value of a URI's variable.
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

func (s *Server) readResource(ctx context.Context, r resource, request mcp.ReadResourceRequest, arguments string) ([]mcp.ResourceContents, error) {
	ctx, end := s.span(ctx, string(mcp.MethodResourcesRead), "", request.Header, request.Params.Meta)
	defer end()
	uri := request.Params.URI
	a := s.Call(ctx, r.tool, json.RawMessage(arguments))
	switch {
	case a.IsError:
		if a.Cause == nil || vpsapi.IsNotFound(a.Cause) { // nothing has that name or id
			rpc.Of(ctx).Refuse(rpc.Error{Code: missingResource(ctx), Data: map[string]string{"uri": uri}})
		}
		return nil, errors.New(a.Text)
	case a.Document != nil:
		return []mcp.ResourceContents{mcp.BlobResourceContents{URI: uri, MIMEType: r.mime, Blob: base64.StdEncoding.EncodeToString(a.Document)}}, nil
	case r.part != "":
		parts := map[string]json.RawMessage{}
		if err := json.Unmarshal(a.Structured, &parts); err != nil {
			return nil, err
		}
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: r.mime, Text: answer.Scalar(parts[r.part])}}, nil
	default:
		return []mcp.ResourceContents{mcp.TextResourceContents{URI: uri, MIMEType: r.mime, Text: string(a.Structured)}}, nil
	}
}

// missingResource is the code of a resource that is not there: it became that of
// invalid parameters in revision 2026-07-28.
func missingResource(ctx context.Context) int {
	if server.IsModernRequest(ctx) {
		return rpc.InvalidParams
	}
	return mcp.RESOURCE_NOT_FOUND
}

// completer offers ids and names for the variables of URIs and the arguments of
// prompts: at most 100, none for what it does not know.
type completer struct{ server *Server }

// CompleteResourceArgument completes a variable of a resource's URI.
func (c completer) CompleteResourceArgument(ctx context.Context, _ string, argument mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	return c.complete(ctx, argument), nil
}

// CompletePromptArgument completes an argument of a prompt.
func (c completer) CompletePromptArgument(ctx context.Context, _ string, argument mcp.CompleteArgument, _ mcp.CompleteContext) (*mcp.Completion, error) {
	return c.complete(ctx, argument), nil
}

const maxCompletions = 100

func (c completer) complete(ctx context.Context, argument mcp.CompleteArgument) *mcp.Completion {
	done := &mcp.Completion{Values: []string{}}
	for _, name := range c.names(ctx, argument.Name) {
		if !strings.HasPrefix(strings.ToLower(name), strings.ToLower(argument.Value)) {
			continue
		}
		done.Total++
		if len(done.Values) < maxCompletions {
			done.Values = append(done.Values, name)
		}
	}
	done.HasMore = done.Total > len(done.Values)
	return done
}

// completes names the tool that lists what an argument may be.
var completes = map[string]string{
	"server_id": vpsapi.ListServers.Name, "server": vpsapi.ListServers.Name,
	"domain_id": vpsapi.ListDomains.Name, "domain": vpsapi.ListDomains.Name,
	"invoice_no": vpsapi.ListInvoices.Name, "cloud": vpsapi.ListClouds.Name,
}

// names lists what an argument may be; nothing when it cannot be looked up, or
// when the caller may not list it.
func (c completer) names(ctx context.Context, argument string) []string {
	t, offered := c.server.tools[completes[argument]]
	if !offered || !mayUse(c.server.caller(ctx), t) {
		return nil
	}
	ctx = vpsapi.WithCaller(ctx, c.server.caller(ctx).Name)
	r := account.NewReader(c.server.caller(ctx).Client, c.server.now)
	var names []string
	add := func(texts ...vpsapi.Text) {
		for _, t := range texts {
			if t != "" {
				names = append(names, vpsapi.Visible(string(t)))
			}
		}
	}
	switch argument {
	case "server_id", "server":
		basic := vpsapi.Flag(true)
		servers, err := account.Read(ctx, r, vpsapi.ListServers, vpsapi.ListServersIn{Basic: &basic})
		if err != nil {
			return nil
		}
		for _, s := range servers {
			add(s.Label, vpsapi.Text(s.ID), s.Hostname)
		}
	case "domain_id", "domain":
		domains, err := account.Read(ctx, r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})
		if err != nil {
			return nil
		}
		for _, d := range domains {
			add(d.Name, vpsapi.Text(d.ID))
		}
	case "invoice_no":
		invoices, err := account.Read(ctx, r, vpsapi.ListInvoices, vpsapi.ListInvoicesIn{})
		if err != nil {
			return nil
		}
		for _, i := range invoices {
			add(vpsapi.Text(i.No))
		}
	case "cloud":
		clouds, err := account.Read(ctx, r, vpsapi.ListClouds, vpsapi.ListCloudsIn{})
		if err != nil {
			return nil
		}
		for _, cloud := range clouds {
			add(cloud.Label)
		}
	}
	return names
}

// prompt is a task that a person starts by its name.
type prompt struct {
	name, title, doc string
	arguments        []promptArgument
	text             string // %s stand for the arguments, in their order
}

type promptArgument struct {
	name, doc string
	required  bool
}

var prompts = []prompt{
	{
		"morning_check", "Morning check", "What needs attention on the account today", nil,
		"Look over my VPS.NET account and tell me in at most ten lines what needs attention today, worst first: servers that are off or have " +
			"a task pending, servers without a recent backup, unusual CPU or traffic on running servers, open tickets with a staff reply that " +
			"waits for me, unpaid invoices, and what I pay for without using it (free nodes, IP addresses without a server). Use reading tools " +
			"only. For each point give the evidence and the one next step that you would take. Change nothing.",
	},
	{
		"deploy_server", "Deploy a server", "From wish to running server",
		[]promptArgument{{"purpose", "What the server is for", true}, {"cloud", "Where it should run", false}},
		"I want a new cloud server for this purpose: %s. Preferred location: %s. First show me two fitting choices of cloud, template and nodes " +
			"with what they cost a month as far as the API tells, and ask which one I want. Then create it, show me the plan before anything is " +
			"bought, wait until it runs, and tell me its address and where its password is. Do not print the password.",
	},
	{
		"retire_server", "Retire a server safely", "Take a server out of service without losing what matters",
		[]promptArgument{{"server", "Id or name", true}},
		"I want to retire the cloud server %s. First find out what depends on it: DNS records that point to its addresses, backups, further IP " +
			"addresses, licenses, scheduled upgrades, nodes. Show me the list. Then, one step at a time and each with my consent: a last backup or " +
			"template if I want one, the DNS changes, a graceful shutdown, the deletion. After it tell me what keeps billing (nodes, addresses) and " +
			"until when the server can be recovered.",
	},
	{
		"move_dns", "Move a site's DNS", "Point a domain to another server without surprises",
		[]promptArgument{{"domain", "Id or name", true}, {"server", "The server it should point to", true}},
		"Point the domain %s to the cloud server %s. Read all its records first and show me which ones would change, before and after, and which " +
			"stay (mail, name servers, verification records). If a TTL is long, propose to lower it first and to come back later. Change nothing " +
			"before I agree, then check the records again and say what is different from before.",
	},
}

func (s *Server) addPrompts(m *server.MCPServer) {
	for _, p := range prompts {
		options := []mcp.PromptOption{mcp.WithPromptTitle(p.title), mcp.WithPromptDescription(p.doc)}
		for _, a := range p.arguments {
			described := []mcp.ArgumentOption{mcp.ArgumentDescription(a.doc)}
			if a.required {
				described = append(described, mcp.RequiredArgument())
			}
			options = append(options, mcp.WithArgument(a.name, described...))
		}
		m.AddPrompt(mcp.NewPrompt(p.name, options...), func(ctx context.Context, request mcp.GetPromptRequest) (*mcp.GetPromptResult, error) {
			values := make([]any, len(p.arguments))
			for i, a := range p.arguments {
				value := request.Params.Arguments[a.name]
				switch {
				case value == "" && a.required:
					rpc.Of(ctx).Refuse(rpc.Error{Code: rpc.InvalidParams})
					return nil, fmt.Errorf("prompt %s needs the argument %s", p.name, a.name)
				case value == "":
					value = "no preference"
				}
				values[i] = vpsapi.Quote(value)
			}
			text := p.text
			if len(values) > 0 {
				text = fmt.Sprintf(p.text, values...)
			}
			return mcp.NewGetPromptResult(p.doc, []mcp.PromptMessage{mcp.NewPromptMessage(mcp.RoleUser, mcp.NewTextContent(text))}), nil
		})
	}
}
