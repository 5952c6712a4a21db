package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

// Known is who the files of tokens and groups speak of.
type Known struct {
	Callers []KnownCaller
	people  []KnownCaller // with a sign-in token: Groups are those that they decide for
	groups  []string      // of the provider, whose members sign in by it and decide
	signIn  bool          // people sign in by the provider
	open    bool          // nobody is asked who they are, or the server's own token is made at the start
}

// KnownCaller is a caller of the tokens file, or a group of the provider.
type KnownCaller struct {
	Name      string // for messages: of a group with the word before it
	Account   string
	Approvers []string
	Group     bool // of the provider
	Changes   bool // its scopes allow more than to read

	groups []string
}

// Check reports what New would refuse of a configuration, and gives whom its files
// speak of. It opens no port.
func Check(c Config) (Known, error) {
	a := &authenticator{config: c}
	err := errors.Join(c.check(), a.reload(), a.reloadGroups())
	return a.known(), err
}

// known lists whom the files that were read speak of.
func (a *authenticator) known() Known {
	a.mu.RLock()
	defer a.mu.RUnlock()
	k := Known{signIn: a.config.OAuth.ClientID != "", open: a.config.NoAuth || a.config.TokensFile == "" && a.config.OAuth.Issuer == ""}
	for _, e := range a.entries {
		caller := KnownCaller{Name: e.Name, Account: e.Account, Approvers: e.Approvers, Changes: changes(e.Scopes), groups: e.Groups}
		if e.Person {
			k.people = append(k.people, caller)
		} else {
			k.Callers = append(k.Callers, caller)
		}
	}
	for _, g := range a.groups {
		if g.Approver {
			k.groups = append(k.groups, g.Name)
		}
		k.Callers = append(k.Callers, KnownCaller{Name: "the group " + g.Name, Account: g.Account, Approvers: g.Approvers, Changes: changes(g.Scopes), Group: true})
	}
	return k
}

// changes reports scopes by which something is changed.
func changes(scopes []string) bool {
	return slices.ContainsFunc(scopes, func(s string) bool { return s != "read" && !strings.HasPrefix(s, scopeToolset) })
}

// HasPeople reports that somebody can sign in on /approve.
func (k Known) HasPeople() bool { return k.open || k.signIn || len(k.people) > 0 }

// CanApprove reports that somebody can sign in who decides on a caller's plans. Demanded is whom
// a rule of the policy asks for, or nobody: then the caller's own person decides too.
func (k Known) CanApprove(caller KnownCaller, demanded []string) bool {
	names, own := demanded, false
	if len(demanded) == 0 {
		names, own = caller.Approvers, true
	}
	if k.open && own || k.signIn && caller.Group && own {
		return true // the person who is the caller signs in
	}
	for _, p := range k.people {
		if p.Name == caller.Name && own || p.Name != caller.Name && isAmong(names, p.Name, p.groups) {
			return true
		}
	}
	return k.signIn && slices.ContainsFunc(names, func(name string) bool {
		return strings.Contains(name, " at ") || slices.Contains(k.groups, name)
	})
}

// isAmong reports a name, or one of its groups, that a list has.
func isAmong(names []string, name string, groups []string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return n == name || slices.Contains(groups, n) })
}

// CheckProvider asks the provider for what a start and a sign-in need of it: its keys, and where
// people sign in.
func CheckProvider(ctx context.Context, o OAuth) error {
	client := &http.Client{Timeout: providerTimeout}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, o.JWKS, http.NoBody)
	if err != nil {
		return fmt.Errorf("the keys at %s (--oauth-jwks): %w", o.JWKS, err)
	}
	response, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("the keys (--oauth-jwks): %w", err)
	}
	defer func() { _ = response.Body.Close() }()
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxBody)).Decode(&set); err != nil || response.StatusCode != http.StatusOK || len(set.Keys) == 0 {
		return fmt.Errorf("the keys (--oauth-jwks): %s answers %s, and no set of keys", o.JWKS, response.Status)
	}
	if o.ClientID == "" {
		return nil
	}
	if _, err := oidc.NewProvider(oidc.ClientContext(ctx, client), o.Issuer); err != nil {
		return fmt.Errorf("the sign-in (--oauth-issuer): %w", err)
	}
	return nil
}

// warnOfAccounts logs the callers whose account the server does not have: each of their calls
// is refused.
func (h *Host) warnOfAccounts() {
	for _, c := range h.auth.known().Callers {
		if c.Account == "" && (c.Group || h.config.RequestAccount != nil) {
			continue // the token's claim, or the request, can name one
		}
		if _, err := h.config.Account(c.Account); err != nil {
			h.config.Log.Warn().Str("caller", c.Name).Err(err).Msg("every call of this caller is refused; vpsnet-mcp doctor with the same flags says what to mend")
		}
	}
}
