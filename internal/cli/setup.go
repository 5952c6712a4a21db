package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
)

type setupFlags struct{ remove, print, yes, file bool }

func (p *program) setupCommand() *cobra.Command {
	var flags setupFlags
	var names []string
	for _, c := range setup.Clients() {
		names = append(names, c.Name)
	}
	cmd := &cobra.Command{
		Use:   "setup [CLIENT ...]",
		Short: "Connect your assistant: credentials, and the client's configuration",
		Long: `Ask for the credentials, try them, and put this program into the configuration
of the clients named, or of those installed: ` + strings.Join(names, ", ") + `.

The key goes into the system's keyring, or into a file that is yours alone; never
into a client's file. Each change is shown first, and a backup is kept. What else
is in a file stays as it is. With --sandbox no account is needed. --toolsets,
--read-only and other flags of the server that you give are written too.

Run it again to change something, and with --remove to undo it.`,
		Example: `  vpsnet-mcp setup                     all clients that are installed
  vpsnet-mcp setup cursor --sandbox    one client, without an account
  vpsnet-mcp setup --print codex       only show what would be written`,
		ValidArgs: names,
		RunE:      func(cmd *cobra.Command, args []string) error { return p.setup(cmd, args, flags) },
	}
	cmd.Flags().BoolVar(&flags.remove, "remove", false, "take this program out again; without a client the stored key too")
	cmd.Flags().BoolVar(&flags.print, "print", false, "only show what would be written")
	cmd.Flags().BoolVar(&flags.yes, "yes", false, "write without asking")
	cmd.Flags().BoolVar(&flags.file, "no-keyring", false, "keep the key in a file instead of the system's keyring")
	return cmd
}

// change is a client's file before and after.
type change struct {
	client        setup.Client
	path          string
	before, after []byte
}

func (p *program) setup(cmd *cobra.Command, args []string, flags setupFlags) error {
	clients, err := p.chosenClients(args, flags.remove)
	if err != nil {
		return err
	}
	s, err := p.settings(cmd)
	if err != nil {
		return err
	}
	command, err := p.self(flags.print || flags.remove)
	if err != nil {
		return err
	}
	at, err := p.configFile(s)
	if err != nil {
		return err
	}
	in := bufio.NewReader(p.in)
	var account login
	if !flags.remove && !flags.print {
		if account, err = p.credentials(cmd.Context(), s, in); err != nil {
			return err
		}
	}
	changes, refused, err := p.changes(s, command, clients, flags)
	if err != nil {
		return err
	}
	if flags.print {
		return errors.Join(p.show(changes), refused)
	}
	if len(changes) == 0 && refused != nil {
		return refused
	}
	secret := p.keeping(s, account, at, flags.file)
	if flags.remove {
		secret = keyChange{}
		if len(args) == 0 {
			secret = p.forgetting(s, at)
		}
	}
	if len(changes) > 0 || secret.do != nil {
		if err := p.agreed(cmd.Context(), in, changes, secret.says, flags.yes); err != nil {
			return err
		}
	}
	if secret.do != nil {
		if err := secret.do(); err != nil {
			return err
		}
	}
	return errors.Join(p.write(changes, flags.remove), refused)
}

// chosenClients are those named, else those installed; to remove, those too that
// are installed no more.
func (p *program) chosenClients(names []string, remove bool) ([]setup.Client, error) {
	if p.system().Home == "" {
		return nil, errors.New("no home directory is known (HOME, on Windows USERPROFILE): it is where clients keep their files")
	}
	var chosen []setup.Client
	for _, name := range names {
		c, ok := setup.Find(name)
		if !ok {
			return nil, fmt.Errorf("unknown client %s; vpsnet-mcp setup --help lists those that are known", vpsapi.Quote(name))
		}
		chosen = append(chosen, c)
	}
	if len(names) > 0 {
		return chosen, nil
	}
	for _, c := range setup.Clients() {
		if remove || c.Installed(p.system()) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New("no client was found; name one, such as: vpsnet-mcp setup claude-desktop")
	}
	return chosen, nil
}

// system is where clients keep their files.
func (p *program) system() setup.System {
	home := p.env["HOME"]
	if runtime.GOOS == "windows" {
		home = p.env["USERPROFILE"]
	}
	return setup.System{OS: runtime.GOOS, Home: home, Env: p.env}
}

