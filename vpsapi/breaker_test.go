package vpsapi

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// failing is a client of a service that fails until it is well, and hangs when told to.
func failing(t *testing.T) (client *Client, set func(status int)) {
	status := 500 // 0 for one that hangs
	client = clientOf(t, Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		if status == 0 {
			<-r.Context().Done()
			return nil, r.Context().Err()
		}
		reply := okReply(r)
		reply.StatusCode = status
		return reply, nil
	})})
	return client, func(to int) { status = to }
}

// cancelled makes a call that its caller gives up after a while; it must fail.
func cancelled(t *testing.T, client *Client, op Operation, after time.Duration) *Error {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	if after > 0 {
		time.AfterFunc(after, cancel)
	} else {
		cancel()
	}
	e := failure(t, ctx, client, op)
	if !errors.Is(e, context.Canceled) {
		t.Errorf("error = %v", e)
	}
	return e
}

// A call that its caller gave up says nothing of the service: it neither ends a
// pause nor begins the count of faults anew.
func TestCancelledCallsSayNothing(t *testing.T) {
	for name, after := range map[string]time.Duration{"before": 0, "under way": time.Second} {
		synctest.Test(t, func(t *testing.T) {
			client, set := failing(t)
			for i := range pauseAfter {
				set(0)
				_ = cancelled(t, client, changeOne, after)
				set(500)
				if got := client.Health(); got != "closed" {
					t.Fatalf("%s: health %s after %d faults", name, got, i)
				}
				_ = failure(t, t.Context(), client, changeOne)
			}
			if got := client.Health(); got != "open" {
				t.Errorf("%s: health %s after %d faults", name, got, pauseAfter)
			}
		})
	}
}

// The call that tries whether the service is well again may be given up too: what
// was not sent leaves the trial to the next call, what got no answer is none.
func TestCancelledTrial(t *testing.T) {
	for _, op := range []Operation{readOne, changeOne} {
		synctest.Test(t, func(t *testing.T) {
			client, set := failing(t)
			for range pauseAfter {
				_ = failure(t, t.Context(), client, changeOne)
			}
			<-time.After(pauseFor + time.Second)
			set(0)
			if e := cancelled(t, client, op, 0); e.Outcome != NotSent || client.Health() != "open" {
				t.Errorf("cancelled before: %v, health %s", e, client.Health())
			}
			if _ = cancelled(t, client, op, 5*time.Second); client.Health() != "open" {
				t.Errorf("cancelled under way: health %s", client.Health())
			}
			if e := failure(t, t.Context(), client, op); e.Kind != Paused {
				t.Errorf("after a trial without an answer: %v", e)
			}
			<-time.After(pauseFor)
			set(200)
			if _, err := op.Do(t.Context(), client, struct{}{}); err != nil || client.Health() != "closed" {
				t.Errorf("once the service is well: %v, health %s", err, client.Health())
			}
		})
	}
}

// While one call tries, the others are told at once; those that waited for a
// place as the calls were paused do not go out any more.
func TestOneCallTries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sent := 0
		client := clientOf(t, Config{Concurrent: 1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			sent++
			<-time.After(time.Second)
			reply := okReply(r)
			reply.StatusCode = 500
			return reply, nil
		})})
		together := func(n int) (paused int) {
			kinds := make(chan Kind)
			for range n {
				go func() { kinds <- failure(t, t.Context(), client, changeOne).Kind }()
			}
			for range n {
				if <-kinds == Paused {
					paused++
				}
			}
			return paused
		}
		if paused := together(3 * pauseAfter); sent != pauseAfter || paused != 2*pauseAfter {
			t.Errorf("%d calls sent, %d paused", sent, paused)
		}
		<-time.After(pauseFor)
		if paused := together(10); sent != pauseAfter+1 || paused != 9 {
			t.Errorf("after the pause: %d calls sent in all, %d paused", sent, paused)
		}
	})
}
