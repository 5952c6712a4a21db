package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// setupFlags are the flags of the command setup.
type setupFlags struct {
	remove, print, yes, file bool
	url, tokenEnv            string
}

// setupCommand returns the command setup.
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

The key goes into the system's keyring, or into a file that only you can read;
never into a client's file. Each client's change is shown and confirmed first, and a
backup is kept. What else is in a file stays as it is. With --sandbox no account is needed. --toolsets,
--read-only and other flags of the server that you give are written too.

--url connects to a server that is hosted elsewhere, and asks for no credentials.

Run it again to change something, and with --remove to undo it.`,
		Example: `  vpsnet-mcp setup                     all clients that are installed
  vpsnet-mcp setup cursor --sandbox    one client, without an account
  vpsnet-mcp setup --print codex       only show what would be written
  vpsnet-mcp setup gemini --url https://mcp.example.com/mcp --token-env VPS_NET_TOKEN`,
		ValidArgs: names,
		RunE:      func(cmd *cobra.Command, args []string) error { return p.setup(cmd, args, flags) },
	}
	cmd.Flags().BoolVar(&flags.remove, "remove", false, "remove this program again; without a client the stored key too")
	cmd.Flags().StringVar(&flags.url, "url", "", "connect to the hosted server at `URL`, such as https://mcp.example.com/mcp, instead of starting one")
	cmd.Flags().StringVar(&flags.tokenEnv, "token-env", "", "with --url: the environment `VARIABLE` from which the client takes the bearer token")
	cmd.Flags().BoolVar(&flags.print, "print", false, "only show what would be written")
	cmd.Flags().BoolVar(&flags.yes, "yes", false, "write without asking")
	cmd.Flags().BoolVar(&flags.file, "no-keyring", false, "keep the key in a file instead of the system's keyring")
	return cmd
}

// setup connects or disconnects the clients that are named or installed.
func (p *program) setup(cmd *cobra.Command, args []string, flags setupFlags) error {
	clients, err := p.chosenClients(args, flags.remove)
	if err != nil {
		return err
	}
	s, err := p.settings(cmd)
	if err != nil {
		return err
	}
	at, err := s.ConfigFile()
	if err != nil {
		return err
	}
	if flags.remove {
		return p.disconnect(cmd.Context(), at, clients, len(args) == 0, flags)
	}
	return p.connect(cmd.Context(), s, at, clients, flags)
}

// connect keeps the account, and puts the program into the clients' files.
func (p *program) connect(ctx context.Context, s *settings.Settings, at string, clients []setup.Client, flags setupFlags) error {
	in := bufio.NewReader(p.in)
	entry, account, err := p.resolveEntry(ctx, s, at, in, flags)
	if err != nil {
		return err
	}
	all, err := p.planAdditions(s, entry, account, clients)
	if err != nil {
		return err
	}
	if flags.tokenEnv != "" {
		_, _ = fmt.Fprintf(p.err, "The client takes the token from the variable %s: set it where the client starts.\n", flags.tokenEnv)
	}
	changes, refused := selectWritable(all)
	if flags.print {
		return errors.Join(p.printChanges(all), refused)
	}
	if len(changes) == 0 && refused != nil {
		return refused
	}
	var secret keyUpdate
	if flags.url == "" {
		if secret, err = p.planKeep(s, account, at, flags.file); err != nil {
			return err
		}
	}
	if len(changes) > 0 || secret.do != nil {
		if changes, err = p.confirmChanges(ctx, in, changes, secret.says, flags.yes); err != nil {
			return err
		}
	}
	if err := secret.apply(); err != nil {
		return err
	}
	return errors.Join(p.writeChanges(changes, isSetUp), refused)
}

// resolveEntry returns what the clients' entries start or lead to, and the account that a local server works on.
func (p *program) resolveEntry(ctx context.Context, s *settings.Settings, at string, in *bufio.Reader, flags setupFlags) (setup.Entry, login, error) {
	if flags.url != "" {
		return setup.Entry{URL: flags.url, TokenVariable: flags.tokenEnv}, login{}, errors.Join(setup.CheckURL(flags.url), setup.CheckVariable(flags.tokenEnv))
	}
	if flags.tokenEnv != "" {
		return setup.Entry{}, login{}, errors.New("--token-env goes with --url: a server of your own needs no token")
	}
	command, err := p.executablePath(flags.print)
	if err != nil {
		return setup.Entry{}, login{}, err
	}
	args, err := p.serverArgs(s, at)
	if err != nil {
		return setup.Entry{}, login{}, err
	}
	var account login
	if !flags.print {
		account, err = p.credentials(ctx, s, in)
	}
	return setup.Entry{Command: command, Args: args}, account, err
}

