package state

import (
	"context"
	"crypto/rand"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// startRedis runs Debian's redis-server on a free port of the loopback, and ends it.
func startRedis(t *testing.T) (url string, stop func()) {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("no redis-server on this machine: the Redis store is not tested")
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	_, port, _ := net.SplitHostPort(address)
	cmd := exec.CommandContext(t.Context(), path, "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir())
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stop = sync.OnceFunc(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	t.Cleanup(stop)
	for deadline := time.Now().Add(10 * time.Second); ; {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
			return "redis://" + address + "/0", stop
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
}

func TestRedis(t *testing.T) {
	url, _ := startRedis(t)
	testStore(t, func(now func() time.Time) Store {
		return must(t)(OpenRedis(url, rand.Text()+":", now))
	})
}

// TestRedisReplicas: a limit is exact over two replicas with eight callers each,
// and one sees what the other did.
func TestRedisReplicas(t *testing.T) {
	url, _ := startRedis(t)
	c := newClock()
	replicas := []Store{must(t)(OpenRedis(url, "r:", c.now)), must(t)(OpenRedis(url, "r:", c.now))}
	const limit = 5
	var begun atomic.Int32
	var wg sync.WaitGroup
	for _, s := range replicas {
		for range 8 {
			wg.Go(func() {
				_, err := s.Begin(context.Background(), Entry{Account: "a", Tool: "create_nodes"}, func(past []Entry) error {
					if len(past) >= limit {
						return fmt.Errorf("at most %d", limit)
					}
					return nil
				})
				if err == nil {
					begun.Add(1)
				}
			})
		}
	}
	wg.Wait()
	if n := begun.Load(); n != limit {
		t.Errorf("%d were begun, not %d", n, limit)
	}
	for i, s := range replicas {
		if list, err := s.Entries(context.Background(), "a", c.now().Add(-time.Hour)); err != nil || len(list) != limit {
			t.Errorf("replica %d sees %d entries, %v", i, len(list), err)
		}
	}
}

// TestRedisGoesAway: changes are refused in words, none is lost, no password is told.
func TestRedisGoesAway(t *testing.T) {
	url, stop := startRedis(t)
	c := newClock()
	s := must(t)(OpenRedis(url, "g:", c.now))
	if err := s.Ready(context.Background()); err != nil {
		t.Fatal(err)
	}
	stop()
	_, err := s.Begin(context.Background(), Entry{Account: "a"}, nil)
	if err == nil || !strings.Contains(err.Error(), "changes are refused until it does") {
		t.Errorf("Begin = %v", err)
	}
	if err := s.Ready(context.Background()); err == nil {
		t.Error("Ready without a server")
	}
	if _, err := OpenRedis("redis://user:hunter2hunter2@host:port/x", "", c.now); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("OpenRedis = %v", err)
	}
}
