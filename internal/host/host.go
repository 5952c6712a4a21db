// Package host serves the tools over the network for others: SSE and streamable
// HTTP behind caller authentication, limits, and pages for people.
package host

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// Config says how to serve.
type Config struct {
	Listen string // address; loopback unless callers are authenticated by configuration
	SSE    bool   // /sse and /message, for clients of older revisions
	HTTP   bool   // /mcp, streamable HTTP

	NoAuth     bool   // loopback only: everybody who reaches the port is the caller
	TokensFile string // callers by bearer token
	OAuth      OAuth  // callers by JWT

	PublicURL    string   // the server's own address for callers, such as https://mcp.example.com; of each request when empty
	AllowHosts   []string // names by which the server is called, beside its own address
	AllowOrigins []string // web pages that may call it
	BehindProxy  string   // the one address that connections may come from; it speaks TLS
	TLSCert      string
	TLSKey       string

	// Account gives the client of a named account; the empty name is the server's own.
	Account func(name string) (*vpsapi.Client, error)
	// RequestAccount gives the client of credentials that a request brought; nil
	// where that is not allowed.
	// It must have asked the service: whose an address is says nothing.
	RequestAccount func(ctx context.Context, email, apiKey string) (*vpsapi.Client, error)

	Store    state.Store // waiting plans, for /approve and /readyz
	PageKey  []byte      // seals what the pages hand out; replicas share it; one of its own when nil
	Posture  string      // a line about the server for its page: sandbox or real, consent mode
	Limits   Limits
	Patience Timeouts
	Log      zerolog.Logger

	// Refused is told the limit that refused a request or a call; nil for nobody.
	Refused func(limit string)
	// OwnToken is told the tokens that were made because no callers are configured:
	// what the assistant calls with, and what its person signs in with.
	OwnToken func(token, signIn, address string)
	// Started is told the address once the server listens; for tests and messages.
	Started func(address string)
	// Reload is asked when the files are to be read again: that of tokens, the
	// certificate, and what Reread reads.
	Reload <-chan struct{}
	Reread []ReloadedFile
}

// Timeouts are how long the server waits for a client; zero fields are the defaults.
type Timeouts struct {
	Header time.Duration // for a request's head; 10 s
	Body   time.Duration // for its body; 30 s
	Write  time.Duration // for each piece of an answer to be taken; 30 s
	Beat   time.Duration // between signs of life on an open stream; 25 s, below the idle limits of proxies
	Calls  time.Duration // for calls under way when the server ends; 10 s
	Quick  time.Duration // the part of Calls in which they may end by themselves; 3 s
	Last   time.Duration // for streams and answers, once the calls have ended; 5 s

	Session time.Duration // how long a session without requests is kept; 30 min
}

