package state

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// The test binary is also the other process of the tests below: child names
// what it does, in the directory that is its argument.
const child = "VPSNET_STATE_CHILD"

var children = map[string]func(dir string) error{
	"limit":  beginUntilRefused,
	"writer": beginForever,
}

func TestMain(m *testing.M) {
	if do := children[os.Getenv(child)]; do != nil {
		if err := do(os.Args[len(os.Args)-1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// process starts the test binary as another process. It is ended with its test
// at the latest.
func process(t *testing.T, what, dir string) (cmd *exec.Cmd, stdin io.WriteCloser, stdout *bufio.Scanner) {
	t.Helper()
	cmd = exec.CommandContext(t.Context(), os.Args[0], dir)
	cmd.Env = append(os.Environ(), child+"="+what)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return cmd, stdin, bufio.NewScanner(out)
}

const processLimit = 30

func TestLimitIsExactOverProcesses(t *testing.T) {
	dir := t.TempDir()
	type running struct {
		cmd    *exec.Cmd
		stdin  io.WriteCloser
		stdout *bufio.Scanner
	}
	var both []running
	for range 2 {
		cmd, stdin, stdout := process(t, "limit", dir)
		both = append(both, running{cmd, stdin, stdout})
	}
	for _, p := range both {
		if !p.stdout.Scan() || p.stdout.Text() != "ready" {
			t.Fatalf("not ready: %q", p.stdout.Text())
		}
	}
	for _, p := range both {
		noError(t, p.stdin.Close()) // go
	}
	var allowed []string
	for _, p := range both {
		mine := 0
		for p.stdout.Scan() {
			allowed = append(allowed, p.stdout.Text())
			mine++
		}
		noError(t, p.cmd.Wait())
		t.Logf("a process was allowed %d", mine)
	}
	got := ids(entries(t, must(t)(OpenFile(dir, time.Now)), "a"))
	slices.Sort(got)
	slices.Sort(allowed)
	if len(allowed) != processLimit || !slices.Equal(got, allowed) {
		t.Errorf("a limit of %d allowed %d and the journal holds %d", processLimit, len(allowed), len(got))
	}
}

// beginUntilRefused begins entries from 8 goroutines until the limit refuses.
func beginUntilRefused(dir string) error {
	s, err := OpenFile(dir, time.Now)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	failed := make(chan error, 8)
	together(cap(failed), func(int) bool {
		for {
			id, err := s.Begin(context.Background(), Entry{Account: "a"}, atMost(processLimit))
			if err == errLimit {
				return true
			}
			if err != nil {
				failed <- err
				return false
			}
			fmt.Println(id)
		}
	})
	close(failed)
	return <-failed
}

func TestKilledInMidWrite(t *testing.T) {
	dir := t.TempDir()
	var acknowledged []string
	for round := range 5 {
		cmd, _, stdout := process(t, "writer", dir)
		for range 5 + 10*round {
			if !stdout.Scan() {
				t.Fatal("the writer stopped")
			}
			acknowledged = append(acknowledged, stdout.Text())
		}
		noError(t, cmd.Process.Kill())
		for stdout.Scan() {
			acknowledged = append(acknowledged, stdout.Text())
		}
		_ = cmd.Wait() // it was killed
		s := must(t)(OpenFile(dir, time.Now))
		got := entries(t, s, "a")
		for _, line := range acknowledged {
			id, end, _ := strings.Cut(line, " ")
			i := slices.IndexFunc(got, func(e Entry) bool { return e.ID == id })
			if i < 0 || end == "ended" && got[i].Outcome == nil {
				t.Fatalf("round %d: %q was acknowledged and is not in the journal", round, line)
			}
		}
		acknowledged = append(acknowledged, begin(t, s, Entry{Account: "a"}))
		noError(t, s.Close())
	}
}

// beginForever begins and ends entries and tells each when it is acknowledged,
// until it is killed.
func beginForever(dir string) error {
	s, err := OpenFile(dir, time.Now)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		id, err := s.Begin(context.Background(), Entry{Account: "a", Thing: strings.Repeat("long "+strconv.Itoa(i), 2000)}, nil)
		if err != nil {
			return err
		}
		fmt.Println(id)
		if err := s.End(context.Background(), id, Outcome{Result: "done"}); err != nil {
			return err
		}
		fmt.Println(id, "ended")
	}
}
