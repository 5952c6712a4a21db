package vpsapi

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// What the chain does by itself.
const (
	// firstBackoff is the pause before the first retry; each later one is longer.
	firstBackoff = 200 * time.Millisecond
	// maxBackoff is the longest pause before a retry.
	maxBackoff = 3 * time.Second
	// retryJitter is the part of a wait that chance adds or takes away, so that
	// callers who failed together do not come back together.
	retryJitter = 0.3
	// maxRetryAfter is the longest Retry-After that is waited for; a caller would
	// rather be told of a longer one.
	maxRetryAfter = 10 * time.Second
)

// errNoPlace is a call that was given up before its turn: no fault of the service.
var errNoPlace = errors.New("the call was given up while it waited for its turn")

// callChain is what every call to the service passes, from the outside in: the
// time limit of the call, retries (reads only), the service's health, the call's
// turn among the account's, its health again, the time limit of the attempt.
type callChain struct {
	config Config
	server string // for those who observe
	turns  *callQueue
	health *serviceHealth
	reads  failsafe.Executor[rawReply] // a change is sent once
}

// newChain returns the links between a call and the wire: turns, retries, breaker, timeout.
func newChain(c Config) *callChain {
	ch := &callChain{config: c}
	if u, err := url.Parse(c.BaseURL); err == nil {
		ch.server = u.Host
	}
	ch.turns = newCallQueue(orDefault(c.Concurrent, 5), orDefault(c.PerSecond, 5))
	ch.health = &serviceHealth{changed: c.Breaker}
	retry := retrypolicy.NewBuilder[rawReply]().
		HandleIf(func(_ rawReply, err error) bool { return isTransient(err) }).
		WithMaxAttempts(max(1, orDefault(c.Attempts, 3))).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[rawReply]) time.Duration {
			return retryPause(e.Attempts(), e.LastError())
		}).
		ReturnLastFailure().Build()
	ch.reads = failsafe.With[rawReply](retry)
	return ch
}

// run takes a request through the chain; exchange makes one attempt.
func (ch *callChain) run(ctx context.Context, r Request, exchange func(context.Context, Request) (rawReply, error)) (rawReply, error) {
	ctx, cancel := withTimeout(ctx, ch.config.Timeout)
	defer cancel()
	try := attemptCount{free: time.Now()}
	var rep rawReply // and err: what the last attempt came to
	var err error
	once := func() (rawReply, error) {
		rep, err = ch.attempt(ctx, &try, r, exchange)
		return rep, err
	}
	if r.Safety != Reads || IsWithoutRetry(ctx) {
		_, _ = once()
	} else if got, gotErr := ch.reads.WithContext(ctx).Get(once); ctx.Err() == nil { // once the time is up the executor tells of that alone
		rep, err = got, gotErr
	}
	return rep, ch.explain(r, err, try)
}

// attemptCount counts the attempts of a call, and how long they had to wait.
type attemptCount struct {
	n      int
	free   time.Time     // since when the next one waits
	waited time.Duration // all of them, for their turns and between them
	lined  time.Duration // of it, for their turns
}

// attempt waits for its turn, then makes one exchange. While calls are paused it
// does neither.
func (ch *callChain) attempt(ctx context.Context, try *attemptCount, r Request, exchange func(context.Context, Request) (rawReply, error)) (rawReply, error) {
	if err := ch.health.paused(r); err != nil {
		return rawReply{}, err
	}
	joined := time.Now()
	turn, cancel := queueContext(ctx)
	err := ch.turns.wait(turn)
	cancel()
	start := time.Now()
	try.lined += start.Sub(joined)
	waited := start.Sub(try.free)
	try.waited += waited
	if err != nil {
		return rawReply{}, &Error{Request: r, Kind: NoConnection, Outcome: NotSent, Err: fmt.Errorf("%w: %w", errNoPlace, err)}
	}
	defer ch.turns.done()
	trial, err := ch.health.admit(r)
	if err != nil { // paused meanwhile, or another call tries
		return rawReply{}, err
	}
	try.n++
	if r.Safety == Reads {
		var cancel context.CancelFunc
		ctx, cancel = withTimeout(ctx, ch.config.AttemptTimeout)
		defer cancel()
	}
	rep, err := exchange(ctx, r)
	tries := IsWithoutRetry(ctx) && !trial && err != nil
	if !tries && (trial || !ch.isQueueTimeout(err, try.lined, time.Since(start))) {
		ch.recordHealth(r, err, trial)
	}
	try.free = time.Now()
	if ch.config.Observe != nil {
		ch.config.Observe(Exchange{Context: ctx, Request: r, Server: ch.server, Attempt: try.n, Waited: waited, Status: rep.status, Duration: time.Since(start), Err: err})
	}
	return rep, err
}

