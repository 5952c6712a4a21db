package host

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
)

// Handler is the front door: what every request passes, from the outside in.
func (h *Host) Handler() http.Handler {
	call := func(next http.Handler) http.Handler {
		return h.authenticate(h.limitRequests(h.readBody(maxBody, h.checkSessionOwner(h.answerNotifications(h.requireScope(h.attachAccount(h.prepareStreams(next))))))))
	}
	streamable, sse := http.NotFoundHandler(), http.NewServeMux()
	if h.http != nil {
		streamable = rpc.NewWeb().Wrap(h.server.Listing(h.attachSession(h.http)))
	}
	if h.sse != nil {
		room := rpc.NewSSE()
		sse.Handle("GET /sse", h.countStreams(room.Stream(h.sse)))
		sse.Handle("POST /message", room.HandlePosts(h.sse))
	}
	mux := http.NewServeMux()
	mux.Handle("/mcp", call(streamable))
	mux.Handle("/sse", call(sse))
	mux.Handle("/message", call(sse))
	h.registerPages(mux)
	h.discovery(mux)
	return h.logRequests(h.recoverPanics(h.answerProbes(h.checkOrigin(allowTrailingSlash(mux)))))
}

// allowTrailingSlash serves an endpoint also under its path with a slash at the end.
func allowTrailingSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/mcp/", "/sse/", "/message/":
			r = r.Clone(r.Context())
			r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		}
		next.ServeHTTP(w, r)
	})
}

// answerProbes answers health probes, whatever address they come from; they learn nothing.
func (h *Host) answerProbes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		reads := r.Method == http.MethodGet || r.Method == http.MethodHead
		switch {
		case reads && r.URL.Path == "/healthz":
			w.Header().Set("Server", "vpsnet-mcp") // so that doctor knows its own server
			_, _ = io.WriteString(w, "ok\n")
		case reads && r.URL.Path == "/readyz":
			h.serveReady(w, r)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// writeRefusal answers a request with a status and {"error": why}.
func writeRefusal(w http.ResponseWriter, status int, why string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": why})
}

// logRequests writes a line a request, without query, headers or body.
func (h *Host) logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		a := newDeadlineWriter(w, h.config.Patience.Write)
		defer a.extendDeadline() // for what the server itself still has to write
		next.ServeHTTP(a, r)
		h.config.Log.Debug().Str("method", r.Method).Str("path", shortenText(r.URL.Path)).Int("status", a.status).Dur("ms", time.Since(start)).Msg("request")
	})
}

// shortenText returns the first 100 bytes of s, for the log.
func shortenText(s string) string { return s[:min(len(s), 100)] }

// recoverPanics answers 500 when a handler panics, and logs the panic.
func (h *Host) recoverPanics(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil {
				if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
					panic(p)
				}
				h.config.Log.Error().Bytes("stack", debug.Stack()).Msg("a request ended in a panic")
				writeRefusal(w, http.StatusInternalServerError, "internal error; the log has the details")
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// checkOrigin refuses requests from elsewhere than the proxy, under foreign names,
// and from foreign web pages (DNS rebinding).
func (h *Host) checkOrigin(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, _, _ := net.SplitHostPort(r.RemoteAddr)
		origin := r.Header.Get("Origin")
		switch {
		case h.config.BehindProxy != "" && !sameAddress(from, h.config.BehindProxy):
			writeRefusal(w, http.StatusForbidden, "this server takes requests from its proxy only")
		case !h.knownHost(r.Host):
			writeRefusal(w, http.StatusForbidden, "this server is not known by that host name; its operator can add it with --allow-host")
		case strings.HasPrefix(r.URL.Path, metadataPath) && origin != "":
			h.showMetadata(w, r, next)
		case origin != "" && !h.knownOrigin(origin, r):
			writeRefusal(w, http.StatusForbidden, "web pages of that origin may not call this server; its operator can add them with --allow-origin")
		case r.Method == http.MethodOptions && origin != "":
			h.answerPreflight(w, origin)
		default:
			h.allowOrigin(w, origin)
			next.ServeHTTP(w, r)
		}
	})
}

// sameAddress reports two spellings of one IP address.
func sameAddress(a, b string) bool {
	x, y := net.ParseIP(a), net.ParseIP(b)
	return x != nil && x.Equal(y)
}

