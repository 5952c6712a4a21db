package tools

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// crowd lets nobody through until a number of requests wait at once.
type crowd struct {
	up    http.RoundTripper
	came  chan struct{}
	gates chan struct{}
}

func (c crowd) RoundTrip(r *http.Request) (*http.Response, error) {
	c.came <- struct{}{}
	select {
	case <-c.gates:
		return c.up.RoundTrip(r)
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// TestStdioAtOnce: 32 calls are under way at once, so that a slow one keeps none
// of the others waiting.
func TestStdioAtOnce(t *testing.T) {
	up := crowd{sandbox.New(sandbox.Options{}), make(chan struct{}), make(chan struct{})}
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: up, PerSecond: -1, Concurrent: -1, Timeout: time.Hour, AttemptTimeout: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(Options{Client: client})
	if err != nil {
		t.Fatal(err)
	}
	in, out := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- s.ServeStdio(context.Background(), in, io.Discard) }()
	_, _ = io.WriteString(out, `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`+"\n")
	go func() {
		for id := 1; id <= 32; id++ {
			_, _ = fmt.Fprintf(out, `{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"list_cloud_servers","arguments":{}}}`+"\n", id)
		}
	}()
	for range 32 {
		select {
		case <-up.came: // the 32nd comes only if 31 others wait
		case <-time.After(30 * time.Second):
			t.Fatal("fewer than 32 calls are under way")
		}
	}
	close(up.gates)
	_ = out.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
