// Package cli is the commands of vpsnet-mcp and their flags.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vpsnet-mcp/internal/roots"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/trace"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a tool refused, the API did, or the network did
	exitUsage  = 2 // the command line or the configuration is wrong; nothing was done
)

// Main runs the command of the process and gives its exit code.
func Main() int {
	roots.UseBundled()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends the process on the spot
	p := &program{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, terminal: isTerminal(os.Stdin) && isTerminal(os.Stderr),
		env: settings.Environment(), configDir: os.UserConfigDir,
	}
	return p.run(ctx, os.Args[1:])
}

// program is one run: what it reads, writes and is told by its surroundings.
type program struct {
	in        io.Reader
	out, err  io.Writer
	terminal  bool // a person can be asked: in and err are a terminal
	env       map[string]string
	traces    *trace.Tracer // of a server; nil for none
	ended     func()        // waits for what a server started to end with it; nil for nothing
	configDir func() (string, error)

	executable string // this program's path, when it is not the process's
}

// failure is an error of the work itself. Every other error is one of usage.
type failure struct{ error }

// Unwrap returns the error for errors.Is and errors.As.
func (f failure) Unwrap() error { return f.error }

// failuref makes an error of the work itself, from a format as fmt.Errorf has it.
func failuref(format string, args ...any) error { return failure{fmt.Errorf(format, args...)} }

// run runs the command line and returns the exit code.
func (p *program) run(ctx context.Context, args []string) int {
	root := p.root()
	root.SetArgs(args)
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitOK
	}
	if text := err.Error(); text != "" {
		_, _ = fmt.Fprintln(p.err, "vpsnet-mcp: "+stripControls(text))
	}
	if f := (failure{}); errors.As(err, &f) {
		return exitFailed
	}
	return exitUsage
}

// rootLong is the help of the program.
const rootLong = `vpsnet-mcp lets an AI assistant run VPS.NET cloud servers: it serves the
VPS.NET API as tools of the Model Context Protocol (MCP).

Without a command it is the server: an MCP client such as Claude Desktop starts
it and speaks to it over stdin and stdout. The other commands are for people.

It needs the account's e-mail address and an API key:

  VPSNET_EMAIL     the address
  VPSNET_API_KEY   the key (or VPSNET_API_KEY_FILE, a file that holds it);
                   made in the VPS.NET portal under Profile

or --sandbox, an embedded VPS.NET that needs no account and where nothing is real.

Each flag below that all commands share can also be set by an environment
variable (--read-only is VPSNET_READ_ONLY) or in the config file (read_only).
A flag beats the environment, and the environment beats the file.`

// rootExample is the examples in the help of the program.
const rootExample = `  vpsnet-mcp setup                                 connect your assistant
  vpsnet-mcp call list_cloud_servers --sandbox     call one tool and print its answer
  vpsnet-mcp tools                                 list the tools
  vpsnet-mcp sandbox                               serve the embedded VPS.NET over HTTP`

// root returns the program's command with all its subcommands.
func (p *program) root() *cobra.Command {
	root := &cobra.Command{
		Use:           "vpsnet-mcp",
		Short:         "VPS.NET as an MCP server",
		Long:          rootLong,
		Example:       rootExample,
		Args:          rejectUnknownCommand,
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          p.serve,
	}
	root.SuggestionsMinimumDistance = 2
	root.Flags().BoolP("version", "v", false, "version for vpsnet-mcp")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		var unknown *pflag.NotExistError
		if errors.As(err, &unknown) {
			var known []string
			cmd.Flags().VisitAll(func(f *pflag.Flag) { known = append(known, "--"+f.Name) })
			if hint := words.Suggest("--"+unknown.GetSpecifiedName(), known); hint != "" {
				return fmt.Errorf("%w%s", err, hint)
			}
		}
		return fmt.Errorf("%w; %s --help lists the flags", err, cmd.CommandPath())
	})
	addFlags(root)
	root.SetUsageFunc(printUsage)
	root.AddCommand(p.callCommand(), p.toolsCommand(), p.approveCommand(), p.policyCommand(), p.tokenCommand(), p.doctorCommand(), p.setupCommand(), p.sandboxCommand(), p.versionCommand())
	return root
}

