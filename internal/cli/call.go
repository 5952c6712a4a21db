package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/calls"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
)

// callLong is the help of the command call.
const callLong = `Call one tool and print its answer. The call is handled like one of an
assistant, with the same checks and the same consent.

Arguments are key=value pairs or one JSON object. A value @FILE stands for the
text of FILE, @- for that of stdin; a value that starts with @ itself is written
@@.

Where a call interrupts, costs or destroys something, the plan is shown and a
word must be typed. Without a terminal such a call is refused, unless --yes says
that you agree to whatever it does. With --dry-run nothing is agreed to and
nothing that changes anything is sent: the very requests are printed, secrets
hidden.

Exit codes: 0 done; 1 the tool or the API refused, or what was waited for is not
reached; 2 the command line, an argument or the configuration is wrong.

"vpsnet-mcp completion --help" tells how your shell completes tools and their
arguments.`

// callExample is the examples in the help of the command call.
const callExample = `  vpsnet-mcp call list_cloud_servers --sandbox
  vpsnet-mcp call get_cloud_server server_id=1384 --sandbox --json
  vpsnet-mcp call create_domain '{"name": "example.com", "ip_address": "68.169.23.153"}' --sandbox
  vpsnet-mcp call delete_cloud_server server_id=web01 --dry-run --sandbox
  vpsnet-mcp call export_zone domain_id=demodomain.com --sandbox >demodomain.zone
  vpsnet-mcp call diff_zone domain_id=demodomain.com zone=@demodomain.zone --sandbox
  vpsnet-mcp call get_invoice invoice_no=9130 --output invoice.pdf --sandbox`

// callFlags are the flags of call alone.
type callFlags struct {
	json   bool
	yes    bool
	dryRun bool
	all    bool
	output string
}

// needsTool refuses a call that names no tool.
func needsTool(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("call: which tool? vpsnet-mcp tools lists them; such as: vpsnet-mcp call list_cloud_servers")
	}
	return nil
}

// callCommand returns the command call.
func (p *program) callCommand() *cobra.Command {
	var flags callFlags
	cmd := &cobra.Command{
		Use:               "call TOOL [JSON | key=value ...]",
		Short:             "Call one tool and print its answer",
		Long:              callLong,
		Example:           callExample,
		Args:              needsTool,
		ValidArgsFunction: p.completeCall,
		RunE:              func(cmd *cobra.Command, args []string) error { return p.call(cmd, args, flags) },
	}
	p.toolHelp(cmd)
	cmd.Flags().BoolVar(&flags.json, "json", false, "print the answer as JSON")
	cmd.Flags().BoolVar(&flags.yes, "yes", false, "agree to whatever the call does")
	cmd.Flags().BoolVar(&flags.all, "all-keys", false, "print a reply with all that the service sent, also keys that the program does not know")
	cmd.Flags().BoolVar(&flags.dryRun, "dry-run", false, "print the requests that the call would send, and send only the reads of its plan")
	cmd.Flags().StringVarP(&flags.output, "output", "o", "", "write the document, picture or zone that the tool answers with to `FILE` (- for stdout)")
	return cmd
}

// call calls one tool and prints its answer; an answer that is an error ends with exit code 1.
func (p *program) call(cmd *cobra.Command, args []string, flags callFlags) error {
	name := strings.ToLower(strings.TrimSpace(args[0]))
	arguments, err := callArguments(args[1:], p.in)
	if err != nil {
		return err
	}
	s, err := p.settings(cmd)
	if err != nil {
		return err
	}
	s.SandboxNewer = s.SandboxNewer || settings.NamesNewerAPI(nil, []string{name})
	server, err := p.server(s, p.logger(s, commandLogLevel), nil)
	if err != nil {
		return err
	}
	if flags.dryRun {
		got := server.DryRun(cmd.Context(), name, arguments)
		if got.IsError {
			return refusalError(server, name, got)
		}
		return p.print(got, flags)
	}
	asker := p.newAsker(flags.yes)
	ctx := confirm.WithAsker(cmd.Context(), asker)
	if flags.all {
		ctx = calls.WithAllKeys(ctx)
	}
	got := server.Call(ctx, name, arguments)
	if n, ok := asker.(*absentAsker); ok && n.question != nil {
		if n.question.Extra != "" {
			return failuref("%s needs consent, and there is no terminal to ask on. Nothing was sent. The plan:\n\n%s\n\nCall it on a terminal", name, n.question.Plan)
		}
		return failuref("%s needs consent, and there is no terminal to ask on. Nothing was sent. The plan:\n\n%s\n\nCall it on a terminal, or with --yes to agree to it", name, n.question.Plan)
	}
	if s, ok := asker.(*yesAsker); ok && s.question != nil {
		return failuref("%s: --yes is not enough for %s. Nothing was sent. The plan:\n\n%s\n\nCall it on a terminal, without --yes", name, s.question.Extra, s.question.Plan)
	}
	if got.IsError {
		return refusalError(server, name, got)
	}
	err = p.print(got, flags)
	p.tellSandbox(s, server, name, got)
	if err != nil || !got.Pending {
		return err
	}
	return failure{errors.New("")} // the answer says it
}

