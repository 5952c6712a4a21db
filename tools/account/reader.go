// Package account is the VPS.NET account as one call sees it: each thing read once, names turned into ids, prices and what a
// plan touches. It sends reads alone, and knows neither the tools nor the protocol.
package account

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"vpsnet-mcp/vpsapi"
)

// Reader looks at the account for one call. It sends reads only, and each once:
// what a call has seen stays as it was for the whole of its plan. It is safe for
// concurrent use.
type Reader struct {
	Client *vpsapi.Client
	Now    func() time.Time
	Kept   *ReplyCache // what earlier calls read and does not change in minutes; nil for nothing

	Person   *time.Location // the person's time zone; nil where it is not known
	Restores bool           // for undo: what is put back is what the account had
	Plans    bool           // the call changes something: what its plan is about is wanted whole

	WhyUnlisted func(ctx context.Context, name string) string // what the journal knows of a server of the newer API that no list shows; empty for nothing

	GateOf func(function string) string // names the tool of the search surface that calls a function; nil where each is a tool

	mu    sync.Mutex
	seen  map[string]*pendingRead
	ahead sync.WaitGroup // reads that were begun ahead

	overlooked []string // why a name was looked for among some of the things alone
}

// pendingRead is one read, under way until done is closed.
type pendingRead struct {
	done chan struct{}
	out  any
	err  error
	kept bool // by an earlier call
	try  bool // it was begun ahead, and is made again in earnest where the service failed
}

// isFailedTry reports a try that has ended without an answer of the service.
func (b *pendingRead) isFailedTry() bool {
	select {
	case <-b.done:
		return b.try && vpsapi.IsTemporary(b.err)
	default:
		return false
	}
}

// NewReader makes one; now is the time that it goes by.
func NewReader(c *vpsapi.Client, now func() time.Time) *Reader {
	return &Reader{Client: c, seen: map[string]*pendingRead{}, Now: now}
}

// overlook keeps why a name was looked for among some of the things alone.
func (r *Reader) overlook(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if text := r.Client.Clean(err.Error()); !slices.Contains(r.overlooked, text) {
		r.overlooked = append(r.overlooked, text)
	}
}

// Overlooked tells why names were looked for among some of the things alone; the
// one that was found may not be the only one.
func (r *Reader) Overlooked() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.overlooked)
}

// Fresh returns a reader of the same account that has seen nothing yet.
func (r *Reader) Fresh() *Reader {
	another := NewReader(r.Client, r.Now)
	another.Kept, another.Person, another.Plans, another.GateOf = r.Kept, r.Person, r.Plans, r.GateOf
	return another
}

// Read calls a function that changes nothing, or waits for that where it is under way.
func Read[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In) (Out, error) {
	return read(ctx, r, op, in, false)
}

// Lookup is Read of what is only shown: what an earlier call read up to a minute
// ago does too, of the functions whose replies are kept.
func Lookup[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In) (Out, error) {
	return read(ctx, r, op, in, true)
}

// read returns the reply of a reading function, and reads it once a call; kept allows a reply of the last minute.
func read[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In, kept bool) (Out, error) {
	for {
		begun, do, err := beginRead(ctx, r, op, in, kept)
		if err != nil {
			var none Out
			return none, err
		}
		if do != nil {
			do()
		}
		<-begun.done
		if begun.isFailedTry() && !vpsapi.IsWithoutRetry(ctx) {
			continue // beginRead makes another one
		}
		out, _ := begun.out.(Out)
		return out, begun.err
	}
}

// Prefetch begins a read that is sure to be asked for, beside others. Settle waits for it.
func Prefetch[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In) {
	beginPrefetch(ctx, r, op, in, false)
}

// PrefetchLookup begins a read for Lookup, as Prefetch does for Read.
func PrefetchLookup[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In) {
	beginPrefetch(ctx, r, op, in, true)
}

// beginPrefetch begins a read in the background; its errors are reported by the read that asks for the reply.
func beginPrefetch[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In, kept bool) {
	if _, do, err := beginRead(vpsapi.WithoutRetry(ctx), r, op, in, kept); err == nil && do != nil { // an error is told by who asks for it
		r.ahead.Go(do)
	}
}

// Begin does what reads more than one thing beside others. Settle waits for it.
func (r *Reader) Begin(do func()) { r.ahead.Go(do) }

// Settle ends when every read has that was begun ahead.
func (r *Reader) Settle() { r.ahead.Wait() }

// hasBegun reports that a call has begun to read the reply of a request.
func hasBegun[In, Out any](r *Reader, op vpsapi.Op[In, Out], in In) bool {
	request, err := r.Client.Encode(op, in)
	r.mu.Lock()
	defer r.mu.Unlock()
	return err == nil && r.seen[readKey(op, request)] != nil
}

// readKey returns what makes two reads of a call one.
func readKey(op vpsapi.Operation, request vpsapi.Request) string {
	return op.Info().Name + " " + request.URL()
}

// beginRead gives the reading of a request, and what makes it where nobody has begun it.
func beginRead[In, Out any](ctx context.Context, r *Reader, op vpsapi.Op[In, Out], in In, kept bool) (*pendingRead, func(), error) {
	if op.Safety != vpsapi.Reads {
		return nil, nil, fmt.Errorf("%s is not a read", op.Name)
	}
	request, err := r.Client.Encode(op, in)
	if err != nil {
		return nil, nil, err
	}
	key := readKey(op, request)
	r.mu.Lock()
	defer r.mu.Unlock()
	if begun := r.seen[key]; begun != nil && (kept || !begun.kept) && (vpsapi.IsWithoutRetry(ctx) || !begun.isFailedTry()) {
		return begun, nil, nil
	}
	begun := &pendingRead{done: make(chan struct{}), try: vpsapi.IsWithoutRetry(ctx)}
	r.seen[key] = begun
	if kept {
		if out, ok := r.Kept.get(r.Client, key, r.Now()); ok {
			begun.out, begun.kept = out, true
			close(begun.done)
			return begun, nil, nil
		}
	}
	since := r.Kept.version()
	return begun, func() {
		defer close(begun.done)
		begun.out, begun.err = op.Call(ctx, r.Client, in)
		if begun.err == nil && cachedFunctions[op.Name] {
			r.Kept.put(r.Client, key, begun.out, r.Now(), since)
		}
	}, nil
}
