package host

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/goccy/go-yaml"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/journal"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// OAuth says whose JWTs name callers.
type OAuth struct {
	Issuer   string // of the tokens
	Audience string // that they must be for: this server's own address, or what the issuer calls it
	JWKS     string // where the issuer's keys are

	Subject    string // the claim that names the caller; sub when empty or absent
	GroupsFile string // what the members of the issuer's groups may do; none when empty

	ClientID     string // by which people sign in on the pages; they cannot when empty
	ClientSecret string
}

// identity is an authenticated caller.
type identity struct {
	name       string
	scopes     []string
	account    string
	groups     []string  // of a person, for approvals
	approvers  []string  // who may decide on this caller's plans, beside the person of the same name
	credential string    // the hash of the token in the file; empty for a JWT
	until      time.Time // when the JWT expires
}

// entry is a caller of the tokens file, or a person.
type entry struct {
	Name      string   `yaml:"name"`
	SHA256    string   `yaml:"sha256"`
	Scopes    []string `yaml:"scopes"`
	Account   string   `yaml:"account"`
	Approvers []string `yaml:"approvers"`

	Person bool     `yaml:"person"` // it signs in on the pages, and calls nothing
	Groups []string `yaml:"groups"` // of the person
}

// authenticator knows callers by their tokens.
type authenticator struct {
	config Config
	issuer string          // the host of the issuer, for the names of its callers
	own    string          // the token that was made at start, when nothing was configured
	owner  string          // and the one with which its person signs in
	keys   keyfunc.Keyfunc // the issuer's, fetched again hourly and for keys that are new
	seen   tokenCache

	mu      sync.RWMutex
	entries []entry
	groups  []Group // of the issuer
}

// errUnknownCaller is the answer to a request whose token is missing, wrong or expired.
var errUnknownCaller = errors.New("no valid bearer token")

// errPersonToken is the answer to a request with a token that is good for the pages alone.
var errPersonToken = errors.New("this is a person's sign-in token, for the page /approve; it calls nothing: an assistant needs a token of its own (vpsnet-mcp token new NAME)")

