package host

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestDiscovery: what a client without a token learns where an identity provider
// issues them, over both transports, from a browser too.
func TestDiscovery(t *testing.T) {
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(`{"keys":[]}`)) }))
	t.Cleanup(keys.Close)
	const public = "https://mcp.example.com"
	s := newSite(t, func(c *Config) {
		c.TokensFile, c.PublicURL = "", public
		c.OAuth = OAuth{Issuer: "https://issuer.example.com", Audience: "vpsnet", JWKS: keys.URL}
	})
	for endpoint, path := range map[string]string{"/mcp": "/mcp", "/sse": "/sse", "/message": "/sse"} {
		response, _ := s.send(http.MethodPost, endpoint, `{}`)
		challenge := response.Header.Get("WWW-Authenticate")
		if !strings.Contains(challenge, `resource_metadata="`+public+metadataPath+path+`"`) || !strings.Contains(challenge, `scope="read"`) {
			t.Errorf("%s: WWW-Authenticate: %s", endpoint, challenge)
		}
	}
	for path, resource := range map[string]string{"": "/mcp", "/mcp": "/mcp", "/sse": "/sse"} {
		response, text := s.send(http.MethodGet, metadataPath+path, "", "Origin", "https://app.example.net")
		var got struct{ Resource string }
		if err := json.Unmarshal([]byte(text), &got); err != nil || got.Resource != public+resource || response.Header.Get("Access-Control-Allow-Origin") != "*" {
			t.Errorf("%s: HTTP %d, %v, %s", path, response.StatusCode, response.Header, text)
		}
		if response, _ := s.send(http.MethodOptions, metadataPath+path, "", "Origin", "https://app.example.net", "Access-Control-Request-Method", "GET"); response.StatusCode != http.StatusNoContent {
			t.Errorf("preflight of %s: HTTP %d", path, response.StatusCode)
		}
	}
	s.status("no endpoint's", http.StatusNotFound, http.MethodGet, metadataPath+"/other", "")
	s.status("the issuer registers", http.StatusNotFound, http.MethodPost, "/register", `{}`)
}

// TestNoSignIn: a client that has no token and looks for a sign-in is told what its
// person has to do; one that needs none is told nothing.
func TestNoSignIn(t *testing.T) {
	s := newSite(t, nil)
	text := s.status("registration", http.StatusBadRequest, http.MethodPost, "/register", `{"redirect_uris":["http://127.0.0.1:1/callback"]}`, "Content-Type", "application/json")
	var got struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	if err := json.Unmarshal([]byte(text), &got); err != nil || got.Error != "invalid_client_metadata" || !strings.Contains(got.Description, "Authorization: Bearer TOKEN") {
		t.Errorf("%v: %s", err, text)
	}
	s.status("metadata", http.StatusNotFound, http.MethodGet, metadataPath+"/mcp", "")
}
