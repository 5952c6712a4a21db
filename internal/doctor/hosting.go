package doctor

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/trace"
	"vpsnet-mcp/vpsapi"
)

// hostingFindings are of a server that others reach: its callers, their accounts, its
// certificate, ports and name.
func hostingFindings(ctx context.Context, s *settings.Settings) []Finding {
	if !s.IsHosted() {
		return nil
	}
	accounts, err := s.ReadAccounts() // accountsFinding tells the error
	seen := append(callersFindings(s, accounts, err == nil), certificateFinding(s.Hosted, time.Now()), proxyFinding(s.Hosted))
	seen = append(seen, portFinding("listen", s.Hosted.Listen), portFinding("metrics", s.Hosted.Metrics))
	return append(seen, keyFindings(ctx, s, accounts)...)
}

// callersFindings hold the callers against what a server refuses, and against the
// accounts that there are, where these are known.
func callersFindings(s *settings.Settings, accounts map[string]settings.Credentials, known bool) []Finding {
	h := s.Hosted
	named, err := host.Check(host.Config{
		Listen: h.Listen, SSE: slices.Contains(h.Transports, settings.TransportSSE), HTTP: slices.Contains(h.Transports, settings.TransportHTTP),
		NoAuth: h.NoAuth, TokensFile: h.Tokens, OAuth: h.OAuth, BehindProxy: h.BehindProxy, TLSCert: h.TLSCert, TLSKey: h.TLSKey,
	})
	if err != nil {
		return []Finding{{"hosting", StateFault, "the server would not start: " + err.Error()}}
	}
	seen := []Finding{{"hosting", StateOK, "the settings that say who may call are valid"}}
	for _, name := range slices.Compact(slices.Sorted(slices.Values(named))) {
		if _, ok := accounts[name]; !ok && known && !s.Sandbox {
			seen = append(seen, Finding{"callers", StateFault, fmt.Sprintf("the tokens file %s names the account %s, which the accounts file %s does not have: add it there (--accounts FILE), or make the token anew with vpsnet-mcp token new NAME --account NAME",
				h.Tokens, vpsapi.Quote(name), vpsapi.Quote(h.Accounts))})
		}
	}
	return seen
}

// certificateFinding reads the server's own certificate.
func certificateFinding(h settings.Hosted, now time.Time) Finding {
	if h.TLSCert == "" || h.TLSKey == "" {
		return Finding{}
	}
	const mend = "; openssl x509 -noout -enddate -in FILE shows a certificate: put a valid one there, and send the server a hang-up signal"
	pair, err := tls.LoadX509KeyPair(h.TLSCert, h.TLSKey)
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

// portFinding asks whether an address is free to listen on.
func portFinding(check, address string) Finding {
	if address == "" {
		return Finding{}
	}
	l, err := net.Listen("tcp", address)
	if err != nil {
		_, port, _ := net.SplitHostPort(address)
		return Finding{check, StateFault, fmt.Sprintf("%v: if that is not this server, stop what listens there (ss -ltnp 'sport = :%s' shows it), or give --%s another address", err, port, check)}
	}
	_ = l.Close()
	return Finding{check, StateOK, address + " is free"}
}

// keyFindings try the key of each account of the accounts file.
func keyFindings(ctx context.Context, s *settings.Settings, accounts map[string]settings.Credentials) []Finding {
	if s.Sandbox {
		return nil
	}
	var seen []Finding
	for _, name := range slices.Sorted(maps.Keys(accounts)) {
		client, err := newClient(s, vpsapi.Config{Email: accounts[name].Email, APIKey: accounts[name].Key, BaseURL: s.APIURL})
		if err != nil {
			seen = append(seen, Finding{"account " + name, StateFault, err.Error()})
			continue
		}
		f := callFinding(ctx, client, "account "+name, vpsapi.GetProfile, nil)
		if f.State == StateFault {
			f.Says += "; write its valid key into the file that " + s.Hosted.Accounts + " names for it"
		}
		seen = append(seen, f)
	}
	return seen
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