// self is this program's path. One that go run made is gone when it ends: it is
// only good for a look.
func (p *program) self(look bool) (string, error) {
	path := p.executable
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return "", failed("finding this program: %w", err)
		}
	}
	if !look && strings.Contains(path, "go-build") {
		return "", errors.New("this program is one that go run made, and is gone when it ends: run go install . first, and then vpsnet-mcp setup")
	}
	return path, nil
}

// changes makes each client's new file. What is not to be changed is left out; a
// file that cannot be edited is told, and hinders no other.
func (p *program) changes(s *Settings, command string, clients []setup.Client, flags setupFlags) (list []change, refused, err error) {
	server, err := catalog(s)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range clients {
		path := c.Path(p.system())
		before, err := setup.Read(path)
		after := before
		switch {
		case err != nil:
		case flags.remove && c.Has(before):
			after, err = c.Undo(path, before)
		case !flags.remove:
			after, err = c.Set(before, setup.Entry{Command: command, Args: s.serverArgs(p.env, c.Toolset(len(server.List())))})
		}
		switch {
		case err != nil:
			refused = errors.Join(refused, failed("%s: %s: %w", c.Title, path, err))
		case bytes.Equal(before, after) && !flags.remove:
			_, _ = fmt.Fprintf(p.err, "%s: is set up already (%s)\n", c.Title, path)
		case !bytes.Equal(before, after):
			list = append(list, change{c, path, before, after})
		}
	}
	return list, refused, nil
}

// carried are the options that a client's entry keeps when they were given by
// flag or environment: the client starts the server without either.
var carried = []string{
	"sandbox", "sandbox-speed", "read-only", "no-destroy", "no-commit", "toolsets", "tools", "exclude-tools", "surface",
	"consent", "policy", "secrets", "audit", "state-dir", "journal", "config", "api-url",
}

// serverArgs are the arguments of the server in a client's entry: those that the
// person gave, and a toolset where the client takes no more.
func (s *Settings) serverArgs(env map[string]string, toolset string) []string {
	var args []string
	for _, o := range options() {
		value, given := s.given[o.name]
		if !given {
			value = env[o.env()]
			given = value != ""
		}
		if !given || !slices.Contains(carried, o.name) {
			continue
		}
		if o.path && value != o.word {
			if whole, err := filepath.Abs(homePath(value)); err == nil {
				value = whole
			}
		}
		switch {
		case o.value == "" && value == "true":
			args = append(args, "--"+o.name)
		case o.value == "":
			args = append(args, "--"+o.name+"="+value)
		default:
			args = append(args, "--"+o.name, value)
		}
	}
	if toolset != "" && len(s.Toolsets) == 0 && len(s.Tools) == 0 && s.Surface == tools.SurfaceAll {
		args = append(args, "--toolsets", toolset)
	}
	return args
}

// show prints the changes.
func (p *program) show(changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s: %s\n%s\n", c.client.Title, c.path, setup.Diff(c.before, c.after, c.client.Secrets(c.before)))
	}
	return p.println(plain(strings.TrimRight(b.String(), "\n")))
}

// agreed shows what would be done, and asks the person for a yes.
func (p *program) agreed(ctx context.Context, in *bufio.Reader, changes []change, secret string, yes bool) error {
	if err := p.show(changes); err != nil {
		return err
	}
	if secret != "" {
		_, _ = fmt.Fprintln(p.err, plain(secret))
	}
	if yes {
		return nil
	}
	if !p.terminal {
		return failed("nobody can be asked: add --yes to write this; nothing was written")
	}
	_, _ = fmt.Fprint(p.err, "\nType yes to write this: ")
	line, err := (&terminal{in: in, out: p.err}).readLine(ctx)
	if err != nil {
		return failed("%w; nothing was written", err)
	}
	if !strings.EqualFold(line, "yes") {
		return failed("nothing was written")
	}
	return nil
}

// write writes the changes, and says what to do next.
func (p *program) write(changes []change, remove bool) error {
	for _, c := range changes {
		backup, err := setup.Write(c.path, c.before, c.after, time.Now())
		if err != nil {
			return failed("%s: %w", c.client.Title, err)
		}
		done := "is set up. " + c.client.After
		if remove {
			done = "no longer has it. " + c.client.After
			if c.after == nil {
				done += " Its file had nothing else, and is deleted."
			}
		}
		if backup != "" {
			done += " What was there before: " + backup
		}
		_, _ = fmt.Fprintln(p.err, plain(c.client.Title+": "+done))
	}
	if remove && len(changes) == 0 {
		_, _ = fmt.Fprintln(p.err, "No client has it.")
	}
	return nil
}
