package settings

import "slices"

// The groups of options, as the help has them.
const (
	// GroupAccount is the help's heading for options of the VPS.NET account.
	GroupAccount = "account"
	// GroupSafety is the help's heading for options that limit what may be done.
	GroupSafety = "safety"
	// GroupOffer is the help's heading for options that choose which tools are offered.
	GroupOffer = "what is offered"
	// GroupFiles is the help's heading for options that name files and directories.
	GroupFiles = "files"
	// GroupHosting is the help's heading for options of a server that others reach.
	GroupHosting = "hosting"
	// GroupSandbox is the help's heading for options of the embedded VPS.NET.
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

// Group returns the heading of the help under which the option is listed.
func (o Option) Group() string {
	for group, names := range groupOptions {
		if slices.Contains(names, o.Name) {
			return group
		}
	}
	return GroupHosting
}
