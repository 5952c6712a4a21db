package settings

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// Option is one setting. Flags, environment variables and the config file's keys
// are all made from the table of options, so that none can lack another.
type Option struct {
	Name    string // of the flag
	Value   string // what the help calls its value; empty for a switch
	Help    string
	Def     string
	set     func(s *Settings, text string) error
	Known   func() []string // the values that completion offers
	Path    bool            // a file's name: in the config file relative to that file
	word    string          // a value of a path that is not a file's name
	NoFlag  bool            // it cannot be given as a flag
	noFile  bool            // it cannot stand in the config file
	private bool            // its value is shown nowhere
	Many    bool            // the flag may be given more than once; elsewhere ; stands between
}

// Separator stands between the values of an option that may be given more than once.
const Separator = ";"

// Env returns the option's environment variable.
func (o Option) Env() string {
	return "VPSNET_" + strings.ToUpper(strings.ReplaceAll(o.Name, "-", "_"))
}

// key is the option's key in the config file.
func (o Option) key() string { return strings.ReplaceAll(o.Name, "-", "_") }

// configOption names the config file itself, which is read before all others.
var configOption = Option{
	Name: "config", Value: "FILE", Path: true, noFile: true,
	Help: "read settings from FILE (by default vpsnet-mcp/config.yaml in your configuration directory)",
	set:  func(*Settings, string) error { return nil },
}

// Options returns all options, which are the flags, variables and config keys.
func Options() []Option {
	return slices.Concat(accountOptions(), HostOptions())
}