// rejectUnknownCommand refuses words that are not a command.
func rejectUnknownCommand(root *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "vpsnet-mcp --help lists the commands"
	if near := root.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	if slices.Contains(settings.ToolNames(), args[0]) {
		hint = "it is a tool: vpsnet-mcp call " + args[0]
	}
	return fmt.Errorf("unknown command %s; %s", vpsapi.Quote(args[0]), hint)
}

// serve serves an MCP client over stdin and stdout; it runs when no command is given.
func (p *program) serve(cmd *cobra.Command, _ []string) error {
	if asked, err := cmd.Flags().GetBool("version"); err == nil && asked {
		return p.println("vpsnet-mcp " + settings.Version())
	}
	s, err := p.settings(cmd)
	if err != nil {
		return err
	}
	log := p.logger(s, serverLogLevel)
	p.traces = p.tracer(log)
	defer p.endTraces()
	if s.IsHosted() {
		return p.host(cmd.Context(), s, log)
	}
	TuneMemory(false)
	ctx, cancel := context.WithCancel(cmd.Context())
	server, err := p.server(s, log, func(o *tools.Options) error { return p.setNotifiers(ctx, s, log, o) })
	defer func() {
		cancel()
		if p.ended != nil {
			p.ended()
		}
	}()
	if err != nil {
		return err
	}
	if isTerminal(p.in) {
		_, _ = fmt.Fprintln(p.err, "vpsnet-mcp: waiting for an MCP client on stdin; Ctrl-C ends it, vpsnet-mcp --help shows more")
	}
	log.Info().Str("version", settings.Version()).Bool("sandbox", s.Sandbox).Int("tools", server.Count()).Msg("serving over stdio")
	if advice := offer.ListCutAdvice(server.Count()); advice != "" {
		log.Info().Msg(advice)
	}
	if err := server.ServeStdio(cmd.Context(), p.in, p.out); err != nil {
		return failuref("serving over stdio: %w", err)
	}
	log.Info().Msg("ended")
	return nil
}

// addFlags makes the flags of the table of options.
func addFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.SortFlags = false
	for _, o := range settings.Options() {
		if o.NoFlag {
			continue
		}
		flag := flags.VarPF(&flagValue{kind: o.Value, text: o.Def, many: o.Many}, o.Name, "", o.Help)
		if o.Value == "" {
			flag.NoOptDefVal = "true"
		}
		complete := cobra.NoFileCompletions
		if o.Known != nil {
			complete = completeList(o.Known)
		}
		if !o.Path {
			_ = root.RegisterFlagCompletionFunc(o.Name, complete)
		}
	}
}

// flagValue keeps a flag's text; load gives it its meaning.
type flagValue struct {
	kind, text  string
	many, given bool
}

// String implements pflag.Value.
func (v *flagValue) String() string { return v.text }

// Type is what the help calls the value; a bool has none there.
func (v *flagValue) Type() string {
	if v.kind == "" {
		return "bool"
	}
	return v.kind
}

// Set implements pflag.Value.
func (v *flagValue) Set(text string) error {
	if v.many && v.given {
		text = v.text + settings.Separator + text
	}
	v.text, v.given = text, true
	return nil
}

// sources are what a command's settings are read from.
func (p *program) sources(cmd *cobra.Command) settings.Sources {
	given := map[string]string{}
	cmd.Root().PersistentFlags().VisitAll(func(f *pflag.Flag) {
		if f.Changed {
			given[f.Name] = f.Value.String()
		}
	})
	return settings.Sources{Flags: given, Env: p.env, ConfigDir: p.configDir}
}

// settings reads the settings of a command and prints the warnings about them.
func (p *program) settings(cmd *cobra.Command) (*settings.Settings, error) {
	src := p.sources(cmd)
	src.Warn = p.warn
	return settings.Load(src)
}

// warn prints a warning to standard error.
func (p *program) warn(text string) {
	_, _ = fmt.Fprintln(p.err, "vpsnet-mcp: warning: "+stripControls(text))
}

// isTerminal reports a stream that a person sees, not a file or pipe.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}
