// Package settings is what flags, environment and config file say, and what follows
// from it: the account, the state and the tools.
package settings

import (
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/vpsapi/sandbox"
)

// Settings is what flags, environment and config file say together.
type Settings struct {
	Email      string
	APIKey     string
	APIKeyFile string
	APIURL     string

	Token       string // of the newer API
	TokenFile   string
	PlatformURL string

	KeyInKeyring   bool // the system's keyring has the key
	TokenInKeyring bool // and the token

	Routes map[string]string // corrected routes by function name

	Sandbox      bool
	SandboxSpeed float64
	SandboxFault []sandbox.Fault
	OnlyJudges   bool // nothing is agreed to, so no key that replicas share is needed
	SandboxNewer bool // the sandbox's newer API is offered too

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
	Secrets        apply.SecretsMode
	NoDestroy      bool
	NoCommit       bool
	Notify         string // URL
	NotifyKeyFile  string

	Hosted Hosted

	LogLevel zerolog.Level // NoLevel: as the command likes

	From  map[string]string // where each option that was given comes from
	Said  map[string]string // what was given, but what identifies the account
	File  string            // the config file that was read
	Given map[string]string // the flags that were given, as they were written

	sources      Sources           // what they were read from
	urls         map[string]string // the API's base URL as each source has it
	platformURLs map[string]string // and the newer one's
	inFile       map[string]bool   // the options that the config file has, overridden or not
}

// FewerArgs choose what a client is offered that does not take all, where nothing else chooses: what servers are operated
// with or, of an account that has both APIs, the few tools that reach all.
func (s *Settings) FewerArgs(older, newer bool) []string {
	switch {
	case len(s.Toolsets) > 0 || len(s.Tools) > 0 || s.Surface != tools.SurfaceAll:
		return nil
	case older && newer:
		return []string{"--surface", tools.SurfaceSearch}
	}
	return []string{"--toolsets", "operate"}
}
