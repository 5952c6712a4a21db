package vpsapi

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"
	"vpsnet-mcp/internal/decode"
)

// Config says how to reach the service. The zero value of each field but the
// credentials is a sound choice. Credentials are an e-mail address with an API
// key, a token, or all three: then the client calls the functions of both APIs.
type Config struct {
	Email  string // the account's e-mail address
	APIKey string // of the older API, made in the VPS.NET portal under Profile
	Token  string // of the newer API

	BaseURL     string // of the older API; DefaultURL; plain http only for a loopback host
	PlatformURL string // of the newer API; DefaultPlatformURL; likewise

	Transport http.RoundTripper // nil for one over HTTP/1.1; over HTTP/2 net/http's sends some changes twice and more
	UserAgent string            // "vpsnet-mcp/VERSION"

	Timeout        time.Duration // of one call, waiting and retries included; 30 s
	AttemptTimeout time.Duration // of one attempt of a read; 12 s
	Attempts       int           // of a read at most, the first included; 3. A change is sent once
	MaxReply       int64         // bytes of a reply; 16 MiB
	Concurrent     int           // calls at once; 5, negative for no limit
	PerSecond      int           // calls a second; 5, negative for no limit

	Routes  map[string]string  // corrected routes by function name, such as {"reassign_ip": "POST /ips/{ip_id}/reassign"}
	Observe func(Exchange)     // told of every exchange, of several at a time
	Breaker func(state string) // told when calls are paused (open), tried again (half-open) and taken up (closed)
}

// Exchange is one request to the service and what came of it, for logs and metrics.
type Exchange struct {
	Context  context.Context
	Request  Request
	Server   string        // host, and port where the base URL has one
	Attempt  int           // of the same call, from 1
	Waited   time.Duration // before it: for its turn, or since the attempt before
	Status   int           // 0 when there was no answer
	Duration time.Duration
	Err      error
}

// Client speaks to the service for one account. It is safe for concurrent use.
type Client struct {
	config   Config
	api      API
	base     *url.URL
	http     *http.Client
	routes   map[string]routeCorrection
	own      textReplacer // of the account's own credentials
	chain    *callChain
	platform *Client // calls the functions of the newer API where this one is of the older; nil for none
}

// NewClient checks a configuration and makes its client. It sends nothing.
func NewClient(c Config) (*Client, error) {
	if c.Email == "" && c.APIKey == "" && c.Token != "" {
		return newClient(c, Platform)
	}
	if c.Email == "" || c.APIKey == "" {
		return nil, errors.New("no credentials: an e-mail address and an API key are needed, or a token of the newer API; a key is made in the VPS.NET portal under Profile, Generate beside API key")
	}
	client, err := newClient(c, Classic)
	if err == nil && c.Token != "" {
		client.platform, err = newClient(c, Platform)
	}
	if err != nil {
		return nil, err
	}
	return client, nil
}

// newClient makes the client of one of the two APIs.
func newClient(c Config, api API) (*Client, error) {
	given, usual := c.BaseURL, DefaultURL
	if api == Platform {
		given, usual = c.PlatformURL, DefaultPlatformURL
	}
	base, err := checkURL(orDefault(given, usual), usual)
	if err != nil {
		return nil, err
	}
	routes, err := checkRoutes(c.Routes)
	if err != nil {
		return nil, err
	}
	c.BaseURL = base.String()
	c.Timeout = orDefault(c.Timeout, 30*time.Second)
	c.AttemptTimeout = orDefault(c.AttemptTimeout, 12*time.Second)
	c.MaxReply = orDefault(c.MaxReply, 16<<20)
	c.UserAgent = orDefault(c.UserAgent, "vpsnet-mcp/"+buildVersion())
	if c.Transport == nil {
		c.Transport = newTransport()
	}
	client := &Client{config: c, api: api, base: base, routes: routes, own: ownCredentials(c), chain: newChain(c)}
	client.http = &http.Client{Transport: c.Transport, CheckRedirect: checkRedirect}
	return client, nil
}

// Account names the account, however its credentials were written: the e-mail
// address that the client signs in with, in lower case. With a token alone there
// is none, and the name follows from the token without telling it. An account of a
// sandbox, which is reached without TLS, has the sandbox's address behind it.
func (c *Client) Account() string {
	name := strings.ToLower(c.config.Email)
	if c.api == Platform {
		sum := sha256.Sum256([]byte(c.config.Token))
		name = fmt.Sprintf("platform-%x", sum[:6])
	}
	if c.base.Scheme == "http" {
		name += "/" + c.base.Host
	}
	return name
}

