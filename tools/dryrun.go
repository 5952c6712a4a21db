package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/vpsapi"
)

// dryRequest is a request that a call would send.
type dryRequest struct {
	Tool     string          `json:"tool"`
	Method   string          `json:"method"`
	URL      string          `json:"url"`
	Body     json.RawMessage `json:"body,omitempty"`
	Evidence vpsapi.Evidence `json:"route"` // how its route is known
}

// DryRun gives the requests that a call would send, in their order and as they would be sent, secrets hidden. It makes the reads of
// the call's plan, and sends nothing that changes anything.
func (s *Server) DryRun(ctx context.Context, name string, raw json.RawMessage) answer.Answer {
	call, refused := s.prepare(ctx, name, raw)
	if refused == nil && call.tool.plan != nil {
		call, refused = resolveLabels(ctx, call)
	}
	if refused != nil {
		return refused.WithoutCredentials(call.caller.Client)
	}
	requests, nothing, err := s.requestsOf(ctx, call)
	switch {
	case err != nil:
		return answer.Failure(call.reader.Client, err).MarkNotSent(call.tool.plan != nil).WithoutCredentials(call.caller.Client)
	case nothing != "":
		return answer.Answer{Text: fmt.Sprintf("%s: nothing to do: %s. It would send no request.", call.tool.name, nothing), Structured: json.RawMessage(`{"requests":[]}`)}
	case len(requests) == 0:
		return *answer.Refusal("%s combines several functions and only reads: it has no request of its own to print.", call.tool.name)
	}
	var b strings.Builder
	for _, r := range requests {
		fmt.Fprintf(&b, "%s %s\n", r.Method, r.URL)
		if r.Body != nil {
			fmt.Fprintf(&b, "Content-Type: application/json\n\n%s\n", r.Body)
		}
		fmt.Fprintf(&b, "(%s, route: %s)\n\n", r.Tool, r.Evidence)
	}
	object, err := json.Marshal(map[string]any{"requests": requests})
	if err != nil {
		object = nil
	}
	return answer.Answer{Text: b.String() + "Nothing was sent except the reads of its plan.", Structured: vpsapi.PlainJSON(object)}.WithoutCredentials(call.caller.Client)
}

// requestsOf returns a call's requests, or why there is nothing to send.
func (s *Server) requestsOf(ctx context.Context, call preparedCall) (requests []dryRequest, nothing string, err error) {
	add := func(op vpsapi.Operation, r vpsapi.Request) {
		one := dryRequest{Tool: op.Info().Name, Method: r.Method, URL: call.caller.Client.URL(r), Evidence: op.Info().Evidence}
		if len(r.Body) > 0 {
			one.Body = vpsapi.PlainJSON(vpsapi.HideSecrets(r.Body))
		}
		requests = append(requests, one)
	}
	if call.tool.plan == nil {
		if call.tool.op == nil {
			return nil, "", nil
		}
		r, err := call.caller.Client.Encode(call.tool.op, call.in)
		if err == nil {
			add(call.tool.op, r)
		}
		return requests, "", err
	}
	p, err := call.tool.plan(ctx, call.reader, call.in)
	if err == nil && p.Cannot != "" {
		err = fmt.Errorf("%s: %s", call.tool.name, p.Cannot)
	}
	if err != nil || p.Nothing != "" {
		if err == nil {
			nothing = p.Nothing
		}
		return nil, nothing, err
	}
	for _, step := range p.Steps {
		add(step.Op, step.Request)
	}
	return requests, "", nil
}
