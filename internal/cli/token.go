package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/host"
)

// tokenLong is the help of the command token.
const tokenLong = `Make a bearer token for a caller of a hosted server. The token is printed once;
the lines for the tokens file hold only its hash, and --tokens FILE adds them to
it. Scopes: read, change, disrupt,
commit, destroy (each stands for itself), all, and toolset:NAME, which narrows
them to what --toolsets NAME offers.

With --person the token is a person's: it signs in on the page /approve, where
plans wait for an approval, and calls nothing. The person of a caller's own name
decides on its plans; --approvers names others, people or their groups.`

// tokenFlags are what is said of a new token.
type tokenFlags struct {
	scopes, approvers, groups []string
	account                   string
	file                      string // that takes the entry
	person                    bool
}

// tokenCommand returns the command token.
func (p *program) tokenCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "token", Short: "Make, replace and revoke tokens for the callers of a hosted server", Args: cobra.NoArgs}
	var f tokenFlags
	create := &cobra.Command{
		Use: "new NAME", Short: "Make a token for a caller, or for a person", Long: tokenLong, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.person && (cmd.Flags().Changed("scopes") || f.account != "" || len(f.approvers) > 0) {
				return errors.New("a person's token calls nothing: leave --scopes, --account and --approvers to the token of their assistant")
			}
			if !f.person && len(f.groups) > 0 {
				return errors.New("--groups goes with --person")
			}
			return p.newToken(args[0], f)
		},
	}
	create.Flags().StringSliceVar(&f.scopes, "scopes", []string{"read"}, "what the caller may do")
	create.Flags().StringVar(&f.account, "account", "", "the account of the accounts file that the caller works on")
	create.Flags().StringSliceVar(&f.approvers, "approvers", nil, "who may decide on the caller's plans, besides the person with the caller's own name")
	create.Flags().BoolVar(&f.person, "person", false, "a person's token, to sign in on the page /approve")
	create.Flags().StringSliceVar(&f.groups, "groups", nil, "the groups that the person decides for")
	create.Flags().StringVar(&f.file, "tokens", "", "add the entry to the tokens file `FILE`, made when absent, instead of printing it")
	cmd.AddCommand(create, p.listTokensCommand(), p.rotateTokenCommand(), p.revokeTokenCommand())
	return cmd
}

// newToken makes a token for a caller, prints it once, and keeps its hash.
func (p *program) newToken(name string, f tokenFlags) error {
	if err := errors.Join(host.CheckName(name), host.CheckScopes(f.scopes)); err != nil {
		return failure{err}
	}
	token, hash := host.NewToken()
	entry := map[string]any{"name": name, "sha256": hash, "scopes": f.scopes}
	what := "Token"
	if f.person {
		token, hash = host.NewPersonToken()
		entry = map[string]any{"name": name, "sha256": hash, "person": true}
		what = "Sign-in token"
	}
	for key, list := range map[string][]string{"approvers": f.approvers, "groups": f.groups} {
		if len(list) > 0 {
			entry[key] = list
		}
	}
	if f.account != "" {
		entry["account"] = f.account
	}
	if f.file != "" {
		lines, err := yaml.Marshal([]any{entry})
		if err == nil {
			err = host.AddEntry(f.file, string(lines))
		}
		if err != nil {
			return failure{err}
		}
		return p.println(fmt.Sprintf("%s of %s, shown once:\n\n  %s\n\nIts entry is in %s; %s.", what, stripControls(name), token, f.file, afterSignal))
	}
	lines, err := yaml.Marshal(map[string]any{"tokens": []any{entry}})
	if err != nil {
		return failure{err}
	}
	return p.println(fmt.Sprintf("%s of %s, shown once:\n\n  %s\n\nFor the tokens file (mode 0600; further callers go under the same tokens:):\n\n%s",
		what, stripControls(name), token, strings.TrimRight(string(lines), "\n")))
}
