package settings

import "slices"

// The groups of options, as the help has them.
const (
	GroupAccount = "account"
	GroupSafety  = "safety"
	GroupOffer   = "what is offered"
	GroupFiles   = "files"
	GroupHosting = "hosting"
	GroupSandbox = "sandbox"
)

// Groups lists the groups in the order of the help.
func Groups() []string {
	return []string{GroupAccount, GroupSafety, GroupOffer, GroupFiles, GroupHosting, GroupSandbox}
}

// groupOptions are the names of the options of each group; those of hosting stand in a
// table of their own.
var groupOptions = map[string][]string{
	GroupAccount: {"email", "key", "api-key", "api-key-file", apiURL, "platform-token", "platform-token-file", platformURL},
	GroupSafety:  {"read-only", "no-destroy", "no-commit", "consent", "consent-key-file", "policy", "secrets", "audit", "audit-required"},
	GroupOffer:   {"toolsets", "tools", "exclude-tools", "surface"},
	GroupFiles:   {"config", "journal", "state-dir", "redis", "log-level"},
	GroupSandbox: {"sandbox", "sandbox-speed", "sandbox-fault"},
}

// Group is the group of an option.
func (o Option) Group() string {
	for group, names := range groupOptions {
		if slices.Contains(names, o.Name) {
			return group
		}
	}
	return GroupHosting
}
