package confirm

import (
	"context"

	"vpsnet-mcp/tools/answer"
)

// Opened is what became of a request to open a page.
type Opened int

// What may become of it.
const (
	PageOpened  Opened = iota // the client opens it, or says so
	PageRefused               // the client's person does not want to
	PageIgnored               // nobody answered
)

// Opener has the client open a page for its person.
type Opener interface {
	Open(ctx context.Context, q answer.Question) (Opened, error)
	// done tells the client that the page of a plan has its answer.
	Done(ctx context.Context, id string)
}

// openerKey is the key of a context's Opener.
type openerKey struct{}

// WithOpener gives the calls of a context a client that opens pages; nil gives none.
func WithOpener(ctx context.Context, o Opener) context.Context {
	if o == nil {
		return ctx
	}
	return context.WithValue(ctx, openerKey{}, o)
}

// openerOf returns the Opener of a context; nil when the client opens no pages.
func openerOf(ctx context.Context) Opener {
	o, _ := ctx.Value(openerKey{}).(Opener)
	return o
}
