package host

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"vpsnet-mcp/vpsapi"
)

// TestGuessesAreLimitedACaller: a caller whose credentials are refused is told to wait
// after some, and VPS.NET is not asked; others are taken, and so is what the service
// could not answer.
func TestGuessesAreLimitedACaller(t *testing.T) {
	var asked atomic.Int64
	var away atomic.Bool
	s := newSite(t, func(c *Config) {
		account := c.Account
		c.RequestAccount = func(_ context.Context, _, key string) (*vpsapi.Client, error) {
			asked.Add(1)
			switch {
			case away.Load():
				return nil, fmt.Errorf("brought: %w", &vpsapi.Error{Kind: vpsapi.ServiceFault})
			case key != "key-of-bert":
				return nil, errors.New("VPS.NET does not take them")
			}
			return account("bert")
		}
	})
	try := func(caller, key string) int {
		response, _ := s.send(http.MethodPost, "/mcp", `{}`, s.headers(caller, "X-VPSNET-Email", "bert@example.com", "X-VPSNET-API-Key", key)...)
		return response.StatusCode
	}
	away.Store(true)
	for range 2 * guessBurst {
		if got := try("anna", "key-of-bert"); got != http.StatusForbidden {
			t.Fatalf("a service that is away: HTTP %d", got)
		}
	}
	away.Store(false)
	asked.Store(0)
	refused := 0
	for i := range 50 {
		if try("anna", fmt.Sprintf("guess-%d", i)) == http.StatusTooManyRequests {
			refused++
		}
	}
	if refused < 38 || asked.Load() > guessBurst+2 {
		t.Errorf("of 50 guesses %d were told to wait, and VPS.NET was asked %d times", refused, asked.Load())
	}
	if got := try("bert", "key-of-bert"); got == http.StatusTooManyRequests || got == http.StatusForbidden {
		t.Errorf("another caller: HTTP %d", got)
	}
}

// TestCriticalExtensionsAreRefused: a token that says that something must be understood
// which is not is not a token.
func TestCriticalExtensionsAreRefused(t *testing.T) {
	i := newIssuer(t)
	s := newSite(t, func(c *Config) { c.TokensFile, c.OAuth = "", i.oauth() })
	for _, crit := range []any{nil, []string{"exp"}, []string{"https://example.com/bound"}, []string{}} {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{
			"iss": issuerURL, "aud": audience, "sub": "anna", "exp": time.Now().Add(time.Hour).Unix(), "scope": "read", "vpsnet_account": "anna",
		})
		token.Header["kid"] = fmt.Sprint(i.kid)
		if crit != nil {
			token.Header["crit"] = crit
		}
		text, err := token.SignedString(i.key)
		if err != nil {
			t.Fatal(err)
		}
		response, _ := s.send(http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+text)
		if taken := response.StatusCode != http.StatusUnauthorized; taken != (crit == nil) {
			t.Errorf("crit %v: HTTP %d", crit, response.StatusCode)
		}
	}
}

// TestUnknownKeysUseNothingUp: a flood of tokens whose keys nobody knows, which goes on
// all the while, does not keep a key that the issuer has turned to from being read
// within seconds, and has the issuer asked no more often than the pace of that.
func TestUnknownKeysUseNothingUp(t *testing.T) {
	i := newIssuer(t)
	s := newSite(t, func(c *Config) { c.TokensFile, c.OAuth = "", i.oauth() })
	forger := i.key
	forged := func(n int64) string {
		token := jwt.NewWithClaims(jwt.SigningMethodES256, jwt.MapClaims{"iss": issuerURL, "aud": audience, "sub": "anna", "exp": time.Now().Add(time.Hour).Unix()})
		token.Header["kid"] = fmt.Sprint("unknown ", n)
		text, err := token.SignedString(forger)
		if err != nil {
			t.Error(err)
		}
		return text
	}
	begun, asked := time.Now(), i.asked.Load()
	var sent, taken atomic.Int64
	var flood sync.WaitGroup
	over := make(chan struct{})
	for range 8 {
		flood.Go(func() {
			for ended := false; !ended; {
				if response, _ := s.send(http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+forged(sent.Add(1))); response.StatusCode != http.StatusUnauthorized {
					taken.Add(1)
				}
				select {
				case <-over:
					ended = true
				default:
				}
			}
		})
	}
	for sent.Load() < 50 { // the flood is on
		runtime.Gosched()
	}
	i.turn()
	token := i.sign(jwt.SigningMethodES256, i.key, nil)
	status := http.StatusUnauthorized
	for status == http.StatusUnauthorized && time.Since(begun) < 5*unknownKeyInterval {
		response, _ := s.send(http.MethodPost, "/mcp", `{}`, "Authorization", "Bearer "+token)
		status = response.StatusCode
	}
	close(over)
	flood.Wait()
	if status == http.StatusUnauthorized || taken.Load() > 0 {
		t.Errorf("after %s and %d forged tokens, of which %d were taken, the new key's: HTTP %d", time.Since(begun), sent.Load(), taken.Load(), status)
	}
	if reads, most := i.asked.Load()-asked, 2+int64(time.Since(begun)/unknownKeyInterval); reads > most {
		t.Errorf("in %s the issuer was asked %d times for its keys", time.Since(begun), reads)
	}
}
