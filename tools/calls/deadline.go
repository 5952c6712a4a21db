package calls

import (
	"context"
	"time"
)

type deadlineKey struct{}

// WithDeadline sets when a call must have its answer, where its client gives it up.
func WithDeadline(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, deadlineKey{}, at)
}

// DeadlineOf is when a call must have its answer: most from now, or before.
func DeadlineOf(ctx context.Context, most time.Duration) time.Time {
	at := time.Now().Add(most)
	if end, ok := ctx.Value(deadlineKey{}).(time.Time); ok && end.Before(at) {
		return end
	}
	return at
}
