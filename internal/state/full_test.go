//go:build linux || darwin

package state

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A disk that fills up in mid-line: a limit on the size of files, which holds
// for a whole process and so for one of its own.
func TestDiskThatFillsUp(t *testing.T) {
	const inside = "VPSNET_STATE_FULL"
	if os.Getenv(inside) == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDiskThatFillsUp$", "-test.count=1")
		cmd.Env = append(os.Environ(), inside+"=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	dir := t.TempDir()
	path := filepath.Join(dir, "journal.jsonl")
	s := must(t)(OpenFile(dir, time.Now))
	first := begin(t, s, Entry{Account: "a"})
	before := read(t, path)

	signal.Ignore(syscall.SIGXFSZ)
	limitFiles(t, uint64(len(before)+40))
	_, err := s.Begin(t.Context(), Entry{Account: "a"}, nil)
	if !errors.Is(err, syscall.EFBIG) || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v", err)
	}
	if after := read(t, path); after != before {
		t.Errorf("a line that was promised to nobody stays:\n%s", after)
	}
	limitFiles(t, 1<<20)
	second := begin(t, s, Entry{Account: "a"})
	for _, s := range []Store{s, must(t)(OpenFile(dir, time.Now))} {
		if got := ids(entries(t, s, "a")); len(got) != 2 || got[0] != first || got[1] != second {
			t.Errorf("got %v", got)
		}
	}
}

func limitFiles(t *testing.T, size uint64) {
	t.Helper()
	var limit syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit)
	if err != nil {
		t.Fatal(err)
	}
	limit.Cur = size
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		t.Fatal(err)
	}
}
