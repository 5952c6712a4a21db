package rpc

import (
	"context"
	"encoding/json"
	"errors"
	"sync"
)

// Call is a client's request on its way through the library. Its methods may be
// called on nil, which is a call that did not come through this package.
type Call struct {
	Method string

	calls  *Calls
	key    requestKey
	number int64           // under which the library knows the request
	id     json.RawMessage // as the client sent it
	token  json.RawMessage // for progress, as the client sent it; nil for none
	end    context.CancelCauseFunc
	modern bool // of the revision in which a kind of error has an HTTP status

	mu        sync.Mutex
	send      func(message []byte) error // to the client, on this call's own way; nil where there is none
	asks      bool                       // the client can answer on that way
	told      int                        // how often progress was told
	acked     bool                       // a subscription was acknowledged
	cancelled bool                       // by the client: it is not answered
	answered  bool
	refused   *Error // what the library's internal error stands for
}

// callKey is the key of a context's Call.
type callKey struct{}

// CallOf returns the call that a context belongs to; nil without one.
func CallOf(ctx context.Context) *Call {
	c, _ := ctx.Value(callKey{}).(*Call)
	return c
}

// TellsProgress reports that the client wants to know how the call fares.
func (c *Call) TellsProgress() bool { return c != nil && c.token != nil && c.send != nil }

// Progress tells the client how the call fares. The numbers only grow, and none
// comes after the answer.
func (c *Call) Progress(message string) {
	if !c.TellsProgress() {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.answered || c.cancelled {
		return
	}
	c.told++
	_ = c.send(notification("notifications/progress", map[string]any{"progressToken": c.token, "progress": c.told, "message": message}))
}

// Notify tells the client something else of the call, on the call's own way.
func (c *Call) Notify(method string, params map[string]any) {
	if c == nil || c.send == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.answered && !c.cancelled {
		_ = c.send(notification(method, params))
	}
}

// CanAsk reports that the call's client can be asked while the call runs.
func (c *Call) CanAsk() bool { return c != nil && c.asks && c.send != nil }

// ErrNotAsked is returned by Ask where the question did not reach the client.
var ErrNotAsked = errors.New("this MCP client cannot show a question")

// Ask sends the client a request in mid-call and waits for its result, or its
// *Error. A question that is given up with ctx is taken back.
func (c *Call) Ask(ctx context.Context, method string, params any) (json.RawMessage, error) {
	if !c.CanAsk() {
		return nil, ErrNotAsked
	}
	question, answers, forget := c.calls.ask(c.key.scope)
	defer forget()
	text, err := marshal(map[string]any{"jsonrpc": "2.0", "id": question, "method": method, "params": params})
	if err != nil {
		return nil, err
	}
	if err := c.write(text); err != nil {
		return nil, errors.Join(ErrNotAsked, err)
	}
	select {
	case answer := <-answers:
		if answer.Error != nil {
			return nil, answer.Error
		}
		return answer.Result, nil
	case <-ctx.Done():
		_ = c.write(notification("notifications/cancelled", map[string]any{"requestId": question, "reason": "the question is no longer open"}))
		return nil, context.Cause(ctx)
	}
}

// write sends a message of the server to the client, while the call is open.
func (c *Call) write(message []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.send(message)
}

// ReplaceError says which error the library's internal error stands for, where a handler of the library can only fail.
func (c *Call) ReplaceError(why Error) {
	if c != nil {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.refused = &why
	}
}

// notification returns a notification as JSON.
func notification(method string, params map[string]any) []byte {
	text, err := marshal(map[string]any{"jsonrpc": "2.0", "method": method, "params": params})
	if err != nil {
		return nil
	}
	return text
}

// Calls are the requests under way, and the questions to clients that are open.
type Calls struct {
	mu     sync.Mutex
	last   int64
	under  map[requestKey]*Call
	listed map[int64]*Call
	open   map[openQuestion]chan<- Message
}

// requestKey is a request as its client knows it; scope keeps clients apart.
type requestKey struct{ scope, id string }

// openQuestion names a question to the client that has no answer yet.
type openQuestion struct {
	scope  string
	number int64
}

// Numbers of questions begin far above those that the library gives its pings.
const firstQuestion int64 = 1 << 40

// NewCalls makes calls of which none is under way.
func NewCalls() *Calls {
	return &Calls{under: map[requestKey]*Call{}, listed: map[int64]*Call{}, open: map[openQuestion]chan<- Message{}}
}

// begin takes up a request. An empty scope is nobody's: such a call cannot be cancelled.
func (c *Calls) begin(ctx context.Context, scope string, m Message) (context.Context, *Call) {
	ctx, end := context.WithCancelCause(ctx)
	call := &Call{Method: m.Method, calls: c, key: requestKey{scope, string(m.ID)}, id: m.ID, end: end}
	if token := m.field("_meta", "progressToken"); token != nil && string(token) != "null" {
		call.token = token
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	call.number = c.last
	c.listed[call.number] = call
	if scope != "" {
		c.under[call.key] = call
	}
	return context.WithValue(ctx, callKey{}, call), call
}

// end ends a call: its id may be used again.
func (c *Calls) end(call *Call) {
	call.end(nil)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.listed, call.number)
	if c.under[call.key] == call {
		delete(c.under, call.key)
	}
}

// ErrCancelled is the cause of the end of a call that its client gave up.
var ErrCancelled = errors.New("the call was cancelled")

// cancel ends the call that a client's notification names; it is not answered any
// more. It gives the call's number, or 0 where there is none.
func (c *Calls) cancel(scope string, m Message) int64 {
	c.mu.Lock()
	call := c.under[requestKey{scope, string(m.field("requestId"))}]
	c.mu.Unlock()
	if call == nil || call.Method == "initialize" {
		return 0
	}
	call.mu.Lock()
	call.cancelled = true
	call.mu.Unlock()
	call.end(ErrCancelled)
	return call.number
}

// endAll ends the calls for which a test speaks.
func (c *Calls) endAll(cause error, which func(*Call) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, call := range c.listed {
		if which(call) {
			call.end(cause)
		}
	}
}

// ask opens a question to a client; its answer comes once.
func (c *Calls) ask(scope string) (number int64, answer <-chan Message, forget func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last++
	asked := openQuestion{scope, firstQuestion + c.last}
	ch := make(chan Message, 1)
	c.open[asked] = ch
	return asked.number, ch, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.open, asked)
	}
}

// answer takes a client's response to the question that it answers, if it does.
func (c *Calls) answer(scope string, m Message) bool {
	var number int64
	if json.Unmarshal(m.ID, &number) != nil {
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	ch, ok := c.open[openQuestion{scope, number}]
	if ok {
		delete(c.open, openQuestion{scope, number})
		ch <- m
	}
	return ok
}
