package settings

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// Account says how to reach the account: the embedded VPS.NET when it was asked
// for, else the real one. It never falls from one to the other.
func (s *Settings) Account() (vpsapi.Config, error) {
	if s.Sandbox {
		if from := s.From["sandbox"]; from != FromFlag {
			s.sources.warn("the sandbox is in use (chosen by the " + from + "): nothing is real")
		}
		config := vpsapi.Config{
			Email: sandbox.Email, APIKey: sandbox.APIKey, BaseURL: "https://sandbox.invalid", PlatformURL: "https://sandbox.invalid/rest-api",
			Transport: sandbox.New(sandbox.Options{Speed: s.SandboxSpeed, Faults: s.SandboxFault}), PerSecond: -1, Concurrent: -1,
		}
		if s.SandboxNewer || s.HasToken() {
			config.Token = sandbox.Token
		}
		return config, nil
	}
	if err := vpsapi.CheckBaseURL(s.APIURL); err != nil {
		return vpsapi.Config{}, fmt.Errorf("api-url (by the %s): %w", s.From[apiURL], err)
	}
	key, err := s.Key()
	if err != nil {
		return vpsapi.Config{}, err
	}
	token, err := s.PlatformToken()
	if err != nil {
		return vpsapi.Config{}, err
	}
	if token != "" {
		if err := checkFilled("token", token); err != nil {
			return vpsapi.Config{}, err
		}
	}
	if err := CheckCredentials(s.Email, key); err != nil && (token == "" || s.Email != "" || key != "") {
		return vpsapi.Config{}, err
	}
	return vpsapi.Config{Email: s.Email, APIKey: key, Token: token, BaseURL: s.APIURL, PlatformURL: s.PlatformURL}, nil
}

// NamesAccount reports that something of an account is set, the sandbox's included.
func (s *Settings) NamesAccount() bool {
	return s.Sandbox || s.Email != "" || s.APIKey != "" || s.APIKeyFile != "" || s.KeyInKeyring || s.HasToken()
}

// NamesNewerAPI reports that what is offered names the newer API, so that the
// sandbox serves it too: its list is otherwise that of the older one.
func NamesNewerAPI(toolsets, tools []string) bool {
	return slices.Contains(toolsets, vpsapi.PlatformServers.Name) || slices.ContainsFunc(tools, func(name string) bool {
		op, ok := vpsapi.Find(name)
		return ok && op.Info().API == vpsapi.Platform
	})
}

// CheckCredentials says what is missing of an address and a key, and where both come
// from; and what stands in their place, so that it is sent nowhere.
func CheckCredentials(email, key string) error {
	const ways = "run vpsnet-mcp setup, or set VPSNET_EMAIL and VPSNET_API_KEY (or VPSNET_API_KEY_FILE); a key is made in the VPS.NET portal under Profile, Generate beside API key. " +
		"For the newer API (platform.vps.net) set VPSNET_PLATFORM_TOKEN (or VPSNET_PLATFORM_TOKEN_FILE). " +
		"Or add --sandbox for the embedded VPS.NET, which needs no account"
	switch {
	case email == "" && key == "":
		return errors.New("no credentials: " + ways)
	case email == "":
		return errors.New("no e-mail address beside the API key: " + ways)
	case key == "":
		return errors.New("no API key beside the e-mail address: " + ways)
	}
	return errors.Join(checkFilled("e-mail address", email), checkFilled("API key", key))
}

// readKey reads an API key or a token from its file, which what names.
func (s *Settings) readKey(what, path string) (string, error) {
	b, err := files.ReadSecret(path)
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	key := string(bytes.TrimSpace(b))
	if key == "" {
		return "", fmt.Errorf("%s: %s is empty", what, path)
	}
	return key, nil
}
