package tools

import (
	"context"

	"vpsnet-mcp/tools/confirm"
)

// callerKey is the key of a context's caller.
type callerKey struct{}

// WithCaller gives the calls of a context a caller of their own.
func WithCaller(ctx context.Context, c confirm.Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// caller is who calls: the context's, else the server's own.
func (s *Server) caller(ctx context.Context) confirm.Caller {
	if c, ok := ctx.Value(callerKey{}).(confirm.Caller); ok {
		return c
	}
	return confirm.Caller{Name: "local", Client: s.options.Client}
}

// isAllowedTo reports a tool that the caller may use. A tool of no group is one of the
// search surface: what it finds and calls is judged by itself.
func isAllowedTo(c confirm.Caller, t *tool) bool {
	return t.group == "" || t.isUsable(c.Client) && (c.Allows == nil || c.Allows(t.safety)) && isInToolsets(t, c.Toolsets)
}
