package tools

import (
	"context"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

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

// maxCompletions is how many values one completion may have (MCP, completion/complete).
const maxCompletions = 100

// complete returns the names that begin with what the person has typed, in any case of letters.
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

// names lists what an argument may be; nothing when it cannot be looked up, or
// when the caller may not list it.
func (c completer) names(ctx context.Context, argument string) []string {
	candidates := completions[argument]
	t, offered := c.server.tools[candidates.tool]
	caller := c.server.caller(ctx)
	if !offered || !offer.IsAllowedTo(caller, t) {
		return nil
	}
	texts, err := candidates.texts(vpsapi.WithCaller(ctx, caller.Name), account.NewReader(caller.Client, c.server.now))
	if err != nil {
		return nil
	}
	var names []string
	for _, text := range texts {
		if text != "" {
			names = append(names, vpsapi.Visible(string(text)))
		}
	}
	return names
}

// candidates are the values that an argument may have.
type candidates struct {
	tool  string // whose callers may see them
	texts func(context.Context, *account.Reader) ([]vpsapi.Text, error)
}

// candidatesOf reads the candidates from a list: the texts of each of its things.
func candidatesOf[In, Thing any](op vpsapi.Op[In, []Thing], in In, textsOf func(Thing) []vpsapi.Text) candidates {
	return candidates{op.Name, func(ctx context.Context, r *account.Reader) ([]vpsapi.Text, error) {
		things, err := account.Read(ctx, r, op, in)
		var texts []vpsapi.Text
		for _, thing := range things {
			texts = append(texts, textsOf(thing)...)
		}
		return texts, err
	}}
}

var (
	// serverCandidates lists the account's live servers: label, id and hostname of each.
	serverCandidates = candidatesOf(vpsapi.ListServers, account.LiveServers(), func(s vpsapi.Server) []vpsapi.Text {
		return []vpsapi.Text{s.Label, vpsapi.Text(s.ID), s.Hostname}
	})
	// domainCandidates lists the account's domains: name and id of each.
	domainCandidates = candidatesOf(vpsapi.ListDomains, vpsapi.ListDomainsIn{}, func(d vpsapi.Domain) []vpsapi.Text {
		return []vpsapi.Text{d.Name, vpsapi.Text(d.ID)}
	})
)

// completions are the candidates by the argument's name.
var completions = map[string]candidates{
	"server_id": serverCandidates, "server": serverCandidates,
	"domain_id": domainCandidates, "domain": domainCandidates,
	"invoice_no": candidatesOf(vpsapi.ListInvoices, vpsapi.ListInvoicesIn{}, func(i vpsapi.Invoice) []vpsapi.Text { return []vpsapi.Text{vpsapi.Text(i.No)} }),
	"cloud":      candidatesOf(vpsapi.ListClouds, vpsapi.ListCloudsIn{}, func(c vpsapi.Cloud) []vpsapi.Text { return []vpsapi.Text{c.Label} }),
}
