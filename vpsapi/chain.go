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
	"github.com/failsafe-go/failsafe-go/bulkhead"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/ratelimiter"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

// What the chain does by itself.
const (
	firstBackoff = 200 * time.Millisecond
	maxBackoff   = 3 * time.Second
	// scatter is the part of a wait that chance adds or takes away, so that
	// callers who failed together do not come back together.
	scatter = 0.3
	// pauseAfter faults in a row the service gets pauseFor without calls.
	pauseAfter = 5
	pauseFor   = 10 * time.Second
	// longestWait is the longest Retry-After that is waited for; a caller would
	// rather be told of a longer one.
	longestWait = 10 * time.Second
)

// errNoPlace is a call that was given up before its turn: no fault of the service.
var errNoPlace = errors.New("given up while waiting for a free place among the calls to the service")

// chain is what every call to the service passes, from the outside in: the
// time limit of the call, retries (reads only), the breaker, a free place and
// the pace among the account's calls, the breaker again, the time limit of the
// attempt.
type chain struct {
	config  Config
	server  string                       // for those who observe
	slots   bulkhead.Bulkhead[any]       // nil for no limit
	pace    ratelimiter.RateLimiter[any] // nil for no limit
	breaker circuitbreaker.CircuitBreaker[reply]
	reads   failsafe.Executor[reply] // a change is sent once
}

func newChain(c Config) *chain {
	ch := &chain{config: c}
	if u, err := url.Parse(c.BaseURL); err == nil {
		ch.server = u.Host
	}
	if n := orDefault(c.Concurrent, 5); n > 0 {
		ch.slots = bulkhead.NewBuilder[any](uint(n)).WithMaxWaitTime(-1).Build()
	}
	if n := orDefault(c.PerSecond, 5); n > 0 {
		ch.pace = ratelimiter.NewBursty[any](uint(n), time.Second)
	}
	ch.breaker = circuitbreaker.NewBuilder[reply]().
		WithFailureThreshold(pauseAfter).WithDelay(pauseFor).WithSuccessThreshold(1). // one call tries whether the service is well again
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			if c.Breaker != nil {
				c.Breaker(e.NewState.String())
			}
		}).Build()
	retry := retrypolicy.NewBuilder[reply]().
		HandleIf(func(_ reply, err error) bool { return isTransient(err) }).
		WithMaxAttempts(max(1, orDefault(c.Attempts, 3))).
		WithDelayFunc(func(e failsafe.ExecutionAttempt[reply]) time.Duration { return pause(e.Attempts(), e.LastError()) }).
		ReturnLastFailure().Build()
	ch.reads = failsafe.With[reply](retry)
	return ch
}

// run takes a request through the chain; exchange makes one attempt.
func (ch *chain) run(ctx context.Context, r Request, exchange func(context.Context, Request) (reply, error)) (reply, error) {
	ctx, cancel := limited(ctx, ch.config.Timeout)
	defer cancel()
	try := attempt{free: time.Now()}
	var rep reply // and err: what the last attempt came to
	var err error
	once := func() (reply, error) {
		rep, err = ch.attempt(ctx, &try, r, exchange)
		return rep, err
	}
	if r.Safety != Reads {
		_, _ = once()
	} else if got, gotErr := ch.reads.WithContext(ctx).Get(once); ctx.Err() == nil { // once the time is up the executor tells of that alone
		rep, err = got, gotErr
	}
	return rep, ch.explain(r, err, try)
}

// attempt counts the attempts of a call, and how long they had to wait.
type attempt struct {
	n      int
	free   time.Time     // since when the next one waits
	waited time.Duration // all of them, for their turns and between them
}

