package tools

import (
	"context"
	"fmt"
	"time"

	"vpsnet-mcp/vpsapi"
)

// reader looks at the account for one call. It sends reads only, and each once:
// what a call has seen stays as it was for the whole of its plan.
type reader struct {
	client *vpsapi.Client
	seen   map[string]any
	now    func() time.Time

	person   *time.Location // the person's time zone; nil where it is not known
	restores bool           // for undo: what is put back is what the account had
}

// newReader makes one; now is the time that it goes by.
func newReader(c *vpsapi.Client, now func() time.Time) *reader {
	return &reader{client: c, seen: map[string]any{}, now: now}
}

// read calls a function that changes nothing.
func read[In, Out any](ctx context.Context, r *reader, op vpsapi.Op[In, Out], in In) (Out, error) {
	var none Out
	if op.Safety != vpsapi.Reads {
		return none, fmt.Errorf("%s is no read", op.Name)
	}
	request, err := r.client.Encode(op, in)
	if err != nil {
		return none, err
	}
	key := op.Name + " " + request.URL()
	if out, ok := r.seen[key].(Out); ok {
		return out, nil
	}
	out, err := op.Call(ctx, r.client, in)
	if err == nil {
		r.seen[key] = out
	}
	return out, err
}
