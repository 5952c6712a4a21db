package rpc

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"sync"

	"vpsnet-mcp/internal/decode"
)

// SSE stands before the protocol library's server-sent events of the first revision:
// a stream that answers, and an address to which messages are posted.
type SSE struct {
	calls   *Calls
	mu      sync.Mutex
	streams map[string]*eventWriter // of a session
	batches map[int64]*batchAnswer  // of a call
}

// NewSSE makes what stands before the protocol library's SSE handler.
func NewSSE() *SSE {
	return &SSE{calls: NewCalls(), streams: map[string]*eventWriter{}, batches: map[int64]*batchAnswer{}}
}

// batchAnswer is the answer to a batch while it grows.
type batchAnswer struct {
	answers [][]byte
	left    int
}

// Stream gives the library's events to a client as it asked for them.
func (s *SSE) Stream(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e := &eventWriter{ResponseWriter: w, sse: s}
		defer e.close()
		next.ServeHTTP(e, r)
	})
}

// HandlePosts gives next the messages as the library can serve them.
func (s *SSE) HandlePosts(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session := r.URL.Query().Get("sessionId")
		s.mu.Lock()
		stream := s.streams[session]
		s.mu.Unlock()
		if stream == nil {
			next.ServeHTTP(w, r) // the library says what is wrong with the session
			return
		}
		body, _ := io.ReadAll(r.Body)
		if decoded, err := decode.Text(body); err == nil {
			body = decoded
		}
		texts, batch, refused := splitBatch(trimText(body))
		w.WriteHeader(http.StatusAccepted)
		if refused != nil {
			_ = stream.send(errorAnswer(nil, refused))
			return
		}
		var g *batchAnswer
		if batch {
			g = &batchAnswer{left: len(texts)}
		}
		for _, text := range texts {
			s.message(stream, r, next, text, g)
		}
	})
}

// message takes up one message of a session; g is its batch, and may be nil.
func (s *SSE) message(stream *eventWriter, r *http.Request, next http.Handler, text []byte, g *batchAnswer) {
	m, refused := parse(text)
	if g != nil && refused == nil && m.Method == "initialize" {
		refused = errInitialize
	}
	to := &partWriter{header: http.Header{}}
	switch {
	case refused != nil:
		s.sendAnswer(stream, g, errorAnswer(m.ID, refused))
	case m.Method == "":
		s.calls.answer(stream.session, m)
		s.sendAnswer(stream, g, nil)
	case m.Method == "notifications/cancelled":
		if number := s.calls.cancel(stream.session, m); number != 0 { // the library runs the call on a context of its own
			next.ServeHTTP(to, withBody(r, notification(m.Method, map[string]any{"requestId": number})))
		}
		s.sendAnswer(stream, g, nil)
	case m.ID == nil:
		next.ServeHTTP(to, withBody(r, m.notification()))
		s.sendAnswer(stream, g, nil)
	default:
		ctx, call := s.calls.begin(context.WithoutCancel(r.Context()), stream.session, m)
		call.send = stream.send // it asks nobody: plans that need a yes name the other ways
		if g != nil {
			s.mu.Lock()
			s.batches[call.number] = g
			s.mu.Unlock()
		}
		next.ServeHTTP(to, withBody(r.WithContext(ctx), m.withID(call.number)))
	}
}

// sendAnswer sends an answer, or keeps it until its batch is whole; it may be nil.
func (s *SSE) sendAnswer(stream *eventWriter, g *batchAnswer, answer []byte) {
	if g == nil {
		if answer != nil {
			_ = stream.send(answer)
		}
		return
	}
	s.mu.Lock()
	if answer != nil {
		g.answers = append(g.answers, answer)
	}
	g.left--
	var all []byte
	if g.left == 0 {
		all = joinAnswers(g.answers)
	}
	s.mu.Unlock()
	if all != nil {
		_ = stream.send(all)
	}
}