// withoutRetryKey is the key of a context whose reads are not tried again.
type withoutRetryKey struct{}

// WithoutRetry makes each read of a context once, without a retry, and takes its faults
// for no sign of the service's health: whoever tries reads again in earnest.
func WithoutRetry(ctx context.Context) context.Context {
	return context.WithValue(ctx, withoutRetryKey{}, true)
}

// IsWithoutRetry reports a context whose reads are tries.
func IsWithoutRetry(ctx context.Context) bool { return ctx.Value(withoutRetryKey{}) != nil }

// isQueueTimeout reports an exchange whose time was up because its call had waited long for
// its turn: that says nothing of the service.
func (ch *callChain) isQueueTimeout(err error, lined, took time.Duration) bool {
	return errors.Is(err, context.DeadlineExceeded) && lined > time.Second && took < ch.config.AttemptTimeout
}

// recordHealth tells the health what came of an exchange. One that its caller broke off
// says nothing of the service, unless it was to try it: then the next one does.
func (ch *callChain) recordHealth(r Request, err error, trial bool) {
	switch {
	case isFault(err), errors.Is(err, context.Canceled) && trial:
		ch.health.recordFault(r)
	case !errors.Is(err, context.Canceled):
		ch.health.recordSuccess(r)
	}
}

// explain makes every end of the chain an *Error that says how it came.
func (ch *callChain) explain(r Request, err error, try attemptCount) error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		e.Attempts, e.Waited = try.n, try.waited
		return e
	default: // it is paused
		return &Error{Request: r, Kind: Paused, Outcome: NotSent, Attempts: try.n, Waited: try.waited, Err: err}
	}
}

// State is how well the service is: closed (all is well), open (no calls are made
// to it, or to an address of it) or half-open.
func (ch *callChain) State() string { return ch.health.state() }

// withTimeout returns a context that ends after d, with an error that says so.
func withTimeout(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, timeLimit(d))
}

// timeLimit is the cause of a time limit that ran out. It is put into words only
// then: each call has two.
type timeLimit time.Duration

// Error implements error.
func (d timeLimit) Error() string { return "no answer within " + time.Duration(d).String() }

// Unwrap makes it a context.DeadlineExceeded to errors.Is.
func (timeLimit) Unwrap() error { return context.DeadlineExceeded }

// isFault reports an error that says the service is unwell.
func isFault(err error) bool {
	var e *Error
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return false
	}
	return e.Kind == ServiceFault || e.Kind == NoConnection
}

// IsTemporary reports an error that tells of the state of the service or of the way
// to it, and nothing of what was asked.
func IsTemporary(err error) bool { return isFault(err) || isTransient(err) }

// isTransient reports an error that may be gone with the next attempt.
func isTransient(err error) bool {
	var e *Error
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) || e.RetryAfter > maxRetryAfter {
		return false
	}
	switch e.Kind {
	case NoConnection, TooMany:
		return true
	case ServiceFault:
		return e.Status == http.StatusBadGateway || e.Status == http.StatusServiceUnavailable || e.Status == http.StatusGatewayTimeout
	default:
		return e.broken
	}
}

// retryPause returns the wait after an attempt, by its number: what the service asked for
// and up to a second more, never less, or twice the wait before.
func retryPause(n int, err error) time.Duration {
	chance := rand.Float64()
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		return e.RetryAfter + time.Duration(chance*float64(time.Second))
	}
	backoff := float64(min(maxBackoff, firstBackoff<<min(n-1, 10)))
	return time.Duration(backoff * (1 + retryJitter*(2*chance-1)))
}

// parseRetryAfter reads seconds or a date; a wait is taken for a year at most, and
// of a second begun for the whole.
func parseRetryAfter(header string, now time.Time) time.Duration {
	const year = 365 * 24 * time.Hour
	seconds, err := strconv.Atoi(header) // out of range it is the last number within
	if err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(max(seconds, 0), int(year/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil && at.After(now) {
		return (min(at.Sub(now), year) + time.Second - 1).Truncate(time.Second)
	}
	return 0
}
