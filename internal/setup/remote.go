package setup

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Hosted reports that the client's file takes a server at a URL, and why not.
func (c Client) Hosted(address string) error {
	switch {
	case c.remote == nil:
		return fmt.Errorf("its file cannot name a server by URL: add %s in the client, under Settings, Connectors", address)
	case c.TOML && isSSE(address):
		return fmt.Errorf("it does not support SSE: give the server's address that ends with /mcp")
	}
	return nil
}

// isSSE reports the older of the two transports, which our servers have at /sse.
func isSSE(address string) bool { return strings.HasSuffix(strings.TrimRight(address, "/"), "/sse") }

// typedURL makes the members for a client that is told the transport. It reads the
// token out of a variable, which it writes in a form of its own.
func typedURL(variable string) func(Entry) []entryPair {
	return func(e Entry) []entryPair {
		kind := "http"
		if isSSE(e.URL) {
			kind = "sse"
		}
		return append([]entryPair{{"type", quoted(kind)}, {"url", quoted(e.URL)}}, headerPairs(e, variable)...)
	}
}

// namedURL makes those for a client that knows the transport by the member's name.
func namedURL(http, sse, variable string) func(Entry) []entryPair {
	return func(e Entry) []entryPair {
		name := http
		if isSSE(e.URL) {
			name = sse
		}
		return append([]entryPair{{name, quoted(e.URL)}}, headerPairs(e, variable)...)
	}
}

// headerPairs returns the header with the token's variable; none without a variable.
func headerPairs(e Entry, variable string) []entryPair {
	if e.TokenVariable == "" {
		return nil
	}
	value := quoted("Bearer " + fmt.Sprintf(variable, e.TokenVariable))
	return []entryPair{{"headers", json.RawMessage(`{"Authorization": ` + string(value) + `}`)}}
}

// codexURL returns the members of Codex's entry for a hosted server.
func codexURL(e Entry) []entryPair {
	pairs := []entryPair{{"url", quoted(e.URL)}}
	if e.TokenVariable != "" {
		pairs = append(pairs, entryPair{"bearer_token_env_var", quoted(e.TokenVariable)})
	}
	return pairs
}

// CheckURL reports why a hosted server's URL is not taken: the token travels with
// every request.
func CheckURL(raw string) error {
	u, err := url.Parse(raw)
	if err != nil || u.Hostname() == "" || u.User != nil || strings.Trim(u.Path, "/") == "" {
		return errors.New("--url: give the whole address of the server, such as https://mcp.example.com/mcp, without credentials")
	}
	ip := net.ParseIP(u.Hostname())
	if u.Scheme != "https" && (u.Scheme != "http" || u.Hostname() != "localhost" && (ip == nil || !ip.IsLoopback())) {
		return errors.New("--url: only https keeps the token safe; http is taken for this machine alone")
	}
	if err := vpsapi.RefuseNamesake(u.Hostname()); err != nil {
		return fmt.Errorf("--url: %w", err)
	}
	return nil
}

// CheckVariable reports a text that no variable can be named: it may be the token.
func CheckVariable(name string) error {
	if name != "" && (!regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name) || strings.HasPrefix(name, "vpsnet_")) {
		return errors.New("--token-env: give the name of an environment variable, such as VPS_NET_TOKEN; the token itself does not belong here")
	}
	return nil
}
