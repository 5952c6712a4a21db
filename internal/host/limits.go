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

// kind is what takes a place.
type kind int

const (
	call kind = iota
	stream
	message // to an SSE session: its call takes a place of its own
	session // of an older revision over streamable HTTP
	resting // a call that waits or asks; it has left its place
	kinds
)

// names are what metrics call the kinds.
var names = [kinds]string{call: "calls", stream: "streams", message: "calls", session: "sessions", resting: "resting calls"}

// full is why there is no place: which limit, and how many seconds to wait.
type full struct {
	limit string
	wait  int
}

// limiter counts what is under way.
type limiter struct {
	limits  Limits
	global  *rate.Limiter
	mu      sync.Mutex
	callers map[string]*usage
	open    [kinds]int
}

type usage struct {
	pace    *rate.Limiter
	guesses *rate.Limiter // of credentials that come with requests; nil before the first
	open    [kinds]int
	last    time.Time
}

func newLimiter(l Limits) *limiter {
	l = l.orDefaults()
	return &limiter{limits: l, global: rate.NewLimiter(rate.Limit(l.PerSecond), 2*l.PerSecond), callers: map[string]*usage{}}
}

// of is a caller's usage; the limiter is locked.
func (l *limiter) of(caller string) *usage {
	u := l.callers[caller]
	if u == nil {
		l.sweep()
		u = &usage{pace: rate.NewLimiter(rate.Limit(l.limits.CallerPerSecond), 2*l.limits.CallerPerSecond)}
		l.callers[caller] = u
	}
	u.last = time.Now()
	return u
}

// pace takes a request of the caller's pace and of all.
func (l *limiter) pace(caller string) *full {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case !l.of(caller).pace.Allow():
		return &full{"caller pace", 1}
	case !l.global.Allow():
		return &full{"pace", 1}
	}
	return nil
}

// How many seconds a caller waits for a place.
var patience = [kinds]int{call: 2, stream: 30, message: 2, session: 30, resting: 2}

// place takes a place; leave gives it back.
func (l *limiter) place(caller string, k kind) (leave func(), none *full) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.of(caller)
	own := [kinds]int{l.limits.CallerAtOnce, l.limits.CallerStreams, l.limits.CallerAtOnce, l.limits.CallerSessions, l.limits.CallerStreams}
	all := [kinds]int{l.limits.AtOnce, l.limits.Streams, l.limits.AtOnce, l.limits.Sessions, l.limits.Streams}
	switch {
	case u.open[k] >= own[k]:
		return nil, &full{"caller " + names[k], patience[k]}
	case l.open[k] >= all[k]:
		return nil, &full{names[k], patience[k]}
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

// resting lets a call leave its place while it only waits for time to pass or for a
// person, so that it keeps no other call from being answered. Where too many rest
// already it keeps its place. Who goes on is not turned away.
func (l *limiter) resting(caller string, k kind) (rest func() (back func())) {
	return func() func() {
		if k != call {
			return func() {}
		}
		leave, none := l.place(caller, resting)
		if none != nil {
			return func() {}
		}
		l.move(caller, -1)
		return sync.OnceFunc(func() {
			leave()
			l.move(caller, 1)
		})
	}
}

// move changes how many calls of a caller have a place.
func (l *limiter) move(caller string, by int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.of(caller).open[call] += by
	l.open[call] += by
}

// sweep forgets callers that have nothing under way and were not seen for long.
func (l *limiter) sweep() {
	for name, u := range l.callers {
		if u.open == [kinds]int{} && time.Since(u.last) > 10*time.Minute {
			delete(l.callers, name)
		}
	}
}

// tooMany refuses a request that a limit leaves no place.
func (h *Host) tooMany(w http.ResponseWriter, f *full) {
	h.refused(f)
	w.Header().Set("Retry-After", strconv.Itoa(f.wait))
	why := "too many requests at once or in a second; wait and try again"
	if f.limit == "sessions" || f.limit == "caller sessions" {
		why = "too many sessions are open; end some with DELETE, or wait and try again"
	}
	refuse(w, http.StatusTooManyRequests, why)
}

func (h *Host) refused(f *full) {
	if h.config.Refused != nil {
		h.config.Refused(f.limit)
	}
}
