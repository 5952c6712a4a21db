package rpc

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
)

// replyWriter is the answer to one call over HTTP. It becomes a stream of events when the
// library makes it one, or when the call has something to say before its answer.
type replyWriter struct {
	http.ResponseWriter
	call *Call

	header http.Header // as the library sets it
	status int         // as the library set it; 0 before
	stream bool        // the library writes events
	begun  bool        // the head went out, as that of a stream of events
	held   bytes.Buffer
}

// Header is the library's: nothing of it goes out before the head does.
func (r *replyWriter) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter; it takes the status that the protocol library answers with.
func (r *replyWriter) WriteHeader(status int) {
	r.call.mu.Lock()
	defer r.call.mu.Unlock()
	r.status = status
	if strings.HasPrefix(r.header.Get("Content-Type"), eventStream) {
		r.stream = true
		r.begin()
	}
}

// begin sends the head of a stream, once; the call is locked.
func (r *replyWriter) begin() {
	if r.begun {
		return
	}
	r.begun = true
	to := r.ResponseWriter.Header()
	if r.stream {
		maps.Copy(to, r.header)
	}
	to.Set("Content-Type", eventStream)
	to.Set("Cache-Control", "no-cache")
	to.Set("X-Accel-Buffering", "no")
	r.ResponseWriter.WriteHeader(http.StatusOK)
}

// event sends a message of the call before its answer; the call is locked.
func (r *replyWriter) event(message []byte) error {
	r.begin()
	return r.write(message)
}

// write sends one message as an event.
func (r *replyWriter) write(message []byte) error {
	if _, err := r.ResponseWriter.Write([]byte("event: message\ndata: " + string(message) + "\n\n")); err != nil {
		return err
	}
	return http.NewResponseController(r.ResponseWriter).Flush()
}

// Write takes a piece of the library's answer: lines of events, or a part of the
// one message.
func (r *replyWriter) Write(b []byte) (int, error) {
	r.call.mu.Lock()
	r.held.Write(b)
	stream := r.stream
	r.call.mu.Unlock()
	if !stream {
		return len(b), nil
	}
	for {
		r.call.mu.Lock()
		line, rest, whole := bytes.Cut(r.held.Bytes(), []byte("\n"))
		if !whole {
			r.call.mu.Unlock()
			return len(b), nil
		}
		line = bytes.Clone(line)
		r.held.Next(r.held.Len() - len(rest))
		r.call.mu.Unlock()
		if err := r.line(line); err != nil {
			return 0, err
		}
	}
}

// line sends a line of the library's events with the id that the client knows. The
// answer to a call that its client cancelled is left out.
func (r *replyWriter) line(line []byte) error {
	data, ok := bytes.CutPrefix(line, []byte("data: "))
	if !ok {
		return nil // the name of the event and the empty line after it come with the data
	}
	message, done := r.call.restore(data)
	r.call.mu.Lock()
	defer r.call.mu.Unlock()
	switch {
	case done && r.call.cancelled:
		return nil
	case done:
		r.call.answered = true
		if err := r.acknowledge(message); err != nil {
			return err
		}
	case bytes.Contains(message, []byte("notifications/subscriptions/acknowledged")):
		r.call.acked = true
	}
	return r.write(message)
}

// acknowledge sends what must stand before the answer to a subscription, where the
// library has left it out; the call is locked.
func (r *replyWriter) acknowledge(answer []byte) error {
	if r.call.Method != "subscriptions/listen" || r.call.acked || !bytes.Contains(answer, []byte(`"result":`)) {
		return nil
	}
	r.begin()
	return r.write(r.call.acknowledgement())
}

// Flush implements http.Flusher.
func (r *replyWriter) Flush() {
	r.call.mu.Lock()
	defer r.call.mu.Unlock()
	if r.begun {
		_ = http.NewResponseController(r.ResponseWriter).Flush()
	}
}

// Unwrap implements what http.ResponseController asks of a ResponseWriter that wraps another.
func (r *replyWriter) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// finish sends the answer of a call that the library has ended.
func (r *replyWriter) finish() {
	message, done := r.call.restore(bytes.TrimSpace(r.held.Bytes()))
	r.call.mu.Lock()
	defer r.call.mu.Unlock()
	r.call.answered = true
	if done && !r.stream && !r.call.cancelled {
		_ = r.acknowledge(message)
	}
	switch {
	case r.stream:
	case r.call.cancelled && !r.begun:
		r.ResponseWriter.WriteHeader(http.StatusAccepted) // the client has given it up: there is no more to come
	case r.call.cancelled:
	case r.begun && len(message) > 0:
		_ = r.write(message)
	case !r.begun:
		r.writePlain(message)
	}
}

// writePlain sends an answer that is not a stream.
func (r *replyWriter) writePlain(message []byte) {
	maps.Copy(r.ResponseWriter.Header(), r.header)
	if r.status == 0 {
		r.status = http.StatusOK
	}
	if r.status == http.StatusOK && r.call.modern && r.call.refused != nil {
		r.status = http.StatusBadRequest
	}
	r.ResponseWriter.WriteHeader(r.status)
	_, _ = r.ResponseWriter.Write(message)
}
