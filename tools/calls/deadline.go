package calls

import (
	"context"
	"time"
)

// deadlineKey is the key of a context's deadline for the answer.
type deadlineKey struct{}

// WithDeadline sets when a call must have its answer, where its client gives it up.
func WithDeadline(ctx context.Context, at time.Time) context.Context {
	return context.WithValue(ctx, deadlineKey{}, at)
}

// AskUntil is when a question of a call must have its answer: a client that is told of progress bears most from now, and the
// others give the whole call up at its deadline.
func AskUntil(ctx context.Context, most time.Duration) time.Time {
	if HasProgress(ctx) {
		return time.Now().Add(most)
	}
	return DeadlineOf(ctx, most)
}

// DeadlineOf is when a call must have its answer: most from now, or before.
func DeadlineOf(ctx context.Context, most time.Duration) time.Time {
	at := time.Now().Add(most)
	if end, ok := ctx.Value(deadlineKey{}).(time.Time); ok && end.Before(at) {
		return end
	}
	return at
}
