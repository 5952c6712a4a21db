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
	CallerStreams   int // open streams of one caller; 32
	Streams         int // of all; 1000
}

func (l Limits) orDefaults() Limits {
	for _, f := range []struct {
		value *int
		def   int
	}{{&l.CallerPerSecond, 50}, {&l.PerSecond, 200}, {&l.CallerAtOnce, 32}, {&l.CallerStreams, 32}, {&l.Streams, 1000}} {
		if *f.value == 0 {
			*f.value = f.def
		}
	}
	return l
}

// limiter counts what is under way.
type limiter struct {
	limits  Limits
	global  *rate.Limiter
	mu      sync.Mutex
	callers map[string]*usage
	streams int
}

type usage struct {
	pace    *rate.Limiter
	calls   int
	streams int
	last    time.Time
}

func newLimiter(l Limits) *limiter {
	l = l.orDefaults()
	return &limiter{limits: l, global: rate.NewLimiter(rate.Limit(l.PerSecond), 2*l.PerSecond), callers: map[string]*usage{}}
}

// enter takes a place; leave gives it back. Without a place it says how many
// seconds to wait.
func (l *limiter) enter(caller string, stream bool) (leave func(), wait int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.callers[caller]
	if u == nil {
		l.sweep()
		u = &usage{pace: rate.NewLimiter(rate.Limit(l.limits.CallerPerSecond), 2*l.limits.CallerPerSecond)}
		l.callers[caller] = u
	}
	u.last = time.Now()
	switch {
	case !u.pace.Allow() || !l.global.Allow():
		return nil, 1
	case stream && (u.streams >= l.limits.CallerStreams || l.streams >= l.limits.Streams):
		return nil, 30
	case !stream && u.calls >= l.limits.CallerAtOnce:
		return nil, 2
	}
	count := &u.calls
	if stream {
		count = &u.streams
		l.streams++
	}
	*count++
	return sync.OnceFunc(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		*count--
		if stream {
			l.streams--
		}
	}), 0
}

// sweep forgets callers that have nothing under way and were not seen for long.
func (l *limiter) sweep() {
	for name, u := range l.callers {
		if u.calls == 0 && u.streams == 0 && time.Since(u.last) > 10*time.Minute {
			delete(l.callers, name)
		}
	}
}

func tooMany(w http.ResponseWriter, wait int) {
	w.Header().Set("Retry-After", strconv.Itoa(wait))
	refuse(w, http.StatusTooManyRequests, "too many requests at once or in a second; wait and try again")
}
