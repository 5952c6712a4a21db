package settings

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"vpsnet-mcp/vpsapi"
)

// checkSources holds that a key goes only to the host that it was given for: what
// gives the key names the URL too, or no URL is named anywhere. The keyring has its
// keys by host. A key that only the environment has is not joined with the address
// of an account of the config file: another program's variable has the same name.
func (s *Settings) checkSources() error {
	from := s.From["api-key-file"]
	switch {
	case s.APIKey != "":
		from = s.From["api-key"]
	case s.APIKeyFile == "":
		return nil
	}
	if from == FromEnvironment && s.From["email"] == FromFile && (s.inFile["key"] || s.inFile["api-key-file"]) {
		return fmt.Errorf("an API key is in the environment without its VPSNET_EMAIL, and the config file %s has an account of its own: "+
			"set VPSNET_EMAIL beside the key, or take the variable out; nothing was sent", s.File)
	}
	if meant := hostOf(s.urls[from]); meant != hostOf(s.APIURL) {
		return fmt.Errorf("the API key (by the %s) is for %s, and api-url (by the %s) leads to %s: a key goes only to the host that it was given for; "+
			"give the URL where the key is given, or none; nothing was sent", from, meant, cmp.Or(s.From[apiURL], "default"), hostOf(s.APIURL))
	}
	return nil
}

// hostOf is the host of a base URL, with its port; that of the service for an empty one.
func hostOf(base string) string {
	u, err := url.Parse(cmp.Or(base, vpsapi.DefaultURL))
	if err != nil {
		return "a URL that cannot be read"
	}
	return strings.ToLower(u.Host)
}

// keyringUser is under what name the keyring has the key of an account. It holds
// the host, so that a key is found for that host alone.
func keyringUser(email, base string) string {
	if host := hostOf(base); host != hostOf("") {
		return email + " at " + host
	}
	return email
}

// placeholder is what clients, shells and pages write for a value to be filled in: anywhere in a value where nothing else looks
// so, or as the whole of it.
var placeholder = regexp.MustCompile(`\$\{[^}]*\}|\$\([^)]*\)|\{\{[^}]*\}\}|\{(env|file|input):[^}]*\}|\$env:\w+|` +
	`^(\$\w+|%\w+%|<[^<>]*>|(?i:(my|your)[-_ ]?(vpsnet|vps\.net|platform)?[-_ ]?(api)?[-_ ]?(key|token)))$`)

// assignmentLine is a line of an environment file where its value alone belongs.
var assignmentLine = regexp.MustCompile(`^(export\s+)?[A-Z][A-Z0-9_]*=`)

// checkFilled refuses a placeholder that nobody has filled in, and quotes that a
// shell or a file has left around a value.
func checkFilled(what, value string) error {
	bare := strings.Trim(value, "\"'`\u201c\u201d\u2018\u2019")
	switch {
	case placeholder.MatchString(bare):
		return fmt.Errorf("the %s is the placeholder %s, which was not filled in: write the value itself, or run vpsnet-mcp setup; nothing was sent", what, vpsapi.Quote(bare))
	case bare != value && bare != "":
		return fmt.Errorf("the %s has quotes around it, which are not part of it: remove them; nothing was sent", what)
	case assignmentLine.MatchString(bare):
		name, _, _ := strings.Cut(bare, "=")
		return fmt.Errorf("the %s begins with %s=, as a line of an environment file does: give only the value there; nothing was sent", what, name)
	case strings.ContainsFunc(bare, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
		return fmt.Errorf("the %s has a space or a line end in it, which no key or token has: give only the value there; nothing was sent", what)
	case bare == "":
		return errors.New("the " + what + " has nothing between its quotes; nothing was sent")
	}
	return nil
}
