package state

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// direct is a client of a test's own.
func direct(t *testing.T, url string) *redis.Client {
	t.Helper()
	options, err := redis.ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	c := redis.NewClient(options)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// replicas are two stores of one Redis.
func replicas(t *testing.T, url string, c *clock) (a, b Store) {
	t.Helper()
	return must(t)(OpenRedis(url, "r:", c.now)), must(t)(OpenRedis(url, "r:", c.now))
}

// A failover that loses the end of the list, which one replica fills up again
// before the other looks, makes no code good twice and lifts no limit.
func TestRedisLosesTheEndOfTheJournal(t *testing.T) {
	for kept := range 6 {
		t.Run(fmt.Sprintf("%d of 5 lines are kept", kept), func(t *testing.T) {
			url, _ := startRedis(t)
			server, c := direct(t, url), newClock()
			a, b := replicas(t, url, c)
			until := c.now().Add(10 * time.Minute)
			for range 4 {
				begin(t, a, Entry{Account: "a"})
			}
			_, err := a.Use(t.Context(), "before", until)
			noError(t, err)
			_ = entries(t, b, "a")

			noError(t, server.LTrim(t.Context(), "r:journal", 0, int64(kept)-1).Err())
			if kept == 0 {
				noError(t, server.Del(t.Context(), "r:journal").Err())
			}
			first, err := a.Use(t.Context(), "code", until)
			if !first || err != nil {
				t.Fatalf("used at A: %v, %v", first, err)
			}
			for range 3 {
				begin(t, a, Entry{Account: "a"})
			}
			for _, key := range []string{"before", "code"} {
				if first, err := b.Use(t.Context(), key, until); first || err != nil {
					t.Errorf("%q at B: first %v, %v", key, first, err)
				}
			}
			if _, err := b.Begin(t.Context(), Entry{Account: "a"}, atMost(7)); !errors.Is(err, errLimit) {
				t.Errorf("the eighth of seven at B: %v", err)
			}
		})
	}
}

// What is written on a list that is another by then is not written.
func TestRedisChangesTheListBeforeAWrite(t *testing.T) {
	url, _ := startRedis(t)
	server, c := direct(t, url), newClock()
	a, b := replicas(t, url, c)
	for range 3 {
		begin(t, a, Entry{Account: "a"})
	}
	_, err := a.Begin(t.Context(), Entry{Account: "a"}, func([]Entry) error {
		return server.LTrim(t.Context(), "r:journal", 0, 1).Err()
	})
	if err == nil || !strings.Contains(err.Error(), "nothing was written: call again") {
		t.Errorf("Begin = %v", err)
	}
	if n := server.LLen(t.Context(), "r:journal").Val(); n != 2 {
		t.Errorf("the list has %d lines", n)
	}
	begin(t, a, Entry{Account: "a"})
	if got := len(entries(t, a, "a")); got != 4 {
		t.Errorf("A counts %d", got)
	}
	if got := len(entries(t, b, "a")); got != 3 {
		t.Errorf("B, which never saw the line that was lost, counts %d", got)
	}
}

// A yes whose removal a failover lost is not given again.
func TestRedisBringsAYesBack(t *testing.T) {
	url, _ := startRedis(t)
	server, c := direct(t, url), newClock()
	a, b := replicas(t, url, c)
	for _, yes := range []bool{true, false} {
		id := hold(t, a, plan(c, "d"))
		noError(t, a.Decide(t.Context(), id, "ann", yes))
		kept := server.HGet(t.Context(), "r:pending", id).Val()
		if _, err := a.Take(t.Context(), "d"); (err == nil) != yes {
			t.Fatal(err)
		}
		_ = entries(t, b, "a")
		noError(t, server.HSet(t.Context(), "r:pending", id, kept).Err())
		noError(t, server.Del(t.Context(), "r:journal").Err())
		for _, s := range []Store{a, b} {
			if _, err := s.Take(t.Context(), "d"); !errors.Is(err, ErrNoPlan) {
				t.Errorf("taken again: %v", err)
			}
		}
		if n := server.HLen(t.Context(), "r:pending").Val(); n != 0 {
			t.Errorf("%d plans are kept", n)
		}
	}
}
