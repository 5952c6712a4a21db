// Command ours is vpsnet-mcp as it is built, with the limits of pace lifted, so
// that the benchmarks can find out what it takes: validation, policy, redaction,
// log, audit, bearer tokens and sessions are on.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"log"
	"net/http"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/cli"
	"vpsnet-mcp/internal/host"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/trail"
	"vpsnet-mcp/vpsapi"
)

var (
	listen  = flag.String("listen", "", "serve streamable HTTP there instead of stdio")
	tokens  = flag.String("tokens", "", "file of bearer tokens")
	idle    = flag.Duration("idle", 0, "how long an idle session is kept")
	watch   = flag.String("watch", "", "tell of the heap on this address")
	profile = flag.String("cpuprofile", "", "write a CPU profile of the whole run there")
)

func main() {
	flag.Parse()
	stop := profiled()
	if err := run(); err != nil {
		log.Print(err)
	}
	stop()
}

func profiled() (stop func()) {
	if *profile == "" {
		return func() {}
	}
	f, err := os.Create(*profile)
	if err != nil {
		log.Fatal(err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		log.Fatal(err)
	}
	return func() {
		pprof.StopCPUProfile()
		_ = f.Close()
	}
}

func run() error {
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: os.Getenv("VPSNET_EMAIL"), APIKey: os.Getenv("VPSNET_API_KEY"), BaseURL: os.Getenv("VPSNET_API_URL"),
		PerSecond: -1, Concurrent: -1, Observe: trail.Observe,
	})
	if err != nil {
		return err
	}
	store := state.NewMemory(time.Now)
	logs := zerolog.New(io.Discard).With().Timestamp().Logger()
	s, err := tools.New(tools.Options{Client: client, Version: "bench", Log: logs, Store: store, Audit: audit.New(io.Discard)})
	if err != nil {
		return err
	}
	cli.TuneMemory(*listen != "")
	if *listen == "" {
		return s.ServeStdio(context.Background(), os.Stdin, os.Stdout) //nolint:forbidigo // the protocol
	}
	h, err := host.New(host.Config{
		Listen: *listen, HTTP: true, TokensFile: *tokens, Store: store, Log: logs,
		Account:  func(string) (*vpsapi.Client, error) { return client, nil },
		Limits:   host.Limits{CallerPerSecond: 1 << 20, PerSecond: 1 << 20, CallerAtOnce: 1 << 20, CallerStreams: 1 << 20, Streams: 1 << 20, CallerSessions: 1 << 20, Sessions: 1 << 20},
		Patience: host.Timeouts{Session: *idle},
	}, s)
	if err != nil {
		return err
	}
	if *watch != "" {
		go func() { log.Print(http.ListenAndServe(*watch, http.HandlerFunc(heap))) }() //nolint:gosec // the loopback
	}
	ctx, end := context.WithCancel(context.Background())
	go func() { // the driver ends this process by closing its input
		_, _ = io.Copy(io.Discard, os.Stdin)
		end()
	}()
	return h.Serve(ctx)
}

// heap tells what lives after a collection.
func heap(w http.ResponseWriter, _ *http.Request) {
	debug.FreeOSMemory()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	_ = json.NewEncoder(w).Encode(map[string]uint64{
		"heap": m.HeapAlloc, "stacks": m.StackInuse, "goroutines": uint64(runtime.NumGoroutine()),
	})
}
