package host

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// metadataPath is where clients learn who issues the tokens of an endpoint (RFC 9728).
const metadataPath = "/.well-known/oauth-protected-resource"

// endpoints are the paths that clients are given as the server's address.
var endpoints = []string{"/mcp", "/sse"}

// discovery registers what a client without a token asks for before its person signs in.
func (h *Host) discovery(mux *http.ServeMux) {
	if h.config.OAuth.Issuer == "" {
		if !h.config.NoAuth {
			mux.HandleFunc("POST /register", noRegistration)
		}
		return
	}
	mux.HandleFunc("GET "+metadataPath, h.metadataOf("/mcp"))
	for _, endpoint := range endpoints {
		if endpoint == "/sse" && h.sse == nil || endpoint == "/mcp" && h.http == nil {
			continue
		}
		mux.HandleFunc("GET "+metadataPath+endpoint, h.metadataOf(endpoint))
	}
}

// metadataOf answers who issues the tokens of an endpoint. Clients refuse an answer
// that names another resource than the address that they were given.
func (h *Host) metadataOf(endpoint string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{
			"resource": h.resourceURL(r, endpoint), "authorization_servers": []string{h.config.OAuth.Issuer},
			"scopes_supported": []string{"read", "change", "disrupt", "commit", "destroy"}, "bearer_methods_supported": []string{"header"},
		})
	}
}

// showMetadata answers web pages from anywhere: clients in a browser begin with the
// metadata, which tells nothing about anybody.
func (h *Host) showMetadata(w http.ResponseWriter, r *http.Request, next http.Handler) {
	w.Header().Set("Access-Control-Allow-Origin", "*")
	if r.Method == http.MethodOptions {
		w.Header().Set("Access-Control-Allow-Methods", "GET")
		w.Header().Set("Access-Control-Allow-Headers", "Mcp-Protocol-Version")
		w.WriteHeader(http.StatusNoContent)
		return
	}
	next.ServeHTTP(w, r)
}

// noRegistration tells a client that has no token, and tries to register itself for
// a sign-in, what its person has to do. Clients show error_description.
func noRegistration(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_ = json.NewEncoder(w).Encode(map[string]string{
		"error":             "invalid_client_metadata",
		"error_description": "this server has no sign-in; its operator gives out tokens: add the header Authorization: Bearer TOKEN to the client's configuration",
	})
}

// resourceURL returns an endpoint's address as clients name it to the issuer. The issuer
// may call it otherwise in its tokens.
func (h *Host) resourceURL(r *http.Request, endpoint string) string {
	if u, err := url.Parse(h.config.OAuth.Audience); h.config.PublicURL == "" && err == nil && u.Host != "" && endpoint == "/mcp" {
		return h.config.OAuth.Audience
	}
	return h.baseURL(r) + endpoint
}

// writeChallenge answers 401 and says where a client can get a token (RFC 9728); without authentication it answers 403.
func (h *Host) writeChallenge(w http.ResponseWriter, r *http.Request, err error) {
	if h.config.NoAuth {
		writeRefusal(w, http.StatusForbidden, err.Error())
		return
	}
	problem := ""
	if r.Header.Get("Authorization") != "" {
		problem = `, error="invalid_token"`
	}
	if h.config.OAuth.Issuer != "" {
		problem += `, scope="read"` // the least to ask the issuer for
	}
	w.Header().Set("WWW-Authenticate", h.bearerChallenge(r)+problem)
	why := "this server needs a bearer token that it knows: Authorization: Bearer TOKEN"
	if errors.Is(err, errPersonToken) {
		why = err.Error()
	}
	writeRefusal(w, http.StatusUnauthorized, why)
}

// bearerChallenge returns the challenge of a server that takes bearer tokens, and where to get them.
func (h *Host) bearerChallenge(r *http.Request) string {
	header := `Bearer realm="vpsnet-mcp"`
	if h.config.OAuth.Issuer != "" {
		endpoint := "/mcp"
		if !strings.HasPrefix(r.URL.Path, endpoint) {
			endpoint = "/sse" // whose messages are posted to /message
		}
		header += `, resource_metadata="` + h.baseURL(r) + metadataPath + endpoint + `"`
	}
	return header
}
