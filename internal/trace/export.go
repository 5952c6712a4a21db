package trace

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	sdk "go.opentelemetry.io/otel/sdk/trace"

	"vpsnet-mcp/vpsapi"
)

// exporter sends spans to a collector: OTLP over HTTP, in protobuf. The SDK's own
// brings gRPC with it, which is more to load at each start than all the rest.
type exporter struct {
	url     string
	headers map[string]string // may hold the collector's secrets
	gzip    bool
	timeout time.Duration // of one batch, its retries included
	pause   time.Duration // before the first retry; each further one is twice as long
	client  *http.Client
}

// newExporter returns the exporter that the OTEL_ variables describe.
func newExporter(env map[string]string) (*exporter, error) {
	e := &exporter{url: env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], timeout: 10 * time.Second, pause: time.Second}
	if e.url == "" {
		base := env["OTEL_EXPORTER_OTLP_ENDPOINT"]
		if base == "" {
			base = "http://localhost:4318"
		}
		e.url = strings.TrimRight(base, "/") + "/v1/traces"
	}
	if u, err := url.Parse(e.url); err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.User != nil {
		return nil, errors.New("traces: OTEL_EXPORTER_OTLP_ENDPOINT: give one such as http://localhost:4318, without credentials")
	}
	if err := e.setHeaders(firstVariable(env, "HEADERS")); err != nil {
		return nil, err
	}
	switch packed := firstVariable(env, "COMPRESSION"); packed {
	case "", "none":
	case "gzip":
		e.gzip = true
	default:
		return nil, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_COMPRESSION %s: use gzip or none", vpsapi.Quote(packed))
	}
	if ms := firstVariable(env, "TIMEOUT"); ms != "" {
		n, ok := parseCount(ms)
		if !ok {
			return nil, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_TIMEOUT: give milliseconds from 1 to %d, such as 10000", maxMilliseconds)
		}
		e.timeout = time.Duration(n) * time.Millisecond
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	var err error
	if transport.TLSClientConfig, err = tlsConfig(firstVariable(env, "CERTIFICATE"), firstVariable(env, "CLIENT_CERTIFICATE"), firstVariable(env, "CLIENT_KEY")); err != nil {
		return nil, err
	}
	e.client = &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return e, nil
}

// setHeaders takes what each request carries. Its errors do not repeat what may be
// a secret.
func (e *exporter) setHeaders(text string) error {
	var ok bool
	e.headers, ok = parsePairs(text)
	for key, value := range e.headers {
		ok = ok && !strings.ContainsFunc(key, isNotTokenChar) && !strings.ContainsFunc(value, unicode.IsControl)
	}
	if !ok {
		return errors.New("traces: OTEL_EXPORTER_OTLP_HEADERS: give key=value,key=value, the values as in a URL")
	}
	return nil
}

// isNotTokenChar reports what no header's name has.
func isNotTokenChar(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
}

// tlsConfig returns how the collector is met over TLS: by the system's certificates unless a
// file has others, and with a certificate of our own when there is one.
func tlsConfig(roots, certificate, key string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if roots != "" {
		var err error
		if c.RootCAs, err = readRoots(roots); err != nil {
			return nil, err
		}
	}
	if (certificate == "") != (key == "") {
		return nil, errors.New("traces: give both OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and OTEL_EXPORTER_OTLP_CLIENT_KEY, or neither")
	}
	if certificate != "" {
		own, err := tls.LoadX509KeyPair(certificate, key)
		if err != nil {
			return nil, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE and _CLIENT_KEY: %w", err)
		}
		c.Certificates = []tls.Certificate{own}
	}
	return c, nil
}

// readRoots reads CA certificates from a PEM file.
func readRoots(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_CERTIFICATE: %w", err)
	}
	roots := x509.NewCertPool()
	if !roots.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_CERTIFICATE: no certificate in %s", file)
	}
	return roots, nil
}

// Shutdown does nothing: each batch is sent whole.
func (e *exporter) Shutdown(context.Context) error { return nil }

// ExportSpans sends a batch, again when the collector asks for it.
func (e *exporter) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if len(spans) == 0 {
		return nil
	}
	body := encodeSpans(spans)
	if e.gzip {
		var packed bytes.Buffer
		w := gzip.NewWriter(&packed)
		_, _ = w.Write(body) // a buffer takes all
		_ = w.Close()
		body = packed.Bytes()
	}
	ctx, cancel := context.WithTimeout(ctx, e.timeout)
	defer cancel()
	for wait := e.pause; ; wait *= 2 {
		asked, err := e.post(ctx, body)
		if err == nil || asked < 0 {
			return err
		}
		select {
		case <-time.After(max(wait, asked)):
		case <-ctx.Done():
			return err
		}
	}
}

// post sends a body once. With an error it says how long the collector asks to
// wait, below 0 for one that another try does not mend.
func (e *exporter) post(ctx context.Context, body []byte) (again time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url, bytes.NewReader(body))
	if err != nil {
		return -1, errors.New("traces: invalid collector URL")
	}
	for key, value := range e.headers {
		r.Header.Set(key, value)
	}
	r.Header.Set("Content-Type", "application/x-protobuf")
	if e.gzip {
		r.Header.Set("Content-Encoding", "gzip")
	}
	response, err := e.client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		return 0, fmt.Errorf("traces: the collector cannot be reached: %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10))
	switch response.StatusCode {
	case http.StatusOK, http.StatusAccepted, http.StatusNoContent:
		return 0, nil
	case http.StatusTooManyRequests, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
		again = time.Duration(max(0, seconds)) * time.Second
	default:
		again = -1
	}
	return again, fmt.Errorf("traces: the collector answered %d", response.StatusCode)
}
