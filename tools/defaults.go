package tools

import (
	"cmp"
	"context"
	"sync"

	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// sayer writes out what an input leaves to a default.
type sayer func(ctx context.Context, r *reader, in any) (any, error)

// defaults are those of the schemas' descriptions that a caller can also write
// out, which makes another request of the same change. They are written out, not
// taken away: what a change has made the default since is still what it asked for.
var defaults = sync.OnceValue(func() map[string]sayer {
	return map[string]sayer{
		vpsapi.CloneServer.Name: func(ctx context.Context, r *reader, in any) (any, error) {
			clone := in.(vpsapi.CloneServerIn)
			s, err := r.server(ctx, clone.ServerID)
			clone.CloudID = cmp.Or(clone.CloudID, s.CloudID)
			return clone, err
		},
		vpsapi.RebuildServer.Name: func(ctx context.Context, r *reader, in any) (any, error) {
			build := in.(vpsapi.RebuildServerIn)
			s, err := r.server(ctx, build.ServerID)
			build.SystemTemplateID = cmp.Or(build.SystemTemplateID, s.SystemTemplateID)
			return build, err
		},
	}
})

// whole is a step's request with its defaults written out, as it is compared and
// never sent. A default that the service tells in no form that it takes stays out.
func whole(ctx context.Context, r *reader, step plan.Step) (vpsapi.Request, error) {
	say, ok := defaults()[step.Op.Info().Name]
	if !ok {
		return step.Request, nil
	}
	in, err := say(ctx, r, step.In)
	if err != nil {
		return step.Request, err
	}
	if request, err := r.client.Encode(step.Op, in); err == nil {
		return request, nil
	}
	return step.Request, nil
}
