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
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/confirm"
)

// clientAsker gives what asks through the MCP client; nil when it cannot.
func (s *Server) clientAsker(ctx context.Context, request mcp.CallToolRequest) confirm.Asker {
	if server.IsModernRequest(ctx) {
		if c := server.RequestProtocolInfoFromContext(ctx).ClientCapabilities; c != nil && acceptsForms(c.Elicitation) {
			return &resultAsker{request}
		}
		return nil
	}
	info, ok := server.ClientSessionFromContext(ctx).(server.SessionWithClientInfo)
	if call := rpc.CallOf(ctx); ok && call.CanAsk() && acceptsForms(info.GetClientCapabilities().Elicitation) {
		return callAsker{call}
	}
	return nil
}

// acceptsForms reports a client that shows forms. By the protocol, one that names no kind of question shows forms.
func acceptsForms(c *mcp.ElicitationCapability) bool {
	return c != nil && (c.Form != nil || c.URL == nil)
}

// questionID names the question among a result's input requests.
const questionID = "consent"

// resultAsker asks by the call's result (revision 2026-07-28): the client puts
// the question and calls again with the answer and the sealed code.
type resultAsker struct {
	request mcp.CallToolRequest
}

// Ask implements confirm.Asker. It reads the reply that the retried request carries; without one it returns
// confirm.ErrAskAgain.
func (a *resultAsker) Ask(context.Context, answer.Question) (confirm.Reply, error) {
	got := server.ElicitationResponse(a.request.Params.InputResponses, questionID)
	if got == nil || a.request.Params.RequestState == "" {
		return confirm.Reply{}, confirm.ErrAskAgain
	}
	reply := replyOf(got.ElicitationResponse)
	reply.Code = a.request.Params.RequestState
	return reply, nil
}

// inputRequiredResult returns the result that asks.
func inputRequiredResult(q answer.Question) *mcp.CallToolResult {
	return server.NewInputRequestBuilder(q.Code).Elicit(questionID, elicitationForm(q)).ToolResult()
}

// callAsker asks by a request to the client in mid-call (older revisions).
type callAsker struct{ call *rpc.Call }

// Ask implements confirm.Asker. It sends the question to the client while the call is open, and waits for the reply.
func (a callAsker) Ask(ctx context.Context, q answer.Question) (confirm.Reply, error) {
	got, err := elicit(ctx, a.call, elicitationForm(q), consent.Lifetime)
	if err != nil {
		return confirm.Reply{}, err
	}
	return replyOf(got), nil
}

// elicit asks the client of a call and waits for its answer, as long as most and
// the call's own time allow. Its error is errCannotAsk where nobody was asked.
func elicit(ctx context.Context, call *rpc.Call, params mcp.ElicitationParams, most time.Duration) (mcp.ElicitationResponse, error) {
	var got mcp.ElicitationResponse
	ctx, cancel := calls.UntilHalt(ctx)
	defer cancel()
	ctx, stop := context.WithDeadline(ctx, calls.AskUntil(ctx, most))
	defer stop()
	defer heartbeat(ctx, "waiting for the person's answer")()
	defer calls.LeavePlace(ctx)()
	result, err := call.Ask(ctx, string(mcp.MethodElicitationCreate), params)
	var refused *rpc.Error
	switch {
	case errors.Is(err, rpc.ErrNotAsked), errors.As(err, &refused): // it declares forms and does not take this one
		return got, confirm.ErrCannotAsk
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
	tell := calls.ProgressOf(ctx)
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(confirm.AskHeartbeat)
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

// elicitationForm returns the question as an elicitation. It never asks for a secret.
func elicitationForm(q answer.Question) mcp.ElicitationParams {
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

// replyOf returns what a person answered. An action that is neither accept nor decline closes the question without a decision.
func replyOf(r mcp.ElicitationResponse) confirm.Reply {
	content, _ := r.Content.(map[string]any)
	typed, _ := content["confirm"].(string)
	return confirm.Reply{
		Yes: r.Action == mcp.ElicitationResponseActionAccept, Closed: r.Action != mcp.ElicitationResponseActionAccept && r.Action != mcp.ElicitationResponseActionDecline,
		Typed: strings.TrimSpace(typed), By: "the client's person, asked by elicitation",
	}
}
