package host

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/goccy/go-yaml"
	"github.com/golang-jwt/jwt/v5"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// OAuth says whose JWTs name callers.
type OAuth struct {
	Issuer   string // of the tokens
	Audience string // that they must be for: this server's own address
	JWKS     string // where the issuer's keys are
}

// identity is an authenticated caller.
type identity struct {
	name       string
	scopes     []string
	account    string
	credential string    // the hash of the token in the file; empty for a JWT
	until      time.Time // when the JWT expires
}

// entry is a caller of the tokens file.
type entry struct {
	Name    string   `yaml:"name"`
	SHA256  string   `yaml:"sha256"`
	Scopes  []string `yaml:"scopes"`
	Account string   `yaml:"account"`
}

// authenticator knows callers by their tokens.
type authenticator struct {
	config Config
	issuer string          // the host of the issuer, for the names of its callers
	own    string          // the token that was made at start, when nothing was configured
	keys   keyfunc.Keyfunc // the issuer's, fetched again hourly and for keys that are new
	seen   verified

	mu      sync.RWMutex
	entries []entry
}

var errUnknownCaller = errors.New("no valid bearer token")

func newAuthenticator(c Config) (*authenticator, error) {
	a := &authenticator{config: c}
	if c.OAuth.Issuer != "" {
		if c.OAuth.Audience == "" || c.OAuth.JWKS == "" {
			return nil, errors.New("OAuth needs the audience and the address of the issuer's keys: --oauth-audience, --oauth-jwks")
		}
		keys, err := keyfunc.NewDefaultOverrideCtx(context.Background(), []string{c.OAuth.JWKS}, keyfunc.Override{
			HTTPTimeout: 5 * time.Second, RateLimitWaitMax: 2 * time.Second,
			RefreshErrorHandlerFunc: func(url string) func(context.Context, error) {
				return func(_ context.Context, err error) {
					c.Log.Error().Err(err).Str("url", url).Msg("the issuer's keys cannot be read now; those that were read before still hold")
				}
			},
		})
		if err != nil {
			return nil, fmt.Errorf("OAuth keys at %s: %w", c.OAuth.JWKS, err)
		}
		a.keys, a.issuer = keys, c.OAuth.Issuer
		if u, err := url.Parse(c.OAuth.Issuer); err == nil && u.Host != "" {
			a.issuer = u.Host
		}
	}
	if !c.NoAuth && c.TokensFile == "" && c.OAuth.Issuer == "" {
		token, hash := NewToken()
		a.own = token
		a.entries = []entry{{Name: "owner", SHA256: hash, Scopes: []string{scopeAll}}}
	}
	return a, a.reload()
}

// reload reads the tokens file; a faulty one changes nothing.
func (a *authenticator) reload() (err error) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			err = fmt.Errorf("tokens file %s: the text cannot be read as YAML", a.config.TokensFile)
		}
	}()
	if a.config.TokensFile == "" {
		return nil
	}
	text, err := Private(a.config.TokensFile)
	if err != nil {
		return err
	}
	var file struct {
		Tokens []entry `yaml:"tokens"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return fmt.Errorf("tokens file %s: %s", a.config.TokensFile, yaml.FormatError(err, false, false))
	}
	names := map[string]entry{}
	for i, e := range file.Tokens {
		if err := CheckName(e.Name); err != nil {
			return fmt.Errorf("tokens file %s: entry %d: %w", a.config.TokensFile, i+1, err)
		}
		if hash, err := hex.DecodeString(e.SHA256); err != nil || len(hash) != sha256.Size {
			return fmt.Errorf("tokens file %s: %s: it needs the sha256 that vpsnet-mcp token new prints", a.config.TokensFile, e.Name)
		}
		if first, ok := names[e.Name]; ok && (first.Account != e.Account || !slices.Equal(first.Scopes, e.Scopes)) {
			return fmt.Errorf("tokens file %s: %s has two tokens that differ in account or scopes: plans and limits go by the name, so name them apart", a.config.TokensFile, e.Name)
		}
		names[e.Name] = e
		if err := CheckScopes(e.Scopes); err != nil {
			return fmt.Errorf("tokens file %s: %s: %w", a.config.TokensFile, e.Name, err)
		}
	}
	if len(file.Tokens) == 0 {
		return fmt.Errorf("tokens file %s names no caller; vpsnet-mcp token new NAME makes one", a.config.TokensFile)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.entries = file.Tokens
	return nil
}

// CheckName refuses a caller's name that could be taken for another's. A JWT's
// caller has a space in its name, so it is none of the file's.
func CheckName(name string) error {
	if !callerName().MatchString(name) {
		return fmt.Errorf("a caller's name is 1 to 64 letters, digits, and . _ @ + -, not %s", vpsapi.Quote(name))
	}
	return nil
}

// callerName takes 2 ms to compile: a start over stdio needs none.
var callerName = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\p{L}\p{N}._@+-]{1,64}$`) })

// authenticate knows a request's caller. It fails closed.
func (a *authenticator) authenticate(r *http.Request) (identity, error) {
	if a.config.NoAuth {
		if forwarded(r) {
			return identity{}, errors.New("this server authenticates nobody and takes no forwarded requests: configure callers before you put a proxy in front")
		}
		return identity{name: "anyone on this machine", scopes: []string{scopeAll}}, nil
	}
	token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok || token == "" {
		return identity{}, errUnknownCaller
	}
	return a.known(r.Context(), token)
}

