package doctor

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
)

const (
	// maxClockSkew is the difference between clocks from which the doctor warns.
	maxClockSkew = 5 * time.Minute
	// expiryNotice is how long before a certificate's end the doctor warns.
	expiryNotice = 14 * 24 * time.Hour
	// serviceTimeout bounds the check of the connection to the service.
	serviceTimeout = 20 * time.Second
)

// connectionFindings check the connection to the service, without credentials: its name, TLS, and its clock against
// ours.
func connectionFindings(ctx context.Context, s *settings.Settings) []Finding {
	ctx, cancel := context.WithTimeout(ctx, serviceTimeout)
	defer cancel()
	base := cmp.Or(s.APIURL, vpsapi.DefaultURL)
	if s.HasToken() && s.Email == "" {
		base = cmp.Or(s.PlatformURL, vpsapi.DefaultPlatformURL)
	}
	if err := vpsapi.CheckBaseURL(base); err != nil {
		return []Finding{{"service", StateFault, err.Error()}}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, base, http.NoBody)
	if err != nil {
		return []Finding{{"service", StateFault, err.Error()}}
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	proxy, _ := http.ProxyFromEnvironment(r)
	seen := []Finding{nameFinding(ctx, r.URL.Hostname(), proxy != nil)}
	response, err := client.Do(r)
	if err != nil {
		return append(seen, Finding{"service", StateFault, connectionFault(err)})
	}
	_ = response.Body.Close()
	seen = append(seen, Finding{"service", StateOK, base + " answers" + map[bool]string{true: ", through a proxy"}[proxy != nil]})
	if response.TLS != nil {
		seen = append(seen, tlsFinding(response.TLS, time.Now()))
	}
	return append(seen, clockFinding(response.Header.Get("Date"), time.Now()))
}

// nameFinding says whether the service's name can be looked up.
func nameFinding(ctx context.Context, name string, proxied bool) Finding {
	addresses, err := net.DefaultResolver.LookupHost(ctx, name)
	switch {
	case err != nil && proxied:
		return Finding{"name", StateNote, name + " cannot be looked up on this machine; the proxy must do it"}
	case err != nil:
		return Finding{"name", StateFault, fmt.Sprintf("%s: %v; check the name, the network and its DNS", name, err)}
	}
	return Finding{"name", StateOK, name + " is " + strings.Join(addresses, ", ")}
}

// tlsFinding says which TLS version was used and how long the certificate holds.
func tlsFinding(t *tls.ConnectionState, now time.Time) Finding {
	end := t.PeerCertificates[0].NotAfter
	f := Finding{"TLS", StateOK, fmt.Sprintf("%s, the certificate holds until %s", tls.VersionName(t.Version), end.UTC().Format(time.DateOnly))}
	if end.Sub(now) < expiryNotice {
		f.State = StateNote
	}
	return f
}

// clockFinding says how far this computer's clock is from the service's.
func clockFinding(date string, now time.Time) Finding {
	at, err := http.ParseTime(date)
	if err != nil {
		return Finding{"clock", StateNote, "the service does not say what time it is"}
	}
	off := now.Sub(at).Abs().Round(time.Second)
	if off > maxClockSkew {
		return Finding{"clock", StateNote, fmt.Sprintf("this machine's clock and the service's differ by %s: times of the account will look wrong here", off)}
	}
	return Finding{"clock", StateOK, "as the service's"}
}

// connectionFault says what is wrong with the connection.
func connectionFault(err error) string {
	var verify *tls.CertificateVerificationError
	var unknown x509.UnknownAuthorityError
	var name *net.DNSError
	switch {
	case errors.As(err, &unknown):
		return err.Error() + "; something in between may read the traffic, or a proxy of yours has a certificate that this machine does not know"
	case errors.As(err, &verify):
		return err.Error() + "; check this machine's clock, and that the URL's host is the right one"
	case errors.As(err, &name):
		return err.Error() + "; check the name, the network and its DNS"
	}
	return err.Error() + "; check the network, firewalls and proxies"
}
