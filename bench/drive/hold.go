package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

// slowUpstream measures what a server adds to a service that takes 50 ms.
func slowUpstream(b *bench) error {
	b.up.set(reply(2<<10), 50*time.Millisecond)
	ps, cs, err := b.serve(legacy, b.plain.URL, ours, same, bare)
	if err != nil {
		return err
	}
	defer stopAll(ps)
	straight := newHTTPClient()
	cells := map[string]*cell{ours: {}, same: {}, bare: {}, "direct": {}}
	for range *rounds {
		l, err := run(64, 800*time.Millisecond, func() error {
			r, err := straight.Get(b.plain.URL + "/virtual_machines.api10json")
			if err != nil {
				return err
			}
			_, err = io.Copy(io.Discard, r.Body)
			_ = r.Body.Close()
			return err
		})
		if err != nil {
			return err
		}
		cells["direct"].add(l, 0)
		for i, p := range ps {
			before := p.cpu()
			l, err := run(64, 800*time.Millisecond, func() error { _, err := cs[i].call(); return err })
			if err != nil {
				return err
			}
			cells[p.name].add(l, p.cpu()-before)
		}
	}
	var rows [][]string
	for _, name := range []string{"direct", ours, same, bare} {
		c := cells[name]
		rows = append(rows, []string{name, c.p50.String(), c.p50.against(cells["direct"].p50), c.cpu.String()})
	}
	table("A service that takes 50 ms, 64 callers", []string{"way", "p50 µs", "to direct", "CPU µs a call"}, rows)
	return nil
}

// connections counts what is opened to the service.
func connections(b *bench) error {
	b.up.set(reply(2<<10), 0)
	var rows [][]string
	for how, url := range map[string]string{"plain": b.plain.URL, "TLS": b.secure.URL} {
		ps, cs, err := b.serve(legacy, url, ours)
		if err != nil {
			return err
		}
		for _, n := range []int{1, 16, 64} {
			before := b.up.connections.Load()
			l, err := run(n, 2*time.Second, func() error { _, err := cs[0].call(); return err })
			if err != nil {
				return err
			}
			opened := b.up.connections.Load() - before
			rows = append(rows, []string{fmt.Sprintf("%s, c=%d", how, n), fmt.Sprint(l.calls), fmt.Sprint(opened), fmt.Sprintf("%.4f", float64(opened)/float64(l.calls))})
		}
		stopAll(ps)
	}
	table("Connections to the service", []string{"setting", "calls", "opened", "a call"}, rows)
	return nil
}

// living is what the server says of its memory.
type living struct{ Heap, Stacks, Goroutines float64 }

func look(address string) (l living, err error) {
	r, err := http.Get("http://" + address) //nolint:noctx // the server that we started
	if err != nil {
		return l, err
	}
	defer func() { _ = r.Body.Close() }()
	return l, json.NewDecoder(r.Body).Decode(&l)
}

const clients = 500

// sessions measures what a held session takes, and what stays of clients that
// vanish.
func sessions(b *bench) error {
	b.up.set(reply(2<<10), 0)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	watch := l.Addr().String()
	_ = l.Close()
	p, err := b.start(ours, true, b.plain.URL, "-watch", watch, "-idle", "2s")
	if err != nil {
		return err
	}
	defer p.stop()
	if err := b.vanish(p); err != nil { // the first makes what is made once
		return err
	}
	time.Sleep(5 * time.Second)
	before, err := look(watch)
	if err != nil {
		return err
	}
	rss := p.memory("VmRSS")
	ctx, end := context.WithCancel(context.Background())
	if err := b.hold(ctx, p); err != nil {
		end()
		return err
	}
	held, err := look(watch)
	if err != nil {
		end()
		return err
	}
	grown := p.memory("VmRSS") - rss
	end()
	table(fmt.Sprintf("%d sessions held, each with its stream open", clients), []string{"kB a session", "live heap", "stacks", "RSS", "goroutines"}, [][]string{{
		"", fmt.Sprintf("%.1f", (held.Heap-before.Heap)/clients/1000), fmt.Sprintf("%.1f", (held.Stacks-before.Stacks)/clients/1000),
		fmt.Sprintf("%.1f", grown*1.024/clients), fmt.Sprintf("%.1f", (held.Goroutines-before.Goroutines)/clients),
	}})
	var rows [][]string
	for cycle := range 5 {
		time.Sleep(5 * time.Second) // the idle limit, and the library's next look
		l, err := look(watch)
		if err != nil {
			return err
		}
		rows = append(rows, []string{fmt.Sprint(cycle), fmt.Sprintf("%.0f", l.Heap/1000), fmt.Sprint(l.Goroutines)})
		if cycle < 4 {
			if err := b.vanish(p); err != nil {
				return err
			}
		}
	}
	table(fmt.Sprintf("Cycles of %d clients that vanish (idle limit 2 s, 5 s between)", clients), []string{"cycles", "live heap, kB", "goroutines"}, rows)
	return nil
}

// vanish connects, calls, and is gone without a word.
func (b *bench) vanish(p *process) error {
	client := newHTTPClient()
	defer client.CloseIdleConnections()
	for range clients {
		c, err := connect(client, p.url, b.token, legacy)
		if err != nil {
			return err
		}
		if _, err := c.call(); err != nil {
			return err
		}
	}
	return nil
}

// hold opens sessions with a stream each, until ctx ends.
func (b *bench) hold(ctx context.Context, p *process) error {
	client := newHTTPClient()
	for range clients {
		c, err := connect(client, p.url, b.token, legacy)
		if err != nil {
			return err
		}
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, http.NoBody)
		if err != nil {
			return err
		}
		r.Header = http.Header{
			"Accept": {"text/event-stream"}, "Authorization": {"Bearer " + b.token},
			"Mcp-Protocol-Version": {legacy}, "Mcp-Session-Id": {c.session},
		}
		response, err := client.Do(r) //nolint:bodyclose // it stays open until ctx ends
		if err != nil {
			return err
		}
		if response.StatusCode != http.StatusOK {
			return fmt.Errorf("stream: status %d", response.StatusCode)
		}
	}
	return nil
}
