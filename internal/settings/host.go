package settings

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/vpsapi"
)

// The transports.
const (
	// transportStdio is the transport over stdin and stdout.
	transportStdio = "stdio"
	// TransportSSE is the transport of older clients, at /sse.
	TransportSSE = "sse"
	// TransportHTTP is streamable HTTP, at /mcp.
	TransportHTTP = "http"
)

// Hosted is how a server for others is reached; it stands in Settings.
type Hosted struct {
	Transports   []string
	Listen       string
	NoAuth       bool
	Tokens       string // file
	OAuth        host.OAuth
	ClientSecret string // file
	Accounts     string // file
	RequestCreds bool
	PublicURL    string
	AllowHosts   []string
	AllowOrigins []string
	BehindProxy  string
	Metrics      string // address
	TLSCert      string
	TLSKey       string
	Limits       host.Limits
}

// HostOptions is the part of the table of options that is about hosting.
func HostOptions() []Option {
	return []Option{
		{
			Name: "transport", Value: "LIST", Def: transportStdio, Known: func() []string { return []string{transportStdio, TransportSSE, TransportHTTP, "http,sse"} },
			Help: "serve over stdio, or for others over http (streamable HTTP, /mcp), sse (/sse, for older clients), or http,sse", set: setTransport,
		},
		{Name: "listen", Value: "ADDRESS", Def: "127.0.0.1:8080", Help: "address for http and sse; any but loopback needs --tokens or OAuth, and TLS", set: textSetter(func(s *Settings) *string { return &s.Hosted.Listen })},
		{Name: "no-auth", Help: "loopback only: let everybody who reaches the port call; forwarded requests are refused", set: flagSetter(func(s *Settings) *bool { return &s.Hosted.NoAuth })},
		{Name: "tokens", Value: "FILE", Path: true, Help: "file with the callers' bearer tokens (vpsnet-mcp token new NAME), mode 0600", set: textSetter(func(s *Settings) *string { return &s.Hosted.Tokens })},
		{Name: "oauth-issuer", Value: "URL", Help: "accept JWTs of this issuer as callers' tokens", set: textSetter(func(s *Settings) *string { return &s.Hosted.OAuth.Issuer })},
		{Name: "oauth-audience", Value: "URL", Help: "the audience of the JWTs: this server's own address, such as https://mcp.example.com/mcp, or what the issuer calls it", set: textSetter(func(s *Settings) *string { return &s.Hosted.OAuth.Audience })},
		{Name: "oauth-jwks", Value: "URL", Help: "URL of the issuer's keys", set: textSetter(func(s *Settings) *string { return &s.Hosted.OAuth.JWKS })},
		{Name: "oauth-subject", Value: "CLAIM", Help: "the claim that names the caller, such as oid (Entra) or uid (Okta); sub where it is absent", set: textSetter(func(s *Settings) *string { return &s.Hosted.OAuth.Subject })},
		{Name: "oauth-groups", Value: "FILE", Path: true, Help: "what the issuer's groups may do: scopes, account, approver", set: textSetter(func(s *Settings) *string { return &s.Hosted.OAuth.GroupsFile })},
		{Name: "oauth-client-id", Value: "ID", Help: "let people sign in on the page /approve by the issuer (OpenID Connect), as this client of it", set: textSetter(func(s *Settings) *string { return &s.Hosted.OAuth.ClientID })},
		{Name: "oauth-client-secret-file", Value: "FILE", Path: true, Help: "the secret of that client, mode 0600; none for a public client", set: textSetter(func(s *Settings) *string { return &s.Hosted.ClientSecret })},
		{Name: "accounts", Value: "FILE", Path: true, Help: "file with the callers' VPS.NET accounts by name, mode 0600", set: textSetter(func(s *Settings) *string { return &s.Hosted.Accounts })},
		{Name: "allow-request-credentials", Help: "take VPS.NET credentials with requests: X-VPSNET-Email, X-VPSNET-API-Key", set: flagSetter(func(s *Settings) *bool { return &s.Hosted.RequestCreds })},
		{Name: "public-url", Value: "URL", Help: "this server's own address for callers and links, such as https://mcp.example.com; taken from each request when absent", set: textSetter(func(s *Settings) *string { return &s.Hosted.PublicURL })},
		{Name: "allow-host", Value: "LIST", Help: "host names that the server answers to", set: listSetter(func(s *Settings) *[]string { return &s.Hosted.AllowHosts })},
		{Name: "allow-origin", Value: "LIST", Help: "web pages that may call, such as https://app.example.com", set: listSetter(func(s *Settings) *[]string { return &s.Hosted.AllowOrigins })},
		{Name: "behind-proxy", Value: "ADDRESS", Help: "take connections from this proxy's IP address only; the proxy terminates TLS", set: textSetter(func(s *Settings) *string { return &s.Hosted.BehindProxy })},
		{Name: "metrics", Value: "ADDRESS", Help: "serve metrics for Prometheus on this address, at /metrics", set: textSetter(func(s *Settings) *string { return &s.Hosted.Metrics })},
		{Name: "caller-per-second", Value: "N", Def: "50", Help: "requests a second of one caller, 32 of them at once", set: numberSetter(func(s *Settings) *int { return &s.Hosted.Limits.CallerPerSecond })},
		{Name: "per-second", Value: "N", Def: "200", Help: "requests a second of all callers", set: numberSetter(func(s *Settings) *int { return &s.Hosted.Limits.PerSecond })},
		{Name: "tls-cert", Value: "FILE", Path: true, Help: "serve TLS with this certificate", set: textSetter(func(s *Settings) *string { return &s.Hosted.TLSCert })},
		{Name: "tls-key", Value: "FILE", Path: true, Help: "private key of that certificate", set: textSetter(func(s *Settings) *string { return &s.Hosted.TLSKey })},
	}
}

// setTransport sets the transports of a hosted server.
func setTransport(s *Settings, v string) error {
	s.Hosted.Transports = strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
	for _, t := range s.Hosted.Transports {
		if !slices.Contains([]string{transportStdio, TransportSSE, TransportHTTP}, t) {
			return fmt.Errorf("%s is not one of stdio, sse, http", vpsapi.Quote(t))
		}
	}
	if len(s.Hosted.Transports) == 0 || (slices.Contains(s.Hosted.Transports, transportStdio) && len(s.Hosted.Transports) > 1) {
		return errors.New("give stdio, or http, sse or both")
	}
	return nil
}

// IsHosted reports that the server is reached over HTTP or SSE, not over stdio alone.
func (s *Settings) IsHosted() bool { return s.Hosted.Transports[0] != transportStdio }

// SetHostedDefaults changes the defaults that are for one person on their own machine.
func (s *Settings) SetHostedDefaults() {
	if s.From["consent"] == "" {
		s.Consent = consent.Person
	}
	if s.From["secrets"] == "" {
		s.Secrets, s.From["secrets"] = apply.SecretsRedact, "hosting"
	}
}

// URL is the server's own address, as the machine itself sees it.
func (h Hosted) URL(address string) string {
	if h.TLSCert != "" {
		return "https://" + address
	}
	return "http://" + address
}
