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

// caller returns who calls: the caller of the context, or else of the server's options.
func (s *Server) caller(ctx context.Context) confirm.Caller {
	if c, ok := ctx.Value(callerKey{}).(confirm.Caller); ok {
		return c
	}
	return confirm.Caller{Name: "local", Client: s.options.Client}
}
