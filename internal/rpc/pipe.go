package rpc

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"sync"
	"time"

	"vpsnet-mcp/internal/decode"
)

// Pipe serves one client over its input and output, a message a line. Each request
// is answered in a goroutine of its own, so that none waits for another.
type Pipe struct {
	// Handle answers a message of the client; nil for a notification.
	Handle func(ctx context.Context, message []byte) (answer []byte)
	// Ended is called when the input has ended; it may be nil. Requests under way
	// are still answered, for Finish at most.
	Ended func()
	// Panicked is called with what a request panicked with; it may be nil.
	Panicked func(why any, stack []byte)

	Finish time.Duration // for requests under way after the end of the input
	Grace  time.Duration // for those that do not heed the end of their context

	in     io.Reader
	out    io.Writer
	calls  *Calls
	gone   context.CancelCauseFunc // ends every call: the client is gone
	places chan struct{}           // of requests under way
	taken  int                     // of them by the end
	mu     sync.Mutex              // of the output
}

// The bounds of a pipe.
const (
	maxLine   = 4 << 20 // as over HTTP
	maxCalls  = 1024    // requests at once
	pipeScope = "pipe"  // the scope: there is one client
)

// NewPipe makes a pipe between a client and what answers it.
func NewPipe(in io.Reader, out io.Writer, handle func(ctx context.Context, message []byte) []byte) *Pipe {
	return &Pipe{Handle: handle, Finish: 30 * time.Second, Grace: 10 * time.Second, in: in, out: out, calls: NewCalls(), places: make(chan struct{}, maxCalls)}
}

// ErrUnfinished is returned by Serve when the program ended before a request was answered
// after all patience.
var ErrUnfinished = errors.New("the program ended before a request was answered")

// Serve serves until the input ends and what was asked is answered, or until ctx
// ends. Its error is nil for either end.
func (p *Pipe) Serve(ctx context.Context) error {
	calls, gone := context.WithCancelCause(ctx)
	p.gone = gone
	defer gone(nil)
	ended := make(chan error, 1)
	go func() { ended <- p.read(calls) }()
	var broken error
	select {
	case broken = <-ended:
		if p.Ended != nil {
			p.Ended()
		}
		p.calls.endAll(ErrCancelled, func(c *Call) bool { return c.Method == "subscriptions/listen" })
		p.waitIdle(calls, p.Finish)
	case <-calls.Done():
	}
	gone(context.Canceled)
	if !p.waitIdle(context.Background(), p.Grace) {
		return ErrUnfinished
	}
	return broken
}

// waitIdle waits until no request is under way, by taking all places; it reports
// whether it got them.
func (p *Pipe) waitIdle(ctx context.Context, most time.Duration) bool {
	timer := time.NewTimer(most)
	defer timer.Stop()
	for ; p.taken < maxCalls; p.taken++ {
		select {
		case p.places <- struct{}{}:
		case <-ctx.Done():
			return false
		case <-timer.C:
			return false
		}
	}
	return true
}

// read takes up the client's messages until there are no more.
func (p *Pipe) read(ctx context.Context) error {
	lines := bufio.NewReaderSize(decode.Stream(p.in), 64<<10)
	for ctx.Err() == nil {
		line, err := readLine(lines)
		if line = trimText(line); len(line) > 0 && ctx.Err() == nil {
			p.handleLine(ctx, line)
		}
		switch {
		case errors.Is(err, errTooLong):
			p.Send(errorAnswer(nil, &Error{Code: InvalidRequest, Message: err.Error()}))
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("read the client's input: %w", err)
		}
	}
	return nil
}

// errTooLong is returned for a message that is longer than maxLine.
var errTooLong = fmt.Errorf("a message is longer than %d MiB", maxLine>>20)

// readLine reads up to the next line's end, or to the input's. Of a line that is
// too long nothing is kept.
func readLine(r *bufio.Reader) ([]byte, error) {
	var line []byte
	long := false
	for {
		part, err := r.ReadSlice('\n')
		if long = long || len(line)+len(part) > maxLine; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case long && (err == nil || errors.Is(err, io.EOF)):
			return nil, errors.Join(errTooLong, err)
		}
		return line, err
	}
}

