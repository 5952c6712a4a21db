package tools

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/mark3labs/mcp-go/mcp"
	"github.com/mark3labs/mcp-go/server"

	"vpsnet-mcp/internal/rpc"
	"vpsnet-mcp/tools/calls"
)

// errInputEnded is the cause that ends calls once the client can say nothing more.
var errInputEnded = errors.New("the input has ended")

// ServeStdio serves one client until its input ends or ctx does. What was asked
// before the end of the input is answered; a change that is on its way gets up to
// ten seconds to be answered after the end of ctx.
func (s *Server) ServeStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	session := newPipeSession()
	if err := s.mcp.RegisterSession(ctx, session); err != nil {
		return fmt.Errorf("serve stdio: %w", err)
	}
	defer s.mcp.UnregisterSession(context.WithoutCancel(ctx), session.SessionID())
	halt, end := context.WithCancelCause(context.Background())
	defer end(nil)
	stop := context.AfterFunc(ctx, func() { end(context.Cause(ctx)) })
	defer stop()

	pipe := rpc.NewPipe(in, out, func(ctx context.Context, message []byte) []byte {
		answer := s.mcp.HandleMessage(s.mcp.WithContext(ctx, session), message)
		if c := rpc.CallOf(ctx); c != nil && c.Method == string(mcp.MethodSubscriptionsListen) {
			session.flush() // the acknowledgement comes before the answer
		}
		return s.encodeMessage(answer)
	})
	pipe.Ended = func() { end(errInputEnded) }
	pipe.Panicked = func(why any, stack []byte) {
		s.options.Log.Error().Str("panic", s.options.Client.Clean(fmt.Sprint(why))).Bytes("stack", stack).Msg("a request ended in a panic")
	}
	told := make(chan struct{})
	go func() { defer close(told); session.tell(pipe, s) }()
	err := pipe.Serve(calls.WithHalt(ctx, halt))
	close(session.done)
	<-told
	if errors.Is(err, rpc.ErrUnfinished) {
		return errors.New("a change was still without an answer after 10 s; whether it happened is unknown")
	}
	return err
}

// encodeMessage returns a message of the library as JSON; nil for none.
func (s *Server) encodeMessage(message any) []byte {
	if message == nil {
		return nil
	}
	text, err := json.Marshal(message)
	if err != nil {
		s.options.Log.Error().Err(err).Msg("an answer cannot be written")
		return []byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"internal error; the log has the details"}}`)
	}
	return text
}

// pipeSession is the library's session of the one client over stdio. What it asks
// of the client it asks by the call itself.
type pipeSession struct {
	ready         atomic.Bool
	client        atomic.Value // mcp.Implementation
	can           atomic.Value // mcp.ClientCapabilities
	notifications chan mcp.JSONRPCNotification
	flushed       chan chan struct{}
	done          chan struct{}
}

// newPipeSession returns the one session of a connection over stdio.
func newPipeSession() *pipeSession {
	return &pipeSession{notifications: make(chan mcp.JSONRPCNotification, 100), flushed: make(chan chan struct{}), done: make(chan struct{})}
}

// tell sends what the library announces until the session is done.
func (p *pipeSession) tell(pipe *rpc.Pipe, s *Server) {
	for {
		select {
		case n := <-p.notifications:
			pipe.Notify(s.encodeMessage(n))
		case done := <-p.flushed:
			for range len(p.notifications) {
				pipe.Notify(s.encodeMessage(<-p.notifications))
			}
			close(done)
		case <-p.done:
			return
		}
	}
}

// flush returns when all that was announced before has been sent.
func (p *pipeSession) flush() {
	done := make(chan struct{})
	select {
	case p.flushed <- done:
		<-done
	case <-p.done:
	}
}

// SessionID implements server.ClientSession. It is the same for every client over stdio: a process has one.
func (p *pipeSession) SessionID() string { return "stdio" }

// Initialize implements server.ClientSession. The library calls it once the client is ready.
func (p *pipeSession) Initialize() { p.ready.Store(true) }

// Initialized implements server.ClientSession. It reports that Initialize was called.
func (p *pipeSession) Initialized() bool { return p.ready.Load() }

// NotificationChannel implements server.ClientSession. What the library announces is sent on it.
func (p *pipeSession) NotificationChannel() chan<- mcp.JSONRPCNotification { return p.notifications }

// GetClientInfo implements server.SessionWithClientInfo: the client's own name and version.
func (p *pipeSession) GetClientInfo() mcp.Implementation {
	info, _ := p.client.Load().(mcp.Implementation)
	return info
}

// SetClientInfo implements server.SessionWithClientInfo.
func (p *pipeSession) SetClientInfo(info mcp.Implementation) { p.client.Store(info) }

// GetClientCapabilities implements server.SessionWithClientInfo: what the client said it can do.
func (p *pipeSession) GetClientCapabilities() mcp.ClientCapabilities {
	can, _ := p.can.Load().(mcp.ClientCapabilities)
	return can
}

// SetClientCapabilities implements server.SessionWithClientInfo.
func (p *pipeSession) SetClientCapabilities(can mcp.ClientCapabilities) { p.can.Store(can) }

var _ server.SessionWithClientInfo = (*pipeSession)(nil)
