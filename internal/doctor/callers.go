package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
)

// callersFindings hold the callers against what a server refuses, against the accounts
// that there are, where these are known, and against who can approve their plans.
func callersFindings(s *settings.Settings, accounts map[string]settings.Credentials, known bool) []Finding {
	h := s.Hosted
	who, err := host.Check(host.Config{
		Listen: h.Listen, SSE: slices.Contains(h.Transports, settings.TransportSSE), HTTP: slices.Contains(h.Transports, settings.TransportHTTP),
		NoAuth: h.NoAuth, TokensFile: h.Tokens, OAuth: h.OAuth, PublicURL: strings.TrimSuffix(h.PublicURL, "/"), BehindProxy: h.BehindProxy, TLSCert: h.TLSCert, TLSKey: h.TLSKey,
	})
	if err != nil {
		return []Finding{{"hosting", StateFault, "the server would not start: " + err.Error()}}
	}
	seen := []Finding{{"hosting", StateOK, "the settings that say who may call are valid"}}
	if known && !s.Sandbox {
		seen = append(seen, callerAccounts(s, who.Callers, accounts)...)
	}
	return append(seen, approvalFindings(s, who)...)
}

// callerAccounts name the callers whose account the server does not have.
func callerAccounts(s *settings.Settings, callers []host.KnownCaller, accounts map[string]settings.Credentials) []Finding {
	var seen []Finding
	_, none := s.Account()
	told := map[string]bool{}
	for _, c := range callers {
		_, has := accounts[c.Account]
		switch {
		case has, c.Account == "" && (none == nil || c.Group || s.Hosted.RequestCreds), c.Account != "" && told[c.Account]:
		case c.Account == "" && len(accounts) > 0:
			seen = append(seen, Finding{"callers", StateFault, fmt.Sprintf("the caller %s has no account, and all of its calls are refused: write account: NAME into its entry in %s, with one of %s",
				c.Name, s.Hosted.Tokens, strings.Join(slices.Sorted(maps.Keys(accounts)), ", "))})
		case c.Account != "":
			told[c.Account] = true
			file := s.Hosted.Tokens
			if c.Group {
				file = s.Hosted.OAuth.GroupsFile
			}
			seen = append(seen, Finding{"callers", StateFault, fmt.Sprintf("%s names for %s the account %s, which the accounts file %s does not have: add it there (--accounts FILE), or correct the entry (a token is made anew with vpsnet-mcp token new NAME --account NAME)",
				file, c.Name, vpsapi.Quote(c.Account), vpsapi.Quote(s.Hosted.Accounts))})
		}
	}
	return seen
}

// approvalFindings name the plans that would wait for nobody.
func approvalFindings(s *settings.Settings, who host.Known) []Finding {
	hosted := *s
	hosted.From = maps.Clone(s.From)
	hosted.SetHostedDefaults()
	const signIn = "vpsnet-mcp token new %s --person --tokens %s gives them a sign-in token"
	asks := hosted.Consent == consent.Person && !s.ReadOnly
	var rules []policy.Rule
	if s.Policy != "" {
		if p, err := policy.Load(s.Policy, settings.PolicyNames()); err == nil { // policyFinding tells the error
			rules = slices.DeleteFunc(p.Rules, func(r policy.Rule) bool { return len(r.ApprovedBy) == 0 })
		}
	}
	if (asks || len(rules) > 0) && !who.HasPeople() {
		return []Finding{{"approval", StateFault, "plans wait for a person on /approve (--consent " + string(hosted.Consent) + "), where nobody can sign in: " +
			fmt.Sprintf(signIn, "NAME", "FILE") + ", and --oauth-client-id lets people sign in by a provider"}}
	}
	var seen []Finding
	told := map[string]bool{}
	for _, c := range who.Callers {
		if !c.Changes || told[c.Name] {
			continue
		}
		told[c.Name] = true
		if asks && !who.CanApprove(c, nil) {
			seen = append(seen, Finding{"approval", StateFault, fmt.Sprintf("nobody can approve the plans of %s: ", c.Name) + fmt.Sprintf(signIn, c.Name, s.Hosted.Tokens) +
				", or name who decides in the caller's entry: approvers: [NAME]"})
		}
		for _, r := range rules {
			if !who.CanApprove(c, r.ApprovedBy) {
				seen = append(seen, Finding{"approval", StateFault, fmt.Sprintf("the %s of %s asks for %s, and nobody of that name or group, but the caller's own person, can sign in for plans of %s: ",
					r, s.Policy, strings.Join(r.ApprovedBy, " or "), c.Name) + fmt.Sprintf(signIn, "NAME --groups GROUP", s.Hosted.Tokens)})
			}
		}
	}
	return seen
}

// providerFinding asks the provider for its keys and its sign-in.
func providerFinding(ctx context.Context, o host.OAuth) Finding {
	if o.Issuer == "" || o.JWKS == "" { // what is missing, callersFindings tell
		return Finding{}
	}
	if err := host.CheckProvider(ctx, o); err != nil {
		return Finding{"provider", StateFault, err.Error() + "; try it from this machine: curl -sS " + o.JWKS}
	}
	return Finding{"provider", StateOK, o.Issuer + " gives its keys"}
}

// keyFindings try the credentials of each account of the accounts file.
func keyFindings(ctx context.Context, s *settings.Settings, accounts map[string]settings.Credentials) []Finding {
	if s.Sandbox {
		return nil
	}
	var seen []Finding
	for _, name := range slices.Sorted(maps.Keys(accounts)) {
		client, err := newClient(s, vpsapi.Config{
			Email: accounts[name].Email, APIKey: accounts[name].Key, Token: accounts[name].Token, BaseURL: s.APIURL, PlatformURL: s.PlatformURL,
		})
		if err != nil {
			seen = append(seen, Finding{"account " + name, StateFault, err.Error()})
			continue
		}
		try := func(what string, api vpsapi.API, op vpsapi.Operation) {
			if !client.HasAPI(api) {
				return
			}
			f := callFinding(ctx, client, "account "+name, op, nil)
			if f.State == StateFault {
				f.Says += "; write its valid " + what + " into the file that " + s.Hosted.Accounts + " names for it"
			}
			seen = append(seen, f)
		}
		try("key", vpsapi.Classic, vpsapi.GetProfile)
		try("token", vpsapi.Platform, vpsapi.ListPlatformLocations)
	}
	return seen
}
