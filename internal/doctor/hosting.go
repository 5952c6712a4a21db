package doctor

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/trace"
)

// hostingFindings are of a server that others reach: its callers, their accounts, its
// certificate, ports and name.
func hostingFindings(ctx context.Context, s *settings.Settings) []Finding {
	if !s.IsHosted() {
		return nil
	}
	accounts, err := s.ReadAccounts() // accountsFinding tells the error
	seen := append(callersFindings(s, accounts, err == nil), certificateFinding(s.Hosted, time.Now()), proxyFinding(s.Hosted))
	seen = append(seen, providerFinding(ctx, s.Hosted.OAuth), portFinding(ctx, "listen", s.Hosted.Listen), portFinding(ctx, "metrics", s.Hosted.Metrics))
	return append(seen, keyFindings(ctx, s, accounts)...)
}

// certificateFinding reads the server's own certificate.
func certificateFinding(h settings.Hosted, now time.Time) Finding {
	if h.TLSCert == "" || h.TLSKey == "" {
		return Finding{}
	}
	const mend = "; openssl x509 -noout -enddate -in FILE shows a certificate: put a valid one there, and send the server a hang-up signal"
	pair, err := tls.LoadX509KeyPair(h.TLSCert, h.TLSKey)
	if err != nil && strings.Contains(err.Error(), "private key") { // the library has no error value for it
		return Finding{"certificate", StateFault, fmt.Sprintf("the key %s is not that of the certificate %s; openssl x509 -noout -pubkey -in %[2]s and openssl pkey -pubout -in %[1]s must print the same: put the two there that belong together",
			h.TLSKey, h.TLSCert)}
	}
	if err != nil {
		return Finding{"certificate", StateFault, fmt.Sprintf("%s with %s: %v%s", h.TLSCert, h.TLSKey, err, mend)}
	}
	leaf, err := x509.ParseCertificate(pair.Certificate[0])
	if err != nil {
		return Finding{"certificate", StateFault, h.TLSCert + ": it cannot be read" + mend}
	}
	says := fmt.Sprintf("%s holds until %s", h.TLSCert, leaf.NotAfter.UTC().Format(time.DateOnly))
	switch {
	case now.After(leaf.NotAfter) || now.Before(leaf.NotBefore):
		return Finding{"certificate", StateFault, says + ", and from " + leaf.NotBefore.UTC().Format(time.DateOnly) + ": clients refuse it" + mend}
	case len(foreignNames(h, leaf)) > 0:
		return Finding{"certificate", StateFault, fmt.Sprintf("%s is not for %s, so clients refuse it: it is for %s; take one for the names by which callers come, or correct --public-url and --allow-host",
			h.TLSCert, strings.Join(foreignNames(h, leaf), ", "), cmp.Or(strings.Join(certificateNames(leaf), ", "), "no name at all"))}
	case leaf.NotAfter.Sub(now) < expiryNotice:
		return Finding{"certificate", StateNote, says + mend}
	}
	return Finding{"certificate", StateOK, says}
}

// proxyFinding asks for the name by which callers come through a proxy: a request for
// another name than the server's own is refused.
func proxyFinding(h settings.Hosted) Finding {
	if h.BehindProxy == "" {
		return Finding{}
	}
	if len(h.AllowHosts) == 0 && h.PublicURL == "" {
		return Finding{"name behind the proxy", StateFault, "callers use the proxy's name (server_name in nginx), and requests for that name are refused: add --public-url https://NAME or --allow-host NAME"}
	}
	return Finding{"name behind the proxy", StateOK, strings.TrimSpace(strings.Join(h.AllowHosts, ", ") + " " + h.PublicURL)}
}

// foreignNames lists the names by which callers come, and that a certificate is not for.
func foreignNames(h settings.Hosted, leaf *x509.Certificate) []string {
	names := slices.Clone(h.AllowHosts)
	if u, err := url.Parse(h.PublicURL); err == nil && u.Hostname() != "" {
		names = append(names, u.Hostname())
	}
	slices.Sort(names)
	return slices.DeleteFunc(slices.Compact(names), func(name string) bool { return leaf.VerifyHostname(name) == nil })
}

// certificateNames lists the names and addresses that a certificate is for.
func certificateNames(leaf *x509.Certificate) []string {
	names := slices.Clone(leaf.DNSNames)
	for _, ip := range leaf.IPAddresses {
		names = append(names, ip.String())
	}
	return names
}

// portFinding asks whether an address is free to listen on, or who listens there.
func portFinding(ctx context.Context, check, address string) Finding {
	if address == "" {
		return Finding{}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		if isOurs(ctx, check, address) {
			return Finding{check, StateOK, address + " is taken by a vpsnet-mcp server that runs: before another start, stop that one"}
		}
		_, port, _ := net.SplitHostPort(address)
		return Finding{check, StateFault, fmt.Sprintf("%v: stop what listens there (ss -ltnp 'sport = :%s' shows it), or give --%s another address", err, port, check)}
	}
	_ = l.Close()
	return Finding{check, StateOK, address + " is free"}
}

// isOurs reports that a server of this program answers at an address of this machine, by what
// its health probe and its metrics have.
func isOurs(ctx context.Context, check, address string) bool {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	host, port, _ := net.SplitHostPort(address)
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	path := "/healthz"
	if check == "metrics" {
		path = "/metrics"
	}
	// It is only asked what it is: whether its certificate is for this address says nothing of that.
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} //nolint:gosec // see above
	defer client.CloseIdleConnections()
	for _, scheme := range []string{"http://", "https://"} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+net.JoinHostPort(host, port)+path, http.NoBody)
		if err != nil {
			return false
		}
		response, err := client.Do(r)
		if err != nil {
			continue
		}
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<20))
		_ = response.Body.Close()
		if response.Header.Get("Server") == "vpsnet-mcp" || bytes.Contains(text, []byte("\nvpsnet_")) {
			return true
		}
	}
	return false
}

// tracesFinding holds the OTEL_ variables against what this program can do.
func tracesFinding(s *settings.Settings) Finding {
	t, err := trace.New(s.Environment(), settings.Version(), zerolog.Nop())
	if err != nil {
		return Finding{"traces", StateFault, err.Error() + "; correct the variable, or unset it"}
	}
	if t == nil {
		return Finding{}
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = t.Close(ctx)
	return Finding{"traces", StateOK, "the OTEL_ variables are valid"}
}