// accountOptions are those of every command.
func accountOptions() []Option {
	return []Option{
		configOption,
		{Name: "email", private: true, Value: "ADDRESS", Help: "the VPS.NET account's e-mail address", set: textSetter(func(s *Settings) *string { return &s.Email })},
		{Name: "key", Value: KeyInKeyring, NoFlag: true, Help: "where the API key is: keyring, after vpsnet-mcp setup", set: setKeyPlace},
		{
			Name: "api-key", private: true, NoFlag: true, noFile: true, // process lists show flags, a config file in backups
			Help: "the account's API key",
			set: func(s *Settings, v string) error {
				s.APIKey, s.APIKeyFile, s.KeyInKeyring = strings.TrimSpace(v), "", false
				return nil
			},
		},
		{
			Name: "api-key-file", Value: "FILE", Path: true,
			Help: "read the account's API key from FILE",
			set:  func(s *Settings, v string) error { s.APIKey, s.APIKeyFile, s.KeyInKeyring = "", v, false; return nil },
		},
		{
			Name: apiURL, Value: "URL", Help: "base URL of the API, instead of " + vpsapi.DefaultURL,
			set: textSetter(func(s *Settings) *string { return &s.APIURL }),
		},
		{
			Name: "platform-token", private: true, Value: KeyInKeyring, NoFlag: true, set: setToken,
			Help: "the account's token of the newer API (platform.vps.net); in the config file write only the word keyring, after vpsnet-mcp setup has stored the token",
		},
		{
			Name: "platform-token-file", Value: "FILE", Path: true, Help: "read the token of the newer API from FILE",
			set: func(s *Settings, v string) error { s.Token, s.TokenFile, s.TokenInKeyring = "", v, false; return nil },
		},
		{
			Name: platformURL, Value: "URL", Help: "base URL of the API, instead of " + vpsapi.DefaultPlatformURL,
			set: textSetter(func(s *Settings) *string { return &s.PlatformURL }),
		},
		{
			Name: "sandbox", Help: "use the embedded VPS.NET instead of the real one: no account is needed, nothing is real",
			set: flagSetter(func(s *Settings) *bool { return &s.Sandbox }),
		},
		{Name: "sandbox-speed", Value: "N", Def: "1", Help: "run the sandbox's clock N times faster", set: setSpeed},
		{
			Name: "sandbox-fault", Value: "SPEC", Many: true, set: setFaults,
			Help: "inject faults into the sandbox, such as reset-after,op=create_backup,rate=0.1 (repeat it for more; docs/reliability.md lists the kinds)",
		},
		{
			Name: "read-only", Help: "offer only tools that change nothing",
			set: flagSetter(func(s *Settings) *bool { return &s.ReadOnly }),
		},
		{
			Name: "no-destroy", Help: "refuse whatever loses data or a resource, and hide tools that only do this",
			set: flagSetter(func(s *Settings) *bool { return &s.NoDestroy }),
		},
		{
			Name: "no-commit", Help: "refuse whatever costs money or goes to people at VPS.NET, and hide tools that only do this",
			set: flagSetter(func(s *Settings) *bool { return &s.NoCommit }),
		},
		{
			Name: "toolsets", Value: "LIST", Help: "offer only these groups of tools, such as servers,dns, or jobs: operate, dns, billing, support", Known: offer.Toolsets,
			set: listSetter(func(s *Settings) *[]string { return &s.Toolsets }),
		},
		{
			Name: "tools", Value: "LIST", Help: "offer only these tools", Known: ToolNames,
			set: listSetter(func(s *Settings) *[]string { return &s.Tools }),
		},
		{
			Name: "exclude-tools", Value: "LIST", Help: "do not offer these tools", Known: ToolNames,
			set: listSetter(func(s *Settings) *[]string { return &s.Exclude }),
		},
		{
			Name: "surface", Value: "KIND", Def: tools.SurfaceAll, Known: func() []string { return []string{tools.SurfaceAll, tools.SurfaceSearch} },
			Help: "publish all tools, or five that search, describe and call them: all or search",
			set:  textSetter(func(s *Settings) *string { return &s.Surface }),
		},
		{
			Name: "consent", Value: "MODE", Def: string(consent.Code), Known: consentModes,
			Help: "who may say yes where the client cannot ask its person: person (a page in the browser, or vpsnet-mcp approve), code or flag (model-confirmed), deny; a hosted server asks a person unless another is given",
			set:  setConsent,
		},
		{
			Name: "consent-key-file", Value: "FILE", Path: true, Help: "sign consent codes with the key in FILE, which is made when absent; replicas share it",
			set: textSetter(func(s *Settings) *string { return &s.ConsentKeyFile }),
		},
		{
			Name: "policy", Value: "FILE", Path: true, Help: "apply the rules, limits and protections in FILE (vpsnet-mcp policy check FILE)",
			set: textSetter(func(s *Settings) *string { return &s.Policy }),
		},
		{
			Name: "journal", Value: "FILE", Path: true, Help: "keep the journal of changes in FILE instead of the state directory",
			set: textSetter(func(s *Settings) *string { return &s.Journal }),
		},
		{
			Name: "state-dir", Value: "DIR", Path: true, Help: "keep journal, waiting plans and secrets in DIR (by default your state directory; the sandbox keeps them in memory)",
			set: textSetter(func(s *Settings) *string { return &s.StateDir }),
		},
		{
			Name: "redis", private: true, Value: "URL", Help: "keep the state in a Redis that replicas share, such as rediss://:password@host/0 (better by VPSNET_REDIS: process lists show flags)",
			set: textSetter(func(s *Settings) *string { return &s.Redis }),
		},
		{
			Name: "secrets", Value: "MODE", Def: string(apply.SecretsFile),
			Known: func() []string {
				return []string{string(apply.SecretsFile), string(apply.SecretsRedact), string(apply.SecretsReveal)}
			},
			Help: "where passwords go that the service gives: file (in the state directory; the answer names it), redact, or reveal (into the answer)",
			set: func(s *Settings, v string) (err error) {
				s.Secrets, err = apply.ParseSecretsMode(v)
				return err
			},
		},
		{
			Name: "audit", Value: "FILE", Path: true, word: "stderr", Help: "write one JSON line a call to FILE, or to stderr",
			set: textSetter(func(s *Settings) *string { return &s.Audit }),
		},
		{
			Name: "audit-required", Help: "refuse a change that cannot be written to the audit",
			set: flagSetter(func(s *Settings) *bool { return &s.AuditRequired }),
		},
		{
			Name: "notify", private: true, Value: "URL", Help: "post a notice to URL when a plan waits for a person: JSON with a text that chat systems show (better by VPSNET_NOTIFY: process lists show flags)",
			set: textSetter(func(s *Settings) *string { return &s.Notify }),
		},
		{
			Name: "notify-key-file", Value: "FILE", Path: true, Help: "sign the notices with the key in FILE (Standard Webhooks), mode 0600",
			set: textSetter(func(s *Settings) *string { return &s.NotifyKeyFile }),
		},
		{
			Name: "log-level", Value: "LEVEL", Known: func() []string { return logLevels },
			Help: "write log lines of this level and above to stderr: debug, info, warn or error (info for the server, error for other commands)",
			set:  setLogLevel,
		},
	}
}

// AccountOf are the options that say who the account is: the config file keeps it.
var AccountOf = []string{"email", "key", "api-key", "api-key-file", apiURL, "platform-token", "platform-token-file", platformURL}

// The options that say where the account is, by either API.
const (
	// apiURL is the name of the option for the older API's base URL.
	apiURL = "api-url"
	// platformURL is the name of the option for the newer API's base URL.
	platformURL = "platform-url"
)

// CheckEntry says why an option cannot stand in a client's entry. It is not left out
// in silence: it may be there for safety.
func (o Option) CheckEntry(config string) error {
	switch {
	case o.private:
		return fmt.Errorf("--%s (%s) must not be in a client's file, where others could read it: write %s into %s instead", o.Name, o.Env(), o.key(), config)
	case slices.ContainsFunc(HostOptions(), func(h Option) bool { return h.Name == o.Name }):
		return fmt.Errorf("--%s (%s) is for a server that others reach, and a client starts one of its own: run setup without it", o.Name, o.Env())
	}
	return nil
}

// Argument is the option on the command line; a path whole, because a client
// starts the server in a folder of its own.
func (o Option) Argument(value string) []string {
	if o.Path && value != o.word {
		if whole, err := filepath.Abs(homePath(value)); err == nil {
			value = whole
		}
	}
	switch {
	case o.Value != "":
		return []string{"--" + o.Name, value}
	case value == "true":
		return []string{"--" + o.Name}
	}
	return []string{"--" + o.Name + "=" + value}
}
