package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/planning"
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
	if refused == nil && call.Tool.Plan != nil {
		call, refused = planning.ResolveLabels(ctx, call)
	}
	if refused != nil {
		return refused.WithoutCredentials(call.Caller.Client)
	}
	requests, nothing, err := s.requestsOf(ctx, call)
	switch {
	case err != nil:
		return answer.Failure(call.Reader.Client, err).MarkNotSent(call.Tool.Plan != nil).WithoutCredentials(call.Caller.Client)
	case nothing != "":
		return answer.Answer{Text: fmt.Sprintf("%s: nothing to do: %s. It would send no request.", call.Tool.Name, nothing), Structured: json.RawMessage(`{"requests":[]}`)}
	case len(requests) == 0:
		return *answer.Refusal("%s combines several functions and only reads: it has no request of its own to print.", call.Tool.Name)
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
	return answer.Answer{Text: b.String() + "Nothing was sent except the reads of its plan.", Structured: vpsapi.PlainJSON(object)}.WithoutCredentials(call.Caller.Client)
}

// requestsOf returns a call's requests, or why there is nothing to send.
func (s *Server) requestsOf(ctx context.Context, call offer.PreparedCall) (requests []dryRequest, nothing string, err error) {
	add := func(op vpsapi.Operation, r vpsapi.Request) {
		one := dryRequest{Tool: op.Info().Name, Method: r.Method, URL: call.Caller.Client.URL(r), Evidence: op.Info().Evidence}
		if len(r.Body) > 0 {
			one.Body = vpsapi.PlainJSON(vpsapi.HideSecrets(r.Body))
		}
		requests = append(requests, one)
	}
	if call.Tool.Plan == nil {
		if call.Tool.Op == nil {
			return nil, "", nil
		}
		r, err := call.Caller.Client.Encode(call.Tool.Op, call.In)
		if err == nil {
			add(call.Tool.Op, r)
		}
		return requests, "", err
	}
	p, err := call.Tool.Plan(ctx, call.Reader, call.In)
	if err == nil && p.Cannot != "" {
		err = fmt.Errorf("%s: %s", call.Tool.Name, p.Cannot)
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
