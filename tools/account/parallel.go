package account

import (
	"context"
	"fmt"
	"sync"

	"vpsnet-mcp/vpsapi"
)

// maxParallel bounds the reads of one call that run side by side.
const maxParallel = 5

// Gather runs reads side by side. What could not be read is marked, and the rest
// is still an answer.
type Gather struct {
	ctx    context.Context //nolint:containedctx // it lives for one call
	reader *Reader
	places chan struct{}
	wg     sync.WaitGroup
	Each   func(done int) // is told after each read, one at a time; nil for nobody

	mu     sync.Mutex
	done   int
	failed []FailedRead
	first  error
}

// FailedRead is a function that could not be read, how often, and why at first.
type FailedRead struct {
	name  string
	times int
	why   string
}

// NewGather makes one for the reads of a context, on the account that r looks at.
func NewGather(ctx context.Context, r *Reader) *Gather {
	return &Gather{ctx: ctx, reader: r, places: make(chan struct{}, maxParallel)}
}

// TryFetch is fetch of what the account's APIs have; what they have not is not
// read, and not missing.
func TryFetch[In, Out any](g *Gather, op vpsapi.Op[In, Out], in In, dst *Out) *bool {
	if !g.reader.Client.HasAPI(op.API) {
		return new(bool)
	}
	return Fetch(g, op, in, dst)
}

// TryFetchKept is TryFetch of what is only shown: what was read up to a minute ago does too, of the functions whose replies are kept.
// A kept reply alone does not make a report.
func TryFetchKept[In, Out any](g *Gather, op vpsapi.Op[In, Out], in In, dst *Out) *bool {
	if !g.reader.Client.HasAPI(op.API) {
		return new(bool)
	}
	return fetch(g, op.Name, 0, dst, func() (Out, error) { return Lookup(g.ctx, g.reader, op, in) })
}

// Fetch reads into dst on its own. Once the gather has waited, the result says
// whether it was read.
func Fetch[In, Out any](g *Gather, op vpsapi.Op[In, Out], in In, dst *Out) *bool {
	return fetch(g, op.Name, 1, dst, func() (Out, error) { return op.Call(g.ctx, g.reader.Client, in) })
}

// fetch reads with a call; answers is what a success counts towards an answer.
func fetch[Out any](g *Gather, name string, answers int, dst *Out, call func() (Out, error)) *bool {
	got := new(bool)
	g.wg.Go(func() {
		g.places <- struct{}{}
		defer func() { <-g.places }()
		out, err := call()
		g.mu.Lock()
		defer g.mu.Unlock()
		if err != nil {
			g.done++
			g.fail(name, err)
			return
		}
		*dst, *got = out, true
		g.done += answers
		if g.Each != nil {
			g.Each(g.done)
		}
	})
	return got
}

// fail counts a read that failed, by name; the first error is kept whole.
func (g *Gather) fail(name string, err error) {
	if g.first == nil {
		g.first = err
	}
	for i := range g.failed {
		if g.failed[i].name == name {
			g.failed[i].times++
			return
		}
	}
	g.failed = append(g.failed, FailedRead{name, 1, g.reader.Client.Clean(err.Error())})
}

// Wait ends when every read has. It tells what could not be read, each function
// once; the error is for when nothing could.
func (g *Gather) Wait() (missing []string, err error) {
	g.wg.Wait()
	failures := 0
	for _, f := range g.failed {
		failures += f.times
		if f.times == 1 {
			missing = append(missing, fmt.Sprintf("%s (%s)", f.name, f.why))
			continue
		}
		missing = append(missing, fmt.Sprintf("%s, %d times (first: %s)", f.name, f.times, f.why))
	}
	if failures > 0 && failures == g.done {
		return missing, g.first
	}
	return missing, nil
}