// forwardLibraryMessage takes a message of the library for a session.
func (s *SSE) forwardLibraryMessage(stream *eventWriter, message []byte) {
	call := s.calls.callOfAnswer(message)
	if call == nil || call.key.scope != stream.session {
		_ = stream.send(message)
		return
	}
	answer, _ := call.restore(message)
	call.mu.Lock()
	call.answered = true
	if call.cancelled {
		answer = nil
	}
	call.mu.Unlock()
	s.mu.Lock()
	g := s.batches[call.number]
	delete(s.batches, call.number)
	s.mu.Unlock()
	s.calls.end(call)
	s.sendAnswer(stream, g, answer)
}

// callOfAnswer returns the call that a message of the library answers; nil for none.
func (c *Calls) callOfAnswer(message []byte) *Call {
	var head struct {
		ID     json.RawMessage
		Method string
	}
	if json.Unmarshal(message, &head) != nil || head.Method != "" {
		return nil
	}
	number, err := strconv.ParseInt(string(head.ID), 10, 64)
	if err != nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.listed[number]
}

// eventWriter is a session's stream.
type eventWriter struct {
	http.ResponseWriter
	sse     *SSE
	session string
	held    bytes.Buffer // of the library's; it writes from one goroutine
	name    string       // of the event that is being written

	mu     sync.Mutex
	closed bool
}

// Write takes a piece of the library's events.
func (e *eventWriter) Write(b []byte) (int, error) {
	e.held.Write(b)
	for {
		line, rest, whole := bytes.Cut(e.held.Bytes(), []byte("\n"))
		if !whole {
			return len(b), nil
		}
		line = bytes.TrimSuffix(bytes.Clone(line), []byte("\r"))
		e.held.Next(e.held.Len() - len(rest))
		e.line(line)
	}
}

// line takes a line of an event stream that the library writes.
func (e *eventWriter) line(line []byte) {
	if name, ok := bytes.CutPrefix(line, []byte("event: ")); ok {
		e.name = string(name)
		return
	}
	data, ok := bytes.CutPrefix(line, []byte("data: "))
	switch {
	case !ok:
		if bytes.HasPrefix(line, []byte(":")) {
			_ = e.raw(string(line) + "\n\n")
		}
	case e.name == "endpoint":
		if u, err := url.Parse(string(data)); err == nil {
			e.session = u.Query().Get("sessionId")
			e.sse.mu.Lock()
			e.sse.streams[e.session] = e
			e.sse.mu.Unlock()
		}
		_ = e.raw(fmt.Sprintf("event: endpoint\ndata: %s\n\n", data))
	default:
		e.sse.forwardLibraryMessage(e, data)
	}
}

// send sends a message to the client.
func (e *eventWriter) send(message []byte) error {
	return e.raw("event: message\ndata: " + string(message) + "\n\n")
}

// raw writes an event to the client as it is.
func (e *eventWriter) raw(event string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closed {
		return io.ErrClosedPipe
	}
	if _, err := io.WriteString(e.ResponseWriter, event); err != nil {
		return err
	}
	return http.NewResponseController(e.ResponseWriter).Flush()
}

// Flush implements http.Flusher.
func (e *eventWriter) Flush() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.closed {
		_ = http.NewResponseController(e.ResponseWriter).Flush()
	}
}

// Unwrap implements what http.ResponseController asks of a ResponseWriter that wraps another.
func (e *eventWriter) Unwrap() http.ResponseWriter { return e.ResponseWriter }

// close ends the session's calls: nobody hears of them.
func (e *eventWriter) close() {
	e.mu.Lock()
	e.closed = true
	e.mu.Unlock()
	if e.session == "" {
		return
	}
	e.sse.mu.Lock()
	delete(e.sse.streams, e.session)
	e.sse.mu.Unlock()
	e.sse.calls.endAll(ErrCancelled, func(c *Call) bool { return c.key.scope == e.session })
}