// orDefaults returns the timeouts with the defaults in place of zeros.
func (p Timeouts) orDefaults() Timeouts {
	for _, f := range []struct {
		value *time.Duration
		def   time.Duration
	}{{&p.Header, 10 * time.Second}, {&p.Body, 30 * time.Second}, {&p.Write, 30 * time.Second}, {&p.Beat, 25 * time.Second}, {&p.Calls, 10 * time.Second}, {&p.Quick, 3 * time.Second}, {&p.Last, 5 * time.Second}, {&p.Session, sessionIdleTimeout}} {
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	return p
}

// Host is a running server for others.
type Host struct {
	config    Config
	server    *tools.Server
	auth      *authenticator
	provider  *provider // by which people sign in; nil for none
	limits    *limiter
	sessions  *sessionKeys
	readiness *readiness
	sse       *server.SSEServer
	http      *server.StreamableHTTPServer
	running   runningCalls
	overSSE   atomic.Int64      // open SSE sessions
	scopes    map[string]string // the scope that each tool asks for
	cert      atomic.Pointer[tls.Certificate]
	closing   atomic.Bool
	halt      context.Context // ends when the server begins to shut down: nothing more is begun
	endHalt   context.CancelCauseFunc
	calls     context.Context // ends when the calls under way have had their time
	endCalls  context.CancelFunc
	streams   context.Context // ends when the calls have ended
	endAll    context.CancelFunc
}

// The times of the network.
const (
	sessionIdleTimeout = 30 * time.Minute
	idleTimeout        = 2 * time.Minute
	maxHeader          = 32 << 10
	maxBody            = 4 << 20
	maxForm            = 16 << 10
)

// New checks a configuration and makes its host.
func New(c Config, s *tools.Server) (*Host, error) {
	if err := c.check(); err != nil {
		return nil, err
	}
	c.Patience = c.Patience.orDefaults()
	if u, err := url.Parse(c.PublicURL); err == nil && u.Host != "" {
		c.AllowHosts = append(slices.Clone(c.AllowHosts), strings.ToLower(u.Hostname()))
	}
	if c.PageKey == nil {
		c.PageKey = newKey()
	}
	auth, err := newAuthenticator(c)
	if err != nil {
		return nil, err
	}
	h := &Host{config: c, server: s, auth: auth, provider: newProvider(c.OAuth), limits: newLimiter(c.Limits), sessions: newSessionKeys()}
	h.readiness = &readiness{ask: stateChecker(c.Store), now: time.Now}
	h.sessions.place = func(caller string) (func(), *busyError) { return h.limits.acquire(caller, sessionSlot) }
	if err := h.readCertificate(); err != nil {
		return nil, err
	}
	h.halt, h.endHalt = context.WithCancelCause(context.Background())
	if !c.NoAuth && h.provider == nil && !auth.hasPeople() {
		c.Log.Warn().Msg("nobody can sign in on /approve, where plans wait for a person: make a token with vpsnet-mcp token new NAME --person, or name a provider with --oauth-client-id")
	}
	h.warnOfAccounts()
	h.calls, h.endCalls = context.WithCancel(context.Background())
	h.streams, h.endAll = context.WithCancel(context.Background())
	h.scopes = toolScopes(s)
	s.MCP().Use(h.countCall)
	h.makeTransports()
	return h, nil
}

// makeTransports makes the library's transports.
func (h *Host) makeTransports() {
	c := h.config
	if c.SSE {
		h.sse = server.NewSSEServer(h.server.MCP(),
			server.WithKeepAliveInterval(c.Patience.Beat), server.WithUseFullURLForMessageEndpoint(false),
			server.WithSSEDisableLocalhostProtection(true), // the front door checks Host and Origin itself
			server.WithSessionIDGenerator(func(ctx context.Context, _ *http.Request) (string, error) {
				return h.sessions.make(callerOf(ctx).name), nil
			}),
			server.WithSSECORS(server.WithCORSAllowedOrigins(append([]string{"https://none.invalid"}, c.AllowOrigins...)...)),
			server.WithSSEContextFunc(func(ctx context.Context, _ *http.Request) context.Context {
				return server.WithSupportedProtocolVersions(withSSE(ctx), mcp.LegacyProtocolVersions())
			}))
	}
	if c.HTTP {
		h.http = h.newStreamable(server.WithSessionIdManagerResolver(h.sessions), server.WithSessionIdleTTL(c.Patience.Session), server.WithHeartbeatInterval(c.Patience.Beat))
	}
}

// newStreamable returns the protocol library's handler for streamable HTTP.
func (h *Host) newStreamable(options ...server.StreamableHTTPOption) *server.StreamableHTTPServer {
	return server.NewStreamableHTTPServer(h.server.MCP(), append(options,
		server.WithStreamableHTTPLogger(slog.New(sessionIDFilter{zerolog.NewSlogHandler(h.config.Log)})), server.WithDisableLocalhostProtection(true))...)
}

// check refuses settings that contradict each other or are unsafe; each error says what to set.
func (c Config) check() error {
	host, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("listen %q: give an address such as 127.0.0.1:8080", c.Listen)
	}
	configured := c.TokensFile != "" || c.OAuth.Issuer != ""
	switch {
	case c.PublicURL != "" && !isOrigin(c.PublicURL):
		return fmt.Errorf("public-url %q: give the scheme and the name by which callers reach this server, such as https://mcp.example.com, and nothing behind them", c.PublicURL)
	case !c.SSE && !c.HTTP:
		return errors.New("nothing to serve: choose sse, http or both")
	case c.NoAuth && configured:
		return errors.New("no-auth and authentication exclude each other")
	case c.NoAuth && !isLoopback(host):
		return fmt.Errorf("no-auth is for a loopback address alone, not %s: whoever reaches the port would run your servers", host)
	case !isLoopback(host) && !configured:
		return fmt.Errorf("listening on %s needs authenticated callers: make a token with vpsnet-mcp token new NAME and give --tokens FILE, or --oauth-issuer", host)
	case !isLoopback(host) && c.TLSCert == "" && c.BehindProxy == "":
		return fmt.Errorf("listening on %s needs TLS: give --tls-cert and --tls-key, or --behind-proxy ADDRESS when a proxy in front terminates TLS", host)
	case c.OAuth.Issuer == "" && (c.OAuth.ClientID != "" || c.OAuth.GroupsFile != ""):
		return errors.New("people sign in by a provider, and groups are a provider's: name it with --oauth-issuer")
	case c.OAuth.Issuer != "" && (c.OAuth.Audience == "" || c.OAuth.JWKS == ""):
		return errors.New("OAuth needs the audience and the address of the issuer's keys: --oauth-audience, --oauth-jwks")
	case (c.TLSCert == "") != (c.TLSKey == ""):
		return errors.New("TLS needs both the certificate and the key")
	}
	return nil
}

// isOrigin reports a URL that is a scheme, a host and perhaps a port, and no more.
func isOrigin(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && text == u.Scheme+"://"+u.Host
}

