package cli

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/user"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/answer"
)

// approveLong is the help of the command approve.
const approveLong = `Approve a plan that waits for a person (--consent person). Without an ID the
waiting plans are listed; a single one is shown at once.

Read the plan. To agree, type what it asks for; anything else declines it. Then
let the assistant make the same call again. A plan waits for 10 minutes and an
approval is good once, for this plan only.`

// approveCommand returns the command approve.
func (p *program) approveCommand() *cobra.Command {
	var decline bool
	cmd := &cobra.Command{
		Use:               "approve [ID]",
		Short:             "Approve a plan that waits for a person",
		Long:              approveLong,
		Args:              cobra.MaximumNArgs(1),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, args []string) error {
			s, err := p.settings(cmd)
			if err != nil {
				return err
			}
			if s.InMemory() {
				return errors.New("a sandbox keeps its plans in memory; give it and this command the same --state-dir DIR")
			}
			store, err := s.Store()
			if err != nil {
				return failure{err}
			}
			defer func() { _ = store.Close() }()
			return p.approve(cmd, store, args, decline)
		},
	}
	cmd.Flags().BoolVar(&decline, "decline", false, "decline the plan without asking")
	return cmd
}

// approve shows the waiting plans, or one and asks the person to decide it.
func (p *program) approve(cmd *cobra.Command, store state.Store, args []string, decline bool) error {
	waiting, err := store.AllHeld(cmd.Context())
	if err != nil {
		return failure{err}
	}
	var plan state.Pending
	switch {
	case len(args) == 1:
		if plan, err = store.Held(cmd.Context(), args[0]); err != nil {
			return failure{err}
		}
	case len(waiting) == 1:
		plan = waiting[0]
	case len(waiting) == 0:
		return p.println("No plan waits. A plan comes here when a server with --consent person and the same state directory has asked, and waits for 10 minutes.")
	default:
		return p.println(formatWaiting(waiting))
	}
	yes := false
	if !decline {
		if !p.terminal {
			return failuref("approving a plan needs a terminal, where a person reads it; nothing was decided")
		}
		if len(plan.Demands) > 0 {
			return failuref("the policy leaves this plan to %s, who sign in on the server's page; nothing was decided", strings.Join(plan.Demands, " or "))
		}
		t := &terminal{in: bufio.NewReader(p.in), out: p.err}
		reply, err := t.Ask(cmd.Context(), answer.Question{Plan: plan.Plan, Typed: plan.Typed})
		if err != nil {
			return failuref("nothing was decided: %w", err)
		}
		yes = reply.Yes && (plan.Typed == "" || reply.Typed == plan.Typed)
	}
	if err := store.Decide(cmd.Context(), plan.ID, userName(), yes); err != nil {
		return failure{err}
	}
	if !yes {
		return p.println("Declined. Nothing is done.")
	}
	return p.println(fmt.Sprintf("Approved until %s. Let the assistant make the same call again.", plan.Expires.Local().Format(time.TimeOnly)))
}

// formatWaiting lists waiting plans, one a line.
func formatWaiting(waiting []state.Pending) string {
	var b strings.Builder
	b.WriteString("These plans wait; vpsnet-mcp approve ID shows one:\n")
	for _, w := range waiting {
		fmt.Fprintf(&b, "%s  %s  %s, until %s\n", w.ID, w.Tool, stripControls(w.Account), w.Expires.Local().Format(time.TimeOnly))
	}
	return strings.TrimRight(b.String(), "\n")
}

// userName names the person for journal and audit.
func userName() string {
	if u, err := user.Current(); err == nil {
		return u.Username + " at a terminal"
	}
	return fmt.Sprintf("user %d at a terminal", os.Getuid())
}