// disconnect takes the program out of the clients' files, and then, when no
// client is left that needs it, forgets the account.
func (p *program) disconnect(ctx context.Context, at string, clients []setup.Client, all bool, flags setupFlags) error {
	changes, refused := selectWritable(p.planRemovals(clients))
	p.tellOtherEntries(clients)
	if flags.print {
		return errors.Join(p.printChanges(changes), refused)
	}
	var secret keyUpdate
	if all {
		var err error
		secret, err = p.planForget(at)
		refused = errors.Join(refused, err)
	}
	var stays error
	if secret.do != nil {
		stays = errors.New("some clients' entries could not be removed, so the stored key stays; remove them, and run this again")
	}
	if refused != nil {
		refused, secret = errors.Join(refused, stays), keyUpdate{}
	}
	switch {
	case len(changes) > 0 || secret.do != nil:
		agreed, err := p.confirmChanges(ctx, bufio.NewReader(p.in), changes, secret.says, flags.yes)
		if err != nil {
			return errors.Join(refused, err)
		}
		if len(agreed) < len(changes) { // what stays connected needs the key
			secret = keyUpdate{}
		}
		changes = agreed
	case refused == nil:
		_, _ = fmt.Fprintln(p.err, "No client's configuration has an entry that setup wrote.")
	}
	if err := p.writeChanges(changes, describeRemoval); err != nil {
		if refused == nil {
			refused = stays
		}
		return errors.Join(err, refused)
	}
	if refused != nil {
		return refused
	}
	if err := secret.apply(); err != nil {
		return err
	}
	p.tellState(all)
	return nil
}

// tellState says where what was done through the program is kept on, once every client has lost it.
func (p *program) tellState(all bool) {
	dir, err := settings.StateDirectory(p.env)
	if _, none := os.Stat(dir); all && err == nil && none == nil {
		_, _ = fmt.Fprintf(p.err, "The journal of what was changed stays, in %s: delete that directory if you need it no more. Backups of the clients' files (.bak-...) stay too.\n", dir)
	}
}

// isSetUp says that a client has this program.
func isSetUp(c clientChange) string {
	says := "is set up. " + c.client.After
	old, _, _ := c.client.FindOurs(c.before)
	now, _, _ := c.client.FindOurs(c.after)
	gone := slices.DeleteFunc(old.RemovedMembers(), func(name string) bool { return slices.Contains(now.Members, name) })
	if len(gone) > 0 {
		says += " No longer in its entry: " + strings.Join(gone, ", ") + "."
	}
	return says + describeDisabled(c)
}

// describeDisabled says that a client is told not to start its entry. That stays: who
// said so may have had a reason, and setup without a name means every client.
func describeDisabled(c clientChange) string {
	if now, _, _ := c.client.FindOurs(c.after); now.Off {
		return " But its entry is switched off (disabled, or enabled = false), and stays so: switch it on in the client."
	}
	return ""
}

// describeRemoval says that a client has this program no more.
func describeRemoval(c clientChange) string {
	says := "no longer has it. " + c.client.After
	if c.after == nil {
		says += " Its file had nothing else, and is deleted."
	}
	return says
}

// chosenClients are those named, else those installed; to remove, those too that
// are installed no more.
func (p *program) chosenClients(names []string, remove bool) ([]setup.Client, error) {
	if p.clientSystem().Home == "" {
		return nil, errors.New("no home directory is known (HOME, on Windows USERPROFILE): it is where clients keep their files")
	}
	var chosen []setup.Client
	for _, name := range names {
		c, ok := setup.Find(name)
		if !ok {
			var known []string
			for _, c := range setup.Clients() {
				known = append(known, c.Name)
			}
			return nil, fmt.Errorf("unknown client %s%s", vpsapi.Quote(name), words.Suggest(name, known))
		}
		chosen = append(chosen, c)
	}
	if len(names) > 0 {
		return chosen, nil
	}
	for _, c := range setup.Clients() {
		if remove || c.Installed(p.clientSystem()) {
			chosen = append(chosen, c)
		}
	}
	if len(chosen) == 0 {
		return nil, errors.New("no client was found; name one, such as: vpsnet-mcp setup claude-desktop")
	}
	return chosen, nil
}

// clientSystem returns where clients keep their files.
func (p *program) clientSystem() setup.System {
	home := p.env["HOME"]
	if runtime.GOOS == "windows" {
		home = p.env["USERPROFILE"]
	}
	return setup.System{OS: runtime.GOOS, Home: home, Env: p.env}
}

// executablePath returns this program's path. A program that go run made is deleted when it ends: its path is only good
// for a look.
func (p *program) executablePath(look bool) (string, error) {
	path := p.executable
	if path == "" {
		var err error
		if path, err = os.Executable(); err != nil {
			return "", failuref("finding this program: %w", err)
		}
	}
	if !look && p.isGoRunBinary(path) {
		return "", errors.New("this program was built by go run, which deletes it when it ends: run go install . first, and then vpsnet-mcp setup")
	}
	return path, nil
}

// goRunFolders are the folders in which go run makes a program: one of its own, or one
// of the build cache, which may be anywhere.
var goRunFolders = regexp.MustCompile(`(^|/)(go-build\d*|[0-9a-f]{64}-d)/`)

// isGoRunBinary reports a binary of "go run", which is deleted when it ends.
func (p *program) isGoRunBinary(path string) bool {
	path, cache := filepath.ToSlash(path), filepath.ToSlash(p.env["GOCACHE"])
	return goRunFolders.MatchString(path) || cache != "" && strings.HasPrefix(path, strings.TrimRight(cache, "/")+"/")
}
