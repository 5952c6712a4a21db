package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
)

// Reply is what a person answered.
type Reply struct {
	Yes    bool
	Closed bool // the question was put away without a yes or a no
	Typed  string
	By     string // how and by whom, for journal and audit
	Code   string // the code that came back with the reply; empty when the ask never left this call
}

// Asker puts a question to a person.
type Asker interface {
	Ask(ctx context.Context, q answer.Question) (Reply, error)
}

// errCannotAsk is returned by an Asker whose person cannot be reached by it at all:
// a client that declares forms and does not know them, for one.
var errCannotAsk = errors.New("the client cannot ask")

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

// A client without a progress token gives up a call after a minute: asking and
// waiting together end before that. One with a token is kept waiting by progress.
const (
	askPatience  = 50 * time.Second // unless Options.AskPatience says otherwise
	askHeartbeat = 15 * time.Second
)

type deadlineKey struct{}

// withDeadline sets when a call must have its answer, where its client gives it up.
func withDeadline(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, deadlineKey{}, at)
}

// deadlineOf is when a call must have its answer: most from now, or before.
func deadlineOf(ctx context.Context, most time.Duration) time.Time {
	at := time.Now().Add(most)
	if end, ok := ctx.Value(deadlineKey{}).(time.Time); ok && end.Before(at) {
		return end
	}
	return at
}

// clientAsker gives what asks through the MCP client; nil when it cannot.
func (s *Server) clientAsker(ctx context.Context, request mcp.CallToolRequest) Asker {
	if server.IsModernRequest(ctx) {
		if c := server.RequestProtocolInfoFromContext(ctx).ClientCapabilities; c != nil && takesForms(c.Elicitation) {
			return &roundAsker{request}
		}
		return nil
	}
	info, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo)
	if call := rpc.Of(ctx); ok && call.CanAsk() && takesForms(info.GetClientCapabilities().Elicitation) {
		return callAsker{call}
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

func (a *roundAsker) Ask(context.Context, answer.Question) (Reply, error) {
	got := server.ElicitationResponse(a.request.Params.InputResponses, questionID)
	if got == nil || a.request.Params.RequestState == "" {
		return Reply{}, errAskAgain
	}
	reply := replyOf(got.ElicitationResponse)
	reply.Code = a.request.Params.RequestState
	return reply, nil
}

// inputRequired is the result that asks.
func inputRequired(q answer.Question) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(q.Code).Elicit(questionID, form(q)).ToolResult()
}

// callAsker asks by a request to the client in mid-call (older revisions).
type callAsker struct{ call *rpc.Call }

func (a callAsker) Ask(ctx context.Context, q answer.Question) (Reply, error) {
	got, err := elicit(ctx, a.call, form(q), consent.Lifetime)
	if err != nil {
		return Reply{}, err
	}
	return replyOf(got), nil
}

// elicit asks the client of a call and waits for its answer, as long as most and
// the call's own time allow. Its error is errCannotAsk where nobody was asked.
func elicit(ctx context.Context, call *rpc.Call, params mcp.ElicitationParams, most time.Duration) (mcp.ElicitationResponse, error) {
	var got mcp.ElicitationResponse
	ctx, cancel := untilHalt(ctx)
	defer cancel()
	ctx, stop := context.WithDeadline(ctx, deadlineOf(ctx, most))
	defer stop()
	defer heartbeat(ctx, "waiting for the person's answer")()
	defer rest(ctx)()
	result, err := call.Ask(ctx, string(mcp.MethodElicitationCreate), params)
	var refused *rpc.Error
	switch {
	case errors.Is(err, rpc.ErrUnasked), errors.As(err, &refused) && refused.Code == rpc.MethodNotFound:
		return got, errCannotAsk
	case err != nil:
		return got, err
	}
	if err := json.Unmarshal(result, &got); err != nil {
		return got, fmt.Errorf("read the client's answer: %w", err)
	}
	return got, nil
}

// heartbeat tells the client that a call goes on, until it is stopped.
func heartbeat(ctx context.Context, message string) (stop func()) {
	tell := account.ProgressOf(ctx)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(askHeartbeat)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				tell(message)
			}
		}
	}()
	return func() { cancel(); <-done }
}

// form is the question as an elicitation. It never asks for a secret.
func form(q answer.Question) mcp.ElicitationParams {
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
	return Reply{
		Yes: r.Action == mcp.ElicitationResponseActionAccept, Closed: r.Action == mcp.ElicitationResponseActionCancel,
		Typed: strings.TrimSpace(typed), By: "the client's person, asked by elicitation",
	}
}