// refusalError returns the error of an answer that says no. A name that no tool has, and an
// argument that no account would take, are faults of the command line.
func refusalError(server *tools.Server, name string, got answer.Answer) error {
	if hasTool(server, name) {
		err := errors.New(formatForTerminal(got.Text))
		var input *vpsapi.InputError
		op, _ := vpsapi.Find(name)
		reads := op != nil && op.Info().Safety == vpsapi.Reads // a plan's fault is about what the account has
		if got.Misused || reads && errors.As(got.Cause, &input) {
			return err
		}
		return failure{err}
	}
	op, known := vpsapi.Find(name)
	if known && !server.HasAPI(op.Info().API) {
		return fmt.Errorf("tool %s is not offered: it is a function of %s, and there are no credentials for that (VPSNET_EMAIL and VPSNET_API_KEY for the older one, VPSNET_PLATFORM_TOKEN for the newer)", name, op.Info().API)
	} else if known {
		return fmt.Errorf("tool %s is not offered: %s", name, server.WhyLeftOut(name))
	}
	return fmt.Errorf("%s (vpsnet-mcp tools lists them)", got.Text)
}

// hasTool reports whether a server has a tool, published or behind its search.
func hasTool(server *tools.Server, name string) bool {
	for _, t := range server.List() {
		if t.Name == name {
			return true
		}
	}
	return slices.ContainsFunc(server.Entries(), func(e tools.Entry) bool { return e.Name == name })
}

// print writes an answer: a document to a file, the rest to stdout. A picture has
// a text beside it that says the same, so it is written only when asked for.
func (p *program) print(got answer.Answer, flags callFlags) error {
	switch {
	case got.Document != nil:
		return p.printDocument(got, flags)
	case got.File != nil && !flags.json:
		return p.printFile(got, flags)
	case got.Image != nil && flags.output != "":
		got.Document = got.Image
		return p.printDocument(got, flags)
	case flags.output != "":
		if err := p.print(got, callFlags{json: flags.json}); err != nil {
			return err
		}
		return failuref("%s was not written: the answer is not a document, picture or zone", flags.output)
	}
	if !flags.json {
		return p.println(formatForTerminal(got.Text))
	}
	object := got.Structured
	if object == nil {
		var err error
		if object, err = json.Marshal(map[string]string{"text": got.Text}); err != nil {
			return failuref("writing the answer: %w", err)
		}
	}
	return p.printJSON(object)
}

// printFile writes a text file as it is, to stdout where no name is given, so that
// the shell's > and | make files that are read again. What is said of it goes to
// stderr.
func (p *program) printFile(got answer.Answer, flags callFlags) error {
	summary, _, _ := strings.Cut(formatForTerminal(got.Text), ":\n")
	if flags.output == "" || flags.output == "-" {
		_, _ = fmt.Fprintln(p.err, summary+".")
		_, err := p.out.Write(got.File)
		return writeError(err)
	}
	if err := writeFile(flags.output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, got.File); err != nil {
		return failuref("the file was not written: %w", err)
	}
	_, _ = fmt.Fprintf(p.err, "%s. Written to %s.\n", summary, flags.output)
	return nil
}

// toFile reports a stdout that a shell's > leads to a file: what is written there is to be the document itself.
func toFile(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

// printDocument writes a document, such as an invoice, to the file that was named or to standard output.
func (p *program) printDocument(got answer.Answer, flags callFlags) error {
	if flags.output == "-" || flags.output == "" && !flags.json && toFile(p.out) {
		_, err := p.out.Write(got.Document)
		return writeError(err)
	}
	name, how := flags.output, os.O_CREATE|os.O_TRUNC|os.O_WRONLY
	if name == "" {
		name, how = documentFileName(got.DocumentURI), os.O_CREATE|os.O_EXCL|os.O_WRONLY
	}
	if err := writeFile(name, how, got.Document); err != nil {
		return failuref("the document was not written: %w", err)
	}
	if !flags.json {
		return p.println(fmt.Sprintf("%s\nWritten to %s%s.", formatForTerminal(got.Text), name, documentKind(got.Document, name)))
	}
	object, err := json.Marshal(map[string]any{"file": name, "bytes": len(got.Document)})
	if err != nil {
		return failuref("writing the answer: %w", err)
	}
	return p.printJSON(object)
}

// documentKind says what a document is whose file is named as another thing; empty where the name fits.
func documentKind(document []byte, name string) string {
	kind, ending := "PDF document", ".pdf"
	if bytes.HasPrefix(document, []byte("\x89PNG")) {
		kind, ending = "PNG picture", ".png"
	}
	if strings.EqualFold(filepath.Ext(name), ending) {
		return ""
	}
	return ", a " + kind
}

// writeFile writes a document for its owner alone: invoices are nobody else's.
func writeFile(name string, how int, document []byte) (err error) {
	f, err := os.OpenFile(name, how, 0o600)
	if errors.Is(err, os.ErrExist) {
		return fmt.Errorf("%s exists already; --output %s overwrites it", name, name)
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(document)
	return err
}

// unsafeNameChars are not used in the name of a file.
var unsafeNameChars = regexp.MustCompile(`[^A-Za-z0-9._]+`)

// documentFileName makes a file's name of a document's address: invoice-9130.pdf of
// vpsnet:/invoices/9130.
func documentFileName(uri string) string {
	dir, id := path.Split(strings.TrimPrefix(uri, "vpsnet:"))
	kind := strings.TrimSuffix(path.Base(dir), "s")
	return strings.Trim(unsafeNameChars.ReplaceAllString(kind+"-"+id, "-"), "-.") + ".pdf"
}
