package vpsapi

import (
	"context"
	"slices"
	"sync"
	"time"
)

// callQueue lets the calls to the service of one account go: so many at once, at a
// pace, and its callers in turn, so that one who asks for much keeps no other
// waiting for more than their turn.
type callQueue struct {
	mu    sync.Mutex
	free  int     // places; negative for no limit
	rate  float64 // calls a second; 0 for no limit
	most  float64 // calls that may go in a burst, after a time without any
	saved float64 // of them, at the time of then
	then  time.Time
	queue []*callerQueue // of callers that wait, whose turn is next first
	timer *time.Timer
}

// callerQueue is one caller's calls that wait.
type callerQueue struct {
	caller string
	calls  []*queuedCall // the patient ones last
}

// queuedCall is a call that waits.
type queuedCall struct {
	come    chan struct{}
	patient bool
}

// newCallQueue returns a queue that lets at most atOnce calls run together and perSecond start in a second; perSecond 0 is no limit.
func newCallQueue(atOnce, perSecond int) *callQueue {
	t := &callQueue{free: atOnce, then: time.Now()}
	if perSecond > 0 {
		t.rate, t.most = float64(perSecond), 2*float64(perSecond)
		t.saved = t.most
	}
	return t
}

type (
	// callerKey is the key of the caller of a context's calls.
	callerKey struct{}
	// lowPriorityKey is the key that marks calls that let others go first.
	lowPriorityKey struct{}
	// untilSentKey is the key of what ends calls that are not sent yet.
	untilSentKey struct{}
)

// WithCaller names who makes the calls of a context: callers of one client share
// its pace in turn.
func WithCaller(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, callerKey{}, name)
}

// WithLowPriority lets the calls of a context wait behind the others of their caller:
// looks that are repeated, and reads in great number.
func WithLowPriority(ctx context.Context) context.Context {
	return context.WithValue(ctx, lowPriorityKey{}, true)
}

// UntilSent lets the calls of a context also end with until, as long as they have
// not been sent: those that wait for their turn do, those under way do not.
func UntilSent(ctx, until context.Context) context.Context {
	return context.WithValue(ctx, untilSentKey{}, until)
}

// queueContext returns the context of a call that waits for its turn.
func queueContext(ctx context.Context) (context.Context, context.CancelFunc) {
	turn, cancel := context.WithCancelCause(ctx)
	until, ok := ctx.Value(untilSentKey{}).(context.Context)
	if !ok {
		return turn, func() { cancel(nil) }
	}
	stop := context.AfterFunc(until, func() { cancel(context.Cause(until)) })
	return turn, func() { stop(); cancel(nil) }
}

// wait returns when it is the call's turn, which done must follow, or with the end
// of ctx.
func (t *callQueue) wait(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	caller, _ := ctx.Value(callerKey{}).(string)
	me := &queuedCall{come: make(chan struct{}), patient: ctx.Value(lowPriorityKey{}) != nil}
	t.mu.Lock()
	t.enqueue(caller, me)
	t.next()
	t.mu.Unlock()
	select {
	case <-me.come:
		return nil
	case <-ctx.Done():
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.dequeue(me) { // it has come meanwhile
		t.admitNext()
	}
	return ctx.Err()
}

// done gives a call's place to the next call.
func (t *callQueue) done() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.admitNext()
}

// admitNext frees a place and lets the next call go.
func (t *callQueue) admitNext() {
	if t.free >= 0 {
		t.free++
	}
	t.next()
}

// enqueue puts a call behind its caller's others.
func (t *callQueue) enqueue(caller string, me *queuedCall) {
	i := slices.IndexFunc(t.queue, func(l *callerQueue) bool { return l.caller == caller })
	if i < 0 {
		t.queue = append(t.queue, &callerQueue{caller, []*queuedCall{me}})
		return
	}
	l := t.queue[i]
	at := len(l.calls)
	if !me.patient {
		if first := slices.IndexFunc(l.calls, func(c *queuedCall) bool { return c.patient }); first >= 0 {
			at = first
		}
	}
	l.calls = slices.Insert(l.calls, at, me)
}

// dequeue takes a call that waits out of its line; it reports whether it was there.
func (t *callQueue) dequeue(me *queuedCall) bool {
	for i, l := range t.queue {
		if at := slices.Index(l.calls, me); at >= 0 {
			if l.calls = slices.Delete(l.calls, at, at+1); len(l.calls) == 0 {
				t.queue = slices.Delete(t.queue, i, i+1)
			}
			return true
		}
	}
	return false
}

// next lets the calls go for which there is place and pace: one of the first
// caller, who then stands behind all others.
func (t *callQueue) next() {
	for len(t.queue) > 0 && t.free != 0 {
		if wait := t.takePace(); wait > 0 {
			if t.timer == nil {
				t.timer = time.AfterFunc(wait, t.tick)
			}
			return
		}
		l := t.queue[0]
		me := l.calls[0]
		t.queue = slices.Delete(t.queue, 0, 1)
		if l.calls = l.calls[1:]; len(l.calls) > 0 {
			t.queue = append(t.queue, l)
		}
		if t.free > 0 {
			t.free--
		}
		close(me.come)
	}
}

// tick lets calls go for which the pace has room again.
func (t *callQueue) tick() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.timer = nil
	t.next()
}

// takePace takes a call of the pace; else it is how long until there is one.
func (t *callQueue) takePace() time.Duration {
	if t.rate == 0 {
		return 0
	}
	now := time.Now()
	t.saved = min(t.most, t.saved+now.Sub(t.then).Seconds()*t.rate)
	t.then = now
	if t.saved < 1-1e-9 {
		return time.Duration((1-t.saved)/t.rate*float64(time.Second)) + 1
	}
	t.saved = max(0, t.saved-1)
	return 0
}