// isLoopback reports a host that only this computer can reach.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// Serve serves until ctx ends, then lets running changes finish, ends the
// streams, and returns within its deadline.
func (h *Host) Serve(ctx context.Context) error {
	listener, err := net.Listen("tcp", h.config.Listen)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	web := &http.Server{
		Handler: h.Handler(), ReadHeaderTimeout: h.config.Patience.Header, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeader,
		ErrorLog: newErrorLog(h.config.Log),
	}
	if h.config.TLSCert != "" {
		web.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) {
			return h.cert.Load(), nil
		}}
	}
	h.announce(listener.Addr().String())
	done := make(chan error, 1)
	go func() {
		if h.config.TLSCert != "" {
			done <- web.ServeTLS(listener, "", "")
			return
		}
		done <- web.Serve(listener)
	}()
	for {
		select {
		case err := <-done:
			return err
		case <-h.config.Reload:
			h.reload()
		case <-ctx.Done():
			return h.shutdown(web)
		}
	}
}

// announce tells where the server is, and how to call it when its token is its own.
func (h *Host) announce(address string) {
	h.config.Log.Info().Str("address", address).Bool("sse", h.config.SSE).Bool("http", h.config.HTTP).Msg("serving")
	if h.auth.own != "" && h.config.OwnToken != nil {
		h.config.OwnToken(h.auth.own, h.auth.owner, address)
	}
	if h.config.Started != nil {
		h.config.Started(address)
	}
}

// reload reads each file again by itself: a fault in one keeps what was read of it
// before, and holds up none of the others.
func (h *Host) reload() {
	reads := append([]ReloadedFile{
		{h.config.TokensFile, h.auth.reload}, {h.config.OAuth.GroupsFile, h.auth.reloadGroups}, {h.config.TLSCert, h.readCertificate},
	}, h.config.Reread...)
	var good []string
	for _, r := range reads {
		if r.File == "" {
			continue
		}
		if err := r.Read(); err != nil {
			h.config.Log.Error().Str("file", r.File).Err(err).Msg("reload failed; what was read before stays in use")
			continue
		}
		good = append(good, r.File)
	}
	h.config.Log.Info().Strs("files", good).Msg("read again")
	h.warnOfAccounts()
}

// ReloadedFile is a file and the function that reads it again.
type ReloadedFile struct {
	File string // none is not read
	Read func() error
}

// readCertificate reads the certificate and its key from their files; connections that are open keep the old one.
func (h *Host) readCertificate() error {
	if h.config.TLSCert == "" {
		return nil
	}
	certificate, err := os.ReadFile(h.config.TLSCert)
	if err != nil {
		return fmt.Errorf("TLS certificate: %w", err)
	}
	key, err := files.ReadSecret(h.config.TLSKey)
	if err != nil {
		return fmt.Errorf("TLS key: %w", err)
	}
	c, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return fmt.Errorf("TLS certificate %s with %s: %w", h.config.TLSCert, h.config.TLSKey, err)
	}
	h.cert.Store(&c)
	return nil
}

// shutdown takes nothing new, lets the calls under way end by themselves, tells
// those that do not to end, lets them be answered, then ends the streams. A change
// that is on its way does not heed its context; what waits, asks or reads does.
func (h *Host) shutdown(web *http.Server) error {
	h.closing.Store(true)
	h.endHalt(errEnding)
	quick := min(h.config.Patience.Quick, h.config.Patience.Calls)
	left := h.running.end(quick)
	h.endCalls()
	if left > 0 {
		left = h.running.end(h.config.Patience.Calls - quick)
	}
	h.endAll()
	ctx, cancel := context.WithTimeout(context.Background(), h.config.Patience.Last)
	defer cancel()
	if h.sse != nil {
		h.sse.CloseSessions()
	}
	if h.http != nil {
		h.http.CloseSessions(ctx)
	}
	err := web.Shutdown(ctx)
	if err != nil {
		_ = web.Close()
		err = fmt.Errorf("shutdown: %w: some clients did not read their answers in time", err)
	}
	if left > 0 { // it comes first, since a call that runs on is also an answer that nobody took
		err = errors.Join(fmt.Errorf("shutdown: %d calls were still running after %s; whether their changes happened is in the journal", left, h.config.Patience.Calls), err)
	}
	return err
}

// NewToken makes a bearer token for a caller, and what its file keeps of it. A
// plain hash is enough: the token is 256 random bits, which nobody can guess.
func NewToken() (token, hash string) {
	token = "vpsnet_" + rand.Text() + rand.Text()
	return token, HashToken(token)
}

// NewPersonToken makes a token with which a person signs in on the pages.
func NewPersonToken() (token, hash string) {
	token = "vpsnet_person_" + rand.Text() + rand.Text()
	return token, HashToken(token)
}
