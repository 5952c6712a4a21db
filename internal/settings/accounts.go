package settings

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// AccountBook makes the clients of accounts, one for each.
type AccountBook struct {
	settings *Settings
	Observe  func(vpsapi.Exchange)
	Breaker  func(account, state string)

	mu      sync.Mutex
	Entries map[string]Credentials    // of the accounts file
	clients map[string]*vpsapi.Client // by name; the empty one is the server's own
	brought map[string]checkedClient  // by the hash of what came with the request
}

// Credentials are those of an account.
type Credentials struct{ Email, Key, Token string }

// checkedClient is of credentials that the service took.
type checkedClient struct {
	client *vpsapi.Client
	until  time.Time // when it is asked again
}

// How long the service's word on brought credentials holds, and how many are kept.
const (
	// checkedTTL is for how long credentials that VPS.NET accepted are not checked again.
	checkedTTL = 10 * time.Minute
	// maxChecked is how many checked credentials are remembered.
	maxChecked = 1000
)

// Accounts reads the accounts file, for a server whose callers have accounts of their own.
func (s *Settings) Accounts(log zerolog.Logger) (*AccountBook, error) {
	b := &AccountBook{settings: s, Observe: trail.Observe, Breaker: LogBreaker(log), clients: map[string]*vpsapi.Client{}, brought: map[string]checkedClient{}}
	return b, b.Reload()
}

// Reload reads the accounts file and its key files again; a faulty one changes
// nothing. An account that is gone or has another key loses its client.
func (b *AccountBook) Reload() error {
	entries, err := b.settings.ReadAccounts()
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	maps.DeleteFunc(b.clients, func(name string, _ *vpsapi.Client) bool {
		now, ok := entries[name]
		return name != "" && (!ok || now != b.Entries[name])
	})
	b.Entries = entries
	return nil
}

// ReadAccounts reads the accounts file and the key files that it names. Its keys are
// for the base URL of the file, or for the service's own. Without a file there are none.
func (s *Settings) ReadAccounts() (entries map[string]Credentials, err error) {
	path := s.Hosted.Accounts
	defer func() {
		if recover() != nil { // the YAML library does not bear every text
			err = fmt.Errorf("accounts file %s: the text cannot be read as YAML", path)
		}
	}()
	entries = map[string]Credentials{}
	if path == "" {
		return entries, nil
	}
	text, err := files.ReadSecret(path)
	if err != nil {
		return nil, fmt.Errorf("accounts file: %w", err)
	}
	var file struct {
		APIURL   string `yaml:"api_url"`
		Accounts map[string]struct {
			Email      string `yaml:"email"`
			APIKey     string `yaml:"api_key"`
			APIKeyFile string `yaml:"api_key_file"`
			Token      string `yaml:"platform_token"`
			TokenFile  string `yaml:"platform_token_file"`
		} `yaml:"accounts"`
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, fmt.Errorf("accounts file %s is empty: it names each account below accounts:, such as main: {email: ops@example.com, api_key_file: main.key}", path)
	}
	if err := yaml.NewDecoder(bytes.NewReader(text), yaml.DisallowUnknownField()).Decode(&file); err != nil {
		return nil, fmt.Errorf("accounts file %s: %s", path, yaml.FormatError(err, false, false))
	}
	if !s.Sandbox && hostOf(file.APIURL) != hostOf(s.APIURL) {
		return nil, fmt.Errorf("accounts file %s: its keys are for %s, and this server's api-url leads to %s: a key goes only to the host that it was given for; "+
			"write api_url: %s into the accounts file if that is meant", path, hostOf(file.APIURL), hostOf(s.APIURL), cmp.Or(s.APIURL, vpsapi.DefaultURL))
	}
	if len(file.Accounts) == 0 {
		return nil, fmt.Errorf("accounts file %s names no account: write one below accounts:, such as main: {email: ops@example.com, api_key_file: main.key}", path)
	}
	for name, e := range file.Accounts {
		for file, into := range map[string]*string{e.APIKeyFile: &e.APIKey, e.TokenFile: &e.Token} {
			if file == "" {
				continue
			}
			if !filepath.IsAbs(file) { // systemd, engines and Kubernetes hand both in at a place of their own
				file = filepath.Join(filepath.Dir(path), file)
			}
			key, err := files.ReadSecret(file)
			if err != nil {
				return nil, fmt.Errorf("accounts file %s: %s: %w", path, name, err)
			}
			*into = string(bytes.TrimSpace(key))
		}
		if older := e.Email != "" || e.APIKey != ""; name == "" || (older && (e.Email == "" || e.APIKey == "")) || (!older && e.Token == "") {
			return nil, fmt.Errorf("accounts file %s: %s: it needs a name, email, and api_key or api_key_file; or platform_token or platform_token_file; or all", path, vpsapi.Quote(name))
		}
		if older := e.Email != "" || e.APIKey != ""; older {
			if err := CheckCredentials(e.Email, e.APIKey); err != nil {
				return nil, fmt.Errorf("accounts file %s: %s: %w", path, vpsapi.Quote(name), err)
			}
		}
		entries[name] = Credentials{e.Email, e.APIKey, e.Token}
	}
	return entries, nil
}

