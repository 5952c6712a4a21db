package planning

import (
	"context"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// withDefaults returns a step's request with its defaults written out, as it is compared and
// never sent. A default that the service tells in no form that it takes stays out.
func withDefaults(ctx context.Context, r *account.Reader, step plan.Step) (vpsapi.Request, error) {
	say := catalog.RowOf(step.Op.Info().Name).Whole
	if say == nil {
		return step.Request, nil
	}
	in, err := say(ctx, r, step.In)
	if err != nil {
		return step.Request, err
	}
	if request, err := r.Client.Encode(step.Op, in); err == nil {
		return request, nil
	}
	return step.Request, nil
}
