package state

import (
	"bytes"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

// way is the network between a store and its Redis, with the faults of one.
type way struct {
	server   string
	listener net.Listener
	down     atomic.Bool            // nothing gets through
	requests atomic.Int64           // that came
	loses    atomic.Pointer[string] // the answer to the next request that says this is lost, and its connection
	most     atomic.Int64           // the longest answer that gets through, in bytes; 0 for any

	mu   sync.Mutex
	open []net.Conn
	all  sync.WaitGroup
}

// newWay leads to the Redis of a URL, and tells its own.
func newWay(t *testing.T, url string) (*way, string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := strings.TrimSuffix(strings.TrimPrefix(url, "redis://"), "/0")
	w := &way{server: server, listener: listener}
	w.all.Go(func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			w.keep(c)
			w.all.Go(func() { w.serve(c) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		w.mu.Lock()
		for _, c := range w.open {
			_ = c.Close()
		}
		w.mu.Unlock()
		w.all.Wait()
	})
	return w, "redis://" + listener.Addr().String() + "/0"
}

func (w *way) keep(c net.Conn) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.open = append(w.open, c)
}

func (w *way) serve(client net.Conn) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial("tcp", w.server)
	if err != nil {
		return
	}
	w.keep(server)
	var losing atomic.Bool
	var length atomic.Int64 // of the answer so far
	w.all.Go(func() {
		defer func() { _ = client.Close() }()
		w.copy(client, server, func(b []byte) bool {
			most := w.most.Load()
			return !losing.Load() && (length.Add(int64(len(b))) <= most || most == 0)
		})
	})
	defer func() { _ = server.Close() }()
	w.copy(server, client, func(b []byte) bool {
		w.requests.Add(1)
		length.Store(0)
		if word := w.loses.Load(); word != nil && bytes.Contains(b, []byte(*word)) && w.loses.CompareAndSwap(word, nil) {
			losing.Store(true)
		}
		return !w.down.Load()
	})
}

// copy hands on what passes.
func (w *way) copy(to io.Writer, from io.Reader, passes func([]byte) bool) {
	b := make([]byte, 64<<10)
	for {
		n, err := from.Read(b)
		if n > 0 && !passes(b[:n]) || err != nil {
			return
		}
		if _, err := to.Write(b[:n]); err != nil {
			return
		}
	}
}
