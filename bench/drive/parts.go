package main

import (
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"strings"
	"time"
)

// start measures a process from its start to its answer to initialize.
func start(b *bench) error {
	b.up.set(reply(2<<10), 0)
	took, peak := map[string]series{}, map[string]series{}
	names := []string{"vpsnet-mcp", bare}
	for range *rounds * 3 {
		for _, name := range names {
			began := time.Now()
			p, err := b.start(name, false, b.plain.URL)
			if err != nil {
				return err
			}
			if answer, err := p.ask(initialize); err != nil || !strings.Contains(answer, `"result"`) {
				return fmt.Errorf("%s: %.200s %w", name, answer, err)
			}
			took[name] = append(took[name], float64(time.Since(began).Microseconds())/1000)
			peak[name] = append(peak[name], p.memory("VmHWM")/1024)
			p.stop()
		}
	}
	var rows [][]string
	for _, name := range names {
		rows = append(rows, []string{name, took[name].String(), took[name].against(took[bare]), peak[name].String(), peak[name].against(peak[bare])})
	}
	table("Start over stdio, to the answer to initialize", []string{"server", "ms", "to bare", "peak RSS, MiB", "to bare"}, rows)
	return nil
}

// lists measures tools/list over both transports.
func lists(b *bench) error {
	cost := map[string]map[string]series{}
	note := func(how, name string, spent time.Duration, calls int) {
		if cost[how] == nil {
			cost[how] = map[string]series{}
		}
		cost[how][name] = append(cost[how][name], float64(spent.Nanoseconds())/1e3/float64(calls))
	}
	const n = 100
	for range *rounds {
		for _, name := range []string{ours, bare} {
			p, err := b.start(name, false, b.plain.URL)
			if err != nil {
				return err
			}
			if _, err := p.ask(initialize); err != nil {
				return err
			}
			first := p.cpu()
			if _, err := p.ask(listBody(legacy)); err != nil {
				return err
			}
			note("stdio, the first", name, p.cpu()-first, 1)
			before := p.cpu()
			for range n {
				if _, err := p.ask(listBody(legacy)); err != nil {
					return err
				}
			}
			note("stdio, again", name, p.cpu()-before, n)
			p.stop()
		}
	}
	for _, revision := range []string{legacy, modern} {
		ps, cs, err := b.serve(revision, b.plain.URL, ours, bare)
		if err != nil {
			return err
		}
		for range *rounds {
			for i, p := range ps {
				before := p.cpu()
				l, err := run(4, 400*time.Millisecond, func() error { _, err := cs[i].do("tools/list", "", listBody(revision)); return err })
				if err != nil {
					return err
				}
				note("HTTP "+revision, p.name, p.cpu()-before, l.calls)
			}
		}
		stopAll(ps)
	}
	var rows [][]string
	for _, how := range []string{"stdio, the first", "stdio, again", "HTTP " + legacy, "HTTP " + modern} {
		rows = append(rows, []string{how, cost[how][ours].String(), cost[how][bare].String(), cost[how][ours].against(cost[how][bare])})
	}
	table("tools/list, CPU in µs a request", []string{"transport", ours, bare, "ratio"}, rows)
	return nil
}

var profiled int // processes that wrote a profile

// profiles are the arguments by which ours writes a profile of a part.
func profiles(name, part string) []string {
	if name != ours || *profile == "" || *only != part {
		return nil
	}
	profiled++
	return []string{"-cpuprofile", fmt.Sprintf("%s.%d", *profile, profiled)}
}

// serve starts servers over HTTP and connects to each.
func (b *bench) serve(revision, upstream string, names ...string) ([]*process, []*caller, error) {
	var ps []*process
	var cs []*caller
	for _, name := range names {
		p, err := b.start(name, true, upstream, profiles(name, "http")...)
		if err != nil {
			return nil, nil, err
		}
		c, err := connect(newHTTPClient(), p.url, b.token, revision)
		if err != nil {
			return nil, nil, err
		}
		ps, cs = append(ps, p), append(cs, c)
	}
	return ps, cs, nil
}

func stopAll(ps []*process) {
	for _, p := range ps {
		p.stop()
	}
}

// structured is the structured part of an answer.
func structured(answer []byte) any {
	var a struct {
		Result struct {
			IsError           bool `json:"isError"`
			StructuredContent any  `json:"structuredContent"`
		}
	}
	if json.Unmarshal(answer, &a) != nil || a.Result.IsError || a.Result.StructuredContent == nil {
		return fmt.Sprintf("no structured answer: %.300s", answer)
	}
	return a.Result.StructuredContent
}

