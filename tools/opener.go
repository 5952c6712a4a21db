package tools

import (
	"context"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/answer"
)

// opened is what became of a request to open a page.
type opened int

const (
	pageOpened  opened = iota // the client opens it, or says so
	pageRefused               // the client's person does not want to
	pageIgnored               // nobody answered
)

// opener has the client open a page for its person.
type opener interface {
	open(ctx context.Context, q answer.Question) (opened, error)
	// done tells the client that the page of a plan has its answer.
	done(ctx context.Context, id string)
}

type openerKey struct{}

func withOpener(ctx context.Context, o opener) context.Context {
	if o == nil {
		return ctx
	}
	return context.WithValue(ctx, openerKey{}, o)
}

func openerOf(ctx context.Context) opener {
	o, _ := ctx.Value(openerKey{}).(opener)
	return o
}

// clientOpener gives what opens pages through the MCP client; nil when it cannot.
func (s *Server) clientOpener(ctx context.Context, request mcp.CallToolRequest) opener {
	if server.IsModernRequest(ctx) {
		if c := server.RequestProtocolInfoFromContext(ctx).ClientCapabilities; c != nil && takesLinks(c.Elicitation) {
			return roundOpener{request}
		}
		return nil
	}
	info, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo)
	if call := rpc.Of(ctx); ok && call.CanAsk() && takesLinks(info.GetClientCapabilities().Elicitation) {
		return callOpener{call, s.options.AskPatience}
	}
	return nil
}

func takesLinks(c *mcp.ElicitationCapability) bool { return c != nil && c.URL != nil }

// roundOpener asks by the call's result (revision 2026-07-28). The answer must
// name the plan that was asked for: another's is none.
type roundOpener struct{ request mcp.CallToolRequest }

func (o roundOpener) open(_ context.Context, q answer.Question) (opened, error) {
	got := server.ElicitationResponse(o.request.Params.InputResponses, questionID)
	if got == nil || o.request.Params.RequestState != q.Code {
		return pageIgnored, errAskAgain
	}
	return openedBy(got.Action), nil
}

func (roundOpener) done(context.Context, string) {}

func openedBy(a mcp.ElicitationResponseAction) opened {
	switch a {
	case mcp.ElicitationResponseActionAccept:
		return pageOpened
	case mcp.ElicitationResponseActionDecline:
		return pageRefused
	default:
		return pageIgnored
	}
}

// callOpener asks by a request to the client in mid-call (older revisions).
type callOpener struct {
	call     *rpc.Call
	patience time.Duration
}

func (o callOpener) open(ctx context.Context, q answer.Question) (opened, error) {
	params := form(q)
	params.ElicitationID = q.Code
	got, err := elicit(ctx, o.call, params, o.patience)
	if err != nil {
		return pageIgnored, err
	}
	return openedBy(got.Action), nil
}

func (o callOpener) done(_ context.Context, id string) {
	o.call.Notify(string(mcp.MethodNotificationElicitationComplete), map[string]any{"elicitationId": id})
}
