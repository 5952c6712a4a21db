package vpsapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// arrivals is a service that notes whose calls come when; each takes a while.
type arrivals struct {
	mu   sync.Mutex
	who  []string
	took time.Duration
}

func (a *arrivals) RoundTrip(r *http.Request) (*http.Response, error) {
	caller, _ := r.Context().Value(callerKey{}).(string)
	if r.Context().Value(lowPriorityKey{}) != nil {
		caller += "'s looks"
	}
	a.mu.Lock()
	a.who = append(a.who, caller)
	a.mu.Unlock()
	<-time.After(a.took)
	return okReply(r), nil
}

// TestCallersGoInTurn: one caller with hundreds of calls in line keeps another
// waiting for one call, not for all; a caller's looks wait behind its own calls alone.
func TestCallersGoInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		service := &arrivals{took: 50 * time.Millisecond}
		client := clientOf(t, Config{Transport: service, PerSecond: 5, Timeout: time.Hour})
		var all sync.WaitGroup
		call := func(ctx context.Context, caller string) {
			all.Go(func() {
				if _, err := readOne.Call(WithCaller(ctx, caller), client, struct{}{}); err != nil {
					t.Error(err)
				}
			})
			synctest.Wait()
		}
		for range 300 {
			call(t.Context(), "anna")
		}
		for range 3 {
			call(WithLowPriority(t.Context()), "carol")
		}
		call(t.Context(), "carol")
		begun := time.Now()
		call(t.Context(), "bert")
		<-time.After(250 * time.Millisecond) // bert's turn comes with the third: anna, carol and bert
		<-time.After(500 * time.Millisecond)
		service.mu.Lock()
		at := slices.Index(service.who, "bert")
		first, looks := slices.Index(service.who, "carol"), slices.Index(service.who, "carol's looks")
		service.mu.Unlock()
		if at < 0 || at > 14 || first < 0 || (looks >= 0 && looks < first) {
			t.Errorf("after %s bert was call %d; carol's own was %d, her looks %d: %v", time.Since(begun), at, first, looks, service.who)
		}
		all.Wait()
		if n := len(service.who); n != 305 {
			t.Errorf("%d calls", n)
		}
	})
}

// TestPaceIsABucket: after a rest ten calls go at once, then one each 200 ms.
func TestPaceIsABucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newCallQueue(-1, 5)
		var took []string
		start := time.Now()
		for range 13 {
			if err := turns.wait(t.Context()); err != nil {
				t.Fatal(err)
			}
			took = append(took, fmt.Sprint(time.Since(start).Round(time.Millisecond)))
		}
		if got, want := strings.Join(took, " "), "0s 0s 0s 0s 0s 0s 0s 0s 0s 0s 200ms 400ms 600ms"; got != want {
			t.Errorf("the turns came after %s, want %s", got, want)
		}
	})
}

// TestGivenUpTurns: turns that are given up cost no place, whenever that is.
func TestGivenUpTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := newCallQueue(1, -1)
		if err := turns.wait(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		for i := range 20 {
			all.Go(func() {
				if turns.wait(WithCaller(ctx, fmt.Sprint(i%3))) == nil {
					turns.done()
				}
			})
		}
		synctest.Wait()
		cancel()
		turns.done()
		all.Wait()
		if err := turns.wait(t.Context()); err != nil || len(turns.queue) != 0 {
			t.Errorf("%v, %d lines", err, len(turns.queue))
		}
	})
}

// TestLateIsNoFault: calls whose time is up since they stood in line for long say
// nothing of the service, so that no caller can have it left alone for all.
func TestLateIsNoFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(t, Config{Concurrent: 1, PerSecond: -1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			select {
			case <-time.After(7 * time.Second):
				return okReply(r), nil
			case <-r.Context().Done():
				return nil, r.Context().Err()
			}
		})})
		var all sync.WaitGroup
		for range 40 {
			all.Go(func() { _, _ = changeOne.Call(t.Context(), client, struct{}{}) })
		}
		all.Wait()
		if got := client.Health(); got != "closed" {
			t.Errorf("health %s", got)
		}
	})
}

// TestUntilSent: a change that waits for its turn ends with its caller; one that is
// on its way does not.
func TestUntilSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := clientOf(t, Config{Concurrent: 1, Transport: &arrivals{took: time.Second}})
		ends := func(after time.Duration) chan error {
			until, cancel := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() {
				_, err := changeOne.Call(UntilSent(t.Context(), until), client, struct{}{})
				done <- err
			}()
			synctest.Wait()
			time.AfterFunc(after, cancel)
			return done
		}
		sent, waits := ends(500*time.Millisecond), ends(500*time.Millisecond)
		var e *Error
		if err := <-waits; !errors.As(err, &e) || e.Outcome != NotSent {
			t.Errorf("the one that waited: %v", err)
		}
		if err := <-sent; err != nil {
			t.Errorf("the one on its way: %v", err)
		}
	})
}

// TestOneAddressPausesNothingElse: an address that fails is left alone, and no
// other; when several functions fail the whole service is.
func TestOneAddressPausesNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ill := map[string]bool{}
		client := clientOf(t, Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			reply := okReply(r)
			if ill[r.URL.Path] {
				reply.StatusCode = 500
			}
			return reply, nil
		})})
		at := func(path string) Request {
			return Request{Op: "x", Safety: Changes, Method: "POST", Route: Route("POST " + path), Path: path}
		}
		send := func(path string) error {
			_, err := client.chain.run(t.Context(), at(path), func(context.Context, Request) (rawReply, error) {
				if ill[path] {
					return rawReply{}, &Error{Kind: ServiceFault, Status: 500, Outcome: Unknown}
				}
				return rawReply{status: 200}, nil
			})
			return err
		}
		paused := func(path string) bool {
			var e *Error
			return errors.As(send(path), &e) && e.Kind == Paused
		}
		ill["/a"] = true
		for range 3 * pauseAfter {
			_ = send("/a")
		}
		if !paused("/a") || paused("/b") {
			t.Errorf("after faults at /a: /a paused %t, /b paused %t", paused("/a"), paused("/b"))
		}
		ill["/b"], ill["/c"] = true, true
		<-time.After(pauseFor)
		for range pauseAfter {
			_, _, _ = send("/a"), send("/b"), send("/c")
		}
		if !paused("/d") {
			t.Error("after faults of three functions the service is not left alone")
		}
		ill["/b"], ill["/c"] = false, false
		<-time.After(pauseFor)
		if _ = send("/a"); paused("/d") { // the trial is lost at an address that is known to fail: the next one tries
			t.Error("one address that still fails keeps the service paused")
		}
	})
}
