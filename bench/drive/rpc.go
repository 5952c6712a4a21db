package main

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"
)

const (
	legacy = "2025-11-25"
	modern = "2026-07-28"
	meta   = `"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}`

	initialize = `{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1"}}}`
	ready      = `{"jsonrpc":"2.0","method":"notifications/initialized"}`
)

func callBody(revision string) string {
	if revision == modern {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{` + meta + `,"name":"list_cloud_servers","arguments":{}}}`
	}
	return `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_cloud_servers","arguments":{}}}`
}

func listBody(revision string) string {
	if revision == modern {
		return `{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{` + meta + `}}`
	}
	return `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
}

// caller speaks to one server over HTTP.
type caller struct {
	client   *http.Client
	url      string
	token    string
	revision string
	session  string
}

func newHTTPClient() *http.Client {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns, t.MaxIdleConnsPerHost = 1000, 1000
	return &http.Client{Transport: t}
}

// connect opens a session where the revision has one.
func connect(client *http.Client, url, token, revision string) (*caller, error) {
	c := &caller{client: client, url: url, token: token, revision: revision}
	if revision == modern {
		return c, nil
	}
	response, err := c.post("initialize", "", initialize)
	if err != nil {
		return nil, err
	}
	c.session = response.Header.Get("Mcp-Session-Id")
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return nil, err
	}
	_ = response.Body.Close()
	_, err = c.do("notifications/initialized", "", ready)
	return c, err
}

func (c *caller) post(method, tool, body string) (*http.Response, error) {
	r, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader([]byte(body))) //nolint:noctx // a yardstick
	if err != nil {
		return nil, err
	}
	r.Header = http.Header{
		"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"},
		"Authorization": {"Bearer " + c.token}, "Mcp-Protocol-Version": {c.revision},
	}
	if c.session != "" {
		r.Header.Set("Mcp-Session-Id", c.session)
	}
	if c.revision == modern {
		r.Header.Set("Mcp-Method", method)
		if tool != "" {
			r.Header.Set("Mcp-Name", tool)
		}
	}
	return c.client.Do(r)
}

func (c *caller) do(method, tool, body string) ([]byte, error) {
	response, err := c.post(method, tool, body)
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode/100 != 2 {
		err = fmt.Errorf("%s: status %d: %.200s", method, response.StatusCode, answer)
	}
	return answer, err
}

func (c *caller) call() ([]byte, error) {
	return c.do("tools/call", "list_cloud_servers", callBody(c.revision))
}

// load is what a round of calls came to.
type load struct {
	p50, rate float64 // µs, calls a second
	calls     int
}

// run calls do from n goroutines for a while.
func run(n int, d time.Duration, do func() error) (load, error) {
	var mu sync.Mutex
	var times series
	var failed error
	var group sync.WaitGroup
	start := time.Now()
	for range n {
		group.Go(func() {
			var own series
			for time.Since(start) < d {
				began := time.Now()
				err := do()
				own = append(own, float64(time.Since(began).Nanoseconds())/1e3)
				if err != nil {
					mu.Lock()
					failed = err
					mu.Unlock()
					break
				}
			}
			mu.Lock()
			times = append(times, own...)
			mu.Unlock()
		})
	}
	group.Wait()
	took := time.Since(start)
	return load{times.median(), float64(len(times)) / took.Seconds(), len(times)}, failed
}