// attempt waits for its turn, then makes one exchange. While calls are paused it
// does neither.
func (ch *chain) attempt(ctx context.Context, try *attempt, r Request, exchange func(context.Context, Request) (reply, error)) (reply, error) {
	if ch.breaker.IsHalfOpen() || ch.breaker.RemainingDelay() > 0 {
		return reply{}, circuitbreaker.ErrOpen
	}
	err := ch.admit(ctx)
	start := time.Now()
	waited := start.Sub(try.free)
	try.waited += waited
	if err != nil {
		return reply{}, &Error{Request: r, Kind: NoConnection, Outcome: NotSent, Err: fmt.Errorf("%w: %w", errNoPlace, err)}
	}
	if ch.slots != nil {
		defer ch.slots.ReleasePermit()
	}
	if !ch.breaker.TryAcquirePermit() { // paused meanwhile, or another call tries
		return reply{}, circuitbreaker.ErrOpen
	}
	trial := ch.breaker.IsHalfOpen()
	try.n++
	if r.Safety == Reads {
		var cancel context.CancelFunc
		ctx, cancel = limited(ctx, ch.config.AttemptTimeout)
		defer cancel()
	}
	rep, err := exchange(ctx, r)
	ch.note(err, trial)
	try.free = time.Now()
	if ch.config.Observe != nil {
		ch.config.Observe(Exchange{Context: ctx, Request: r, Server: ch.server, Attempt: try.n, Waited: waited, Status: rep.status, Duration: time.Since(start), Err: err})
	}
	return rep, err
}

// note tells the breaker what came of an exchange. One that its caller broke off
// says nothing of the service, unless it was to try it: then the next one does.
func (ch *chain) note(err error, trial bool) {
	switch {
	case isFault(err), errors.Is(err, context.Canceled) && trial:
		ch.breaker.RecordFailure()
	case !errors.Is(err, context.Canceled):
		ch.breaker.RecordSuccess()
	}
}

// admit waits for a place. A call whose time is up gets none, even if one is free.
func (ch *chain) admit(ctx context.Context) error {
	if ch.slots != nil {
		if err := ch.slots.AcquirePermit(ctx); err != nil {
			return err
		}
	}
	err := ctx.Err()
	if err == nil && ch.pace != nil {
		err = ch.pace.AcquirePermit(ctx)
	}
	if err != nil && ch.slots != nil {
		ch.slots.ReleasePermit()
	}
	return err
}

// explain makes every end of the chain an *Error that says how it came.
func (ch *chain) explain(r Request, err error, try attempt) error {
	var e *Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		e.Attempts, e.Waited = try.n, try.waited
		return e
	default: // the breaker's
		return &Error{Request: r, Kind: Paused, Outcome: NotSent, Attempts: try.n, Waited: try.waited,
			Err: fmt.Errorf("the service failed %d times in a row; it is left alone for another %s", pauseAfter, ch.breaker.RemainingDelay().Round(time.Second))}
	}
}

// State is the breaker's: closed (all is well), open (no calls are made) or half-open.
func (ch *chain) State() string { return ch.breaker.State().String() }

func limited(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, overdue(d))
}

// overdue is the cause of a time limit that ran out. It is put into words only
// then: each call has two.
type overdue time.Duration

func (d overdue) Error() string { return "no answer within " + time.Duration(d).String() }

func (overdue) Unwrap() error { return context.DeadlineExceeded }

// isFault reports an error that says the service is unwell.
func isFault(err error) bool {
	var e *Error
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) {
		return false
	}
	return e.Kind == ServiceFault || e.Kind == NoConnection
}

// isTransient reports an error that may be gone with the next attempt.
func isTransient(err error) bool {
	var e *Error
	if !errors.As(err, &e) || errors.Is(err, context.Canceled) || e.RetryAfter > longestWait {
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

// pause is the wait after an attempt, by its number: what the service asked for
// and up to a second more, never less, or twice the wait before.
func pause(n int, err error) time.Duration {
	chance := rand.Float64()
	var e *Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		return e.RetryAfter + time.Duration(chance*float64(time.Second))
	}
	backoff := float64(min(maxBackoff, firstBackoff<<min(n-1, 10)))
	return time.Duration(backoff * (1 + scatter*(2*chance-1)))
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
