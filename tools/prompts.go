package tools

import (
	"context"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/vpsapi"
)

// prompt is a task that a person starts by its name.
type prompt struct {
	name, title, doc string
	arguments        []promptArgument
	text             string // %s stand for the arguments, in their order
}

// promptArgument is an argument that the person fills in when they choose a prompt.
type promptArgument struct {
	name, doc string
	required  bool
}

// prompts are the ready requests that clients offer to a person, often as slash commands.
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

// addPrompts registers the prompts with the protocol library.
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
					rpc.CallOf(ctx).ReplaceError(rpc.Error{Code: rpc.InvalidParams})
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
