package state

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// fill makes a journal of n lines with so many bytes each.
func fill(t *testing.T, server *redis.Client, n, size int, c *clock) {
	t.Helper()
	script := `for i = 1, ARGV[1] do redis.call("rpush", KEYS[1], '{"begin":{"id":"e' .. i .. '","account":"a","time":"' .. ARGV[2] .. '","thing":"' .. ARGV[3] .. '"}}') end return 1`
	noError(t, server.Eval(t.Context(), script, []string{"r:journal"}, n, c.now().Format(time.RFC3339), strings.Repeat("x", size)).Err())
}

// A journal that is too long for one answer is read in several.
func TestRedisLongJournal(t *testing.T) {
	url, _ := startRedis(t)
	server, c := direct(t, url), newClock()
	const lines = 4500
	fill(t, server, lines, 1000, c)
	far, url := newWay(t, url)
	far.most.Store(1500 * 1000)
	s := must(t)(OpenRedis(url, "r:", c.now))
	noError(t, s.Ready(t.Context()))
	if got := len(entries(t, s, "a")); got != lines {
		t.Errorf("%d entries, want %d", got, lines)
	}
	if _, err := s.Begin(t.Context(), Entry{Account: "a"}, atMost(lines)); !errors.Is(err, errLimit) {
		t.Errorf("Begin = %v", err)
	}
	begin(t, s, Entry{Account: "a"})
}

// A journal that takes long to read does not keep the other replicas out: it is
// read in several turns, and until its end is reached the store is not ready.
func TestRedisVeryLongJournal(t *testing.T) {
	url, _ := startRedis(t)
	server, c := direct(t, url), newClock()
	const lines = 2*maxPagesPerLock*pageLines + 10
	fill(t, server, lines, 1, c)
	s := must(t)(OpenRedis(url, "r:", c.now))
	for range 2 {
		if err := s.Ready(t.Context()); err == nil || !strings.Contains(err.Error(), "still being read") {
			t.Errorf("ready: %v", err)
		}
	}
	noError(t, s.Ready(t.Context()))
	if got := len(entries(t, s, "a")); got != lines {
		t.Errorf("%d entries, want %d", got, lines)
	}
}
