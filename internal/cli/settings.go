package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// Settings is what flags, environment and config file say together.
type Settings struct {
	Email      string
	APIKey     string
	APIKeyFile string
	APIURL     string

	KeyInKeyring bool              // the system's keyring has the key
	Routes       map[string]string // corrected routes by function name

	Sandbox      bool
	SandboxSpeed float64
	SandboxFault []sandbox.Fault

	ReadOnly bool
	Toolsets []string
	Tools    []string
	Exclude  []string
	Surface  string
	Consent  consent.Mode

	ConsentKeyFile string
	Policy         string // file
	Journal        string // file; in the state directory when empty
	StateDir       string
	Redis          string // URL
	Audit          string // file, or stderr
	AuditRequired  bool
	Secrets        tools.SecretsMode
	NoDestroy      bool
	NoCommit       bool

	Hosted hosted

	LogLevel zerolog.Level // NoLevel: as the command likes

	from  map[string]string // where each option that was given comes from
	said  map[string]string // what was given, but what identifies the account
	file  string            // the config file that was read
	given map[string]string // the flags that were given, as they were written
}

// option is one setting. Flags, environment variables and the config file's keys
// are all made from the table of options, so that none can lack another.
type option struct {
	name    string // of the flag
	value   string // what the help calls its value; empty for a switch
	help    string
	def     string
	set     func(s *Settings, text string) error
	known   func() []string // the values that completion offers
	path    bool            // a file's name: in the config file relative to that file
	word    string          // a value of a path that is no file's name
	places  places          // where it cannot be given
	private bool            // its value is shown nowhere
	many    bool            // the flag may be given more than once; elsewhere ; stands between
}

// between stands between the values of an option that may be given more than once.
const between = ";"

// places are where an option cannot be given.
type places struct{ noFlag, noFile bool }

// env is the option's environment variable.
func (o option) env() string {
	return "VPSNET_" + strings.ToUpper(strings.ReplaceAll(o.name, "-", "_"))
}

// key is the option's key in the config file.
func (o option) key() string { return strings.ReplaceAll(o.name, "-", "_") }

// configOption names the config file itself, which is read before all others.
var configOption = option{
	name: "config", value: "FILE", path: true, places: places{noFile: true},
	help: "read settings from FILE (by default vpsnet-mcp/config.yaml in your configuration directory)",
	set:  func(*Settings, string) error { return nil },
}

// options is the table of all settings.
func options() []option {
	return slices.Concat(accountOptions(), hostOptions())
}

// accountOptions are those of every command.
func accountOptions() []option {
	return []option{
		configOption,
		{name: "email", private: true, value: "ADDRESS", help: "the VPS.NET account's e-mail address", set: text(func(s *Settings) *string { return &s.Email })},
		{name: "key", value: keyInKeyring, places: places{noFlag: true}, help: "where the API key is: keyring, after vpsnet-mcp setup", set: setKey},
		{
			name: "api-key", private: true, places: places{noFlag: true, noFile: true}, // a flag shows in process lists, a config file in backups
			help: "the account's API key",
			set: func(s *Settings, v string) error {
				s.APIKey, s.APIKeyFile, s.KeyInKeyring = strings.TrimSpace(v), "", false
				return nil
			},
		},
		{
			name: "api-key-file", value: "FILE", path: true,
			help: "read the account's API key from FILE",
			set:  func(s *Settings, v string) error { s.APIKey, s.APIKeyFile, s.KeyInKeyring = "", v, false; return nil },
		},
		{
			name: "api-url", value: "URL", help: "another base URL than " + vpsapi.DefaultURL,
			set: text(func(s *Settings) *string { return &s.APIURL }),
		},
		{
			name: "sandbox", help: "use the embedded VPS.NET instead of the real one: no account is needed, nothing is real",
			set: toggle(func(s *Settings) *bool { return &s.Sandbox }),
		},
		{name: "sandbox-speed", value: "N", def: "1", help: "run the sandbox's clock N times faster", set: setSpeed},
		{
			name: "sandbox-fault", value: "SPEC", many: true, set: setFaults,
			help: "break the sandbox, such as reset-after,op=create_backup,rate=0.1 (repeat it for more; docs/reliability.md lists the kinds)",
		},
		{
			name: "read-only", help: "offer only tools that change nothing",
			set: toggle(func(s *Settings) *bool { return &s.ReadOnly }),
		},
		{
			name: "no-destroy", help: "refuse whatever loses data or a resource, and do not offer what can do nothing else",
			set: toggle(func(s *Settings) *bool { return &s.NoDestroy }),
		},
		{
			name: "no-commit", help: "refuse whatever costs money or goes to people at VPS.NET, and do not offer what can do nothing else",
			set: toggle(func(s *Settings) *bool { return &s.NoCommit }),
		},
		{
			name: "toolsets", value: "LIST", help: "offer only these groups of tools, such as servers,dns, or jobs: operate, dns, billing, support", known: tools.Toolsets,
			set: list(func(s *Settings) *[]string { return &s.Toolsets }),
		},
		{
			name: "tools", value: "LIST", help: "offer only these tools", known: toolNames,
			set: list(func(s *Settings) *[]string { return &s.Tools }),
		},
		{
			name: "exclude-tools", value: "LIST", help: "do not offer these tools", known: toolNames,
			set: list(func(s *Settings) *[]string { return &s.Exclude }),
		},
		{
			name: "surface", value: "KIND", def: tools.SurfaceAll, known: func() []string { return []string{tools.SurfaceAll, tools.SurfaceSearch} },
			help: "publish all tools, or five that search, describe and call them: all or search",
			set:  text(func(s *Settings) *string { return &s.Surface }),
		},
		{
			name: "consent", value: "MODE", def: string(consent.Code), known: consentModes,
			help: "who may say yes where the client cannot ask its person: person (vpsnet-mcp approve), code or flag (model-confirmed), deny",
			set:  setConsent,
		},
		{
			name: "consent-key-file", value: "FILE", path: true, help: "seal consent with the key in FILE, made when absent; replicas share it",
			set: text(func(s *Settings) *string { return &s.ConsentKeyFile }),
		},
		{
			name: "policy", value: "FILE", path: true, help: "obey the rules, limits and protections in FILE (vpsnet-mcp policy check FILE)",
			set: text(func(s *Settings) *string { return &s.Policy }),
		},
		{
			name: "journal", value: "FILE", path: true, help: "keep the journal of changes in FILE instead of the state directory",
			set: text(func(s *Settings) *string { return &s.Journal }),
		},
		{
			name: "state-dir", value: "DIR", path: true, help: "keep journal, waiting plans and secrets in DIR (by default your state directory; the sandbox keeps them in memory)",
			set: text(func(s *Settings) *string { return &s.StateDir }),
		},
		{
			name: "redis", private: true, value: "URL", help: "keep the state in a Redis that replicas share, such as rediss://:password@host/0 (better by VPSNET_REDIS: a flag shows in process lists)",
			set: text(func(s *Settings) *string { return &s.Redis }),
		},
		{
			name: "secrets", value: "MODE", def: string(tools.SecretsFile),
			known: func() []string {
				return []string{string(tools.SecretsFile), string(tools.SecretsRedact), string(tools.SecretsReveal)}
			},
			help: "where passwords go that the service gives: file (in the state directory; the answer names it), redact, or reveal (into the answer)",
			set: func(s *Settings, v string) (err error) {
				s.Secrets, err = tools.ParseSecretsMode(v)
				return err
			},
		},
		{
			name: "audit", value: "FILE", path: true, word: "stderr", help: "write one JSON line a call to FILE, or to stderr",
			set: text(func(s *Settings) *string { return &s.Audit }),
		},
		{
			name: "audit-required", help: "refuse a change that the audit cannot keep",
			set: toggle(func(s *Settings) *bool { return &s.AuditRequired }),
		},
		{
			name: "log-level", value: "LEVEL", known: func() []string { return logLevels },
			help: "write log lines of this level and above to stderr: debug, info, warn or error (info for the server, error for other commands)",
			set:  setLogLevel,
		},
	}
}