// HasToken reports an account of the file that has the newer API.
func (b *AccountBook) HasToken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.Entries {
		if e.Token != "" {
			return true
		}
	}
	return false
}

// Get gives the client of a named account; the empty name is the server's own.
func (b *AccountBook) Get(name string) (*vpsapi.Client, error) {
	if name == "" {
		client, err := b.OwnClient()
		if err != nil {
			return nil, errors.New("this caller has no VPS.NET account on this server; its operator can name one beside the caller's token")
		}
		return client, nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.clients[name]; ok {
		return c, nil
	}
	config := vpsapi.Config{BaseURL: b.settings.APIURL, PlatformURL: b.settings.PlatformURL}
	e, ok := b.Entries[name]
	switch {
	case b.settings.Sandbox: // one of its own for each account
		var err error
		if config, err = b.settings.Account(); err != nil {
			return nil, err
		}
		config.Email = name + "@sandbox.invalid"
		config.Transport = sandbox.New(sandbox.Options{Email: config.Email, APIKey: config.APIKey, Speed: b.settings.SandboxSpeed, Faults: b.settings.SandboxFault})
	case !ok:
		return nil, fmt.Errorf("there is no account %s on this server; its operator can add it to the accounts file", vpsapi.Quote(name))
	default:
		config.Email, config.APIKey, config.Token = e.Email, e.Key, e.Token
	}
	return b.addClient(name, config)
}

// OwnClient gives the client of the server's own account, or says why there is none.
func (b *AccountBook) OwnClient() (*vpsapi.Client, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c, ok := b.clients[""]; ok {
		return c, nil
	}
	config, err := b.settings.Account()
	if err != nil {
		return nil, err
	}
	return b.addClient("", config)
}

// addClient makes the client of an account and keeps it under its name.
func (b *AccountBook) addClient(name string, config vpsapi.Config) (*vpsapi.Client, error) {
	client, err := b.newClient(config)
	if err == nil {
		b.clients[name] = client
	}
	return client, err
}

// ForCredentials gives the client of credentials that came with a request, once the
// service has taken them: an account's journal, limits and plans go by its
// address, which anybody can write.
func (b *AccountBook) ForCredentials(ctx context.Context, email, key string) (*vpsapi.Client, error) {
	email = strings.TrimSpace(email)
	if err := CheckCredentials(email, key); err != nil {
		return nil, err
	}
	if b.settings.Sandbox {
		if email != sandbox.Email || key != sandbox.APIKey {
			return nil, fmt.Errorf("the sandbox accepts only the credentials %s and %s", sandbox.Email, sandbox.APIKey)
		}
		return b.OwnClient()
	}
	hash := host.HashToken(email + "\x00" + key)
	b.mu.Lock()
	known, ok := b.brought[hash]
	b.mu.Unlock()
	if ok && time.Now().Before(known.until) {
		return known.client, nil
	}
	client := known.client
	if client == nil {
		var err error
		if client, err = b.newClient(vpsapi.Config{Email: email, APIKey: key, BaseURL: b.settings.APIURL}); err != nil {
			return nil, err
		}
	}
	if _, err := vpsapi.GetProfile.Call(ctx, client, vpsapi.GetProfileIn{}); err != nil {
		return nil, fmt.Errorf("the VPS.NET credentials that came with the request: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.brought) >= maxChecked {
		clear(b.brought)
	}
	b.brought[hash] = checkedClient{client, time.Now().Add(checkedTTL)}
	return client, nil
}

// Health counts the accounts by the state of their way to the service.
func (b *AccountBook) Health() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	count := map[string]int{}
	for _, c := range b.clients {
		count[c.Health()]++
	}
	for _, c := range b.brought {
		count[c.client.Health()]++
	}
	return count
}

// newClient makes a client with the settings that all accounts share.
func (b *AccountBook) newClient(c vpsapi.Config) (*vpsapi.Client, error) {
	c.Routes, c.UserAgent, c.Observe = b.settings.Routes, "vpsnet-mcp/"+Version(), b.Observe
	c.Breaker = func(state string) { b.Breaker(cmp.Or(c.Email, "platform.vps.net"), state) }
	return vpsapi.NewClient(c)
}
