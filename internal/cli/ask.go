package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
)

// newAsker gives who is asked when a call needs consent: the person at the
// terminal, or whoever wrote --yes, or nobody.
func (p *program) newAsker(yes bool) confirm.Asker {
	switch {
	case yes:
		return &yesAsker{}
	case p.terminal:
		return &terminal{in: bufio.NewReader(p.in), out: p.err}
	default:
		return &absentAsker{}
	}
}

// terminal asks the person who sits there.
type terminal struct {
	in  *bufio.Reader
	out io.Writer
}

// Ask shows the plan and takes one line for an answer. An empty one means no.
func (t *terminal) Ask(ctx context.Context, q answer.Question) (confirm.Reply, error) {
	word := q.Typed
	if word == "" {
		word = "yes"
	}
	if _, err := fmt.Fprintf(t.out, "%s\n\nType %s to go ahead: ", stripControls(q.Plan), stripControls(word)); err != nil {
		return confirm.Reply{}, err
	}
	line, err := t.readLine(ctx)
	if err != nil {
		_, _ = fmt.Fprintln(t.out)
		return confirm.Reply{}, err
	}
	reply := confirm.Reply{Typed: line, By: "the person at the terminal"}
	if q.Typed == "" {
		reply.Yes = strings.EqualFold(line, word)
	} else {
		reply.Yes = line != ""
	}
	return reply, nil
}

// readLine reads until the line's end, or until ctx ends: Ctrl-C must not wait
// for the person.
func (t *terminal) readLine(ctx context.Context) (string, error) {
	type answer struct {
		line string
		err  error
	}
	typed := make(chan answer, 1)
	go func() {
		line, err := t.in.ReadString('\n')
		if errors.Is(err, io.EOF) && line != "" {
			err = nil
		}
		typed <- answer{strings.TrimSpace(line), err}
	}()
	select {
	case a := <-typed:
		return a.line, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// yesAsker says yes to everything: --yes was written on the command line. It was written before the plan was read, so it does not
// cover what the plan has beyond the call.
type yesAsker struct{ absentAsker }

// Ask implements confirm.Asker: it agrees to every plan, as --yes says.
func (s *yesAsker) Ask(ctx context.Context, q answer.Question) (confirm.Reply, error) {
	if q.Extra != "" {
		return s.absentAsker.Ask(ctx, q)
	}
	return confirm.Reply{Yes: true, Typed: q.Typed, By: "--yes on the command line"}, nil
}

// absentAsker is the asker where no person can be asked. It keeps the question for the refusal.
type absentAsker struct{ question *answer.Question }

// Ask implements confirm.Asker: it keeps the question and fails, as no person is there.
func (n *absentAsker) Ask(_ context.Context, q answer.Question) (confirm.Reply, error) {
	n.question = &q
	return confirm.Reply{}, errors.New("no terminal")
}
