package cli

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/metrics"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
)

// host serves MCP over HTTP or SSE to other machines, with the callers that the settings name.
func (p *program) host(ctx context.Context, s *settings.Settings, log zerolog.Logger) error {
	s.SetHostedDefaults()
	TuneMemory(true)
	o := tools.Options{Approve: "/approve/%s"}
	if err := s.SetState(&o); err != nil {
		return err
	}
	if err := p.setNotifiers(ctx, s, log, &o); err != nil {
		return err
	}
	if s.Hosted.ClientSecret != "" {
		secret, err := files.ReadSecret(s.Hosted.ClientSecret)
		if err != nil {
			return fmt.Errorf("oauth client secret: %w", err)
		}
		s.Hosted.OAuth.ClientSecret = strings.TrimSpace(string(secret))
	}
	accounts, err := s.Accounts(log)
	if err != nil {
		return err
	}
	o.Trace = p.traces
	accounts.Observe = func(e vpsapi.Exchange) { trail.Observe(e); o.Trace.Exchange(e) }
	var m *metrics.Metrics
	if s.Hosted.Metrics != "" {
		m = metrics.New(slices.Concat(settings.ToolNames(), tools.SearchTools()))
		o.Told = m.Call
		traced := accounts.Observe
		accounts.Observe = func(e vpsapi.Exchange) { traced(e); m.Exchange(e) }
		accounts.Breaker = func(account, state string) { settings.LogBreaker(log)(account, state); m.Breaker(state) }
		stop, err := p.serveMetrics(s.Hosted.Metrics, m)
		if err != nil {
			return err
		}
		defer stop()
	}
	client, err := accounts.OwnClient()
	if err != nil && s.Hosted.Accounts == "" && !s.Hosted.RequestCreds {
		return err
	}
	if client == nil { // every caller has an account of their own
		client, err = vpsapi.NewClient(vpsapi.Config{Email: "nobody", APIKey: "nobody", Transport: settings.NoTransport{}})
		if err != nil {
			return err
		}
	}
	o.Newer = accounts.HasToken()
	server, err := settings.NewServerFor(s, client, log, o)
	if err != nil {
		return err
	}
	c := p.hostConfig(s, accounts, server, o, log)
	if m != nil {
		c.Refused = m.Refused
	}
	h, err := host.New(c, server)
	if err != nil {
		return err
	}
	if m != nil {
		m.Watch(h.Running, h.Sessions, accounts.Health)
	}
	if err := h.Serve(ctx); err != nil {
		return failuref("serving: %w", err)
	}
	return nil
}

// hostConfig returns the hosted server's configuration, as the settings say.
func (p *program) hostConfig(s *settings.Settings, accounts *settings.AccountBook, server *tools.Server, o tools.Options, log zerolog.Logger) host.Config {
	h := s.Hosted
	c := host.Config{
		Listen: h.Listen, SSE: slices.Contains(h.Transports, settings.TransportSSE), HTTP: slices.Contains(h.Transports, settings.TransportHTTP),
		NoAuth: h.NoAuth, TokensFile: h.Tokens, OAuth: h.OAuth, PublicURL: strings.TrimSuffix(h.PublicURL, "/"), AllowHosts: h.AllowHosts, AllowOrigins: h.AllowOrigins,
		BehindProxy: h.BehindProxy, TLSCert: h.TLSCert, TLSKey: h.TLSKey, Limits: h.Limits,
		Account: accounts.Get, Store: o.Store, PageKey: o.Sealer.Derive("pages"), Log: log, Posture: describeServer(s),
		Reload: reloadSignals(), Reread: []host.ReloadedFile{{File: h.Accounts, Read: accounts.Reload}, {File: s.Policy, Read: func() error { return rereadPolicy(s, server) }}},
	}
	if h.RequestCreds {
		c.RequestAccount = accounts.ForCredentials
	}
	c.Started = func(address string) { p.welcome(s, address) }
	c.OwnToken = func(token, signIn, address string) {
		transport, url := settings.TransportHTTP, s.Hosted.URL(address)+"/mcp"
		if !c.HTTP {
			transport, url = settings.TransportSSE, s.Hosted.URL(address)+"/sse"
		}
		_, _ = fmt.Fprintf(p.err, `vpsnet-mcp: no callers are configured, so this token was made for you. It is shown once:

  %s

  claude mcp add --transport %s vps-net %s --header "Authorization: Bearer %s"

What needs a person waits at %s/approve, where you sign in with a token of your own, which no assistant gets:

  %s

`, token, transport, url, token, s.Hosted.URL(address), signIn)
	}
	return c
}

// welcome prints where the server is reached, once it serves.
func (p *program) welcome(s *settings.Settings, address string) {
	_, _ = fmt.Fprintf(p.err, "vpsnet-mcp: serving on %s (%s)\n", s.Hosted.URL(address), describeServer(s))
	if s.Hosted.NoAuth {
		p.warn("callers are not authenticated: every program and every user of this machine can call")
	}
}

// serveMetrics serves metrics on an address of their own, until stop is called.
func (p *program) serveMetrics(address string, m *metrics.Metrics) (stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failuref("metrics: %w", err)
	}
	web := &http.Server{Handler: m.Handler(), ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute}
	go func() { _ = web.Serve(listener) }()
	_, _ = fmt.Fprintf(p.err, "vpsnet-mcp: metrics on http://%s/metrics\n", listener.Addr())
	return func() { _ = web.Close() }, nil
}

// describeServer says for people what kind of server this is.
func describeServer(s *settings.Settings) string {
	words := []string{"real account"}
	if s.Sandbox {
		words[0] = "sandbox: nothing is real"
	}
	if s.ReadOnly {
		words = append(words, "read-only")
	}
	return strings.Join(append(words, "consent: "+string(s.Consent)), ", ")
}

// rereadPolicy takes the policy's file as it is now.
func rereadPolicy(s *settings.Settings, server *tools.Server) error {
	if s.Policy == "" {
		return nil
	}
	rules, err := policy.Load(s.Policy, settings.PolicyNames())
	if err != nil {
		return err
	}
	return server.SetPolicy(rules)
}

// reloadSignals asks for a reload with each hang-up signal.
func reloadSignals() <-chan struct{} {
	again := make(chan struct{}, 1)
	signals := make(chan os.Signal, 1)
	if runtime.GOOS != "windows" {
		signal.Notify(signals, syscall.SIGHUP)
	}
	go func() {
		for range signals {
			again <- struct{}{}
		}
	}()
	return again
}
