package tools

import (
	"context"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/vpsapi"
)

// Caller is who calls, and on which account.
type Caller struct {
	Name    string         // of the caller, for consent, journal and audit
	Client  *vpsapi.Client // made with Config.Observe: Observe
	Consent consent.Mode   // stricter than the server's own; empty for no opinion
	Approve string         // where the caller's person decides on a held plan; Options.Approve when empty

	Approvers []string // who may decide on held plans beside the caller's own person, by the names that the host knows

	// Allows reports whether the caller may use a class of tools; nil allows all.
	Allows   func(s vpsapi.Safety) bool
	Toolsets []string // groups and jobs that the caller may use; empty means all
}

type callerKey struct{}

// WithCaller gives the calls of a context a caller of their own.
func WithCaller(ctx context.Context, c Caller) context.Context {
	return context.WithValue(ctx, callerKey{}, c)
}

// caller is who calls: the context's, else the server's own.
func (s *Server) caller(ctx context.Context) Caller {
	if c, ok := ctx.Value(callerKey{}).(Caller); ok {
		return c
	}
	return Caller{Name: "local", Client: s.options.Client}
}

// allows reports a tool that the caller may use. A tool of no group is one of the
// search surface: what it finds and calls is judged by itself.
func (c Caller) allows(t *tool) bool {
	return t.group == "" || t.usable(c.Client) && (c.Allows == nil || c.Allows(t.safety)) && inToolsets(t, c.Toolsets)
}

// unbound reports a caller who may use all.
func (c Caller) unbound() bool { return c.Allows == nil && len(c.Toolsets) == 0 }
