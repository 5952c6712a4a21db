package vpsapi

import "fmt"

// API is one of the two services that the vendor runs. A function belongs to
// one of them; an account has credentials for one or for both.
type API string

// The two services.
const (
	Classic  API = ""         // api.vps.net, which the vendor's document describes
	Platform API = "platform" // platform.vps.net, the newer one
)

// Where the services live.
const (
	// DefaultURL is where the older API lives.
	DefaultURL = "https://api.vps.net"
	// DefaultPlatformURL is where the newer API lives.
	DefaultPlatformURL = "https://platform.vps.net/rest-api"
)

// String names the service for people.
func (a API) String() string {
	if a == Platform {
		return "the newer API (platform.vps.net)"
	}
	return "the older API (api.vps.net)"
}

// HasAPI reports that the client has credentials for an API.
func (c *Client) HasAPI(a API) bool { return c.api == a || (a == Platform && c.platform != nil) }

// clientFor gives the client that calls a function: this one, or the one of the
// newer API beside it. Without credentials for the function's API it refuses.
func (c *Client) clientFor(name string, a API) (*Client, error) {
	switch {
	case c.api == a:
		return c, nil
	case c.HasAPI(a):
		return c.platform, nil
	}
	needs := "an e-mail address and an API key"
	if a == Platform {
		needs = "a token"
	}
	return nil, &InputError{name, []Fault{{Message: fmt.Sprintf("it is a function of %s, which needs %s; this account has credentials for %s alone", a, needs, c.api)}}}
}
