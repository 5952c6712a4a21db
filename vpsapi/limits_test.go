package vpsapi

import (
	"context"
	"errors"
	"io"
	"log"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// quiet takes the complaints of a test's own server.
var quiet = log.New(io.Discard, "", 0)

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func okReply(r *http.Request) *http.Response {
	return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"virtual_machine":{"id":1}}`)), Request: r}
}

// inParallel makes n calls and waits for them.
func inParallel(t *testing.T, n int, c *Client) {
	t.Helper()
	var calls sync.WaitGroup
	for range n {
		calls.Go(func() {
			if _, err := readOne.Call(t.Context(), c, struct{}{}); err != nil {
				t.Error(err)
			}
		})
	}
	calls.Wait()
}

func TestAtMostSoManyCallsAtOnce(t *testing.T) {
	for configured, want := range map[int]int{0: 5, 3: 3, -1: 20} {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			now, most := 0, 0
			client, err := NewClient(Config{Email: testEmail, APIKey: testKey, Concurrent: configured, PerSecond: -1,
				Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					now++
					most = max(most, now)
					mu.Unlock()
					<-time.After(time.Second) // of the bubble: the call is under way
					mu.Lock()
					now--
					mu.Unlock()
					return okReply(r), nil
				})})
			if err != nil {
				t.Fatal(err)
			}
			inParallel(t, 20, client)
			if most != want {
				t.Errorf("Concurrent %d: %d calls at once, want %d", configured, most, want)
			}
		})
	}
}

func TestAtMostSoManyCallsASecond(t *testing.T) {
	for configured, want := range map[int][]int{0: {14, 5, 5, 5, 1}, 4: {11, 4, 4, 4, 4, 3}, -1: {30}} { // two seconds' calls may go in a burst
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			var mu sync.Mutex
			var got []int // calls by second
			client, err := NewClient(Config{Email: testEmail, APIKey: testKey, Concurrent: -1, PerSecond: configured,
				Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
					mu.Lock()
					defer mu.Unlock()
					second := int(time.Since(start) / time.Second)
					for len(got) <= second {
						got = append(got, 0)
					}
					got[second]++
					return okReply(r), nil
				})})
			if err != nil {
				t.Fatal(err)
			}
			inParallel(t, 30, client)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("PerSecond %d: calls by second (-want +got):\n%s", configured, diff)
			}
		})
	}
}

// A call that finds no place within its time is given up unsent, and its place
// is not lost.
func TestWaitForAPlaceEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		client, err := NewClient(Config{Email: testEmail, APIKey: testKey, Concurrent: 1, PerSecond: -1, Timeout: time.Minute,
			Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				select {
				case <-release:
					return okReply(r), nil
				case <-r.Context().Done():
					return nil, r.Context().Err()
				}
			})})
		if err != nil {
			t.Fatal(err)
		}
		var first sync.WaitGroup
		first.Go(func() {
			e := failure(t, t.Context(), client, changeOne)
			if e.Outcome != Unknown || !strings.Contains(e.Error(), "no answer within 1m0s") {
				t.Errorf("the first: %v (%s)", e, e.Outcome)
			}
		})
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		e := failure(t, ctx, client, changeOne)
		if e.Kind != NoConnection || e.Outcome != NotSent || !strings.Contains(e.Error(), "waited for its turn") {
			t.Errorf("the second: %v (%s)", e, e.Outcome)
		}
		first.Wait()
		close(release)
		if _, err := changeOne.Call(t.Context(), client, struct{}{}); err != nil {
			t.Errorf("a third, once all is over: %v", err)
		}
	})
}

// With a transport of somebody else's, nobody knows whether the request left.
func TestForeignTransportThatFails(t *testing.T) {
	client := clientOf(t, Config{Transport: roundTrip(func(*http.Request) (*http.Response, error) {
		return nil, errors.New("proxy says abc123ABC456== is wrong")
	})})
	e := failure(t, t.Context(), client, changeOne)
	if e.Kind != NoConnection || e.Outcome != Unknown || strings.Contains(e.Error(), testKey) || strings.Contains(e.Error(), DefaultURL) {
		t.Errorf("error = %v (%s)", e, e.Outcome)
	}
}