// alike fails when ours and bare-same do not answer the same.
func alike(a, b []byte) error {
	if x, y := structured(a), structured(b); !reflect.DeepEqual(x, y) {
		return fmt.Errorf("ours and bare-same differ:\n%.400v\n%.400v", x, y)
	}
	return nil
}

// cell gathers the rounds of one server in one setting.
type cell struct{ p50, cpu, rate series }

func (c *cell) add(l load, spent time.Duration) {
	c.p50 = append(c.p50, l.p50)
	c.rate = append(c.rate, l.rate)
	c.cpu = append(c.cpu, float64(spent.Nanoseconds())/1e3/float64(l.calls))
}

var callHead = []string{"setting", "CPU µs", "to bare-same", "to bare", "p50 µs", "to bare-same", "calls/s", "to bare-same"}

func callRow(setting string, cells map[string]*cell) []string {
	o, s, r := cells[ours], cells[same], cells[bare]
	return []string{
		setting, o.cpu.String(), o.cpu.against(s.cpu), o.cpu.against(r.cpu), fmt.Sprintf("%.4g", o.p50.median()), o.p50.against(s.p50),
		fmt.Sprintf("%.4g", o.rate.median()), o.rate.against(s.rate),
	}
}

var sizes = []int{2 << 10, 64 << 10}

// httpCalls measures a call over HTTP in both revisions.
func httpCalls(b *bench) error {
	var rows [][]string
	for _, revision := range []string{legacy, modern} {
		for _, size := range sizes {
			b.up.set(reply(size), 0)
			ps, cs, err := b.serve(revision, b.plain.URL, ours, same, bare)
			if err != nil {
				return err
			}
			a, _ := cs[0].call()
			other, _ := cs[1].call()
			if err := alike(a, other); err != nil {
				return err
			}
			for _, n := range []int{1, 16, 64} {
				cells := map[string]*cell{ours: {}, same: {}, bare: {}}
				for range *rounds {
					for i, p := range ps {
						before := p.cpu()
						l, err := run(n, 350*time.Millisecond, func() error { _, err := cs[i].call(); return err })
						if err != nil {
							return err
						}
						cells[p.name].add(l, p.cpu()-before)
					}
				}
				rows = append(rows, callRow(fmt.Sprintf("%s, %d KB, c=%d", revision, size>>10, n), cells))
			}
			stopAll(ps)
		}
	}
	table("list_cloud_servers over HTTP", callHead, rows)
	return nil
}

// stdioCalls measures a call over stdio, with 1, 16 and 64 under way.
func stdioCalls(b *bench) error {
	var rows [][]string
	for _, size := range sizes {
		b.up.set(reply(size), 0)
		var ps []*process
		for _, name := range []string{ours, same, bare} {
			p, err := b.start(name, false, b.plain.URL, profiles(name, "stdio")...)
			if err != nil {
				return err
			}
			if _, err := p.ask(initialize); err != nil {
				return err
			}
			ps = append(ps, p)
		}
		for _, n := range []int{1, 16, 64} {
			cells := map[string]*cell{ours: {}, same: {}, bare: {}}
			for range *rounds {
				for _, p := range ps {
					before := p.cpu()
					l, err := pipelined(p, n, 350*time.Millisecond)
					if err != nil {
						return err
					}
					cells[p.name].add(l, p.cpu()-before)
				}
			}
			rows = append(rows, callRow(fmt.Sprintf("%d KB, %d under way", size>>10, n), cells))
		}
		stopAll(ps)
	}
	table("list_cloud_servers over stdio", callHead, rows)
	return nil
}

// pipelined keeps n calls under way on one stream for a while.
func pipelined(p *process, n int, d time.Duration) (load, error) {
	start := time.Now()
	sent := map[string]time.Time{}
	var times series
	next := 0
	send := func() error {
		id := fmt.Sprint(next)
		next++
		sent[id] = time.Now()
		_, err := io.WriteString(p.in, strings.Replace(callBody(legacy), `"id":1`, `"id":`+id, 1)+"\n")
		return err
	}
	for range n {
		if err := send(); err != nil {
			return load{}, err
		}
	}
	for len(sent) > 0 {
		line, err := p.out.ReadString('\n')
		if err != nil {
			return load{}, err
		}
		_, rest, _ := strings.Cut(line[:min(len(line), 64)], `"id":`)
		id, _, _ := strings.Cut(rest, ",")
		times = append(times, float64(time.Since(sent[id]).Nanoseconds())/1e3)
		delete(sent, id)
		if time.Since(start) < d {
			if err := send(); err != nil {
				return load{}, err
			}
		}
	}
	return load{times.median(), float64(len(times)) / time.Since(start).Seconds(), len(times)}, nil
}