// Identity is what the journal knows the account by: its names in both APIs, with a
// space between them, so that what was done with the credentials of one is also
// known to a client that has both.
func (c *Client) Identity() string {
	if c.platform != nil {
		return c.Account() + " " + c.platform.Account()
	}
	return c.Account()
}

// BaseURL is where the client sends its requests; both addresses where it speaks
// both APIs.
func (c *Client) BaseURL() string {
	if c.platform != nil {
		return c.base.String() + " " + c.platform.base.String()
	}
	return c.base.String()
}

// Clean replaces the account's own credentials, of both APIs, in a text that leaves the program.
func (c *Client) Clean(text string) string { return c.own.replace(text) }

// Route is the function's main route as this client sends it.
func (c *Client) Route(info Info) Route {
	if r, ok := c.routes[info.Name]; ok {
		return r.route
	}
	return info.Route
}

// Encode makes the request of an input by the route that this client uses.
func (c *Client) Encode(op Operation, in any) (Request, error) {
	info := op.Info()
	if _, err := c.clientFor(info.Name, info.API); err != nil {
		return Request{}, err
	}
	if r, ok := c.routes[info.Name]; ok {
		info.Route, info.without = r.route, r.without
	}
	return encode(info, in)
}

// requestIDKey is the key of the id that a context's requests carry.
type requestIDKey struct{}

// WithRequestID gives the requests of a context an id, sent as X-Request-Id.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

// rawReply is an answer as the service sent it, and the secrets that are in it.
type rawReply struct {
	status  int
	body    []byte
	secrets []FoundSecret
}

// send sends a request through the chain of turns, retries, breaker and timeout.
func (c *Client) send(ctx context.Context, r Request) (rawReply, error) {
	rep, err := c.chain.run(ctx, r, c.exchange)
	var failed *Error
	if errors.As(err, &failed) {
		failed.both = c.platform != nil
	}
	return rep, err
}

// Health is the state of the way to the service: closed (all is well), open (no
// calls are made for a while) or half-open. Of two APIs it is the worse one's.
func (c *Client) Health() string {
	state := c.chain.State()
	if c.platform == nil {
		return state
	}
	for _, worse := range []string{"open", "half-open"} {
		if other := c.platform.chain.State(); state == worse || other == worse {
			return worse
		}
	}
	return state
}

// exchange sends one request, once, and reads its reply. Its errors say whether anything was sent.
func (c *Client) exchange(ctx context.Context, r Request) (rawReply, error) {
	var left atomic.Bool // the request's head was written, or may have been
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{WroteHeaders: func() { left.Store(true) }})
	request, err := c.request(ctx, r)
	if err != nil {
		return rawReply{}, &Error{Request: r, Kind: NoConnection, Outcome: NotSent, Err: err}
	}
	response, err := c.http.Do(request)
	if err != nil {
		outcome := Unknown
		if _, ours := c.config.Transport.(*http.Transport); ours && !left.Load() {
			outcome = NotSent
		}
		return rawReply{}, &Error{Request: r, Kind: NoConnection, Outcome: outcome, Err: c.cleanNetError(ctx, err)}
	}
	defer func() { _ = response.Body.Close() }()
	body, err := c.readReply(response)
	rep := rawReply{status: response.StatusCode}
	switch {
	case err != nil:
		return rep, &Error{Request: r, Status: rep.status, Kind: BadReply, Outcome: Unknown, Err: fmt.Errorf("the reply is incomplete: %w", c.cleanNetError(ctx, err)), broken: true}
	case int64(len(body)) > c.config.MaxReply:
		return rep, &Error{Request: r, Status: rep.status, Kind: BadReply, Outcome: Unknown, Err: fmt.Errorf("the reply is larger than %d bytes", c.config.MaxReply)}
	}
	valid := false
	if !r.document(body) {
		body = plainText(body)
		rep.secrets, valid = findSecrets(body)
		if valid && rep.status == http.StatusOK && !utf8.Valid(body) {
			return rep, &Error{Request: r, Status: rep.status, Kind: BadReply, Outcome: Unknown, Err: errors.New("the reply is not UTF-8 text")}
		}
	}
	rep.body = body
	if failure := errorOf(r, rep.status, body, valid); failure != nil {
		cleanFaults(failure.Faults, c.wordsCleaner(r, rep.secrets))
		failure.RetryAfter = parseRetryAfter(response.Header.Get("Retry-After"), time.Now())
		return rep, failure
	}
	return rep, nil
}