// newAuthenticator reads the tokens file and the OAuth settings; its errors name the setting that is wrong.
func newAuthenticator(c Config) (*authenticator, error) {
	a := &authenticator{config: c}
	if c.OAuth.Issuer != "" {
		keys, err := keyfunc.NewDefaultOverrideCtx(context.Background(), []string{c.OAuth.JWKS}, keyfunc.Override{
			HTTPTimeout: 5 * time.Second, RateLimitWaitMax: unknownKeyInterval + time.Second, RefreshUnknownKID: rate.NewLimiter(rate.Every(unknownKeyInterval), 1),
			RefreshErrorHandlerFunc: func(url string) func(context.Context, error) {
				return func(_ context.Context, err error) {
					c.Log.Error().Err(err).Str("url", url).Msg("the issuer's keys cannot be read now; the keys read before stay valid")
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
		signIn, signInHash := NewPersonToken()
		a.own, a.owner = token, signIn
		a.entries = []entry{{Name: "owner", SHA256: hash, Scopes: []string{scopeAll}}, {Name: "owner", SHA256: signInHash, Person: true}}
	}
	return a, errors.Join(a.reload(), a.reloadGroups())
}

// reloadGroups reads the file of the issuer's groups; a faulty one changes nothing.
func (a *authenticator) reloadGroups() error {
	file := a.config.OAuth.GroupsFile
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("groups file: %w", err)
	}
	groups, err := ParseGroups(text)
	if err != nil {
		return fmt.Errorf("groups file %s: %w", file, err)
	}
	a.mu.Lock()
	a.groups = groups
	a.mu.Unlock()
	a.seen.clear()
	return nil
}

// reload reads the tokens file; a faulty one changes nothing.
func (a *authenticator) reload() error {
	if a.config.TokensFile == "" {
		return nil
	}
	text, err := files.ReadSecret(a.config.TokensFile)
	if err != nil {
		return err
	}
	entries, err := parseEntries(a.config.TokensFile, text)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		return fmt.Errorf("tokens file %s names no caller; vpsnet-mcp token new NAME makes one", a.config.TokensFile)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.entries = entries
	return nil
}

// parseEntries reads the text of a tokens file.
func parseEntries(path string, text []byte) (entries []entry, err error) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			err = fmt.Errorf("tokens file %s: the text cannot be read as YAML", path)
		}
	}()
	var file struct {
		Tokens []entry `yaml:"tokens"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil && len(bytes.TrimSpace(text)) > 0 {
		return nil, fmt.Errorf("tokens file %s: %s", path, yaml.FormatError(err, false, false))
	}
	if err := checkEntries(file.Tokens); err != nil {
		return nil, fmt.Errorf("tokens file %s: %w", path, err)
	}
	return file.Tokens, nil
}

// checkEntries finds what is wrong with the entries of a tokens file.
func checkEntries(entries []entry) error {
	names := map[string]entry{}
	for i, e := range entries {
		if err := CheckName(e.Name); err != nil {
			return fmt.Errorf("entry %d: %w", i+1, err)
		}
		if hash, err := hex.DecodeString(e.SHA256); err != nil || len(hash) != sha256.Size {
			return fmt.Errorf("%s: it needs the sha256 that vpsnet-mcp token new prints", e.Name)
		}
		switch {
		case e.Person && len(e.Scopes)+len(e.Approvers) > 0 || e.Person && e.Account != "":
			return fmt.Errorf("%s: a person signs in on the pages and calls nothing: leave scopes, account and approvers to the entry of their assistant", e.Name)
		case !e.Person && len(e.Groups) > 0:
			return fmt.Errorf("%s: groups are a person's: add person: true, or leave them out", e.Name)
		case slices.Contains(e.Approvers, e.Name):
			return fmt.Errorf("%s: approvers are other people: the person of the caller's own name may decide anyway", e.Name)
		}
		key := fmt.Sprint(e.Person, e.Name)
		if first, ok := names[key]; ok && (first.Account != e.Account || !slices.Equal(first.Scopes, e.Scopes) || !slices.Equal(first.Approvers, e.Approvers) || !slices.Equal(first.Groups, e.Groups)) {
			return fmt.Errorf("%s has two tokens that differ in account, scopes, approvers or groups: plans and limits go by the name, so give them different names", e.Name)
		}
		names[key] = e
		if err := CheckScopes(e.Scopes); err != nil {
			return fmt.Errorf("%s: %w", e.Name, err)
		}
	}
	return nil
}

// CheckName refuses a name in a tokens file that could be taken for another caller's. Names of JWT callers have a space
// in them, so no name in the file may.
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
		if isForwarded(r) {
			return identity{}, errors.New("this server authenticates nobody and takes no forwarded requests: configure callers before you put a proxy in front")
		}
		return identity{name: journal.AnyCaller, scopes: []string{scopeAll}}, nil
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if token = strings.TrimSpace(token); !strings.EqualFold(scheme, "Bearer") || token == "" {
		return identity{}, errUnknownCaller
	}
	return a.identify(r.Context(), token)
}

// identify returns the caller of a bearer token: by the tokens file, or else by the issuer's signature.
func (a *authenticator) identify(ctx context.Context, token string) (identity, error) {
	if id, ok := a.findByToken(token, false); ok {
		return id, nil
	}
	if a.keys != nil && strings.Count(token, ".") == 2 {
		return a.verifyJWT(ctx, token)
	}
	if _, ok := a.findByToken(token, true); ok {
		return identity{}, errPersonToken
	}
	return identity{}, errUnknownCaller
}

// findByToken compares with every entry of callers, or of people, so that the time
// tells nothing.
func (a *authenticator) findByToken(token string, person bool) (identity, bool) {
	hash := []byte(HashToken(token))
	a.mu.RLock()
	defer a.mu.RUnlock()
	found, ok := entry{}, 0
	for _, e := range a.entries {
		if e.Person == person && subtle.ConstantTimeCompare(hash, []byte(strings.ToLower(e.SHA256))) == 1 {
			found, ok = e, 1
		}
	}
	return found.identity(), ok == 1
}

// identity returns a line of the tokens file as a caller.
func (e entry) identity() identity {
	return identity{
		name: e.Name, scopes: e.Scopes, account: e.Account, groups: e.Groups, approvers: e.Approvers, credential: strings.ToLower(e.SHA256),
	}
}

// findPerson returns a person of the file who still has the token of that hash.
func (a *authenticator) findPerson(name, credential string) (identity, bool) {
	a.mu.RLock()
	defer a.mu.RUnlock()
	i := slices.IndexFunc(a.entries, func(e entry) bool { return e.Person && e.Name == name && strings.EqualFold(e.SHA256, credential) })
	if i < 0 {
		return identity{}, false
	}
	return a.entries[i].identity(), true
}

// signatureMethods are the signatures that are taken: none and the symmetric ones are not.
var signatureMethods = []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"}

// verifyJWT knows the caller of a token that the issuer signed for this server.
func (a *authenticator) verifyJWT(ctx context.Context, token string) (identity, error) {
	if id, ok := a.seen.get(token); ok {
		return id, nil
	}
	var c claims
	_, err := jwt.ParseWithClaims(token, &c, a.keyFunc(ctx), jwt.WithValidMethods(signatureMethods),
		jwt.WithIssuer(a.config.OAuth.Issuer), jwt.WithAudience(a.config.OAuth.Audience),
		jwt.WithExpirationRequired(), jwt.WithLeeway(30*time.Second))
	if err != nil {
		return identity{}, errUnknownCaller
	}
	id, ok := a.identityOf(&c)
	if !ok {
		return identity{}, errUnknownCaller
	}
	id.until, id.groups = c.ExpiresAt.Time, nil // what calls is not a person
	a.seen.put(token, id, c.ExpiresAt.Time)
	return id, nil
}

// tokenCache remembers tokens that were verified, for a minute at most: a key that
// the issuer withdrew is soon without effect.
type tokenCache struct {
	mu     sync.Mutex
	tokens map[string]cachedToken
}

// cachedToken is a verified token's caller, and until when that is taken without verifying again.
type cachedToken struct {
	id    identity
	until time.Time
}

// verifiedTTL is how long a verified token is not verified again.
const verifiedTTL = time.Minute

// get returns the caller of a token that was verified lately.
func (v *tokenCache) get(token string) (identity, bool) {
	v.mu.Lock()
	defer v.mu.Unlock()
	t, ok := v.tokens[HashToken(token)]
	return t.id, ok && time.Now().Before(t.until)
}

// clear forgets all verified tokens: each is verified again when it comes next.
func (v *tokenCache) clear() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.tokens = nil
}

// put keeps a verified token's caller, for verifiedTTL or until the token expires.
func (v *tokenCache) put(token string, id identity, expires time.Time) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.tokens == nil || len(v.tokens) > 10_000 {
		v.tokens = map[string]cachedToken{}
	}
	until := time.Now().Add(verifiedTTL)
	if expires.Before(until) {
		until = expires
	}
	v.tokens[HashToken(token)] = cachedToken{id, until}
}

// hasPeople reports that somebody has a sign-in token.
func (a *authenticator) hasPeople() bool {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return slices.ContainsFunc(a.entries, func(e entry) bool { return e.Person })
}

// HashToken returns what is kept of a token.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// isForwarded reports a request that came through a proxy.
func isForwarded(r *http.Request) bool {
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if r.Header.Get(name) != "" {
			return true
		}
	}
	return false
}

// scopeClasses are the scopes by the worst that a tool can do. Each stands for
// itself: destroy does not include commit.
var scopeClasses = map[string]vpsapi.Safety{
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
			return fmt.Errorf("scope %q: use read, change, disrupt, commit, destroy, all, or toolset:NAME with one of %s", s, strings.Join(offer.Toolsets(), ", "))
		}
	}
	return nil
}

// knownScope reports a scope that a token may have: all, a class of safety, or a toolset.
func knownScope(s string) bool {
	set, isSet := strings.CutPrefix(s, scopeToolset)
	_, isClass := scopeClasses[s]
	return s == scopeAll || isClass || (isSet && slices.Contains(offer.Toolsets(), set))
}

// restrict gives a caller of tools what the scopes reach: classes, and, where
// toolsets are named, the tools of these.
func (id identity) restrict(c *confirm.Caller) {
	if !slices.Contains(id.scopes, scopeAll) {
		c.Allows = id.hasClass
	}
	for _, s := range id.scopes {
		if set, ok := strings.CutPrefix(s, scopeToolset); ok {
			c.Toolsets = append(c.Toolsets, set)
		}
	}
}

// hasClass reports a class that is one of the caller's scopes.
func (id identity) hasClass(safety vpsapi.Safety) bool {
	return slices.ContainsFunc(id.scopes, func(s string) bool { worst, ok := scopeClasses[s]; return ok && worst == safety })
}

// toolScopes names the scope that each tool asks for.
func toolScopes(s *tools.Server) map[string]string {
	scopes := map[string]string{}
	for _, e := range s.Entries() {
		for scope, worst := range scopeClasses {
			if worst == e.Safety {
				scopes[e.Name] = scope
			}
		}
	}
	return scopes
}

// callerKey is the key of a request context's identity.
type callerKey struct{}

// withCaller returns a context with the identity of the request's caller.
func withCaller(ctx context.Context, id identity) context.Context {
	return context.WithValue(ctx, callerKey{}, id)
}

// callerOf returns the identity of a request's caller.
func callerOf(ctx context.Context) identity {
	id, _ := ctx.Value(callerKey{}).(identity)
	return id
}