func (a *authenticator) known(ctx context.Context, token string) (identity, error) {
	if id, ok := a.byToken(token); ok {
		return id, nil
	}
	if a.keys != nil && strings.Count(token, ".") == 2 {
		return a.byJWT(ctx, token)
	}
	return identity{}, errUnknownCaller
}

// byToken compares with every entry, so that the time tells nothing.
func (a *authenticator) byToken(token string) (identity, bool) {
	hash := []byte(HashOf(token))
	a.mu.RLock()
	defer a.mu.RUnlock()
	found, ok := entry{}, 0
	for _, e := range a.entries {
		if subtle.ConstantTimeCompare(hash, []byte(strings.ToLower(e.SHA256))) == 1 {
			found, ok = e, 1
		}
	}
	return identity{name: found.Name, scopes: found.Scopes, account: found.Account, credential: strings.ToLower(found.SHA256)}, ok == 1
}

// stands reports that a caller of the file still has the token of that hash.
func (a *authenticator) stands(name, credential string) bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.ContainsFunc(a.entries, func(e entry) bool { return e.Name == name && strings.EqualFold(e.SHA256, credential) })
}

// claims are what a caller's JWT says.
type claims struct {
	jwt.RegisteredClaims
	Scope   string `json:"scope"`
	Account string `json:"vpsnet_account"`
}

// methods are the signatures that are taken: none and the symmetric ones are not.
var methods = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// byJWT knows the caller of a token that the issuer signed for this server.
func (a *authenticator) byJWT(ctx context.Context, token string) (identity, error) {
	if id, ok := a.seen.get(token); ok {
		return id, nil
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, a.keys.KeyfuncCtx(ctx), jwt.WithValidMethods(methods),
		jwt.WithIssuer(a.config.OAuth.Issuer), jwt.WithAudience(a.config.OAuth.Audience),
		jwt.WithExpirationRequired(), jwt.WithLeeway(30*time.Second))
	if err != nil || c.Subject == "" || len(c.Subject) > 255 || strings.Join(strings.Fields(vpsapi.Visible(c.Subject)), " ") != c.Subject {
		return identity{}, errUnknownCaller
	}
	id := identity{name: c.Subject + " at " + a.issuer, scopes: strings.Fields(c.Scope), account: c.Account, until: c.ExpiresAt.Time}
	a.seen.put(token, id, c.ExpiresAt.Time)
	return id, nil
}

// verified remembers tokens that were verified, for a minute at most: a key that
// the issuer withdrew is soon without effect.
type verified struct {
	mu     sync.Mutex
	tokens map[string]verifiedToken
}

type verifiedToken struct {
	id    identity
	until time.Time
}

const verifiedFor = time.Minute

func (v *verified) get(token string) (identity, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	t, ok := v.tokens[HashOf(token)]
	return t.id, ok && time.Now().Before(t.until)
}

func (v *verified) put(token string, id identity, expires time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tokens == nil || len(v.tokens) > 10_000 {
		v.tokens = map[string]verifiedToken{}
	}
	until := time.Now().Add(verifiedFor)
	if expires.Before(until) {
		until = expires
	}
	v.tokens[HashOf(token)] = verifiedToken{id, until}
}

// HashOf is what is kept of a token.
func HashOf(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// forwarded reports a request that came through a proxy.
func forwarded(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// classes are the scopes by the worst that a tool can do. Each stands for
// itself: destroy does not include commit.
var classes = map[string]vpsapi.Safety{
	"read": vpsapi.Reads, "change": vpsapi.Changes, "disrupt": vpsapi.Disrupts, "commit": vpsapi.Commits, "destroy": vpsapi.Destroys,
}

// scopeAll stands for every class.
const scopeAll = "all"

// scopeToolset begins the scopes that narrow a caller to toolsets.
const scopeToolset = "toolset:"

// CheckScopes refuses a scope that there is not.
func CheckScopes(scopes []string) error {
	for _, s := range scopes {
		if !knownScope(s) {
			return fmt.Errorf("scope %q: use read, change, disrupt, commit, destroy, all, or toolset:NAME with one of %s", s, strings.Join(tools.Toolsets(), ", "))
		}
	}
	return nil
}

func knownScope(s string) bool {
	set, isSet := strings.CutPrefix(s, scopeToolset)
	_, isClass := classes[s]
	return s == scopeAll || isClass || (isSet && slices.Contains(tools.Toolsets(), set))
}

// narrow gives a caller of tools what the scopes reach: classes, and, where
// toolsets are named, the tools of these.
func (id identity) narrow(c *tools.Caller) {
	if !slices.Contains(id.scopes, scopeAll) {
		c.Allows = id.reaches
	}
	for _, s := range id.scopes {
		if set, ok := strings.CutPrefix(s, scopeToolset); ok {
			c.Toolsets = append(c.Toolsets, set)
		}
	}
}

// reaches reports a class that is one of the caller's scopes.
func (id identity) reaches(safety vpsapi.Safety) bool {
	return slices.ContainsFunc(id.scopes, func(s string) bool { worst, ok := classes[s]; return ok && worst == safety })
}

// scopesOf names the scope that each tool asks for.
func scopesOf(s *tools.Server) map[string]string {
	scopes := map[string]string{}
	for _, e := range s.Entries() {
		for scope, worst := range classes {
			if worst == e.Safety {
				scopes[e.Name] = scope
			}
		}
	}
	return scopes
}

type callerKey struct{}

func withCaller(ctx context.Context, id identity) context.Context {
	return context.WithValue(ctx, callerKey{}, id)
}

func callerOf(ctx context.Context) identity {
	id, _ := ctx.Value(callerKey{}).(identity)
	return id
}
