package tools

import (
	"context"
	"fmt"

	"vpsnet-mcp/vpsapi"
)

// reader looks at the account for plans and answers. It sends reads only.
type reader struct {
	client *vpsapi.Client
}

// read calls a function that changes nothing.
func read[In, Out any](ctx context.Context, r *reader, op vpsapi.Op[In, Out], in In) (Out, error) {
	if op.Safety != vpsapi.Reads {
		var none Out
		return none, fmt.Errorf("%s is no read", op.Name)
	}
	return op.Call(ctx, r.client, in)
}
