package tools

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"strings"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/trace"
)

// requestID is the key under which a request's JSON-RPC id stands in a span's context: the library tells it to hooks alone.
const requestID = "vpsnet/request-id"

// traceOptions returns the options of a protocol server whose calls are traced.
func (s *Server) traceOptions() []server.ServerOption {
	if s.options.Trace == nil {
		return nil
	}
	hooks := &server.Hooks{}
	hooks.AddBeforeCallTool(func(_ context.Context, id any, request *mcp.CallToolRequest) {
		meta := mcp.Meta{AdditionalFields: map[string]any{}}
		if m := request.Params.Meta; m != nil {
			meta.ProgressToken = m.ProgressToken
			maps.Copy(meta.AdditionalFields, m.AdditionalFields)
		}
		if b, err := json.Marshal(id); err == nil {
			meta.AdditionalFields[requestID] = strings.Trim(string(b), `"`)
		}
		request.Params.Meta = &meta
	})
	return []server.ServerOption{server.WithHooks(hooks)}
}

// span begins the span of a client's call, below the one that its _meta names, or
// else its HTTP headers.
func (s *Server) span(ctx context.Context, method, tool string, header http.Header, meta *mcp.Meta) (in context.Context, end func()) {
	if s.options.Trace == nil {
		return ctx, func() {}
	}
	c := trace.Call{Method: method, Network: "pipe", Protocol: header.Get("Mcp-Protocol-Version")}
	if _, ok := s.tools[tool]; ok {
		c.Tool = tool
	}
	if header != nil {
		c.Network = "tcp"
		c.Parents = append(c.Parents, traceParent(header.Get))
		if session := server.ClientSessionFromContext(ctx); session != nil {
			c.Session = session.SessionID()
		}
	}
	if p := server.RequestProtocolInfoFromContext(ctx); p != nil && p.ProtocolVersion != "" {
		c.Protocol = p.ProtocolVersion
	}
	if meta != nil {
		text := func(key string) string { v, _ := meta.AdditionalFields[key].(string); return v }
		c.ID = text(requestID)
		c.Parents = append(c.Parents, traceParent(text))
	}
	return s.options.Trace.Begin(ctx, c)
}

// traceParent returns the trace context (W3C) that headers or a _meta carry.
func traceParent(get func(string) string) map[string]string {
	return map[string]string{"traceparent": get("traceparent"), "tracestate": get("tracestate")}
}
