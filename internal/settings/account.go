package settings

import (
	"bytes"
	"errors"
	"fmt"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// Account says how to reach the account: the embedded VPS.NET when it was asked
// for, else the real one. It never falls from one to the other.
func (s *Settings) Account() (vpsapi.Config, error) {
	if s.Sandbox {
		if from := s.From["sandbox"]; from != FromFlag {
			s.sources.tell("the sandbox is in use (chosen by the " + from + "): nothing is real")
		}
		return vpsapi.Config{
			Email: sandbox.Email, APIKey: sandbox.APIKey, BaseURL: "https://sandbox.invalid",
			Transport: sandbox.New(sandbox.Options{Speed: s.SandboxSpeed, Faults: s.SandboxFault}), PerSecond: -1, Concurrent: -1,
		}, nil
	}
	if err := vpsapi.CheckBaseURL(s.APIURL); err != nil {
		return vpsapi.Config{}, fmt.Errorf("api-url (by the %s): %w", s.From[apiURL], err)
	}
	key, err := s.Key()
	if err != nil {
		return vpsapi.Config{}, err
	}
	if err := CheckCredentials(s.Email, key); err != nil {
		return vpsapi.Config{}, err
	}
	return vpsapi.Config{Email: s.Email, APIKey: key, BaseURL: s.APIURL}, nil
}

// CheckCredentials says what is missing of an address and a key, and where both come
// from; and what stands in their place, so that it is sent nowhere.
func CheckCredentials(email, key string) error {
	const ways = "run vpsnet-mcp setup, or set VPSNET_EMAIL and VPSNET_API_KEY (or VPSNET_API_KEY_FILE); a key is made in the VPS.NET portal under Profile, Generate beside API key. " +
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

// readKey reads the API key from its file.
func (s *Settings) readKey(path string) (string, error) {
	b, err := files.Secret(path)
	if err != nil {
		return "", fmt.Errorf("API key file: %w", err)
	}
	key := string(bytes.TrimSpace(b))
	if key == "" {
		return "", fmt.Errorf("API key file: %s is empty", path)
	}
	return key, nil
}
