package setup

import (
	"encoding/json"
	"fmt"
	"strings"
)

// Hosted reports that the client's file takes a server at a URL, and why not.
func (c Client) Hosted(url string) error {
	switch {
	case c.remote == nil:
		return fmt.Errorf("its file takes no server at a URL: add %s in the client, under Settings, Connectors", url)
	case c.TOML && isSSE(url):
		return fmt.Errorf("it does not speak SSE: give the server's address that ends with /mcp")
	}
	return nil
}

// isSSE reports the older of the two transports, which our servers have at /sse.
func isSSE(url string) bool { return strings.HasSuffix(strings.TrimRight(url, "/"), "/sse") }

// typedURL makes the members for a client that is told the transport. It reads the
// token out of a variable, which it writes in a form of its own.
func typedURL(variable string) func(Entry) []pair {
	return func(e Entry) []pair {
		kind := "http"
		if isSSE(e.URL) {
			kind = "sse"
		}
		return append([]pair{{"type", quoted(kind)}, {"url", quoted(e.URL)}}, headers(e, variable)...)
	}
}

// namedURL makes those for a client that knows the transport by the member's name.
func namedURL(http, sse, variable string) func(Entry) []pair {
	return func(e Entry) []pair {
		name := http
		if isSSE(e.URL) {
			name = sse
		}
		return append([]pair{{name, quoted(e.URL)}}, headers(e, variable)...)
	}
}

func headers(e Entry, variable string) []pair {
	if e.TokenVariable == "" {
		return nil
	}
	value := quoted("Bearer " + fmt.Sprintf(variable, e.TokenVariable))
	return []pair{{"headers", json.RawMessage(`{"Authorization": ` + string(value) + `}`)}}
}

func codexURL(e Entry) []pair {
	pairs := []pair{{"url", quoted(e.URL)}}
	if e.TokenVariable != "" {
		pairs = append(pairs, pair{"bearer_token_env_var", quoted(e.TokenVariable)})
	}
	return pairs
}