// plainText is a reply without the byte order mark that a text of any encoding may begin with, and space around it.
func plainText(body []byte) []byte {
	if bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff")) { // UTF-16
		if text, err := decode.Text(body); err == nil {
			body = text
		}
	}
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\ufeff")))
}

// readReply reads a reply into one buffer of the size that it promises, up to a
// megabyte: a promise is not yet a reply.
func (c *Client) readReply(response *http.Response) ([]byte, error) {
	var b bytes.Buffer
	if n := min(response.ContentLength, 1<<20); n > 0 {
		b.Grow(int(n) + bytes.MinRead) // the rest is for seeing the end
	}
	_, err := b.ReadFrom(io.LimitReader(response.Body, c.config.MaxReply+1))
	return b.Bytes(), err
}

// URL is where a request is sent, the service's base URL included.
func (c *Client) URL(r Request) string {
	if to, err := c.clientFor(r.Op, r.API); err == nil {
		return to.base.String() + r.URL()
	}
	return r.URL()
}

// request returns the HTTP request, with the credentials of the API.
func (c *Client) request(ctx context.Context, r Request) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, r.Method, c.base.String()+r.URL(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	if c.api == Platform {
		request.Header.Set("X-Api-Token", c.config.Token)
	} else {
		request.SetBasicAuth(c.config.Email, c.config.APIKey)
	}
	request.Header.Set("User-Agent", c.config.UserAgent)
	request.Header.Set("Accept", "application/json")
	if c.api == Classic || len(r.Body) > 0 {
		request.Header.Set("Content-Type", "application/json")
	}
	if id, ok := ctx.Value(requestIDKey{}).(string); ok {
		request.Header.Set("X-Request-Id", id)
	}
	if r.Suffix == ".pdf" {
		request.Header.Set("Accept", "application/pdf")
	}
	return request, nil
}

// checkURL takes https, and http for a loopback host alone: the credentials
// travel with every request.
func checkURL(raw, usual string) (*url.URL, error) {
	if strings.Contains(raw, "@") { // what stands before it may be a key: not repeated
		return nil, fmt.Errorf("base URL: give one without credentials, such as %s", usual)
	}
	u, err := url.Parse(strings.TrimRight(raw, "/"))
	if err != nil || u.Hostname() == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("base URL %s: give one such as %s, without query or fragment", Quote(raw), usual)
	}
	if strings.ContainsFunc(u.Host, func(r rune) bool { return r > '~' }) { // a resolver may read it as another name
		return nil, fmt.Errorf("base URL %s: write its host in ASCII", Quote(raw))
	}
	if err := RefuseNamesake(u.Hostname()); err != nil {
		return nil, fmt.Errorf("base URL: %w", err)
	}
	switch {
	case u.Scheme == "https":
	case u.Scheme == "http" && isLoopback(u.Hostname()):
	default:
		return nil, fmt.Errorf("base URL %s: only https keeps the API key safe; http is taken for a loopback host alone", Quote(raw))
	}
	return u, nil
}

// isLoopback reports a host that only this computer can reach; plain HTTP is allowed to it alone.
func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

// checkRedirect follows reads on the same host alone, so that the credentials
// reach no other.
func checkRedirect(next *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet || next.URL.Host != first.URL.Host || next.URL.Scheme != first.URL.Scheme || len(via) > 3 {
		return http.ErrUseLastResponse
	}
	return nil
}

// newTransport keeps enough idle connections to the one host that parallel
// calls do not open new ones. It speaks HTTP/1.1 alone: net/http's client of
// HTTP/2 sends a request again by itself, a change too, when its stream is reset.
func newTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = 128
	t.MaxIdleConnsPerHost = 128
	t.TLSHandshakeTimeout = 10 * time.Second
	t.Protocols = new(http.Protocols)
	t.Protocols.SetHTTP1(true)
	return t
}

// orDefault returns v, or otherwise where v is zero.
func orDefault[T comparable](v, otherwise T) T {
	var zero T
	if v == zero {
		return otherwise
	}
	return v
}

// buildVersion returns the version of the module that was built in; dev when there is none.
func buildVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "dev"
}
