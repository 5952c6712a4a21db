package tools

import (
	"context"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
)

// clientOpener gives what opens pages through the MCP client; nil when it cannot.
func (s *Server) clientOpener(ctx context.Context, request mcp.CallToolRequest) confirm.Opener {
	if server.IsModernRequest(ctx) {
		if c := server.RequestProtocolInfoFromContext(ctx).ClientCapabilities; c != nil && acceptsLinks(c.Elicitation) {
			return resultOpener{request}
		}
		return nil
	}
	info, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo)
	if call := rpc.CallOf(ctx); ok && call.CanAsk() && acceptsLinks(info.GetClientCapabilities().Elicitation) {
		return callOpener{call, s.options.AskPatience}
	}
	return nil
}

// acceptsLinks reports a client that can open a link for its person (URL elicitation).
func acceptsLinks(c *mcp.ElicitationCapability) bool { return c != nil && c.URL != nil }

// resultOpener asks by the call's result (revision 2026-07-28). The answer must
// name the plan that was asked for: another's is none.
type resultOpener struct{ request mcp.CallToolRequest }

// Open implements confirm.Opener. It reads whether the client opened the page from the retried request.
func (o resultOpener) Open(_ context.Context, q answer.Question) (confirm.Opened, error) {
	got := server.ElicitationResponse(o.request.Params.InputResponses, questionID)
	if got == nil || o.request.Params.RequestState != q.Code {
		return confirm.PageIgnored, confirm.ErrAskAgain
	}
	return pageAnswer(got.Action), nil
}

// Done implements confirm.Opener. It does nothing: no call is open that could be told.
func (resultOpener) Done(context.Context, string) {}

// pageAnswer returns what became of a page, from the client's answer to the question.
func pageAnswer(a mcp.ElicitationResponseAction) confirm.Opened {
	switch a {
	case mcp.ElicitationResponseActionAccept:
		return confirm.PageOpened
	case mcp.ElicitationResponseActionDecline:
		return confirm.PageRefused
	default:
		return confirm.PageIgnored
	}
}

// callOpener asks by a request to the client in mid-call (older revisions).
type callOpener struct {
	call     *rpc.Call
	patience time.Duration
}

// Open implements confirm.Opener. It asks the client, while the call is open, to open the page.
func (o callOpener) Open(ctx context.Context, q answer.Question) (confirm.Opened, error) {
	params := elicitationForm(q)
	params.ElicitationID = q.Code
	got, err := elicit(ctx, o.call, params, o.patience)
	if err != nil {
		return confirm.PageIgnored, err
	}
	return pageAnswer(got.Action), nil
}

// Done implements confirm.Opener. It tells the client that the page's decision was made.
func (o callOpener) Done(_ context.Context, id string) {
	o.call.Notify(string(mcp.MethodNotificationElicitationComplete), map[string]any{"elicitationId": id})
}
