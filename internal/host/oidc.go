package host

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// provider is the company's own, by which people sign in on the pages (OpenID
// Connect, the code flow with PKCE). It is asked what it is when somebody first
// signs in: one that is away holds up no start.
type provider struct {
	config OAuth
	client *http.Client

	mu    sync.Mutex
	known *oidc.Provider
}

// providerTimeout bounds each request to the provider.
const providerTimeout = 10 * time.Second

// newProvider returns the sign-in provider of the settings; nil when people do not sign in by OpenID Connect.
func newProvider(c OAuth) *provider {
	if c.ClientID == "" {
		return nil
	}
	return &provider{config: c, client: &http.Client{Timeout: providerTimeout}}
}

// discover gives the provider's addresses and keys.
func (p *provider) discover(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.known != nil {
		return p.known, nil
	}
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.config.Issuer)
	if err != nil {
		return nil, fmt.Errorf("the sign-in provider %s cannot be reached: %w", p.config.Issuer, err)
	}
	p.known = known
	return known, nil
}

// oauth returns the OAuth client for this server's base URL.
func (p *provider) oauth(known *oidc.Provider, base string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: p.config.ClientID, ClientSecret: p.config.ClientSecret, Endpoint: known.Endpoint(),
		RedirectURL: base + "/signin/callback", Scopes: []string{oidc.ScopeOpenID, "profile", "email"},
	}
}

const (
	// signInCookie is the name of the cookie of a sign-in under way.
	signInCookie = "vpsnet_signin"
	// signInStateTTL is how long a person has to sign in at the provider.
	signInStateTTL = 10 * time.Minute
)

// signInState is a sign-in under way, as the browser's cookie keeps it.
type signInState struct {
	State    string `json:"s"`
	Nonce    string `json:"n"`
	Verifier string `json:"v"`
	Next     string `json:"x"`
	Until    int64  `json:"u"`
}

// setSignInCookie sets the cookie of a sign-in under way; an empty value deletes it.
func (h *Host) setSignInCookie(w http.ResponseWriter, r *http.Request, value string, life time.Duration) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // Secure wherever TLS is spoken; a loopback server has none
		Name: signInCookie, Value: value, Path: "/signin", MaxAge: int(life.Seconds()), HttpOnly: true,
		SameSite: http.SameSiteLaxMode, Secure: strings.HasPrefix(h.baseURL(r), "https:"), // Lax: the provider leads back here
	})
}

// startSignIn sends a person to the provider.
func (h *Host) startSignIn(w http.ResponseWriter, r *http.Request) {
	if none := h.limits.checkStrangerRate(h.strangerAddress(r)); none != nil {
		h.refuseBusy(w, none)
		return
	}
	known, err := h.provider.discover(r.Context())
	if err != nil {
		h.showSignInError(w, http.StatusBadGateway, err)
		return
	}
	s := signInState{rand.Text(), rand.Text(), oauth2.GenerateVerifier(), r.URL.Query().Get("next"), time.Now().Add(signInStateTTL).Unix()}
	text, _ := json.Marshal(s)
	whole := hex.EncodeToString(text)
	h.setSignInCookie(w, r, whole+"."+h.seal("round", whole), signInStateTTL)
	// An approval needs a sign-in of now, not a session of last week. Google knows
	// no such wish and asks which account it is.
	prompt := "login"
	if h.auth.issuer == "accounts.google.com" {
		prompt = "select_account"
	}
	at := h.provider.oauth(known, h.baseURL(r)).AuthCodeURL(s.State, oidc.Nonce(s.Nonce), oauth2.S256ChallengeOption(s.Verifier), oauth2.SetAuthURLParam("prompt", prompt))
	http.Redirect(w, r, at, http.StatusSeeOther) //nolint:gosec // to the provider that the configuration names
}

// finishSignIn takes the provider's answer and signs the person in (the callback of OpenID Connect).
func (h *Host) finishSignIn(w http.ResponseWriter, r *http.Request) {
	var s signInState
	if c, err := r.Cookie(signInCookie); err == nil {
		if text, ok := h.unseal("round", c.Value); ok {
			_ = json.Unmarshal(text, &s) // else its state is empty, and fits none
		}
	}
	h.setSignInCookie(w, r, "", -time.Second)
	query := r.URL.Query()
	switch {
	case s.State == "" || query.Get("state") != s.State || time.Now().Unix() >= s.Until:
		h.showSignInError(w, http.StatusForbidden, errors.New("this sign-in did not begin here, or took longer than ten minutes"))
		return
	case query.Get("error") != "":
		h.showSignInError(w, http.StatusForbidden, fmt.Errorf("the provider says: %s", strings.TrimSpace(shortenText(query.Get("error")+" "+query.Get("error_description")))))
		return
	}
	v, err := h.provider.exchangeCode(r.Context(), h.auth, h.baseURL(r), query, s)
	if err != nil {
		h.config.Log.Warn().Err(err).Msg("a sign-in through the identity provider failed")
		h.showSignInError(w, http.StatusForbidden, errors.New("the identity provider's answer is invalid; the log has the details"))
		return
	}
	h.completeSignIn(w, r, v, s.Next)
}

// showSignInError shows a person why they are not signed in.
func (h *Host) showSignInError(w http.ResponseWriter, status int, err error) {
	h.showDone(w, status, "You are not signed in", err.Error(), "")
}

// exchangeCode trades the code for the provider's word on who the person is.
func (p *provider) exchangeCode(ctx context.Context, a *authenticator, base string, query url.Values, s signInState) (visit, error) {
	known, err := p.discover(ctx)
	if err != nil {
		return visit{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	token, err := p.oauth(known, base).Exchange(ctx, query.Get("code"), oauth2.VerifierOption(s.Verifier))
	if err != nil {
		return visit{}, fmt.Errorf("the code was refused: %w", err)
	}
	raw, _ := token.Extra("id_token").(string)
	word, err := known.Verifier(&oidc.Config{ClientID: p.config.ClientID}).Verify(ctx, raw)
	if err != nil {
		return visit{}, err
	}
	var c claims
	if word.Nonce != s.Nonce {
		return visit{}, errors.New("the token belongs to another sign-in")
	}
	if err := word.Claims(&c); err != nil {
		return visit{}, err
	}
	id, ok := a.identityOf(&c)
	if !ok {
		return visit{}, errors.New("the token names no person")
	}
	v := visit{name: id.name, groups: id.groups, since: time.Now()}
	if at, ok := c.all["auth_time"].(float64); ok && time.Unix(int64(at), 0).Before(v.since) {
		v.since = time.Unix(int64(at), 0)
	}
	return v, nil
}
