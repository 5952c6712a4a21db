package vpsapi

import (
	"fmt"
	"sync"
	"time"
)

// A service that fails is left alone for a while: one address of it after
// pauseAfter faults in a row there, all of it when as many faults in a row came from
// several functions. One thing that the service cannot show pauses nothing else.
const (
	// pauseAfter is after how many faults in a row calls are paused.
	pauseAfter = 5
	// pauseFor is how long calls are paused.
	pauseFor    = 10 * time.Second
	pauseAll    = 2    // functions that failed since the last success anywhere
	maxBreakers = 1000 // addresses whose faults are kept
)

// serviceHealth knows from the calls of an account how well the service is.
type serviceHealth struct {
	changed func(state string) // may be nil

	mu      sync.Mutex
	service breaker
	failed  map[string]*breaker // by address; only those with faults
	routes  map[Route]bool      // that failed since the last success anywhere
}

// breaker counts faults in a row. After too many it stops calls for a while; then
// one call tries.
type breaker struct {
	faults int
	until  time.Time // zero while calls may go
	trying bool
}

// isOpen reports that calls are refused now.
func (b *breaker) isOpen(now time.Time) bool { return b.trying || now.Before(b.until) }

// pausedError is why a call was not sent.
type pausedError struct {
	what string
	left time.Duration
}

// Error implements error.
func (e *pausedError) Error() string {
	return fmt.Sprintf("%s failed %d times in a row; calls to it are paused for another %s", e.what, pauseAfter, e.left.Round(time.Second))
}

// breakerOf returns what stops calls for a request: the service's breaker, and its address's.
func (h *serviceHealth) breakerOf(r Request) [2]*breaker {
	at := h.failed[r.Path]
	if at == nil {
		at = &breaker{}
	}
	return [2]*breaker{&h.service, at}
}

// paused tells why a request may not be sent now; nil when it may.
func (h *serviceHealth) paused(r Request) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	now := time.Now()
	for i, b := range h.breakerOf(r) {
		if b.isOpen(now) {
			return &pausedError{[]string{"the service", "this address of the service"}[i], max(0, b.until.Sub(now))}
		}
	}
	return nil
}

// admit lets a request go, or tells why it may not. trial says that others wait for
// what comes of it.
func (h *serviceHealth) admit(r Request) (trial bool, err error) {
	if err := h.paused(r); err != nil {
		return false, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, b := range h.breakerOf(r) {
		switch {
		case b.isOpen(time.Now()): // another was faster
			return false, &pausedError{"the service", max(0, time.Until(b.until))}
		case !b.until.IsZero():
			b.trying, trial = true, true
			h.logState("half-open")
		}
	}
	return trial, nil
}

// recordSuccess notes an answer that says that the service works.
func (h *serviceHealth) recordSuccess(r Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	clear(h.routes)
	for _, b := range h.breakerOf(r) {
		if !b.until.IsZero() {
			h.logState("closed")
		}
		*b = breaker{}
	}
	delete(h.failed, r.Path)
}

// recordFault notes a fault of the service, or a trial without an answer.
func (h *serviceHealth) recordFault(r Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.failed == nil || len(h.failed) > maxBreakers {
		h.failed, h.routes = map[string]*breaker{}, map[Route]bool{}
	}
	if h.failed[r.Path] == nil {
		h.failed[r.Path] = &breaker{}
	}
	h.routes[r.Route] = true
	stopped, known := false, !h.failed[r.Path].until.IsZero()
	for i, b := range h.breakerOf(r) {
		b.faults++
		if i == 0 && b.trying && known {
			b.trying = false // the address is ill by itself, and says nothing of the service: another one tries
			continue
		}
		if b.trying || (b.faults >= pauseAfter && b.until.IsZero() && (i == 1 || len(h.routes) >= pauseAll)) {
			b.until, b.trying, stopped = time.Now().Add(pauseFor), false, true
		}
	}
	if stopped {
		h.logState("open")
	}
}

// logState reports a changed state (closed, open, half-open) to Config.Breaker.
func (h *serviceHealth) logState(state string) {
	if h.changed != nil {
		h.changed(state)
	}
}

// state is closed (all is well), open (no calls are made to the service, or to an
// address of it) or half-open.
func (h *serviceHealth) state() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	state := "closed"
	for _, b := range h.failed {
		state = worseState(state, b)
	}
	return worseState(state, &h.service)
}

// worseState returns the worse of a state and that of a breaker.
func worseState(state string, b *breaker) string {
	switch {
	case b.trying && state == "closed":
		return "half-open"
	case !b.until.IsZero() && !b.trying:
		return "open"
	}
	return state
}
