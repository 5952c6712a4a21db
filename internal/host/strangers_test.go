package host

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestSignInPace: who guesses at the sign-in page is slowed down by their own
// address, and nobody else is; behind a proxy by the address that it added.
func TestSignInPace(t *testing.T) {
	for _, proxied := range []bool{false, true} {
		s := newSite(t, func(c *Config) {
			if proxied {
				c.BehindProxy = "127.0.0.1"
			}
		})
		signIn := func(token, address, forwarded string) int {
			r := httptest.NewRequest(http.MethodPost, s.url+"/signin", strings.NewReader(url.Values{"token": {token}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if r.RemoteAddr = address + ":4711"; forwarded != "" {
				r.Header.Set("X-Forwarded-For", forwarded)
			}
			w := httptest.NewRecorder()
			s.host.Handler().ServeHTTP(w, r)
			return w.Code
		}
		guesser, other, way, forged := "192.0.2.1", "192.0.2.2", "", ""
		if proxied {
			guesser, other, way, forged = "127.0.0.1", "127.0.0.1", "192.0.2.1", "192.0.2.9, 192.0.2.1"
		}
		for range 500 {
			signIn("guess", guesser, way)
		}
		if got := signIn(s.people["anna"], guesser, forged); got != http.StatusTooManyRequests {
			t.Errorf("proxied %v: one who guessed 500 times: HTTP %d", proxied, got)
		}
		if proxied {
			way = "192.0.2.2"
		}
		if got := signIn(s.people["anna"], other, way); got != http.StatusSeeOther {
			t.Errorf("proxied %v: another address: HTTP %d", proxied, got)
		}
		if proxied {
			continue // its callers come through the proxy too
		}
		if text := s.call("anna", "list_cloud_servers", `{}`); !strings.Contains(text, "Web Server 01") {
			t.Errorf("a known caller: %s", text)
		}
	}
}
