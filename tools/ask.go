package tools

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/consent"
)

// Question is a plan that a person must agree to.
type Question struct {
	Plan  string // what they read
	Typed string // what they must type; empty for a plain yes
	Code  string // the plan's code; it travels to the client and back, sealed
	Link  string // the page that has the question; empty where the client puts it by a form
}

// Text is the question as a person reads it.
func (q Question) Text() string {
	if q.Typed == "" {
		return q.Plan + "\n\nGo ahead?"
	}
	return fmt.Sprintf("%s\n\nTo go ahead, type %s", q.Plan, q.Typed)
}

// Reply is what a person answered.
type Reply struct {
	Yes   bool
	Typed string
	By    string // how and by whom, for journal and audit
	Code  string // the code that came back with the reply; empty when the ask never left this call
}

// Asker puts a question to a person.
type Asker interface {
	Ask(ctx context.Context, q Question) (Reply, error)
}

// errAskAgain means that the question went out as the call's result: the client
// calls again with the answer.
var errAskAgain = errors.New("the question is the call's result")

type askerKey struct{}

// WithAsker gives the calls of a context somebody to ask.
func WithAsker(ctx context.Context, a Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, a)
}

func askerOf(ctx context.Context) Asker {
	a, _ := ctx.Value(askerKey{}).(Asker)
	return a
}

// How long an ask may take: a client without a progress token gives up a call
// after a minute, one with a token is kept waiting by progress.
const (
	askPatience  = 50 * time.Second // unless Options.AskPatience says otherwise
	askHeartbeat = 15 * time.Second
)

// clientAsker gives what asks through the MCP client; nil when it cannot.
func (s *Server) clientAsker(ctx context.Context, request mcp.CallToolRequest) Asker {
	if server.IsModernRequest(ctx) {
		if c := server.RequestProtocolInfoFromContext(ctx).ClientCapabilities; c != nil && takesForms(c.Elicitation) {
			return &roundAsker{request}
		}
		return nil
	}
	session := server.ClientSessionFromContext(ctx)
	info, ok := session.(server.SessionWithClientInfo)
	if !ok || !takesForms(info.GetClientCapabilities().Elicitation) {
		return nil
	}
	if asks, ok := session.(server.SessionWithElicitation); ok {
		return &sessionAsker{asks, request, s.options.AskPatience}
	}
	return nil
}

func takesForms(c *mcp.ElicitationCapability) bool {
	return c != nil && (c.Form != nil || c.URL == nil)
}

// questionID names the question among a result's input requests.
const questionID = "consent"

// roundAsker asks by the call's result (revision 2026-07-28): the client puts
// the question and calls again with the answer and the sealed code.
type roundAsker struct {
	request mcp.CallToolRequest
}

func (a *roundAsker) Ask(context.Context, Question) (Reply, error) {
	answer := server.ElicitationResponse(a.request.Params.InputResponses, questionID)
	if answer == nil || a.request.Params.RequestState == "" {
		return Reply{}, errAskAgain
	}
	reply := replyOf(answer.ElicitationResponse)
	reply.Code = a.request.Params.RequestState
	return reply, nil
}

// inputRequired is the result that asks.
func inputRequired(q Question) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(q.Code).Elicit(questionID, form(q)).ToolResult()
}

// sessionAsker asks by a request to the client in mid-call (older revisions).
type sessionAsker struct {
	session  server.SessionWithElicitation
	request  mcp.CallToolRequest
	patience time.Duration
}

func (a *sessionAsker) Ask(ctx context.Context, q Question) (Reply, error) {
	patience := a.patience
	if m := a.request.Params.Meta; m != nil && m.ProgressToken != nil {
		patience = consent.Lifetime
		stop := heartbeat(ctx, m.ProgressToken, "waiting for the person's answer")
		defer stop()
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answer, err := a.session.RequestElicitation(ctx, mcp.ElicitationRequest{Params: form(q)})
	if err != nil {
		return Reply{}, err
	}
	return replyOf(answer.ElicitationResponse), nil
}

// heartbeat sends progress until it is stopped.
func heartbeat(ctx context.Context, token mcp.ProgressToken, message string) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(askHeartbeat)
		defer ticker.Stop()
		for n := 1; ; n++ {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				progress(ctx, token, n, message)
			}
		}
	}()
	return func() { cancel(); <-done }
}

// progress tells the client how a call fares; one that cannot be told is not told.
func progress(ctx context.Context, token mcp.ProgressToken, n int, message string) {
	if s := server.ServerFromContext(ctx); s != nil {
		_ = s.SendNotificationToClient(ctx, string(mcp.MethodNotificationProgress), map[string]any{
			"progressToken": token, "progress": n, "message": message,
		})
	}
}

// form is the question as an elicitation. It never asks for a secret.
func form(q Question) mcp.ElicitationParams {
	if q.Link != "" {
		return mcp.ElicitationParams{Mode: mcp.ElicitationModeURL, Message: q.Plan, URL: q.Link}
	}
	properties, required := map[string]any{}, []string{}
	if q.Typed != "" {
		properties["confirm"] = map[string]any{"type": "string", "title": "Type " + q.Typed}
		required = append(required, "confirm")
	}
	return mcp.ElicitationParams{
		Mode: mcp.ElicitationModeForm, Message: q.Text(),
		RequestedSchema: map[string]any{"type": "object", "properties": properties, "required": required},
	}
}

func replyOf(r mcp.ElicitationResponse) Reply {
	content, _ := r.Content.(map[string]any)
	typed, _ := content["confirm"].(string)
	return Reply{Yes: r.Action == mcp.ElicitationResponseActionAccept, Typed: strings.TrimSpace(typed), By: "the client's person, asked by elicitation"}
}
