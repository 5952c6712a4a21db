package host

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// deadlineWriter is what goes to a client: each piece must be taken in time, so that one
// that reads slowly or not at all holds nothing for long.
type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
	each    time.Duration
	status  int
}

// newDeadlineWriter returns a writer that gives the client up to each to take each part of the answer.
func newDeadlineWriter(w http.ResponseWriter, each time.Duration) *deadlineWriter {
	a := &deadlineWriter{w, http.NewResponseController(w), each, http.StatusOK}
	a.extendDeadline()
	return a
}

// extendDeadline gives the client time for the next piece.
func (a *deadlineWriter) extendDeadline() { _ = a.control.SetWriteDeadline(time.Now().Add(a.each)) }

// WriteHeader implements http.ResponseWriter; the client gets a new deadline to read on.
func (a *deadlineWriter) WriteHeader(status int) {
	a.status = status
	a.extendDeadline()
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter; the client gets a new deadline to read on.
func (a *deadlineWriter) Write(b []byte) (int, error) {
	a.extendDeadline()
	return a.ResponseWriter.Write(b)
}

// Flush implements http.Flusher: without it a stream would be held back.
func (a *deadlineWriter) Flush() {
	a.extendDeadline()
	_ = a.control.Flush()
}

// Unwrap implements what http.ResponseController asks of a ResponseWriter that wraps another.
func (a *deadlineWriter) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// heartbeatWriter writes a comment to an event stream that is silent, between its events:
// the library has heartbeats for the older revisions alone.
type heartbeatWriter struct {
	http.ResponseWriter
	mu   sync.Mutex
	last string // the last two bytes that went out
}

// WriteHeader implements http.ResponseWriter.
func (p *heartbeatWriter) WriteHeader(status int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter; it notes what was written last, so that no heartbeat breaks an event apart.
func (p *heartbeatWriter) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := p.ResponseWriter.Write(b)
	both := p.last + string(b[max(0, n-2):n])
	p.last = both[max(0, len(both)-2):]
	return n, err
}

// Flush implements http.Flusher.
func (p *heartbeatWriter) Flush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.flush()
}

// flush sends what was written so far to the client.
func (p *heartbeatWriter) flush() {
	if f, ok := p.ResponseWriter.(http.Flusher); ok {
		f.Flush()
	}
}

// start writes a heartbeat at each interval until it is stopped.
func (p *heartbeatWriter) start(every time.Duration) (stop func()) {
	ended, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ended:
				return
			case <-ticker.C:
				p.writeHeartbeat()
			}
		}
	}()
	return func() { close(ended); <-done }
}

// writeHeartbeat sends a comment on an event stream, between two events, so that proxies do not end it.
func (p *heartbeatWriter) writeHeartbeat() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.last == "\n\n" && strings.HasPrefix(p.Header().Get("Content-Type"), "text/event-stream") {
		_, _ = p.ResponseWriter.Write([]byte(": alive\n\n"))
		p.flush()
	}
}
