package cli

import (
	"context"
	"errors"
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

	"github.com/goccy/go-yaml"
	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/metrics"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// The transports.
const (
	transportStdio = "stdio"
	transportSSE   = "sse"
	transportHTTP  = "http"
)

// hosted is how a server for others is reached; it stands in Settings.
type hosted struct {
	Transports   []string
	Listen       string
	NoAuth       bool
	Tokens       string // file
	OAuth        host.OAuth
	Accounts     string // file
	RequestCreds bool
	AllowHosts   []string
	AllowOrigins []string
	BehindProxy  string
	Metrics      string // address
	TLSCert      string
	TLSKey       string
	Limits       host.Limits
}

// hostOptions is the part of the table of options that is about hosting.
func hostOptions() []option {
	return []option{
		{
			name: "transport", value: "LIST", def: transportStdio, known: func() []string { return []string{transportStdio, transportSSE, transportHTTP, "http,sse"} },
			help: "serve over stdio, or for others over http (streamable HTTP, /mcp), sse (/sse, for older clients), or http,sse", set: setTransport,
		},
		{name: "listen", value: "ADDRESS", def: "127.0.0.1:8080", help: "address for http and sse; another than loopback needs --tokens or OAuth, and TLS", set: text(func(s *Settings) *string { return &s.Hosted.Listen })},
		{name: "no-auth", help: "loopback only: let everybody who reaches the port call; forwarded requests are refused", set: toggle(func(s *Settings) *bool { return &s.Hosted.NoAuth })},
		{name: "tokens", value: "FILE", path: true, help: "callers by bearer token (vpsnet-mcp token new NAME), mode 0600", set: text(func(s *Settings) *string { return &s.Hosted.Tokens })},
		{name: "oauth-issuer", value: "URL", help: "callers by JWTs of this issuer", set: text(func(s *Settings) *string { return &s.Hosted.OAuth.Issuer })},
		{name: "oauth-audience", value: "URL", help: "that the JWTs are for: this server's own address, such as https://mcp.example.com/mcp", set: text(func(s *Settings) *string { return &s.Hosted.OAuth.Audience })},
		{name: "oauth-jwks", value: "URL", help: "where the issuer's keys are", set: text(func(s *Settings) *string { return &s.Hosted.OAuth.JWKS })},
		{name: "accounts", value: "FILE", path: true, help: "VPS.NET accounts for callers by name, mode 0600", set: text(func(s *Settings) *string { return &s.Hosted.Accounts })},
		{name: "allow-request-credentials", help: "take VPS.NET credentials with requests: X-VPSNET-Email, X-VPSNET-API-Key", set: toggle(func(s *Settings) *bool { return &s.Hosted.RequestCreds })},
		{name: "allow-host", value: "LIST", help: "names by which the server is called", set: list(func(s *Settings) *[]string { return &s.Hosted.AllowHosts })},
		{name: "allow-origin", value: "LIST", help: "web pages that may call, such as https://app.example.com", set: list(func(s *Settings) *[]string { return &s.Hosted.AllowOrigins })},
		{name: "behind-proxy", value: "ADDRESS", help: "take connections from this proxy's IP address alone; it speaks TLS", set: text(func(s *Settings) *string { return &s.Hosted.BehindProxy })},
		{name: "metrics", value: "ADDRESS", help: "serve metrics for Prometheus on this address, at /metrics", set: text(func(s *Settings) *string { return &s.Hosted.Metrics })},
		{name: "caller-per-second", value: "N", def: "50", help: "requests a second of one caller, 32 of them at once", set: number(func(s *Settings) *int { return &s.Hosted.Limits.CallerPerSecond })},
		{name: "per-second", value: "N", def: "200", help: "requests a second of all callers", set: number(func(s *Settings) *int { return &s.Hosted.Limits.PerSecond })},
		{name: "tls-cert", value: "FILE", path: true, help: "serve TLS with this certificate", set: text(func(s *Settings) *string { return &s.Hosted.TLSCert })},
		{name: "tls-key", value: "FILE", path: true, help: "and this key", set: text(func(s *Settings) *string { return &s.Hosted.TLSKey })},
	}
}

func setTransport(s *Settings, v string) error {
	s.Hosted.Transports = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
	for _, t := range s.Hosted.Transports {
		if !slices.Contains([]string{transportStdio, transportSSE, transportHTTP}, t) {
			return fmt.Errorf("%s is none of stdio, sse, http", vpsapi.Quote(t))
		}
	}
	if len(s.Hosted.Transports) == 0 || (slices.Contains(s.Hosted.Transports, transportStdio) && len(s.Hosted.Transports) > 1) {
		return errors.New("give stdio, or http, sse or both")
	}
	return nil
}

// isHosted reports a server for others.
func (s *Settings) isHosted() bool { return s.Hosted.Transports[0] != transportStdio }

// forOthers changes the defaults that are for one person on their own machine.
func (s *Settings) forOthers() {
	if s.from["consent"] == "" {
		s.Consent = consent.Person
	}
	if s.from["secrets"] == "" {
		s.Secrets, s.from["secrets"] = tools.SecretsRedact, "hosting"
	}
}

// host serves for others.
func (p *program) host(ctx context.Context, s *Settings, log zerolog.Logger) error {
	s.forOthers()
	Tune(true)
	o := tools.Options{Approve: "the page /approve/%s of this server, signed in as themselves"}
	if err := p.keep(s, &o); err != nil {
		return err
	}
	accounts, err := p.accounts(s, log)
	if err != nil {
		return err
	}
	o.Trace = p.traces
	accounts.observe = func(e vpsapi.Exchange) { tools.Observe(e); o.Trace.Exchange(e) }
	var m *metrics.Metrics
	if s.Hosted.Metrics != "" {
		m = metrics.New(slices.Concat(toolNames(), tools.SearchTools()))
		o.Told = m.Call
		traced := accounts.observe
		accounts.observe = func(e vpsapi.Exchange) { traced(e); m.Exchange(e) }
		accounts.breaker = func(account, state string) { tellBreaker(log)(account, state); m.Breaker(state) }
		stop, err := p.serveMetrics(s.Hosted.Metrics, m)
		if err != nil {
			return err
		}
		defer stop()
	}
	client, err := accounts.own()
	if err != nil && s.Hosted.Accounts == "" && !s.Hosted.RequestCreds {
		return err
	}
	if client == nil { // every caller has an account of their own
		client, err = vpsapi.NewClient(vpsapi.Config{Email: "nobody", APIKey: "nobody", Transport: offline{}})
		if err != nil {
			return err
		}
	}
	server, err := newServerOf(s, client, log, o)
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
		m.Watch(h.Running, h.Sessions, accounts.health)
	}
	if err := h.Serve(ctx); err != nil {
		return failed("serving: %w", err)
	}
	return nil
}

