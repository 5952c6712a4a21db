package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/doctor"
)

// doctorFlags are the flags of the command doctor.
type doctorFlags struct {
	json, routes bool
	observe      string
}

// doctorCommand returns the command doctor.
func (p *program) doctorCommand() *cobra.Command {
	var flags doctorFlags
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Check settings, credentials and files, and explain what is wrong",
		Long: `Check the settings and where each comes from, files and their modes, policy,
journal and audit, the way to the service (name, TLS, clock), the credentials, and
the clients that are connected. Of the account it only reads. With --routes it also
tries each inferred route that a read can check, and prints the lines for the
config file where another route is the right one. With --observe it calls every
function that reads and writes what it saw of each to a file that can be sent to
the program's maintainers: route, status, keys known and unknown, and no value of
the account.

It exits with 1 when something is broken.`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd, flags) },
	}
	cmd.Flags().BoolVar(&flags.json, "json", false, "print the findings as JSON")
	cmd.Flags().BoolVar(&flags.routes, "routes", false, "try the inferred routes that a read can check")
	cmd.Flags().StringVar(&flags.observe, "observe", "", "call every function that reads, and write routes, statuses and keys, no values, to `FILE`")
	return cmd
}

// doctor prints the findings; a failed one ends with exit code 1.
func (p *program) doctor(cmd *cobra.Command, flags doctorFlags) error {
	s, err := p.settings(cmd)
	if err != nil {
		return p.printFindings([]doctor.Finding{{Check: "settings", State: doctor.StateFault, Says: err.Error()}}, flags.json)
	}
	found := doctor.Examine(cmd.Context(), s, p.clientSystem(), flags.routes)
	if flags.observe != "" {
		found = append(found, doctor.Observe(cmd.Context(), s, flags.observe))
	}
	return p.printFindings(found, flags.json)
}

// printFindings prints the findings; a fault among them is the command's failure.
func (p *program) printFindings(seen []doctor.Finding, asJSON bool) error {
	faults := 0
	var b strings.Builder
	for _, f := range seen {
		if f.State == doctor.StateFault {
			faults++
		}
		fmt.Fprintf(&b, "%-5s  %s: %s\n", f.State, f.Check, f.Says)
	}
	var err error
	if asJSON {
		text, _ := json.Marshal(map[string]any{"findings": seen, "faults": faults})
		err = p.printJSON(text)
	} else {
		err = p.println(stripControls(strings.TrimRight(b.String(), "\n")))
	}
	if err == nil && faults > 0 {
		return failuref("%d of %d checks found a fault", faults, len(seen))
	}
	return err
}
