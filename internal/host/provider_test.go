package host

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"
)

const groupsText = `groups:
- {name: vpsnet-operators, scopes: [disrupt], account: main, approvers: [night]}
- {name: Platform Operators, scopes: [change], account: lab}
- {name: ops, scopes: [all], account: main, approver: true}
- {name: anna@example.com, scopes: [change], approver: true}
- {name: example.com, scopes: [read], account: lab}
`

func groupsFile(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "groups.yaml")
	if err := os.WriteFile(file, []byte(groupsText), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestProvidersShapes: what the tokens of the usual providers say is understood,
// each in its own words.
func TestProvidersShapes(t *testing.T) {
	i := newIssuer(t)
	for provider, c := range map[string]struct {
		subject   string
		name      string
		scopes    []string
		account   string
		approvers []string
	}{
		"entra":    {"oid", "690222be-ff1a-4d56-abd1-7e4f7d38e474", []string{"read", "change", "disrupt"}, "main", []string{"night"}},
		"okta":     {"uid", "00ucmukel4KqsPARU0h7", []string{"openid", "read", "disrupt", "change"}, "lab", nil},
		"keycloak": {"", "f:2a1c3f5e:anna", []string{"openid", "email", "read", "all", "change"}, "main", nil},
		"google":   {"", "110169484474386276334", []string{"change", "read"}, "lab", nil},
	} {
		text, err := os.ReadFile("testdata/claims/" + provider + ".json")
		if err != nil {
			t.Fatal(err)
		}
		var claims jwt.MapClaims
		if err := json.Unmarshal(text, &claims); err != nil {
			t.Fatal(err)
		}
		issuer, _ := claims["iss"].(string)
		audience, ok := claims["aud"].(string)
		if !ok {
			audience = "vpsnet"
		}
		token := i.sign(jwt.SigningMethodES256, i.key, func(all jwt.MapClaims) {
			exp := all["exp"]
			clear(all)
			for name, value := range claims {
				all[name] = value
			}
			all["exp"] = exp
		})
		a, err := newAuthenticator(Config{OAuth: OAuth{Issuer: issuer, Audience: audience, JWKS: i.keys.URL, Subject: c.subject, GroupsFile: groupsFile(t)}})
		if err != nil {
			t.Fatal(err)
		}
		id, err := a.identify(t.Context(), token)
		if err != nil {
			t.Errorf("%s: %v", provider, err)
			continue
		}
		host, _ := url.Parse(issuer)
		if id.name != c.name+" at "+host.Host || id.account != c.account || !slices.Equal(id.scopes, c.scopes) || !slices.Equal(id.approvers, c.approvers) || id.groups != nil {
			t.Errorf("%s: %+v", provider, id)
		}
	}
}

// TestClaimsThatSayLess: an address that nobody verified is none, and a claim of
// another kind makes the token no good.
func TestClaimsThatSayLess(t *testing.T) {
	for text, want := range map[string][]string{
		`{"email":"anna@example.com"}`:                                    nil,
		`{"email":"anna@example.com","email_verified":false}`:             nil,
		`{"email":"anna@example.com","email_verified":"true"}`:            {"anna@example.com"},
		`{"groups":"ops","roles":["a b"],"realm_access":{"roles":["c"]}}`: {"ops", "a b", "c"},
	} {
		var c claims
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.memberships(), want); diff != "" && len(c.memberships())+len(want) > 0 {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, wrong := range []string{`{"scope":5}`, `{"groups":[1]}`, `{"scp":{"read":true}}`, `{"realm_access":"ops"}`} {
		var c claims
		if json.Unmarshal([]byte(wrong), &c) == nil {
			t.Errorf("%s is taken: %+v", wrong, c)
		}
	}
	for _, wrong := range []string{"groups: [{scopes: [read]}]", "groups: [{name: a, scopes: [root]}]", "people: []", "groups: ["} {
		if groups, err := ParseGroups([]byte(wrong)); err == nil {
			t.Errorf("%s is taken: %+v", wrong, groups)
		}
	}
}

// TestProvidersPage: the groups of docs/providers.md are taken as they stand.
func TestProvidersPage(t *testing.T) {
	text, err := os.ReadFile("../../docs/providers.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	for _, b := range blocks {
		b, _, _ = strings.Cut(b, "```")
		if groups, err := ParseGroups([]byte(b)); err != nil || len(groups) != 2 {
			t.Errorf("%s: %+v, %v", b, groups, err)
		}
	}
	if len(blocks) != 2 {
		t.Errorf("%d blocks", len(blocks))
	}
}

// company is a provider by which people sign in: it holds codes to what asked for
// them.
type company struct {
	*issuer
	web       *httptest.Server
	challenge string // of the sign-in under way
	claims    func(jwt.MapClaims)
}

func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{issuer: newIssuer(t)}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": c.web.URL, "authorization_endpoint": c.web.URL + "/authorize", "token_endpoint": c.web.URL + "/token",
			"jwks_uri": c.keys.URL, "id_token_signing_alg_values_supported": []string{"ES256"},
		})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.PostFormValue("code_verifier")))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != c.challenge || r.PostFormValue("code") != "a-code" {
			http.Error(w, `{"error":"invalid_grant"}`, http.StatusBadRequest)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "opaque", "token_type": "Bearer", "id_token": c.sign(jwt.SigningMethodES256, c.key, func(all jwt.MapClaims) {
			delete(all, "scope")
			all["iss"], all["aud"], all["iat"] = c.web.URL, "our-client", time.Now().Unix()
			c.claims(all)
		})})
	})
	c.web = httptest.NewServer(mux)
	t.Cleanup(c.web.Close)
	return c
}