// knownHost reports a Host header that names this server: it stops DNS rebinding.
func (h *Host) knownHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	own, _, _ := net.SplitHostPort(h.config.Listen)
	host = strings.ToLower(strings.Trim(host, "[]"))
	return host == own || (isLoopback(own) && isLoopback(host)) || slices.Contains(h.config.AllowHosts, host)
}

// knownOrigin reports an Origin header of this server's own pages, or one that the operator allows.
func (h *Host) knownOrigin(origin string, r *http.Request) bool {
	if slices.Contains(h.config.AllowOrigins, origin) {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Host != "" && u.Host == r.Host // the server's own pages
}

// allowOrigin writes the CORS headers for an origin that the operator allows.
func (h *Host) allowOrigin(w http.ResponseWriter, origin string) {
	if slices.Contains(h.config.AllowOrigins, origin) {
		w.Header().Set("Access-Control-Allow-Origin", origin)
		w.Header().Set("Access-Control-Expose-Headers", "Mcp-Session-Id, WWW-Authenticate, Retry-After")
		w.Header().Add("Vary", "Origin")
	}
}

// answerPreflight answers a browser's CORS preflight request.
func (h *Host) answerPreflight(w http.ResponseWriter, origin string) {
	h.allowOrigin(w, origin)
	w.Header().Set("Access-Control-Allow-Methods", "GET, POST, DELETE")
	allowed := "Authorization, Content-Type, Accept, Last-Event-ID, Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name, X-VPSNET-Consent"
	if h.config.RequestAccount != nil {
		allowed += ", X-VPSNET-Email, X-VPSNET-API-Key"
	}
	w.Header().Set("Access-Control-Allow-Headers", allowed)
	w.Header().Set("Access-Control-Max-Age", "600")
	w.WriteHeader(http.StatusNoContent)
}

// authenticate finds the caller of a request, and removes the token from it.
func (h *Host) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id, err := h.auth.authenticate(r)
		if err != nil {
			h.writeChallenge(w, r, err)
			return
		}
		r = r.Clone(withCaller(r.Context(), id))
		r.Header.Del("Authorization")
		r.Header.Del("Cookie")
		if isModern(r) {
			r.Header.Del("Mcp-Session-Id") // the revision has no sessions: a stale id says nothing
		}
		next.ServeHTTP(w, r)
	})
}

// requireScope tells a caller by JWT which scope a call lacks, so that its client can
// ask the issuer for it. (For others a tool beyond their scopes is not there.)
func (h *Host) requireScope(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := callerOf(r.Context())
		scope, ok := h.scopes[r.Header.Get("Mcp-Name")]
		if ok && !id.until.IsZero() && isModern(r) && r.Header.Get("Mcp-Method") == "tools/call" && !slices.Contains(id.scopes, scope) && !slices.Contains(id.scopes, scopeAll) {
			w.Header().Set("WWW-Authenticate", h.bearerChallenge(r)+`, error="insufficient_scope", scope="`+scope+`"`)
			writeRefusal(w, http.StatusForbidden, "the token's scopes do not allow this tool; it needs "+scope)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// baseURL returns the server's own address as callers see it.
func (h *Host) baseURL(r *http.Request) string {
	if h.config.PublicURL != "" {
		return h.config.PublicURL
	}
	scheme := "http"
	if h.config.TLSCert != "" || h.config.BehindProxy != "" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// isModern reports a request of the newer revision: the library holds its headers
// to its body.
func isModern(r *http.Request) bool { return r.Header.Get("Mcp-Protocol-Version") >= "2026-07-28" }

// isListen reports a request whose answer is an open stream of the newer revision.
func isListen(r *http.Request) bool {
	return isModern(r) && r.Header.Get("Mcp-Method") == "subscriptions/listen"
}

// isStream reports a request whose answer is an event stream without an end.
func isStream(r *http.Request) bool { return r.Method == http.MethodGet || isListen(r) }

// limitRequests refuses a request with 429 when its caller, or all callers, are over a limit.
func (h *Host) limitRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, k := callerOf(r.Context()).name, callSlot
		switch {
		case isStream(r):
			k = streamSlot
		case r.URL.Path == "/message":
			k = messageSlot
		}
		if none := h.limits.checkRate(caller); none != nil {
			h.refuseBusy(w, none)
			return
		}
		leave, none := h.limits.acquire(caller, k)
		if none != nil {
			h.refuseBusy(w, none)
			return
		}
		defer leave()
		next.ServeHTTP(w, r.WithContext(calls.WithPlace(r.Context(), h.limits.restFunc(caller, k))))
	})
}

