package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/setup"
)

// clientChange is a client's file before and after.
type clientChange struct {
	client        setup.Client
	path          string
	before, after []byte
	entry         *setup.Entry // that is put in; nil for one that is taken out
	refused       error        // why the file is left alone
}

// planAdditions makes each client's file with our entry, which starts the given command. A client that has the entry
// already is reported and left out.
func (p *program) planAdditions(s *settings.Settings, started setup.Entry, account login, clients []setup.Client) ([]clientChange, error) {
	older, newer := account.hasOlderAPI() || s.Sandbox || account.token == "" && (s.Email != "" || !s.HasToken()), account.token != "" || s.HasToken()
	server, err := settings.CatalogOf(s, older, newer)
	if err != nil {
		return nil, err
	}
	var list []clientChange
	for _, c := range clients {
		if err := c.Hosted(started.URL); started.URL != "" && err != nil {
			list = append(list, clientChange{client: c, path: c.Path(p.clientSystem()), refused: failuref("%s: %w", c.Title, err)})
			continue
		}
		e := setup.Entry{URL: started.URL, TokenVariable: started.TokenVariable, Command: started.Command}
		if e.URL == "" {
			e.Args = started.Args
			if !c.Takes(len(server.List())) {
				e.Args = slices.Concat(started.Args, s.FewerArgs(older, newer))
			}
		}
		made := p.edit(c, func(_ string, before []byte) ([]byte, error) { return c.Set(before, e) })
		if made.entry = &e; made.refused == nil && bytes.Equal(made.before, made.after) {
			_, _ = fmt.Fprintf(p.err, "%s: is set up already (%s).%s\n", c.Title, made.path, describeDisabled(made))
			continue
		}
		if c.Mute && e.URL == "" && s.From["consent"] == "" { // a hosted server has its pages
			_, _ = fmt.Fprintf(p.err, "%s: cannot ask you before something is interrupted, bought or lost. With setup --consent person, your browser does.\n", c.Title)
		}
		list = append(list, made)
	}
	return list, nil
}

// planRemovals makes the file without our entry of each client that has it.
func (p *program) planRemovals(clients []setup.Client) []clientChange {
	var list []clientChange
	for _, c := range clients {
		made := p.edit(c, func(path string, before []byte) ([]byte, error) {
			if _, has, err := c.FindOurs(before); !has {
				return before, err
			}
			return c.UndoSetup(path, before)
		})
		if made.refused != nil || !bytes.Equal(made.before, made.after) {
			list = append(list, made)
		}
	}
	return list
}

// tellOtherEntries says which entries start this program and stay: under names that setup does not write.
func (p *program) tellOtherEntries(clients []setup.Client) {
	for _, c := range clients {
		path := c.Path(p.clientSystem())
		text, err := setup.Read(path)
		if err != nil {
			continue
		}
		ours, _, _ := c.FindOurs(text)
		entries, _ := c.Connected(text)
		for _, e := range entries {
			if e.Name != setup.Name && e.Name != ours.Name {
				_, _ = fmt.Fprintf(p.err, "%s: the entry %s starts this program too, and stays, as setup did not write it: remove it in %s.\n", c.Title, e.Name, path)
			}
		}
	}
}

// edit makes a client's new file, and refuses one that could not be written: that
// must be known before anything is kept.
func (p *program) edit(c setup.Client, with func(path string, before []byte) ([]byte, error)) clientChange {
	made := clientChange{client: c, path: c.Path(p.clientSystem())}
	var err error
	if made.before, err = setup.Read(made.path); err == nil {
		made.after, err = with(made.path, made.before)
	}
	if err == nil && !bytes.Equal(made.before, made.after) {
		err = setup.CheckWritable(made.path)
	}
	if err != nil {
		made.refused = failuref("%s: %s: %w", c.Title, made.path, err)
	}
	return made
}