func (p *program) hostConfig(s *Settings, accounts *accountBook, server *tools.Server, o tools.Options, log zerolog.Logger) host.Config {
	h := s.Hosted
	c := host.Config{
		Listen: h.Listen, SSE: slices.Contains(h.Transports, transportSSE), HTTP: slices.Contains(h.Transports, transportHTTP),
		NoAuth: h.NoAuth, TokensFile: h.Tokens, OAuth: h.OAuth, AllowHosts: h.AllowHosts, AllowOrigins: h.AllowOrigins,
		BehindProxy: h.BehindProxy, TLSCert: h.TLSCert, TLSKey: h.TLSKey, Limits: h.Limits,
		Account: accounts.get, Store: o.Store, PageKey: o.Sealer.Derive("pages"), Log: log, Posture: posture(s),
		Reload: hangUps(), Reread: func() error { return errors.Join(accounts.reload(), rereadPolicy(s, server)) },
	}
	if h.RequestCreds {
		c.RequestAccount = accounts.bring
	}
	c.Started = func(address string) { p.welcome(s, address) }
	c.OwnToken = func(token, address string) {
		transport, url := transportHTTP, s.Hosted.url(address)+"/mcp"
		if !c.HTTP {
			transport, url = transportSSE, s.Hosted.url(address)+"/sse"
		}
		_, _ = fmt.Fprintf(p.err, `vpsnet-mcp: no callers are configured, so this token was made for you. It is shown once:

  %s

  claude mcp add --transport %s vpsnet %s --header "Authorization: Bearer %s"

`, token, transport, url, token)
	}
	return c
}

// url is the server's own address, as the machine itself sees it.
func (h hosted) url(address string) string {
	if h.TLSCert != "" {
		return "https://" + address
	}
	return "http://" + address
}

func (p *program) welcome(s *Settings, address string) {
	_, _ = fmt.Fprintf(p.err, "vpsnet-mcp: serving on %s (%s)\n", s.Hosted.url(address), posture(s))
	if s.Hosted.NoAuth {
		p.warn("nobody is authenticated: every program and every user of this machine can call")
	}
}

// serveMetrics serves metrics on an address of their own, until stop is called.
func (p *program) serveMetrics(address string, m *metrics.Metrics) (stop func(), err error) {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, failed("metrics: %w", err)
	}
	web := &http.Server{Handler: m.Handler(), ReadHeaderTimeout: 10 * time.Second, WriteTimeout: time.Minute}
	go func() { _ = web.Serve(listener) }()
	_, _ = fmt.Fprintf(p.err, "vpsnet-mcp: metrics on http://%s/metrics\n", listener.Addr())
	return func() { _ = web.Close() }, nil
}

// posture says for people what kind of server this is.
func posture(s *Settings) string {
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
func rereadPolicy(s *Settings, server *tools.Server) error {
	if s.Policy == "" {
		return nil
	}
	rules, err := policy.Load(s.Policy, policyNames())
	if err != nil {
		return err
	}
	return server.SetPolicy(rules)
}

// hangUps asks for a reload with each hang-up signal.
func hangUps() <-chan struct{} {
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

const tokenLong = `Make a bearer token for a caller of a hosted server. The token is printed once;
the lines for the tokens file hold its hash alone. Scopes: read, change, disrupt,
commit, destroy (each stands for itself), all, and toolset:NAME, which narrows
them to what --toolsets NAME offers.`

func (p *program) tokenCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "Make tokens for the callers of a hosted server", Args: cobra.NoArgs}
	var scopes []string
	var account string
	create := &cobra.Command{
		Use: "new NAME", Short: "Make a token for a caller", Long: tokenLong, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := errors.Join(host.CheckName(args[0]), host.CheckScopes(scopes)); err != nil {
				return failure{err}
			}
			token, hash := host.NewToken()
			entry := map[string]any{"name": args[0], "sha256": hash, "scopes": scopes}
			if account != "" {
				entry["account"] = account
			}
			lines, err := yaml.Marshal(map[string]any{"tokens": []any{entry}})
			if err != nil {
				return failure{err}
			}
			return p.println(fmt.Sprintf("Token of %s, shown once:\n\n  %s\n\nFor the tokens file (mode 0600; further callers go under the same tokens:):\n\n%s",
				plain(args[0]), token, strings.TrimRight(string(lines), "\n")))
		},
	}
	create.Flags().StringSliceVar(&scopes, "scopes", []string{"read"}, "what the caller may do")
	create.Flags().StringVar(&account, "account", "", "the account of the accounts file that the caller works on")
	cmd.AddCommand(create)
	return cmd
}
