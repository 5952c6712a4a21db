package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/host"
)

// afterSignal says when a change of the tokens file counts.
const afterSignal = "a running server reads it after a hang-up signal (kill -HUP PID), or when it starts again"

// existingTokens are the flags by which tokens that there are are named.
type existingTokens struct {
	file   string
	person bool
	old    bool
}

// register adds the flags to a command.
func (f *existingTokens) register(cmd *cobra.Command) {
	cmd.Flags().StringVar(&f.file, "tokens", "", "the tokens `FILE`")
	_ = cmd.MarkFlagRequired("tokens")
	cmd.Flags().BoolVar(&f.person, "person", false, "the sign-in token of the person of that name, not the caller's")
}

// listTokensCommand returns the command token list.
func (p *program) listTokensCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use: "list", Short: "List the callers and people of a tokens file; no token is shown", Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return p.listTokens(file) },
	}
	cmd.Flags().StringVar(&file, "tokens", "", "the tokens `FILE`")
	_ = cmd.MarkFlagRequired("tokens")
	return cmd
}

// listTokens prints the entries of a tokens file as a table.
func (p *program) listTokens(file string) error {
	list, err := host.ReadEntries(file)
	if err != nil {
		return failure{err}
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "NAME\tTOKEN\tMAY\tACCOUNT\tGROUPS OR APPROVERS\tHASH")
	for _, e := range list {
		what, may, others := "calls", strings.Join(e.Scopes, ","), e.Approvers
		if e.Person {
			what, may, others = "signs in", "approve", e.Groups
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\n", e.Name, what, may, orDash(e.Account), orDash(strings.Join(others, ",")), e.Hash[:8])
	}
	_ = w.Flush()
	return p.println(stripControls(strings.TrimRight(b.String(), "\n")))
}

// orDash is a text, or a dash for none.
func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}

// rotateTokenCommand returns the command token rotate.
func (p *program) rotateTokenCommand() *cobra.Command {
	var f existingTokens
	cmd := &cobra.Command{
		Use: "rotate NAME", Short: "Make another token for a caller or a person; the old one works until it is revoked", Args: cobra.ExactArgs(1),
		Example: "  vpsnet-mcp token rotate anna --tokens tokens.yaml\n  vpsnet-mcp token revoke anna --old --tokens tokens.yaml",
		RunE: func(_ *cobra.Command, args []string) error {
			list, err := f.of(args[0])
			if err != nil {
				return err
			}
			e := list[len(list)-1]
			how := tokenFlags{scopes: e.Scopes, approvers: e.Approvers, groups: e.Groups, account: e.Account, person: e.Person, file: f.file}
			if err := p.newToken(args[0], how); err != nil {
				return err
			}
			return p.println(fmt.Sprintf("The old token works until you revoke it: vpsnet-mcp token revoke %s --old%s --tokens %s", args[0], map[bool]string{true: " --person"}[f.person], f.file))
		},
	}
	f.register(cmd)
	return cmd
}

// revokeTokenCommand returns the command token revoke.
func (p *program) revokeTokenCommand() *cobra.Command {
	var f existingTokens
	cmd := &cobra.Command{
		Use: "revoke NAME", Short: "Take a caller's tokens, or a person's, out of the tokens file", Args: cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return p.revokeTokens(args[0], f) },
	}
	f.register(cmd)
	cmd.Flags().BoolVar(&f.old, "old", false, "all but the newest, after token rotate")
	return cmd
}

// of lists the entries that the flags name.
func (f existingTokens) of(name string) ([]host.TokenEntry, error) {
	list, err := host.ReadEntries(f.file)
	if err != nil {
		return nil, failure{err}
	}
	had := list
	list = slices.DeleteFunc(slices.Clone(had), func(e host.TokenEntry) bool { return e.Name != name || e.Person != f.person })
	if len(list) > 0 {
		return list, nil
	}
	hint := "; vpsnet-mcp token list shows its entries"
	if slices.ContainsFunc(had, func(e host.TokenEntry) bool { return e.Name == name }) {
		hint = map[bool]string{true: ", but a caller's: leave --person out", false: ", but a person's: add --person"}[f.person]
	}
	return nil, failuref("%s has no such token of %s%s", f.file, stripControls(name), hint)
}

// revokeTokens takes tokens out of the tokens file.
func (p *program) revokeTokens(name string, f existingTokens) error {
	list, err := f.of(name)
	if err != nil {
		return err
	}
	if f.old {
		list = list[:len(list)-1]
	}
	if len(list) == 0 {
		return failure{errors.New(stripControls(name) + " has one token alone: without --old it is revoked; vpsnet-mcp token rotate makes another first")}
	}
	n, err := host.RemoveEntries(f.file, func(e host.TokenEntry) bool {
		return slices.ContainsFunc(list, func(gone host.TokenEntry) bool {
			return gone.Hash == e.Hash && gone.Person == e.Person && gone.Name == e.Name
		})
	})
	if err != nil {
		return failure{err}
	}
	text := fmt.Sprintf("Taken out of %s: %d of %s. It is refused once the server has read the file: %s.", f.file, n, stripControls(name), afterSignal)
	if left, err := (existingTokens{file: f.file, person: !f.person}).of(name); err == nil && !f.old && len(left) > 0 {
		text += "\n" + map[bool]string{true: "Their assistant's token stays: revoke it without --person.", false: "The sign-in token of the person of that name stays: --person takes it out."}[f.person]
	}
	return p.println(text)
}
