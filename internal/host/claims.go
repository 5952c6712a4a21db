package host

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/golang-jwt/jwt/v5"

	"vpsnet-mcp/vpsapi"
)

// claims are what a token of the provider says of whom it is for. Providers put
// the same thing under different names: scopes in scope or scp, as words or as a
// list; groups in groups, roles or realm_access.
type claims struct {
	jwt.RegisteredClaims
	Scope   wordList `json:"scope"`
	SCP     wordList `json:"scp"`
	Account string   `json:"vpsnet_account"`

	Groups   stringOrList `json:"groups"`
	Roles    stringOrList `json:"roles"`
	Realm    realmRoles   `json:"realm_access"`
	Email    string       `json:"email"`
	Verified looseBool    `json:"email_verified"`
	Hosted   string       `json:"hd"` // the domain of a Google organisation

	all map[string]any
}

// realmRoles is where Keycloak puts a person's roles in a token.
type realmRoles struct {
	Roles stringOrList `json:"roles"`
}

// UnmarshalJSON keeps all claims, for the one that names the subject.
func (c *claims) UnmarshalJSON(b []byte) error {
	type plain claims
	if err := json.Unmarshal(b, (*plain)(c)); err != nil {
		return err
	}
	return json.Unmarshal(b, &c.all)
}

// wordList is a text of words, or a list of them.
type wordList []string

// UnmarshalJSON implements json.Unmarshaler: a list of words, or one text with spaces between them.
func (w *wordList) UnmarshalJSON(b []byte) error {
	var list stringOrList
	if err := list.UnmarshalJSON(b); err != nil {
		return err
	}
	*w = nil
	for _, text := range list {
		*w = append(*w, strings.Fields(text)...)
	}
	return nil
}

// stringOrList is a text, or a list of them.
type stringOrList []string

// UnmarshalJSON implements json.Unmarshaler: one text, or a list of texts.
func (n *stringOrList) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*n = stringOrList{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(n))
}

// looseBool reads true, or the text "true".
type looseBool bool

// UnmarshalJSON implements json.Unmarshaler: true or false, also as text.
func (t *looseBool) UnmarshalJSON(b []byte) error {
	*t = strings.Trim(string(b), `"`) == "true"
	return nil
}

// subject is whom the token is for: the claim of that name, else sub.
func (c *claims) subject(claim string) string {
	if text, ok := c.all[claim].(string); ok && text != "" {
		return text
	}
	return c.Subject
}

// memberships are the names under which a map of groups may have the holder:
// groups and roles, a verified address, and the domain of a Google organisation.
func (c *claims) memberships() []string {
	all := slices.Concat(c.Groups, c.Roles, c.Realm.Roles)
	for i, name := range all {
		all[i] = strings.TrimPrefix(name, "/") // Keycloak writes a group as a path
	}
	if c.Email != "" && bool(c.Verified) {
		all = append(all, c.Email)
	}
	if c.Hosted != "" {
		all = append(all, c.Hosted)
	}
	return all
}

// Group is what the members of a provider's group may do here.
type Group struct {
	Name      string   `yaml:"name"`      // of the group or role, a verified e-mail address, or a Google domain
	Scopes    []string `yaml:"scopes"`    // beside those of the token
	Account   string   `yaml:"account"`   // that they work on, when the token names none
	Approver  bool     `yaml:"approver"`  // they decide where this group is named as an approver
	Approvers []string `yaml:"approvers"` // who else decides on plans of their assistants
}

// ParseGroups reads the file of groups: the first that has an account gives it.
func ParseGroups(text []byte) (groups []Group, err error) {
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			groups, err = nil, fmt.Errorf("the text cannot be read as YAML")
		}
	}()
	var file struct {
		Groups []Group `yaml:"groups"`
	}
	if err := yaml.UnmarshalWithOptions(text, &file, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s", yaml.FormatError(err, false, false))
	}
	for i, g := range file.Groups {
		if g.Name == "" {
			return nil, fmt.Errorf("group %d has no name", i+1)
		}
		if err := CheckScopes(g.Scopes); err != nil {
			return nil, fmt.Errorf("group %s: %w", vpsapi.Quote(g.Name), err)
		}
	}
	return file.Groups, nil
}

// identityOf returns the caller or the person that a token of the provider speaks of; it
// reports a token that names nobody as a person could read it.
func (a *authenticator) identityOf(c *claims) (identity, bool) {
	who := c.subject(a.config.OAuth.Subject)
	id := identity{name: who + " at " + a.issuer, scopes: slices.Concat(c.Scope, c.SCP), account: c.Account}
	member := c.memberships()
	a.mu.RLock()
	defer a.mu.RUnlock()
	for _, g := range a.groups {
		if !slices.Contains(member, g.Name) {
			continue
		}
		id.scopes = append(id.scopes, g.Scopes...)
		id.approvers = append(id.approvers, g.Approvers...)
		if id.account == "" {
			id.account = g.Account
		}
		if g.Approver {
			id.groups = append(id.groups, g.Name)
		}
	}
	return id, isReadableName(who)
}

// isReadableName reports whether a name is on one line, without invisible characters.
func isReadableName(name string) bool {
	return name != "" && len(name) <= 255 && strings.Join(strings.Fields(vpsapi.Visible(name)), " ") == name
}