func text(field func(*Settings) *string) func(*Settings, string) error {
	return func(s *Settings, v string) error { *field(s) = strings.TrimSpace(v); return nil }
}

func toggle(field func(*Settings) *bool) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		on, err := strconv.ParseBool(strings.ToLower(v))
		if err != nil {
			return fmt.Errorf("%s is neither true nor false", vpsapi.Quote(v))
		}
		*field(s) = on
		return nil
	}
}

func number(field func(*Settings) *int) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1 || n > 1_000_000 {
			return fmt.Errorf("%s is no whole number from 1 to 1000000", vpsapi.Quote(v))
		}
		*field(s) = n
		return nil
	}
}

// list takes names with commas between them.
func list(field func(*Settings) *[]string) func(*Settings, string) error {
	return func(s *Settings, v string) error {
		names := strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ' ' })
		if len(names) == 0 {
			return errors.New("the list is empty; leave it out to offer all")
		}
		*field(s) = names
		return nil
	}
}

func setSpeed(s *Settings, v string) error {
	n, err := strconv.ParseFloat(v, 64)
	if err != nil || !(n > 0 && n <= 1e6) {
		return fmt.Errorf("%s is no number above 0 and up to 1000000", vpsapi.Quote(v))
	}
	s.SandboxSpeed = n
	return nil
}

func setFaults(s *Settings, v string) error {
	s.SandboxFault = nil
	for spec := range strings.SplitSeq(v, between) {
		f, err := sandbox.ParseFault(strings.TrimSpace(spec))
		if err != nil {
			return err
		}
		s.SandboxFault = append(s.SandboxFault, f)
	}
	return nil
}

func setConsent(s *Settings, v string) (err error) {
	s.Consent, err = consent.ParseMode(v)
	return err
}

func consentModes() []string {
	return []string{string(consent.Person), string(consent.Code), string(consent.Flag), string(consent.Deny)}
}

var logLevels = []string{"debug", "info", "warn", "error"}

func setLogLevel(s *Settings, v string) error {
	for _, known := range logLevels {
		if strings.EqualFold(v, known) {
			var err error
			s.LogLevel, err = zerolog.ParseLevel(known)
			return err
		}
	}
	return fmt.Errorf("%s is none of %s", vpsapi.Quote(v), strings.Join(logLevels, ", "))
}

// homePath gives a path that starts with ~/ its meaning: config files and MCP
// clients know no shell that would.
func homePath(path string) string {
	rest, ok := strings.CutPrefix(path, "~/")
	if !ok {
		return path
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path
	}
	return filepath.Join(home, rest)
}