// begin begins a sign-in on the site, and gives what the browser has then.
func (c *company) begin(s *site, next string) (cookie string, query url.Values) {
	s.Helper()
	response, text := s.send(http.MethodGet, "/signin/provider?next="+next, "")
	at, err := url.Parse(response.Header.Get("Location"))
	if response.StatusCode != http.StatusSeeOther || err != nil || !strings.HasPrefix(at.String(), c.web.URL+"/authorize?") {
		s.Fatalf("to the provider: HTTP %d %v %s", response.StatusCode, response.Header, text)
	}
	query = at.Query()
	c.challenge = query.Get("code_challenge")
	cookie, _, _ = strings.Cut(response.Header.Get("Set-Cookie"), ";")
	return cookie, query
}

// TestSignInByTheProvider: a person whom the company's provider knows approves
// the plan of their own assistant, and members of an approving group those that
// name it; a caller's token signs in nowhere.
func TestSignInByTheProvider(t *testing.T) {
	c := newCompany(t)
	s := newSite(t, func(config *Config) {
		config.OAuth = OAuth{Issuer: c.web.URL, Audience: audience, JWKS: c.keys.URL, ClientID: "our-client", GroupsFile: groupsFile(t)}
	})
	s.tokens["company anna"] = c.sign(jwt.SigningMethodES256, c.key, func(all jwt.MapClaims) { all["iss"], all["scope"] = c.web.URL, "all" })
	text := s.call("company anna", "delete_cloud_server", `{"server_id":"1384"}`)
	id := planInText.FindStringSubmatch(text)
	if id == nil {
		t.Fatalf("no plan waits: %s", text)
	}
	path := "/approve/" + id[1]
	if page := s.status("the sign-in page", http.StatusUnauthorized, http.MethodGet, path, ""); !strings.Contains(page, `href="/signin/provider?next=%2Fapprove%2F`) {
		t.Errorf("no way to the provider: %s", page)
	}
	nonce := ""
	c.claims = func(all jwt.MapClaims) { all["nonce"] = nonce }
	round, query := c.begin(s, path)
	nonce = query.Get("nonce")
	if query.Get("prompt") != "login" || query.Get("code_challenge_method") != "S256" || query.Get("redirect_uri") != s.url+"/signin/callback" || query.Get("client_id") != "our-client" {
		t.Errorf("asked the provider for %v", query)
	}
	back := "/signin/callback?" + url.Values{"code": {"a-code"}, "state": {query.Get("state")}}.Encode()
	s.status("without the browser's cookie", http.StatusForbidden, http.MethodGet, back, "")
	s.status("another state", http.StatusForbidden, http.MethodGet, "/signin/callback?code=a-code&state=x", "", "Cookie", round)
	s.status("an error", http.StatusForbidden, http.MethodGet, "/signin/callback?error=access_denied&state="+query.Get("state"), "", "Cookie", round)
	s.status("another code", http.StatusForbidden, http.MethodGet, strings.Replace(back, "a-code", "b", 1), "", "Cookie", round)
	nonce = "another"
	s.status("another sign-in's token", http.StatusForbidden, http.MethodGet, back, "", "Cookie", round)
	nonce = query.Get("nonce")
	response, text := s.send(http.MethodGet, back, "", "Cookie", round)
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != path {
		t.Fatalf("back: HTTP %d %v %s", response.StatusCode, response.Header, text)
	}
	person := ""
	for _, cookie := range response.Cookies() {
		if cookie.Name == cookieName {
			person = cookie.Name + "=" + cookie.Value
		}
	}
	s.answer("approving", http.StatusOK, path, person, "yes", "Web Server 01")
	if text := s.call("company anna", "delete_cloud_server", `{"server_id":"1384"}`); !strings.Contains(text, "Done on account") {
		t.Errorf("after the approval: %s", text)
	}
	s.status("a caller's JWT", http.StatusUnauthorized, http.MethodPost, "/signin", url.Values{"token": {s.tokens["company anna"]}}.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// TestProviderAway: a provider that is away holds up no start, and says so.
func TestProviderAway(t *testing.T) {
	c := newCompany(t)
	s := newSite(t, func(config *Config) {
		config.OAuth = OAuth{Issuer: c.web.URL + "/none", Audience: audience, JWKS: c.keys.URL, ClientID: "our-client"}
	})
	s.status("away", http.StatusBadGateway, http.MethodGet, "/signin/provider", "")
	response, err := http.Get(s.url + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); string(text) != "ok\n" {
		t.Errorf("health: %s", text)
	}
}
