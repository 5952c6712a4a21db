package cli

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

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
		Long: `Check settings, credentials, the way to the service, files and policy. It only
reads. With --routes it also tries each inferred route that a read can check, and
prints the lines for the config file where another route is the right one.

It exits with 1 when something is broken.`,
		Args:              cobra.NoArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(cmd *cobra.Command, _ []string) error { return p.doctor(cmd, flags) },
	}
	cmd.Flags().BoolVar(&flags.json, "json", false, "print the findings as JSON")
	cmd.Flags().BoolVar(&flags.routes, "routes", false, "try the inferred routes that a read can check")
	return cmd
}

func (p *program) doctor(cmd *cobra.Command, flags doctorFlags) error {
	var seen []finding
	add := func(more ...finding) { seen = append(seen, more...) }
	s, err := p.settings(cmd)
	if err != nil {
		add(finding{"settings", stateFault, err.Error()})
		return p.diagnosis(seen, flags.json)
	}
	add(settingsFinding(s))
	server, err := p.server(s, zerolog.Nop())
	if err != nil {
		add(finding{"server", stateFault, err.Error()})
		return p.diagnosis(seen, flags.json)
	}
	add(keyFileFinding(s), p.stateFinding(s), p.offerFinding(server))
	if !s.Sandbox {
		add(wayFinding(cmd.Context(), s))
	}
	account := callFinding(cmd.Context(), server, "credentials", "get_profile", `{}`)
	add(account)
	if flags.routes && account.State == stateOK {
		add(p.routeFindings(cmd.Context(), s, server)...)
	}
	add(clientFindings(p.env["HOME"])...)
	return p.diagnosis(seen, flags.json)
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

// settingsFinding names what was set, and where; never a value.
func settingsFinding(s *Settings) finding {
	if len(s.from) == 0 {
		return finding{"settings", stateOK, "all as they come"}
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(s.from)) {
		words = append(words, name+" by the "+s.from[name])
	}
	return finding{"settings", stateOK, strings.Join(words, ", ")}
}

func keyFileFinding(s *Settings) finding {
	if s.APIKeyFile == "" {
		return finding{}
	}
	info, err := os.Stat(s.APIKeyFile)
	switch {
	case err != nil:
		return finding{"key file", stateFault, err.Error()}
	case info.Mode().Perm()&0o077 != 0:
		return finding{"key file", stateNote, fmt.Sprintf("others may read it (mode %04o): chmod 600", info.Mode().Perm())}
	}
	return finding{"key file", stateOK, "yours alone"}
}

// stateFinding says where state is kept; that it can be, making the server proved.
func (p *program) stateFinding(s *Settings) finding {
	switch {
	case s.inMemory():
		return finding{"state", stateOK, "in memory: the sandbox is gone with the process"}
	case s.Redis != "":
		return finding{"state", stateOK, "in Redis"}
	case s.Journal != "":
		return finding{"state", stateOK, "journal " + s.Journal}
	}
	dir, err := p.stateDirectory(s)
	if err != nil {
		return finding{"state", stateFault, err.Error()}
	}
	return finding{"state", stateOK, dir}
}

// offerFinding is what a model is given with every request.
func (p *program) offerFinding(server *tools.Server) finding {
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

// skewed is a clock's distance that is worth a word.
const skewed = 5 * time.Minute

// wayFinding goes the way to the service: name, TLS, and its clock against ours.
func wayFinding(ctx context.Context, s *Settings) finding {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	base := s.APIURL
	if base == "" {
		base = vpsapi.DefaultURL
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, base, http.NoBody)
	if err != nil {
		return finding{"service", stateFault, err.Error()}
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return finding{"service", stateFault, err.Error() + "; check the network, the name and a proxy between"}
	}
	_ = response.Body.Close()
	at, err := http.ParseTime(response.Header.Get("Date"))
	if off := time.Since(at); err == nil && off.Abs() > skewed {
		return finding{"service", stateNote, fmt.Sprintf("%s answers; its clock and this machine's are %s apart", base, off.Abs().Round(time.Second))}
	}
	return finding{"service", stateOK, base + " answers"}
}

// callFinding makes one call of a reading tool.
func callFinding(ctx context.Context, server *tools.Server, check, tool, arguments string) finding {
	a := server.Call(ctx, tool, json.RawMessage(arguments))
	if a.IsError {
		return finding{check, stateFault, readable(a.Text)}
	}
	return finding{check, stateOK, tool + " answers"}
}

// clientFindings names the configurations of clients that speak of this program.
func clientFindings(home string) []finding {
	if home == "" {
		return nil
	}
	var found []finding
	for client, path := range map[string]string{
		"Claude Desktop": "Library/Application Support/Claude/claude_desktop_config.json", "Claude Code": ".claude.json", "Cursor": ".cursor/mcp.json",
		"Claude Desktop ": ".config/Claude/claude_desktop_config.json", "VS Code": ".config/Code/User/mcp.json",
	} {
		text, err := os.ReadFile(filepath.Join(home, filepath.FromSlash(path)))
		if err != nil || !strings.Contains(string(text), "vpsnet-mcp") {
			continue
		}
		f := finding{strings.TrimSpace(client), stateOK, "is connected"}
		if !json.Valid(text) {
			f.State, f.Says = stateFault, path+" is not valid JSON"
		}
		found = append(found, f)
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.Check, b.Check) })
	return found
}