// handleLine takes up one line: a message, or a batch of them.
func (p *Pipe) handleLine(ctx context.Context, line []byte) {
	texts, batch, refused := splitBatch(line)
	switch {
	case refused != nil:
		p.Send(errorAnswer(nil, refused))
	case batch:
		p.begin(nil, func() { p.batch(ctx, texts) })
	default:
		p.message(ctx, texts[0])
	}
}

// message takes one message from the client.
func (p *Pipe) message(ctx context.Context, text json.RawMessage) {
	m, refused := parse(text)
	switch {
	case refused != nil:
		p.Send(errorAnswer(m.ID, refused))
	case m.Method == "" || m.ID == nil:
		p.handleNotice(ctx, m)
	case m.Method == "initialize":
		p.Send(p.answer(ctx, m)) // what comes behind it relies on it
	default:
		p.begin(m.ID, func() { p.Send(p.answer(ctx, m)) })
	}
}

// batch answers the messages of a batch one after the other, in one answer.
func (p *Pipe) batch(ctx context.Context, texts []json.RawMessage) {
	var answers [][]byte
	for _, text := range texts {
		m, refused := parse(text)
		if refused == nil && m.Method == "initialize" {
			refused = errInitialize
		}
		switch {
		case refused != nil:
			answers = append(answers, errorAnswer(m.ID, refused))
		case m.Method == "" || m.ID == nil:
			p.handleNotice(ctx, m)
		default:
			if answer := p.answer(ctx, m); answer != nil {
				answers = append(answers, answer)
			}
		}
	}
	p.Send(joinAnswers(answers))
}

// handleNotice takes what has no answer: a notification, or the response to a question.
// A response to nobody's question says nothing.
func (p *Pipe) handleNotice(ctx context.Context, m Message) {
	switch m.Method {
	case "":
		p.calls.answer(pipeScope, m)
	case "notifications/cancelled":
		p.calls.cancel(pipeScope, m)
	default:
		p.Handle(ctx, m.notification())
	}
}

// begin does work for a request where there is a place for it.
func (p *Pipe) begin(id json.RawMessage, work func()) {
	select {
	case p.places <- struct{}{}:
		go func() {
			defer func() { <-p.places }()
			work()
		}()
	default:
		p.Send(errorAnswer(id, &Error{Code: Busy, Message: fmt.Sprintf("%d requests are under way; wait until some are answered", maxCalls)}))
	}
}

// answer is the answer to a request; nil when its client cancelled it.
func (p *Pipe) answer(ctx context.Context, m Message) (answer []byte) {
	ctx, call := p.calls.begin(ctx, pipeScope, m)
	defer p.calls.end(call)
	call.send, call.asks = p.write, true
	defer func() {
		if why := recover(); why != nil {
			if p.Panicked != nil {
				p.Panicked(why, debug.Stack())
			}
			answer = errorAnswer(m.ID, &Error{Code: InternalError, Message: "internal error; the log has the details"})
		}
		call.mu.Lock()
		defer call.mu.Unlock()
		if call.answered = true; call.cancelled {
			answer = nil
		}
	}()
	answer, _ = call.restore(p.Handle(ctx, m.withID(call.number)))
	return answer
}

// Notify sends a message that the library has for a call's client on a way of its own.
func (p *Pipe) Notify(message []byte) {
	if bytes.Contains(message, []byte(subscription)) {
		p.calls.mu.Lock()
		for _, call := range p.calls.listed {
			if call.Method == "subscriptions/listen" {
				message, _ = call.restore(message)
			}
		}
		p.calls.mu.Unlock()
	}
	p.Send(message)
}

// Send writes a message, if there is one. A client that does not take it is gone.
func (p *Pipe) Send(message []byte) {
	if message != nil {
		_ = p.write(message)
	}
}

// write sends one message, as a line.
func (p *Pipe) write(message []byte) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, err := p.out.Write(append(message[:len(message):len(message)], '\n'))
	if err != nil {
		p.gone(fmt.Errorf("write to the client: %w", err))
	}
	return err
}
