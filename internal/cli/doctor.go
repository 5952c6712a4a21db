package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/rs/zerolog"
	"github.com/spf13/cobra"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

// finding is what one check of the doctor saw.
type finding struct {
	Check string `json:"check"`
	State string `json:"state"` // ok, note, fault
	Says  string `json:"says"`
}

const (
	stateOK    = "ok"
	stateNote  = "note" // worth knowing; nothing is broken
	stateFault = "fault"
)

type doctorFlags struct{ json, routes bool }

func (p *program) doctorCommand() *cobra.Command {
	var flags doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check settings, credentials and files, and explain what is wrong",
		Long: `Check the settings and where each comes from, files and their modes, policy,
journal and audit, the way to the service (name, TLS, clock), the credentials, and
the clients that are connected. Of the account it only reads. With --routes it also
tries each inferred route that a read can check, and prints the lines for the
config file where another route is the right one.

It exits with 1 when something is broken.`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd, flags) },
	}
	cmd.Flags().BoolVar(&flags.json, "json", false, "print the findings as JSON")
	cmd.Flags().BoolVar(&flags.routes, "routes", false, "try the inferred routes that a read can check")
	return cmd
}

// doctor goes on after a fault wherever there is more to see.
func (p *program) doctor(cmd *cobra.Command, flags doctorFlags) error {
	ctx := cmd.Context()
	s, err := p.settings(cmd)
	if err != nil {
		return p.diagnosis([]finding{{"settings", stateFault, err.Error()}}, flags.json)
	}
	seen := settingsFindings(s)
	seen = append(seen, fileFindings(s)...)
	seen = append(seen, accountsFinding(s), policyFinding(s), p.stateFinding(ctx, s), auditFinding(s))
	if !s.Sandbox {
		seen = append(seen, wayFindings(ctx, s)...)
	}
	seen = append(seen, p.accountFindings(ctx, s, flags.routes)...)
	seen = append(seen, p.clientFindings()...)
	return p.diagnosis(seen, flags.json)
}

// accountFindings are what needs credentials, and what a model is offered.
func (p *program) accountFindings(ctx context.Context, s *Settings, routes bool) []finding {
	config, err := p.account(s)
	if err != nil {
		if s.isHosted() && (s.Hosted.Accounts != "" || s.Hosted.RequestCreds) {
			return []finding{{"credentials", stateOK, "none of the server's own: its callers have theirs"}}
		}
		return []finding{{"credentials", stateFault, err.Error()}}
	}
	server, err := newServer(s, config, zerolog.Nop(), tools.Options{})
	if err != nil {
		return []finding{{"tools", stateFault, err.Error()}}
	}
	client, err := clientOf(s, config)
	if err != nil {
		return []finding{{"credentials", stateFault, err.Error()}}
	}
	account := callFinding(ctx, client, "credentials", vpsapi.GetProfile, nil)
	seen := []finding{account, offerFinding(server)}
	if routes && account.State == stateOK {
		seen = append(seen, routeFindings(ctx, s, config, client)...)
	}
	return seen
}

// clientOf is the account's client with the settings' routes.
func clientOf(s *Settings, config vpsapi.Config) (*vpsapi.Client, error) {
	config.Routes, config.UserAgent = s.Routes, "vpsnet-mcp/"+version()
	return vpsapi.NewClient(config)
}

// diagnosis prints the findings; a fault among them is the command's failure.
func (p *program) diagnosis(seen []finding, asJSON bool) error {
	seen = slices.DeleteFunc(seen, func(f finding) bool { return f.Says == "" })
	faults := 0
	var b strings.Builder
	for _, f := range seen {
		if f.State == stateFault {
			faults++
		}
		fmt.Fprintf(&b, "%-5s  %s: %s\n", f.State, f.Check, f.Says)
	}
	var err error
	if asJSON {
		text, _ := json.Marshal(map[string]any{"findings": seen, "faults": faults})
		err = p.printJSON(text)
	} else {
		err = p.println(plain(strings.TrimRight(b.String(), "\n")))
	}
	if err == nil && faults > 0 {
		return failed("%d of %d checks found a fault", faults, len(seen))
	}
	return err
}

// offerFinding is what a model is given with every request.
func offerFinding(server *tools.Server) finding {
	list := server.List()
	size := 0
	for i := range list {
		text, _ := json.Marshal(map[string]any{"name": list[i].Name, "description": list[i].Description, "input_schema": list[i].RawInputSchema})
		size += len(text)
	}
	says := fmt.Sprintf("%d, about %d tokens of a model's context", len(list), size/5*10/9)
	if len(list) > 40 {
		says += "; a client that takes fewer cuts the list: --toolsets or --surface search"
	}
	return finding{"tools", stateOK, says}
}

// callFinding makes one call of a reading function. It asks the service itself:
// what a model is offered says nothing of whether the service answers.
func callFinding(ctx context.Context, client *vpsapi.Client, check string, op vpsapi.Operation, given map[string]string) finding {
	in, _, err := op.DecodeRequest(given, nil)
	if err == nil {
		_, err = op.Do(ctx, client, in)
	}
	if err != nil {
		return finding{check, stateFault, err.Error()}
	}
	return finding{check, stateOK, op.Info().Name + " answers"}
}
