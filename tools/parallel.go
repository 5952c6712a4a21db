package tools

import (
	"context"
	"fmt"
	"sync"

	"vpsnet-mcp/vpsapi"
)

// atOnce bounds the reads of one call that run side by side.
const atOnce = 4

// gather runs reads side by side. What could not be read is marked, and the rest
// is still an answer.
type gather struct {
	ctx     context.Context //nolint:containedctx // it lives for one call
	client  *vpsapi.Client
	places  chan struct{}
	wg      sync.WaitGroup
	mu      sync.Mutex
	missing []string
}

func newGather(ctx context.Context, r *reader) *gather {
	return &gather{ctx: ctx, client: r.client, places: make(chan struct{}, atOnce)}
}

// fetch reads into dst on its own.
func fetch[In, Out any](g *gather, op vpsapi.Op[In, Out], in In, dst *Out) {
	g.wg.Go(func() {
		g.places <- struct{}{}
		defer func() { <-g.places }()
		out, err := op.Call(g.ctx, g.client, in)
		g.mu.Lock()
		defer g.mu.Unlock()
		if err != nil {
			g.missing = append(g.missing, fmt.Sprintf("%s (%v)", op.Name, err))
			return
		}
		*dst = out
	})
}

// wait ends when every read has.
func (g *gather) wait() []string {
	g.wg.Wait()
	return g.missing
}
