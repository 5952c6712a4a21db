// Package account is the VPS.NET account as one call sees it: each thing read once, names turned into ids, prices and what a
// plan touches. It sends reads alone, and knows neither the tools nor the protocol.
package account

import (
	"context"
	"fmt"
	"time"

	"vpsnet-mcp/vpsapi"
)

// Reader looks at the account for one call. It sends reads only, and each once:
// what a call has seen stays as it was for the whole of its plan.
type Reader struct {
	Client *vpsapi.Client
	seen   map[string]any
	Now    func() time.Time

	Person   *time.Location // the person's time zone; nil where it is not known
	Restores bool           // for undo: what is put back is what the account had
}

// NewReader makes one; now is the time that it goes by.
func NewReader(c *vpsapi.Client, now func() time.Time) *Reader {
	return &Reader{Client: c, seen: map[string]any{}, Now: now}
}

// Read calls a function that changes nothing.
func Read[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In) (Out, error) {
	var none Out
	if op.Safety != vpsapi.Reads {
		return none, fmt.Errorf("%s is no read", op.Name)
	}
	request, err := r.Client.Encode(op, in)
	if err != nil {
		return none, err
	}
	key := op.Name + " " + request.URL()
	if out, ok := r.seen[key].(Out); ok {
		return out, nil
	}
	out, err := op.Call(ctx, r.Client, in)
	if err == nil {
		r.seen[key] = out
	}
	return out, err
}