// readBody reads the body within its limits before anything acts on it: a slow or
// endless one holds no call.
func (h *Host) readBody(most int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		large := fmt.Sprintf("the body is larger than %d KiB", most>>10)
		if r.ContentLength > most {
			writeRefusal(w, http.StatusRequestEntityTooLarge, large)
			return
		}
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Now().Add(h.config.Patience.Body))
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, most))
		var tooLarge *http.MaxBytesError
		switch {
		case errors.As(err, &tooLarge):
			writeRefusal(w, http.StatusRequestEntityTooLarge, large)
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			writeRefusal(w, http.StatusRequestTimeout, "the body did not arrive in time")
			return
		case err != nil:
			writeRefusal(w, http.StatusBadRequest, "the body is incomplete")
			return
		}
		_ = control.SetReadDeadline(time.Time{})
		r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		next.ServeHTTP(w, r)
	})
}

// answerNotifications answers the notifications of the newer revision itself: the library
// refuses those without _meta, and keys cancellations by ids that callers share.
func (h *Host) answerNotifications(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && isModern(r) && strings.HasPrefix(r.Header.Get("Mcp-Method"), "notifications/") {
			w.WriteHeader(http.StatusAccepted)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// attachAccount gives the call its account and its caller, and takes credentials off
// the request.
func (h *Host) attachAccount(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := callerOf(r.Context())
		client, none, err := h.clientFor(r, id)
		r.Header.Del("X-VPSNET-Email")
		r.Header.Del("X-VPSNET-API-Key")
		if none != nil {
			h.tooManyGuesses(w, none)
			return
		}
		if err != nil {
			writeRefusal(w, http.StatusForbidden, err.Error())
			return
		}
		caller := confirm.Caller{Name: id.name, Client: client, Approve: h.baseURL(r) + "/approve/%s", Approvers: id.approvers}
		id.restrict(&caller)
		if mode := r.Header.Get("X-VPSNET-Consent"); mode != "" {
			if caller.Consent, err = consent.ParseMode(mode); err != nil {
				writeRefusal(w, http.StatusBadRequest, err.Error())
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(tools.WithCaller(r.Context(), caller)))
	})
}

// clientFor returns the API client for a request: of its own credentials' account, or else of the caller's.
func (h *Host) clientFor(r *http.Request, id identity) (*vpsapi.Client, *busyError, error) {
	email, key := r.Header.Get("X-VPSNET-Email"), r.Header.Get("X-VPSNET-API-Key")
	if email == "" && key == "" {
		client, err := h.config.Account(id.account)
		return client, nil, err
	}
	if h.config.RequestAccount == nil {
		return nil, nil, errors.New("this server takes no VPS.NET credentials with requests; leave the X-VPSNET- headers out")
	}
	return h.clientOfRequest(r.Context(), id.name, email, key)
}

// prepareStreams ends open streams with the server, and keeps proxies from holding
// them back.
func (h *Host) prepareStreams(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h.closing.Load() {
			w.Header().Set("Retry-After", "5")
			writeRefusal(w, http.StatusServiceUnavailable, "the server is shutting down")
			return
		}
		if isListen(r) {
			p := &heartbeatWriter{ResponseWriter: w}
			defer p.start(h.config.Patience.Beat)()
			w = p
		}
		if isStream(r) {
			w.Header().Set("X-Accel-Buffering", "no")
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			defer context.AfterFunc(h.streams, cancel)()
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// newErrorLog keeps net/http's own words in the log.
func newErrorLog(l zerolog.Logger) *log.Logger {
	return log.New(debugWriter{l}, "", 0)
}

// debugWriter writes lines to the log at level debug.
type debugWriter struct{ log zerolog.Logger }

// Write implements io.Writer.
func (d debugWriter) Write(b []byte) (int, error) {
	d.log.Debug().Msg(strings.TrimSpace(string(b)))
	return len(b), nil
}
