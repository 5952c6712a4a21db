package confirm

import (
	"context"
	"errors"
	"time"

	"vpsnet-mcp/tools/answer"
)

// Reply is what a person answered.
type Reply struct {
	Yes    bool
	Closed bool // the question was put away without a yes or a no
	Typed  string
	By     string // how and by whom, for journal and audit
	Code   string // the code that came back with the reply; empty when the ask never left this call
}

// Asker puts a question to a person.
type Asker interface {
	Ask(ctx context.Context, q answer.Question) (Reply, error)
}

// ErrCannotAsk is returned by an Asker whose person cannot be reached by it at all:
// a client that declares forms and does not know them, for one.
var ErrCannotAsk = errors.New("the client cannot ask")

// ErrAskAgain means that the question went out as the call's result: the client
// calls again with the answer.
var ErrAskAgain = errors.New("the question is the call's result")

// askerKey is the key of a context's Asker.
type askerKey struct{}

// WithAsker gives the calls of a context somebody to ask.
func WithAsker(ctx context.Context, a Asker) context.Context {
	return context.WithValue(ctx, askerKey{}, a)
}

// askerOf returns the Asker of a context; nil when nobody can be asked.
func askerOf(ctx context.Context) Asker {
	a, _ := ctx.Value(askerKey{}).(Asker)
	return a
}

// A client without a progress token gives up a call after a minute: asking and
// waiting together end before that. One with a token is kept waiting by progress.
const (
	AskPatience  = 50 * time.Second // unless Options.AskPatience says otherwise
	AskHeartbeat = 15 * time.Second
)
