//go:build linux

// Package soak runs the real binary for a while, with callers over every
// transport that cancel, go away, and are killed, on a sandbox that breaks, and
// compares what they were told with the journal and with the sandbox's ledger.
// `make soak` runs it; plain `go test` does not.
package soak

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

var (
	length = flag.Duration("soak", 0, "how long to soak")
	page   = flag.String("soak-report", "", "page that gets the figures, between the soak comments")
	seed   = flag.Uint64("soak-seed", 1, "what the callers do by chance follows from it")
	race   = flag.Bool("soak-race", false, "build the binary with the race detector")
)

// faults are what is wrong with the sandbox, all the time.
var faults = []string{
	"latency=~30ms", "late=~150ms,op=changes,rate=0.2", "slow=300ms,rate=0.02", "reset,op=changes,rate=0.03", "reset-after,op=changes,rate=0.05",
	"status-after=500,op=changes,rate=0.03", "html,op=changes,rate=0.01", "status=503,op=reads,rate=0.03", "cut,rate=0.02", "429=1,rate=0.02", "strings,rate=0.05",
}

// settle is how long what is on its way may take to end.
const settle = 4 * time.Second

func TestSoak(t *testing.T) {
	if *length <= 0 {
		t.Skip("give -soak 30s")
	}
	w := newWorld(t)
	w.startSandbox()
	calm := w.serve("calm")
	w.hosted = w.serve("soaked")
	w.visit(calm)

	ctx, cancel := context.WithTimeout(t.Context(), *length)
	defer cancel()
	var working sync.WaitGroup
	for i, c := range w.callers() {
		c.rng = rand.New(rand.NewPCG(*seed, uint64(i)))
		working.Go(func() { c.work(ctx) })
	}
	for range 2 {
		select {
		case <-time.After(*length / 3):
			w.restart()
		case <-ctx.Done():
		}
	}
	working.Wait()
	time.Sleep(settle)

	before, after := calm.measure(), w.hosted.measure()
	calm.quit(&before)
	w.hosted.quit(&after)
	w.checkLeaks(before, after)
	w.checkBooks()
	w.stop(w.sandbox)
	w.report(before, after)
}

// build makes the binary under test.
func build(t *testing.T, dir string) string {
	t.Helper()
	binary := filepath.Join(dir, "vpsnet-mcp")
	arguments := []string{"build", "-o", binary}
	if *race {
		arguments = append(arguments, "-race")
	}
	cmd := exec.CommandContext(t.Context(), "go", append(arguments, "vpsnet-mcp")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v %s", err, out)
	}
	return binary
}

func (w *world) write(name, text string) string {
	w.Helper()
	path := filepath.Join(w.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
	return path
}

// callers are those of one run: of the hosted server, by name, and of stdio
// servers of their own.
func (w *world) callers() []*caller {
	var all []*caller
	for _, name := range hostedCallers {
		transport := "http"
		if name[0] == 's' {
			transport = "sse"
		}
		all = append(all, &caller{world: w, name: name, transport: transport, journal: name})
	}
	for i := range 3 {
		all = append(all, &caller{world: w, name: fmt.Sprintf("pipe%c", 'a'+i), transport: "stdio", journal: "local"})
	}
	return all
}
