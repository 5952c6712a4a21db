package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/goccy/go-yaml"
	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/host"
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
	o := tools.Options{Approve: "the page /approve/%s of this server, signed in as themselves"}
	if err := p.keep(s, &o); err != nil {
		return err
	}
	accounts, err := p.accounts(s)
	if err != nil {
		return err
	}
	client, err := accounts.get("")
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
	c := p.hostConfig(s, accounts, o, log)
	c.Reload = reloads(log, accounts.reload, func() error { return rejudge(s, server) })
	h, err := host.New(c, server)
	if err != nil {
		return err
	}
	if err := h.Serve(ctx); err != nil {
		return failed("serving: %w", err)
	}
	return nil
}

func (p *program) hostConfig(s *Settings, accounts *accountBook, o tools.Options, log zerolog.Logger) host.Config {
	h := s.Hosted
	c := host.Config{
		Listen: h.Listen, SSE: slices.Contains(h.Transports, transportSSE), HTTP: slices.Contains(h.Transports, transportHTTP),
		NoAuth: h.NoAuth, TokensFile: h.Tokens, OAuth: h.OAuth, AllowHosts: h.AllowHosts, AllowOrigins: h.AllowOrigins,
		BehindProxy: h.BehindProxy, TLSCert: h.TLSCert, TLSKey: h.TLSKey, Limits: h.Limits,
		Account: accounts.get, Store: o.Store, Log: log, Posture: posture(s),
	}
	if h.RequestCreds {
		c.RequestAccount = accounts.brought
	}
	c.Started = func(address string) { p.welcome(s, address) }
	c.OwnToken = func(token, address string) {
		_, _ = fmt.Fprintf(p.err, `vpsnet-mcp: no callers are configured, so this token was made for you. It is shown once:

  %s

  claude mcp add --transport http vpsnet http://%s/mcp --header "Authorization: Bearer %s"

`, token, address, token)
	}
	return c
}

func (p *program) welcome(s *Settings, address string) {
	_, _ = fmt.Fprintf(p.err, "vpsnet-mcp: serving on http://%s (%s)\n", address, posture(s))
	if s.Hosted.NoAuth {
		p.warn("nobody is authenticated: every program and every user of this machine can call")
	}
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

// rejudge puts the policy file in force as it is now.
func rejudge(s *Settings, server *tools.Server) error {
	if s.Policy == "" {
		return nil
	}
	p, err := policy.Load(s.Policy, policyNames())
	if err == nil {
		server.SetPolicy(p)
	}
	return err
}

// reloads reads files again, and asks for a reload, with each hang-up signal.
func reloads(log zerolog.Logger, files ...func() error) <-chan struct{} {
	again := make(chan struct{}, 1)
	hangups := make(chan os.Signal, 1)
	if runtime.GOOS != "windows" {
		signal.Notify(hangups, syscall.SIGHUP)
	}
	go func() {
		for range hangups {
			for _, read := range files {
				if err := read(); err != nil {
					log.Error().Err(err).Msg("reload failed; what was read before still holds")
				}
			}
			again <- struct{}{}
		}
	}()
	return again
}

// accountBook makes the clients of accounts, one for each.
type accountBook struct {
	program  *program
	settings *Settings

	mu      sync.Mutex
	entries map[string]accountEntry
	clients map[string]*vpsapi.Client
}

type accountEntry struct {
	Email      string `yaml:"email"`
	APIKey     string `yaml:"api_key"`
	APIKeyFile string `yaml:"api_key_file"`
}

func (p *program) accounts(s *Settings) (*accountBook, error) {
	b := &accountBook{program: p, settings: s, clients: map[string]*vpsapi.Client{}}
	return b, b.reload()
}

func (b *accountBook) reload() (err error) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			err = fmt.Errorf("accounts file %s: the text cannot be read as YAML", b.settings.Hosted.Accounts)
		}
	}()
	entries := map[string]accountEntry{}
	if path := b.settings.Hosted.Accounts; path != "" {
		text, err := host.Private(path)
		if err != nil {
			return fmt.Errorf("accounts file: %w", err)
		}
		var file struct {
			Accounts map[string]accountEntry `yaml:"accounts"`
		}
		if err := yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField()).Decode(&file); err != nil {
			return fmt.Errorf("accounts file %s: %s", path, yaml.FormatError(err, false, false))
		}
		entries = file.Accounts
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for name, e := range entries {
		if b.entries[name] != e {
			delete(b.clients, name)
		}
	}
	b.entries = entries
	return nil
}

// get gives the client of a named account; the empty name is the server's own.
func (b *accountBook) get(name string) (*vpsapi.Client, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.clients[name]; ok {
		return c, nil
	}
	config, err := b.config(name)
	if err != nil {
		return nil, err
	}
	client, err := b.make(config)
	if err == nil {
		b.clients[name] = client
	}
	return client, err
}

func (b *accountBook) config(name string) (vpsapi.Config, error) {
	if name == "" || b.settings.Sandbox {
		return b.program.account(b.settings)
	}
	e, ok := b.entries[name]
	if !ok {
		return vpsapi.Config{}, fmt.Errorf("there is no account %s on this server; its operator can add it to the accounts file", vpsapi.Quote(name))
	}
	key := e.APIKey
	if e.APIKeyFile != "" {
		var err error
		if key, err = b.program.readKey(e.APIKeyFile); err != nil {
			return vpsapi.Config{}, err
		}
	}
	return vpsapi.Config{Email: e.Email, APIKey: key, BaseURL: b.settings.APIURL}, nil
}

// brought gives the client of credentials that came with a request.
func (b *accountBook) brought(email, key string) (*vpsapi.Client, error) {
	name := "brought:" + host.HashOf(email+"\x00"+key)
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.clients[name]; ok {
		return c, nil
	}
	client, err := b.make(vpsapi.Config{Email: email, APIKey: key, BaseURL: b.settings.APIURL})
	if err != nil {
		return nil, err
	}
	if len(b.clients) > 1000 {
		clear(b.clients)
	}
	b.clients[name] = client
	return client, nil
}

func (b *accountBook) make(c vpsapi.Config) (*vpsapi.Client, error) {
	c.Routes, c.UserAgent, c.Observe = b.settings.Routes, "vpsnet-mcp/"+version(), tools.Observe
	return vpsapi.NewClient(c)
}

const tokenLong = `Make a bearer token for a caller of a hosted server. The token is printed once;
the lines for the tokens file hold its hash alone. Scopes: read, change, disrupt,
commit, destroy (each stands for itself), all, and toolset:NAME.`

func (p *program) tokenCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "Make tokens for the callers of a hosted server", Args: cobra.NoArgs}
	var scopes []string
	var account string
	create := &cobra.Command{
		Use: "new NAME", Short: "Make a token for a caller", Long: tokenLong, Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
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
