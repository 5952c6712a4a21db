package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/vpsapi"
)

// policyCommand returns the command policy.
func (p *program) policyCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "policy",
		Short: "Check a policy file, or ask what it decides about a call",
		Args:  cobra.NoArgs,
	}
	cmd.AddCommand(&cobra.Command{
		Use:   "check FILE",
		Short: "Check a policy file; every fault is named with its line",
		Args:  cobra.ExactArgs(1),
		RunE: func(_ *cobra.Command, args []string) error {
			checked, err := policy.Load(args[0], settings.PolicyNames())
			if err != nil {
				return failure{err}
			}
			return p.println(fmt.Sprintf("%s is valid: %d rules, %d protected things.", args[0], len(checked.Rules), len(checked.Protect)))
		},
	}, &cobra.Command{
		Use:               "explain TOOL [JSON | key=value ...]",
		Short:             "Show what a call would do and what the policy decides; only reads are sent",
		Args:              cobra.MinimumNArgs(1),
		ValidArgsFunction: p.completeCall,
		Example:           "  vpsnet-mcp policy explain " + vpsapi.DeleteServer.Name + " server_id=web01 --sandbox --policy policy.yaml",
		RunE:              p.explain,
	})
	return cmd
}

// explain prints what a call would do and what the policy says of it. It sends reads only.
func (p *program) explain(cmd *cobra.Command, args []string) error {
	arguments, err := callArguments(args[1:], p.in)
	if err != nil {
		return err
	}
	s, err := p.settings(cmd)
	if err != nil {
		return err
	}
	s.OnlyJudges = true
	if s.Sandbox {
		s.Redis = "" // its account begins anew: there is no past to be counted
	}
	server, err := p.server(s, p.logger(s, commandLogLevel), nil)
	if err != nil {
		return err
	}
	text, err := server.Explain(cmd.Context(), args[0], arguments)
	if err != nil {
		return refusalError(server, args[0], answer.Answer{Text: err.Error()})
	}
	return p.println(stripControls(text))
}