// selectWritable returns the changes that can be made. The error names the others; they do not stop the rest.
func selectWritable(changes []clientChange) (list []clientChange, refused error) {
	for _, c := range changes {
		if c.refused != nil {
			refused = errors.Join(refused, c.refused)
			continue
		}
		list = append(list, c)
	}
	return list, refused
}

// printChanges prints what setup would change in each client's file.
func (p *program) printChanges(changes []clientChange) error {
	if len(changes) == 0 {
		return nil
	}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s: %s\n%s\n", c.client.Title, c.path, c.preview())
	}
	return p.println(stripControls(strings.TrimRight(b.String(), "\n")))
}

// preview returns what changes in our entry, or what is to be put in by hand. Of what
// stands there it has the names alone, and nothing of other servers' entries:
// values may be secret.
func (c clientChange) preview() string {
	if c.refused != nil {
		return c.manualEntry()
	}
	var b strings.Builder
	if old, was, _ := c.client.FindOurs(c.before); was {
		fmt.Fprintf(&b, "- the entry %s: %s (values are not shown)\n", old.Name, strings.Join(old.Members, ", "))
	}
	if c.entry == nil {
		return b.String()
	}
	b.WriteString(entrySnippet(c.client, *c.entry))
	if now, _, _ := c.client.FindOurs(c.after); len(now.KeptMembers()) > 0 {
		fmt.Fprintf(&b, "  as before: %s\n", strings.Join(now.KeptMembers(), ", "))
	}
	return b.String()
}

// manualEntry returns the entry for a file that is left alone; nothing where it should go out.
func (c clientChange) manualEntry() string {
	if c.entry == nil {
		return ""
	}
	return "  add by hand, beside what is there:\n" + entrySnippet(c.client, *c.entry)
}

// entrySnippet returns our entry as a file that has nothing else.
func entrySnippet(c setup.Client, e setup.Entry) string {
	text, _ := c.Set(nil, e) // an empty file takes any entry
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		b.WriteString("+ " + line)
	}
	return b.String()
}

// confirmChanges shows what would be done and asks the person about each client's change. It returns those that were
// agreed to; none at all is an error.
func (p *program) confirmChanges(ctx context.Context, in *bufio.Reader, changes []clientChange, secret string, yes bool) ([]clientChange, error) {
	if secret != "" {
		_, _ = fmt.Fprintln(p.err, stripControls(secret))
	}
	if yes || !p.terminal {
		if err := p.printChanges(changes); err != nil || yes {
			return changes, err
		}
		return nil, failuref("there is no terminal to ask on: add --yes to write this; nothing was written")
	}
	if len(changes) == 0 {
		ok, err := p.askYes(ctx, in, "Type yes to do this: ")
		if err == nil && !ok {
			err = failuref("nothing was written")
		}
		return nil, err
	}
	var list []clientChange
	for _, c := range changes {
		if err := p.printChanges([]clientChange{c}); err != nil {
			return nil, err
		}
		ok, err := p.askYes(ctx, in, "Type yes to write this for "+c.client.Title+": ")
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, failuref("nothing was written")
	}
	return list, nil
}

// askYes asks the person at the terminal for the word.
func (p *program) askYes(ctx context.Context, in *bufio.Reader, prompt string) (bool, error) {
	_, _ = fmt.Fprint(p.err, "\n"+prompt)
	line, err := (&terminal{in: in, out: p.err}).readLine(ctx)
	if err != nil {
		return false, failuref("%w; nothing was written", err)
	}
	return strings.EqualFold(line, "yes"), nil
}

// writeChanges writes the changes and reports each result. One that fails does not stop those after it.
func (p *program) writeChanges(changes []clientChange, says func(clientChange) string) error {
	var faults error
	for _, c := range changes {
		backup, err := setup.Write(c.path, c.before, c.after, time.Now())
		if err != nil {
			faults = errors.Join(faults, failuref("%s: %w", c.client.Title, err))
			continue
		}
		done := says(c)
		if backup != "" {
			done += " What was there before: " + backup
		}
		_, _ = fmt.Fprintln(p.err, stripControls(c.client.Title+": "+done))
	}
	return faults
}
