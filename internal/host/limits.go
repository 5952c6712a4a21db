package host

import (
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits bound what callers may ask at once and in a second; zero fields are the
// defaults.
type Limits struct {
	CallerPerSecond int // requests of one caller; 50
	PerSecond       int // of all; 200
	CallerAtOnce    int // calls of one caller under way; 32
	AtOnce          int // of all; 256
	CallerStreams   int // open streams of one caller; 32
	Streams         int // of all; 1000
	CallerSessions  int // sessions of older revisions over streamable HTTP, of one caller; 64
	Sessions        int // of all; 2000
}

// orDefaults returns the limits with the defaults in place of zeros.
func (l Limits) orDefaults() Limits {
	for _, f := range []struct {
		value *int
		def   int
	}{
		{&l.CallerPerSecond, 50}, {&l.PerSecond, 200}, {&l.CallerAtOnce, 32}, {&l.AtOnce, 256},
		{&l.CallerStreams, 32}, {&l.Streams, 1000},
		{&l.CallerSessions, 64}, {&l.Sessions, 2000},
	} {
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	return l
}

// slotKind is what the limiter counts: how many of each kind a caller, and all callers, have open at once.
type slotKind int

const (
	callSlot    slotKind = iota // a request that is being answered
	streamSlot                  // an open event stream
	messageSlot                 // a message to an SSE session, besides the slot of its call
	sessionSlot                 // a session of an older protocol revision over streamable HTTP
	restingSlot                 // a call that only waits or asks, and has given back its callSlot meanwhile
	slotKinds                   // how many kinds there are
)

// slotNames are what metrics call the kinds.
var slotNames = [slotKinds]string{callSlot: "calls", streamSlot: "streams", messageSlot: "calls", sessionSlot: "sessions", restingSlot: "resting calls"}

// busyError says why there is no place: which limit, and how many seconds to wait.
type busyError struct {
	limit string
	wait  int
}

// limiter counts what is under way.
type limiter struct {
	limits  Limits
	global  *rate.Limiter
	mu      sync.Mutex
	callers map[string]*callerUsage
	open    [slotKinds]int
}

// callerUsage is what one caller uses of the limits.
type callerUsage struct {
	pace    *rate.Limiter
	guesses *rate.Limiter // of credentials that come with requests; nil before the first
	open    [slotKinds]int
	last    time.Time
}

// newLimiter returns a limiter that allows twice a second's requests at once.
func newLimiter(l Limits) *limiter {
	l = l.orDefaults()
	return &limiter{limits: l, global: rate.NewLimiter(rate.Limit(l.PerSecond), 2*l.PerSecond), callers: map[string]*callerUsage{}}
}

// usageOf returns a caller's usage; the limiter is locked.
func (l *limiter) usageOf(caller string) *callerUsage {
	u := l.callers[caller]
	if u == nil {
		l.sweep()
		u = &callerUsage{pace: rate.NewLimiter(rate.Limit(l.limits.CallerPerSecond), 2*l.limits.CallerPerSecond)}
		l.callers[caller] = u
	}
	u.last = time.Now()
	return u
}

// checkRate takes a request of the caller's pace and of all.
func (l *limiter) checkRate(caller string) *busyError {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.usageOf(caller).pace.Allow():
		return &busyError{"caller pace", 1}
	case !l.global.Allow():
		return &busyError{"pace", 1}
	}
	return nil
}

// How many seconds a caller waits for a place.
var retryAfterSeconds = [slotKinds]int{callSlot: 2, streamSlot: 30, messageSlot: 2, sessionSlot: 30, restingSlot: 2}

// acquire takes a place; leave gives it back.
func (l *limiter) acquire(caller string, k slotKind) (leave func(), none *busyError) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.usageOf(caller)
	own := [slotKinds]int{l.limits.CallerAtOnce, l.limits.CallerStreams, l.limits.CallerAtOnce, l.limits.CallerSessions, l.limits.CallerStreams}
	all := [slotKinds]int{l.limits.AtOnce, l.limits.Streams, l.limits.AtOnce, l.limits.Sessions, l.limits.Streams}
	switch {
	case u.open[k] >= own[k]:
		return nil, &busyError{"caller " + slotNames[k], retryAfterSeconds[k]}
	case l.open[k] >= all[k]:
		return nil, &busyError{slotNames[k], retryAfterSeconds[k]}
	}
	u.open[k]++
	l.open[k]++
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		u.open[k]--
		l.open[k]--
	}), nil
}

// restFunc lets a call leave its place while it only waits for time to pass or for a
// person, so that it keeps no other call from being answered. Where too many rest
// already it keeps its place. Who goes on is not turned away.
func (l *limiter) restFunc(caller string, k slotKind) (rest func() (back func())) {
	return func() func() {
		if k != callSlot {
			return func() {}
		}
		leave, none := l.acquire(caller, restingSlot)
		if none != nil {
			return func() {}
		}
		l.addToOpenCalls(caller, -1)
		return sync.OnceFunc(func() {
			leave()
			l.addToOpenCalls(caller, 1)
		})
	}
}

// addToOpenCalls changes how many calls of a caller have a place.
func (l *limiter) addToOpenCalls(caller string, by int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.usageOf(caller).open[callSlot] += by
	l.open[callSlot] += by
}

// sweep forgets callers that have nothing under way and were not seen for long.
func (l *limiter) sweep() {
	for name, u := range l.callers {
		if u.open == [slotKinds]int{} && time.Since(u.last) > 10*time.Minute {
			delete(l.callers, name)
		}
	}
}

// refuseBusy refuses a request that a limit leaves no place.
func (h *Host) refuseBusy(w http.ResponseWriter, f *busyError) {
	h.countRefusal(f)
	w.Header().Set("Retry-After", strconv.Itoa(f.wait))
	why := "too many requests at once or in a second; wait and try again"
	if f.limit == "sessions" || f.limit == "caller sessions" {
		why = "too many sessions are open; end some with DELETE, or wait and try again"
	}
	writeRefusal(w, http.StatusTooManyRequests, why)
}

// countRefusal counts a refused request by its limit, for the metrics.
func (h *Host) countRefusal(f *busyError) {
	if h.config.Refused != nil {
		h.config.Refused(f.limit)
	}
}
