package tools

import (
	"context"
	"errors"
	"io"
	"log"
	"time"

	"github.com/mark3labs/mcp-go/server"
)

// Workers of the stdio transport: a slow call does not keep others waiting.
const stdioWorkers = 32

// grace is how long a change that is on its way may take to be answered after
// the client has gone.
const grace = 10 * time.Second

// ServeStdio serves one client until its input ends or ctx does. A change that
// is on its way then gets up to ten seconds to be answered.
func (s *Server) ServeStdio(ctx context.Context, in io.Reader, out io.Writer) error {
	st := server.NewStdioServer(s.mcp)
	server.WithWorkerPoolSize(stdioWorkers)(st)
	st.SetErrorLogger(log.New(s.options.Log, "", 0))
	listen := make(chan error, 1)
	ended := make(chan struct{})
	go func() { listen <- st.Listen(ctx, &endReader{in, ended}, out) }()
	select {
	case err := <-listen:
		return quiet(err)
	case <-ended:
	case <-ctx.Done():
	}
	select {
	case err := <-listen:
		return quiet(err)
	case <-time.After(grace):
		return errors.New("a change was still without an answer after 10 s; whether it happened is unknown")
	}
}

// quiet drops the error of an end that was asked for.
func quiet(err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// endReader tells when its input has ended.
type endReader struct {
	io.Reader
	ended chan struct{}
}

func (r *endReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	if err != nil {
		select {
		case <-r.ended:
		default:
			close(r.ended)
		}
	}
	return n, err
}
