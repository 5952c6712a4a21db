package vpsapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// says is one answer of a scripted service; status 0 is a connection refused.
type says struct {
	status     int
	retryAfter string
	body       string
}

// script answers with one line after the other, then with the last for ever.
func script(lines ...says) (transport http.RoundTripper, calls *int) {
	calls = new(int)
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		line := lines[min(*calls, len(lines)-1)]
		*calls++
		if line.status == 0 {
			return nil, errors.New("connection refused")
		}
		header := http.Header{}
		if line.retryAfter != "" {
			header.Set("Retry-After", line.retryAfter)
		}
		return &http.Response{StatusCode: line.status, Header: header, Body: io.NopCloser(strings.NewReader(line.body)), Request: r}, nil
	}), calls
}

var well = says{status: 200, body: `{"virtual_machine":{"id":1}}`}

// Reads are tried again when the fault may be gone; changes are sent once.
func TestRetries(t *testing.T) {
	for _, c := range []struct {
		name  string
		op    Operation
		lines []says
		calls int
		kind  Kind          // of the error; empty for success
		waits time.Duration // at least, at most twice as long
	}{
		{"a read that fails twice", readOne, []says{{status: 503}, {status: 0}, well}, 3, "", 400 * time.Millisecond},
		{"a read that fails for ever", readOne, []says{{status: 502}}, 3, ServiceFault, 400 * time.Millisecond},
		{"a read that is refused", readOne, []says{{status: 422}}, 1, Invalid, 0},
		{"a read of what is not there", readOne, []says{{status: 404}}, 1, NotFound, 0},
		{"a read with a wrong key", readOne, []says{{status: 406}}, 1, BadKey, 0},
		{"a read that breaks the service", readOne, []says{{status: 500}}, 1, ServiceFault, 0},
		{"a read that is not understood", readOne, []says{{status: 200, body: "<html>"}}, 1, BadReply, 0},
		{"a read that is to wait", readOne, []says{{status: 429, retryAfter: "2"}, well}, 2, "", 2 * time.Second},
		{"a read that is to wait long", readOne, []says{{status: 429, retryAfter: "3600"}, well}, 1, TooMany, 0},
		{"a change that fails", changeOne, []says{{status: 503}, well}, 1, ServiceFault, 0},
		{"a change that is to wait", changeOne, []says{{status: 429, retryAfter: "1"}, well}, 1, TooMany, 0},
		{"a change without a connection", changeOne, []says{{status: 0}, well}, 1, NoConnection, 0},
		{"a delete that fails", deleteOne, []says{{status: 504}, well}, 1, ServiceFault, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				transport, calls := script(c.lines...)
				client := clientOf(t, Config{Transport: transport})
				start := time.Now()
				_, err := c.op.Do(t.Context(), client, struct{}{})
				waited := time.Since(start)
				least := c.waits * 7 / 10
				if c.lines[0].retryAfter != "" {
					least = c.waits // the service is never asked before it said
				}
				if *calls != c.calls || waited < least || waited > 2*c.waits {
					t.Errorf("%d calls in %s, want %d in about %s", *calls, waited, c.calls, c.waits)
				}
				var e *Error
				if errors.As(err, &e); (err == nil) != (c.kind == "") || e != nil && (e.Kind != c.kind || e.Attempts != c.calls) {
					t.Errorf("error %v, want kind %q after %d attempts", err, c.kind, c.calls)
				}
			})
		})
	}
}

// What the service asks to wait is a least, and what nobody would wait is bounded.
func TestRetryAfter(t *testing.T) {
	for range 1000 {
		if d := retryPause(1, &Error{RetryAfter: 5 * time.Second}); d < 5*time.Second || d > 7*time.Second {
			t.Fatalf("asked to wait 5s, it waits %s", d)
		}
		for n, want := range map[int]time.Duration{1: firstBackoff, 2: 2 * firstBackoff, 50: maxBackoff} {
			if d := retryPause(n, errNoPlace); d < want*7/10 || d > want*13/10 {
				t.Fatalf("after attempt %d it waits %s", n, d)
			}
		}
	}
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, "-5": 0, "soon": 0, "9223372036854775807": 365 * 24 * time.Hour,
		"99999999999999999999": 365 * 24 * time.Hour, "-99999999999999999999": 0, "Fri, 31 Dec 9999 23:59:59 GMT": 365 * 24 * time.Hour,
		"Tue, 24 Nov 2026 12:01:00 GMT": time.Minute, "Tue, 24 Nov 2026 11:00:00 GMT": 0,
	} {
		if got := parseRetryAfter(header, now); got != want {
			t.Errorf("%q is %s, want %s", header, got, want)
		}
	}
	if got := parseRetryAfter("Tue, 24 Nov 2026 12:01:00 GMT", now.Add(300*time.Millisecond)); got != time.Minute {
		t.Errorf("a date is waited for by whole seconds, never less: %s", got)
	}
}

// A wait that is longer than ours is told, whatever was refused by it.
func TestRetryAfterIsTold(t *testing.T) {
	for _, c := range []struct {
		op         Operation
		status     int
		header     string
		says, kind string
	}{
		{readOne, 503, "60", "; wait 1m0s, as the service asks, and call again", "service fault"},
		{readOne, 429, "60", "; wait 1m0s, as the service asks, and call again", "too many requests"},
		{readOne, 503, "Fri, 31 Dec 9999 23:59:59 GMT", "; wait 8760h0m0s, as the service asks, and call again", "service fault"},
		{changeOne, 429, "60", "; wait 1m0s, as the service asks, and call again", "too many requests"},
		{changeOne, 503, "60", "; whether it happened is unknown: look before trying again; the service asks to wait 1m0s", "service fault"},
		{changeOne, 422, "60", "; correct the arguments and call again", "invalid"},
	} {
		transport, calls := script(says{status: c.status, retryAfter: c.header})
		e := failure(t, t.Context(), clientOf(t, Config{Transport: transport}), c.op)
		if *calls != 1 || !strings.HasSuffix(e.Error(), c.says) || string(e.Kind) != c.kind {
			t.Errorf("%s, %d and %s: %d calls, %v", c.op.Info().Name, c.status, c.header, *calls, e)
		}
	}
}

