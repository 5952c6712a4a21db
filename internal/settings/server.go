package settings

import (
	"cmp"
	"net/http"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
)

// LogBreaker logs that the calls of an account are paused, tried again, taken up.
func LogBreaker(log zerolog.Logger) func(account, state string) {
	return func(account, state string) {
		log.Warn().Str("account", account).Str("breaker", state).Msg("calls to the service")
	}
}

// Catalog is the tools for a look at them, on no account: those of the older API,
// and of the newer one where a token or a toolset names it.
func Catalog(s *Settings) (*tools.Server, error) {
	return CatalogOf(s, !s.HasToken() || s.Email != "" || s.Sandbox, s.HasToken() || s.SandboxNewer)
}

// CatalogOf is Catalog for an account that has the older API, the newer one, or both.
func CatalogOf(s *Settings, older, newer bool) (*tools.Server, error) {
	all := *s
	all.Surface = tools.SurfaceAll
	config := vpsapi.Config{Transport: NoTransport{}}
	if older {
		config.Email, config.APIKey = "nobody", "nobody"
	}
	if newer {
		config.Token = "nobody"
	}
	return NewServer(&all, config, zerolog.Nop(), tools.Options{})
}

// ToolNames are the names of all tools, of both APIs.
func ToolNames() []string {
	server, err := Catalog(&Settings{SandboxNewer: true})
	if err != nil {
		return nil
	}
	var names []string
	for _, e := range server.Entries() {
		names = append(names, e.Name)
	}
	return names
}

// NoTransport is a transport that sends nothing.
type NoTransport struct{}

// RoundTrip implements http.RoundTripper: it fails, so that nothing can be sent.
func (NoTransport) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrNotSupported }

// NewServer makes a server that keeps state as o says.
func NewServer(s *Settings, config vpsapi.Config, log zerolog.Logger, o tools.Options) (*tools.Server, error) {
	config.Routes, config.UserAgent, config.Observe = s.Routes, "vpsnet-mcp/"+Version(), func(e vpsapi.Exchange) { trail.Observe(e); o.Trace.Exchange(e) }
	config.Breaker = func(state string) { LogBreaker(log)(cmp.Or(config.Email, "platform.vps.net"), state) }
	client, err := vpsapi.NewClient(config)
	if err != nil {
		return nil, err
	}
	return NewServerFor(s, client, log, o)
}

// NewServerFor returns NewServer for a client that is made already.
func NewServerFor(s *Settings, client *vpsapi.Client, log zerolog.Logger, o tools.Options) (*tools.Server, error) {
	o.Client, o.Sandbox, o.Version, o.Log = client, s.Sandbox, Version(), log
	o.ReadOnly, o.Toolsets, o.Tools, o.Exclude, o.Surface, o.NoDestroy, o.NoCommit, o.Consent = s.ReadOnly, s.Toolsets, s.Tools, s.Exclude, s.Surface, s.NoDestroy, s.NoCommit, s.Consent
	for _, api := range []vpsapi.API{vpsapi.Classic, vpsapi.Platform} {
		if !client.HasAPI(api) && (!o.Newer || api != vpsapi.Platform) {
			log.Info().Msg("the tools of " + api.String() + " are not offered: there are no credentials for it")
		}
	}
	server, err := tools.New(o)
	if err == nil {
		tellLeftOut(s, server, log)
	}
	return server, err
}

// tellLeftOut logs an API that there are credentials for, and whose tools the toolsets leave out, all of them.
func tellLeftOut(s *Settings, server *tools.Server, log zerolog.Logger) {
	if len(s.Toolsets) == 0 || s.Surface != tools.SurfaceAll || !server.HasAPI(vpsapi.Platform) {
		return
	}
	for _, e := range server.Entries() {
		if op, ok := vpsapi.Find(e.Name); ok && op.Info().API == vpsapi.Platform {
			return
		}
	}
	log.Warn().Strs("toolsets", s.Toolsets).Msg("the tools of " + vpsapi.Platform.String() + " are not offered, though there is a token: add platform to the toolsets")
}
