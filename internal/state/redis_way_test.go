package state

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Whichever answer is lost, the request that is sent again for it does no more
// than once what it says, and finds its own lock.
func TestRedisLosesAnAnswer(t *testing.T) {
	for name, script := range map[string]*redis.Script{
		"lock": lockScript, "unlock": unlockScript, "append": appendIfLockedScript, "put": setFieldIfLockedScript, "remove": deleteFieldIfLockedScript,
	} {
		t.Run(name, func(t *testing.T) {
			url, _ := startRedis(t)
			server, c := direct(t, url), newClock()
			far, url := newWay(t, url)
			s := must(t)(OpenRedis(url, "r:", c.now))
			noError(t, script.Load(t.Context(), server).Err())

			word := script.Hash()
			far.loses.Store(&word)
			begin(t, s, Entry{Account: "a"})
			first, err := s.Use(t.Context(), "code", c.now().Add(time.Hour))
			if !first || err != nil {
				t.Errorf("Use = %v, %v", first, err)
			}
			id := hold(t, s, plan(c, "d"))
			noError(t, s.Decide(t.Context(), id, "ann", true))
			_, err = s.Take(t.Context(), "d")
			noError(t, err)
			if far.loses.Load() != nil {
				t.Error("no answer was lost")
			}
			if n := server.LLen(t.Context(), "r:journal").Val(); n != 3 {
				t.Errorf("%d lines, want 3: %v", n, server.LRange(t.Context(), "r:journal", 0, -1).Val())
			}
			if n := server.Exists(t.Context(), "r:lock").Val(); n != 0 {
				t.Error("the lock is still held")
			}
		})
	}
}

// A lock whose every answer was lost is this store's own when it tries again.
func TestRedisLosesTheLocksAnswers(t *testing.T) {
	url, _ := startRedis(t)
	c := newClock()
	far, url := newWay(t, url)
	s := must(t)(OpenRedis(url, "r:", c.now))
	begin(t, s, Entry{Account: "a"})
	far.most.Store(1)
	if _, err := s.Begin(t.Context(), Entry{Account: "a"}, nil); err == nil {
		t.Error("begun without an answer")
	}
	far.most.Store(0)
	c.pass(time.Minute)
	begin(t, s, Entry{Account: "a"})
}

// Who gives up while another holds the lock is not told that the other hangs.
func TestRedisCallerGivesUp(t *testing.T) {
	url, _ := startRedis(t)
	server, c := direct(t, url), newClock()
	s := must(t)(OpenRedis(url, "r:", c.now))
	noError(t, server.Set(t.Context(), "r:lock", "another's", time.Minute).Err())
	soon, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := s.Begin(soon, Entry{Account: "a"}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Begin = %v", err)
	}
	noError(t, server.Del(t.Context(), "r:lock").Err())
	begin(t, s, Entry{Account: "a"})
}

// While Redis does not answer, one call a second finds that out: the others are
// told at once, and send nothing. When it answers again, all goes on by itself.
func TestRedisThatDoesNotAnswerIsNotAskedByEverybody(t *testing.T) {
	url, _ := startRedis(t)
	c := newClock()
	far, url := newWay(t, url)
	s := must(t)(OpenRedis(url, "r:", c.now))
	noError(t, s.Ready(t.Context()))
	far.down.Store(true)
	_, err := s.Begin(t.Context(), Entry{Account: "a"}, nil)
	if err == nil {
		t.Fatal("begun without Redis")
	}
	sent := far.requests.Load()
	refused := together(8, func(int) bool {
		_, again := s.Begin(context.Background(), Entry{Account: "a"}, nil)
		ready := s.Ready(context.Background())
		return again != nil && ready != nil && strings.Contains(again.Error(), "changes are refused until it does")
	})
	if n := far.requests.Load() - sent; n != 0 || refused != 8 {
		t.Errorf("%d of 8 refused, with %d requests", refused, n)
	}
	c.pass(lockFailureTTL)
	if err := s.Ready(t.Context()); err == nil || far.requests.Load() == sent {
		t.Errorf("not asked again after a pause: %v", err)
	}
	far.down.Store(false)
	c.pass(lockFailureTTL)
	begin(t, s, Entry{Account: "a"})
}
