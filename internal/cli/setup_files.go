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

// change is a client's file before and after.
type change struct {
	client        setup.Client
	path          string
	before, after []byte
	entry         *setup.Entry // that is put in; nil for one that is taken out
	refused       error        // why the file is left alone
}

// additions makes each client's file with our entry, which starts what is given.
// One that has it already is told and left out. How many tools are offered follows
// from what the account has.
func (p *program) additions(s *settings.Settings, started setup.Entry, account login, clients []setup.Client) ([]change, error) {
	older, newer := account.older() || s.Sandbox || account.token == "" && (s.Email != "" || !s.HasToken()), account.token != "" || s.HasToken()
	server, err := settings.CatalogOf(s, older, newer)
	if err != nil {
		return nil, err
	}
	var list []change
	for _, c := range clients {
		if err := c.Hosted(started.URL); started.URL != "" && err != nil {
			list = append(list, change{client: c, path: c.Path(p.system()), refused: failed("%s: %w", c.Title, err)})
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
			_, _ = fmt.Fprintf(p.err, "%s: is set up already (%s).%s\n", c.Title, made.path, switchedOff(made))
			continue
		}
		if c.Mute && e.URL == "" && s.From["consent"] == "" { // a hosted server has its pages
			_, _ = fmt.Fprintf(p.err, "%s: cannot ask you before something is interrupted, bought or lost. With setup --consent person, your browser does.\n", c.Title)
		}
		list = append(list, made)
	}
	return list, nil
}

// removals makes the file without our entry of each client that has it.
func (p *program) removals(clients []setup.Client) []change {
	var list []change
	for _, c := range clients {
		made := p.edit(c, func(path string, before []byte) ([]byte, error) {
			if _, has, err := c.Ours(before); !has {
				return before, err
			}
			return c.Undo(path, before)
		})
		if made.refused != nil || !bytes.Equal(made.before, made.after) {
			list = append(list, made)
		}
	}
	return list
}

// edit makes a client's new file, and refuses one that could not be written: that
// must be known before anything is kept.
func (p *program) edit(c setup.Client, with func(path string, before []byte) ([]byte, error)) change {
	made := change{client: c, path: c.Path(p.system())}
	var err error
	if made.before, err = setup.Read(made.path); err == nil {
		made.after, err = with(made.path, made.before)
	}
	if err == nil && !bytes.Equal(made.before, made.after) {
		err = setup.Writable(made.path)
	}
	if err != nil {
		made.refused = failed("%s: %s: %w", c.Title, made.path, err)
	}
	return made
}

// possible are the changes that can be made; the error tells the others, which
// hinder none.
func possible(changes []change) (list []change, refused error) {
	for _, c := range changes {
		if c.refused != nil {
			refused = errors.Join(refused, c.refused)
			continue
		}
		list = append(list, c)
	}
	return list, refused
}

// show prints the changes.
func (p *program) show(changes []change) error {
	if len(changes) == 0 {
		return nil
	}
	var b strings.Builder
	for _, c := range changes {
		fmt.Fprintf(&b, "%s: %s\n%s\n", c.client.Title, c.path, c.shown())
	}
	return p.println(plain(strings.TrimRight(b.String(), "\n")))
}

// shown is what changes in our entry, or what is to be put in by hand. Of what
// stands there it has the names alone, and nothing of other servers' entries:
// values may be secret.
func (c change) shown() string {
	if c.refused != nil {
		return c.byHand()
	}
	var b strings.Builder
	if old, was, _ := c.client.Ours(c.before); was {
		fmt.Fprintf(&b, "- the entry %s: %s (values are not shown)\n", old.Name, strings.Join(old.Members, ", "))
	}
	if c.entry == nil {
		return b.String()
	}
	b.WriteString(snippet(c.client, *c.entry))
	if now, _, _ := c.client.Ours(c.after); len(now.Kept()) > 0 {
		fmt.Fprintf(&b, "  as before: %s\n", strings.Join(now.Kept(), ", "))
	}
	return b.String()
}

// byHand is the entry for a file that is left alone; nothing where it should go out.
func (c change) byHand() string {
	if c.entry == nil {
		return ""
	}
	return "  add by hand, beside what is there:\n" + snippet(c.client, *c.entry)
}

// snippet is our entry as a file that has nothing else.
func snippet(c setup.Client, e setup.Entry) string {
	text, _ := c.Set(nil, e) // an empty file takes any entry
	var b strings.Builder
	for line := range strings.Lines(string(text)) {
		b.WriteString("+ " + line)
	}
	return b.String()
}

// agreed shows what would be done, and asks the person for a yes to each client's
// change. It gives those that were agreed to; none at all is an error.
func (p *program) agreed(ctx context.Context, in *bufio.Reader, changes []change, secret string, yes bool) ([]change, error) {
	if secret != "" {
		_, _ = fmt.Fprintln(p.err, plain(secret))
	}
	if yes || !p.terminal {
		if err := p.show(changes); err != nil || yes {
			return changes, err
		}
		return nil, failed("there is no terminal to ask on: add --yes to write this; nothing was written")
	}
	if len(changes) == 0 {
		ok, err := p.yes(ctx, in, "Type yes to do this: ")
		if err == nil && !ok {
			err = failed("nothing was written")
		}
		return nil, err
	}
	var list []change
	for _, c := range changes {
		if err := p.show([]change{c}); err != nil {
			return nil, err
		}
		ok, err := p.yes(ctx, in, "Type yes to write this for "+c.client.Title+": ")
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, c)
		}
	}
	if len(list) == 0 {
		return nil, failed("nothing was written")
	}
	return list, nil
}

// yes asks the person at the terminal for the word.
func (p *program) yes(ctx context.Context, in *bufio.Reader, prompt string) (bool, error) {
	_, _ = fmt.Fprint(p.err, "\n"+prompt)
	line, err := (&terminal{in: in, out: p.err}).readLine(ctx)
	if err != nil {
		return false, failed("%w; nothing was written", err)
	}
	return strings.EqualFold(line, "yes"), nil
}

// write writes the changes, and says of each what came of it. One that fails stops
// none after it.
func (p *program) write(changes []change, says func(change) string) error {
	var faults error
	for _, c := range changes {
		backup, err := setup.Write(c.path, c.before, c.after, time.Now())
		if err != nil {
			faults = errors.Join(faults, failed("%s: %w", c.client.Title, err))
			continue
		}
		done := says(c)
		if backup != "" {
			done += " What was there before: " + backup
		}
		_, _ = fmt.Fprintln(p.err, plain(c.client.Title+": "+done))
	}
	return faults
}