// Attempts, waits and the breaker's states are told to those who log and count,
// and are in the words of the error.
func TestChainIsVisible(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport, _ := script(says{status: 429, retryAfter: "2"}, says{status: 503})
		var seen []Exchange
		var states []string
		client := clientOf(t, Config{Transport: transport, PerSecond: -1, Observe: func(e Exchange) { seen = append(seen, e) }, Breaker: func(s string) { states = append(states, s) }})
		e := failure(t, t.Context(), client, readOne)
		if !strings.Contains(e.Error(), "after 3 attempts and ") || !strings.Contains(e.Error(), "s of waiting") {
			t.Errorf("the error says %v", e)
		}
		for i, x := range seen {
			if x.Attempt != i+1 || (i == 0) != (x.Waited == 0) {
				t.Errorf("exchange %d is attempt %d after %s", i, x.Attempt, x.Waited)
			}
		}
		if len(seen) != 3 || seen[1].Waited < 2*time.Second || e.Waited != seen[1].Waited+seen[2].Waited {
			t.Errorf("%d exchanges, the second after %s; %s in all", len(seen), seen[1].Waited, e.Waited)
		}
		_ = failure(t, t.Context(), client, readOne)
		_ = failure(t, t.Context(), client, readOne)
		<-time.After(pauseFor)
		_ = failure(t, t.Context(), client, changeOne)
		if got := strings.Join(states, " "); got != "open half-open open" {
			t.Errorf("the breaker was %s", got)
		}
	})
}

// Of a read that is given up between two attempts the last failure is told.
func TestGivenUpBetweenAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport, calls := script(says{status: 503})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		e := failure(t, ctx, clientOf(t, Config{Transport: transport}), readOne)
		if *calls != 1 || e.Kind != ServiceFault || e.Status != 503 {
			t.Errorf("%d calls: %v (%s)", *calls, e, e.Outcome)
		}
	})
}

// An answer that came as the time ran out is an answer.
func TestAnswerAtTheLastMoment(t *testing.T) {
	for _, op := range []Operation{readOne, changeOne} {
		ctx, cancel := context.WithCancel(t.Context())
		client := clientOf(t, Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			cancel()
			return okReply(r), nil
		})})
		if result, err := op.Do(ctx, client, struct{}{}); err != nil || result.Out.(Server).ID != "1" {
			t.Errorf("%s: %+v, %v", op.Info().Name, result.Out, err)
		}
	}
}

// One attempt of a read that hangs leaves time for another.
func TestAttemptThatHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls := 0
		client := clientOf(t, Config{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			if calls++; calls == 1 {
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return okReply(r), nil
		})})
		start := time.Now()
		_, err := readOne.Call(t.Context(), client, struct{}{})
		if waited := time.Since(start); err != nil || calls != 2 || waited < 12*time.Second || waited > 13*time.Second {
			t.Errorf("%v after %d calls and %s", err, calls, waited)
		}
	})
}

// A service that fails time and again is left alone for a while, then tried.
func TestCallsArePaused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		transport, calls := script(says{status: 500}, says{status: 500}, says{status: 500}, says{status: 500}, says{status: 500}, well)
		client := clientOf(t, Config{Transport: transport})
		for range pauseAfter {
			_ = failure(t, t.Context(), client, changeOne)
		}
		if got := client.Health(); got != "open" {
			t.Errorf("health %s after %d faults", got, pauseAfter)
		}
		e := failure(t, t.Context(), client, changeOne)
		if *calls != pauseAfter || e.Kind != Paused || e.Outcome != NotSent || !strings.HasSuffix(e.Error(), "nothing was sent") {
			t.Errorf("%d calls: %v (%s)", *calls, e, e.Outcome)
		}
		<-time.After(pauseFor)
		if _, err := changeOne.Call(t.Context(), client, struct{}{}); err != nil || client.Health() != "closed" {
			t.Errorf("after the pause: %v, health %s", err, client.Health())
		}
	})
}

// What is not a fault of the service does not pause the calls to it.
func TestCallsAreNotPaused(t *testing.T) {
	for name, line := range map[string]says{"refused": {status: 422}, "wrong key": {status: 406}, "not found": {status: 404}, "page": {status: 200, body: "<html>"}} {
		transport, _ := script(line)
		client := clientOf(t, Config{Transport: transport})
		for range 2 * pauseAfter {
			_ = failure(t, t.Context(), client, changeOne)
		}
		if got := client.Health(); got != "closed" {
			t.Errorf("%s: health %s", name, got)
		}
	}
	synctest.Test(t, func(t *testing.T) { // callers who find no place in time
		release := make(chan struct{})
		client := clientOf(t, Config{Concurrent: 1, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			<-release
			return okReply(r), nil
		})})
		done := make(chan error)
		go func() {
			_, err := changeOne.Call(t.Context(), client, struct{}{})
			done <- err
		}()
		synctest.Wait()
		for range 2 * pauseAfter {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			if e := failure(t, ctx, client, changeOne); e.Kind != NoConnection || e.Outcome != NotSent {
				t.Errorf("without a place: %v (%s)", e, e.Outcome)
			}
			cancel()
		}
		close(release)
		if err := <-done; err != nil || client.Health() != "closed" {
			t.Errorf("the call with a place: %v, health %s", err, client.Health())
		}
	})
}
