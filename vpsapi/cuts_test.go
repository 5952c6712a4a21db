package vpsapi

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestConnectionRefusedIsNotSent(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = l.Close()
	e := failure(t, t.Context(), clientOf(t, Config{BaseURL: "http://" + l.Addr().String()}), changeOne)
	if e.Kind != NoConnection || e.Outcome != NotSent || e.Status != 0 || !strings.HasSuffix(e.Error(), "nothing was sent") {
		t.Errorf("error = %v (%s)", e, e.Outcome)
	}
}

// A certificate that nobody vouches for: the connection ends before the request.
func TestUnknownCertificateIsNotSent(t *testing.T) {
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("sent") }))
	server.Config.ErrorLog = quiet
	server.StartTLS()
	defer server.Close()
	if e := failure(t, t.Context(), clientOf(t, Config{BaseURL: server.URL}), changeOne); e.Kind != NoConnection || e.Outcome != NotSent {
		t.Errorf("error = %v (%s)", e, e.Outcome)
	}
}

// The request arrives and the connection is cut without an answer.
func TestResetAfterTheRequestIsUnknown(t *testing.T) {
	client := loopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		_ = conn.(*net.TCPConn).SetLinger(0) // a reset, no orderly end
		_ = conn.Close()
	}))
	e := failure(t, t.Context(), client, changeOne)
	if e.Kind != NoConnection || e.Outcome != Unknown || !strings.Contains(e.Error(), "look before trying again") {
		t.Errorf("error = %v (%s)", e, e.Outcome)
	}
}

func TestReplyCutOff(t *testing.T) {
	client := loopback(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"virtual_machine":`)
	}))
	e := failure(t, t.Context(), client, changeOne)
	if e.Kind != BadReply || e.Outcome != Unknown || e.Status != 200 || !strings.Contains(e.Error(), "is incomplete") {
		t.Errorf("error = %v (%s)", e, e.Outcome)
	}
}

func TestReplyTooLarge(t *testing.T) {
	server := httptest.NewServer(answers{200, `{"virtual_machine":{"id":1}}`})
	defer server.Close()
	e := failure(t, t.Context(), clientOf(t, Config{BaseURL: server.URL, MaxReply: 27}), changeOne)
	if e.Kind != BadReply || e.Outcome != Unknown || !strings.Contains(e.Error(), "larger than 27 bytes") {
		t.Errorf("error = %v (%s)", e, e.Outcome)
	}
	if _, err := changeOne.Call(t.Context(), clientOf(t, Config{BaseURL: server.URL, MaxReply: 28}), struct{}{}); err != nil {
		t.Errorf("a reply of the very size: %v", err)
	}
}

// blocking answers only when the test is over; started tells of each request.
func blocking(t *testing.T, head string) (client func(Config) *Client, started chan struct{}) {
	t.Helper()
	over := make(chan struct{})
	started = make(chan struct{}, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if head != "" {
			_, _ = io.WriteString(w, head)
			_ = http.NewResponseController(w).Flush()
		}
		started <- struct{}{}
		<-over
	}))
	t.Cleanup(func() { close(over); server.Close() })
	return func(c Config) *Client { c.BaseURL = server.URL; return clientOf(t, c) }, started
}

func TestNoAnswerInTime(t *testing.T) {
	client, _ := blocking(t, "")
	e := failure(t, t.Context(), client(Config{Timeout: 20 * time.Millisecond}), changeOne)
	if e.Kind != NoConnection || e.Outcome != Unknown || !errors.Is(e, context.DeadlineExceeded) || !strings.Contains(e.Error(), "no answer within 20ms") {
		t.Errorf("the client's limit: %v (%s)", e, e.Outcome)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	e = failure(t, ctx, client(Config{}), changeOne)
	if e.Outcome != Unknown || !errors.Is(e, context.DeadlineExceeded) || strings.Contains(e.Error(), "30s") {
		t.Errorf("the caller's limit: %v (%s)", e, e.Outcome)
	}
}

func TestAnswerThatStops(t *testing.T) {
	client, _ := blocking(t, `{"virtual_machine":`)
	e := failure(t, t.Context(), client(Config{Timeout: 50 * time.Millisecond}), readOne)
	if e.Kind != BadReply && e.Kind != NoConnection || !errors.Is(e, context.DeadlineExceeded) || !strings.Contains(e.Error(), "no answer within 50ms") {
		t.Errorf("error = %v", e)
	}
}

func TestCancelled(t *testing.T) {
	client, started := blocking(t, "")
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-started; cancel() }()
	e := failure(t, ctx, client(Config{}), changeOne)
	if e.Kind != NoConnection || e.Outcome != Unknown || !errors.Is(e, context.Canceled) || !strings.Contains(e.Error(), "cancelled") {
		t.Errorf("after the request: %v (%s)", e, e.Outcome)
	}
	for _, config := range []Config{{}, {Concurrent: 1}, {PerSecond: 1}} {
		if e := failure(t, ctx, client(config), changeOne); e.Outcome != NotSent || !errors.Is(e, context.Canceled) {
			t.Errorf("before the request: %v (%s)", e, e.Outcome)
		}
	}
	if len(started) != 0 {
		t.Error("a call that was cancelled before it began was sent")
	}
}
