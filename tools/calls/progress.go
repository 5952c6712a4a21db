package calls

import (
	"context"
	"time"
)

// AnswerTimeout is how long a call may work before it answers: clients give up after about a minute.
const AnswerTimeout = 45 * time.Second

// progressKey is the key of a context's progress function.
type progressKey struct{}

// WithProgress gives the calls of a context a way to tell how they fare.
func WithProgress(ctx context.Context, tell func(string)) context.Context {
	return context.WithValue(ctx, progressKey{}, tell)
}

// ProgressOf is how a call of a context tells how it fares; a client that did not
// ask for it is not told.
func ProgressOf(ctx context.Context) func(message string) {
	if tell, ok := ctx.Value(progressKey{}).(func(string)); ok {
		return tell
	}
	return func(string) {}
}

// HasProgress reports a context whose calls can tell how they fare.
func HasProgress(ctx context.Context) bool { return ctx.Value(progressKey{}) != nil }
