package host

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

const issuerURL, audience = "https://issuer.example.com", "https://mcp.example.com/mcp"

// issuer signs tokens, and tells its present key.
type issuer struct {
	*testing.T
	keys *httptest.Server
	mu   sync.Mutex
	key  *ecdsa.PrivateKey
	kid  int
	away bool

	asked atomic.Int64 // for its keys
}

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	i := &issuer{T: t}
	i.turn()
	i.keys = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		i.asked.Add(1)
		i.mu.Lock()
		defer i.mu.Unlock()
		if i.away {
			http.Error(w, "away", http.StatusServiceUnavailable)
			return
		}
		public := i.public()
		encode := base64.RawURLEncoding.EncodeToString
		_ = json.NewEncoder(w).Encode(map[string]any{"keys": []any{map[string]string{
			"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": fmt.Sprint(i.kid), "x": encode(public[1:33]), "y": encode(public[33:]),
		}}})
	}))
	t.Cleanup(i.keys.Close)
	return i
}

// turn puts a new key in the place of the present one.
func (i *issuer) turn() {
	i.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		i.Fatal(err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.key = key
	i.kid++
}

// public is the key as 4, X, Y.
func (i *issuer) public() []byte {
	public, err := i.key.PublicKey.Bytes()
	if err != nil {
		i.Fatal(err)
	}
	return public
}

func (i *issuer) oauth() OAuth { return OAuth{Issuer: issuerURL, Audience: audience, JWKS: i.keys.URL} }

// sign makes a token of anna's who may read, changed as told.
func (i *issuer) sign(method jwt.SigningMethod, key any, change func(jwt.MapClaims)) string {
	i.Helper()
	claims := jwt.MapClaims{"iss": issuerURL, "aud": audience, "sub": "anna", "exp": time.Now().Add(time.Hour).Unix(), "scope": "read", "vpsnet_account": "anna"}
	if change != nil {
		change(claims)
	}
	token := jwt.NewWithClaims(method, claims)
	token.Header["kid"] = fmt.Sprint(i.kid)
	text, err := token.SignedString(key)
	if err != nil {
		i.Fatal(err)
	}
	return text
}
