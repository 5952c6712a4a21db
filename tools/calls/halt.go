// Package calls is what the context of a call carries beside its arguments: when it halts, its deadline, the place that it
// holds, and whom it tells how it fares.
package calls

import (
	"context"
	"errors"
)

// errCancelled is why a call ends whose client no longer waits for it.
var errCancelled = errors.New("the call was cancelled")

// haltKey is the key of a context's halt.
type haltKey struct{}

// WithHalt gives the calls of a context an end that is gentler than its cancel:
// once halt ends, reads and the request on its way go on, but a plan sends no
// further step, nobody is asked, and nothing is waited for. The cause of halt says why.
func WithHalt(ctx, halt context.Context) context.Context {
	return context.WithValue(ctx, haltKey{}, halt)
}

// CheckHalt says why a call must begin nothing more; nil while it may.
func CheckHalt(ctx context.Context) error {
	halt, _ := ctx.Value(haltKey{}).(context.Context)
	for _, ended := range []context.Context{halt, ctx} {
		if ended == nil || ended.Err() == nil {
			continue
		}
		if cause := context.Cause(ended); !errors.Is(cause, context.Canceled) {
			return cause
		}
		return errCancelled
	}
	return nil
}

// UntilHalt is a context that also ends when its calls are halted.
func UntilHalt(ctx context.Context) (context.Context, context.CancelFunc) {
	until, cancel := context.WithCancelCause(ctx)
	halt, ok := ctx.Value(haltKey{}).(context.Context)
	if !ok {
		return until, func() { cancel(nil) }
	}
	stop := context.AfterFunc(halt, func() { cancel(context.Cause(halt)) })
	return until, func() { stop(); cancel(nil) }
}

// placeKey is the key of what lets a context's call leave its place among those at once.
type placeKey struct{}

// WithPlace gives the calls of a context a place that they leave while they wait for
// time to pass or for a person: rest leaves it, back takes it again.
func WithPlace(ctx context.Context, rest func() (back func())) context.Context {
	return context.WithValue(ctx, placeKey{}, rest)
}

// LeavePlace leaves the place of a context's call, if it has one.
func LeavePlace(ctx context.Context) (back func()) {
	if leave, ok := ctx.Value(placeKey{}).(func() func()); ok {
		return leave()
	}
	return func() {}
}
