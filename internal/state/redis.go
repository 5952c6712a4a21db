package state

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/redis/go-redis/v9"
)

// OpenRedis opens the store that replicas share in a Redis: rediss://user:password@host/0,
// or redis:// without TLS. The journal is a list, the waiting plans a hash, both
// under prefix. It does not wait for the server: one that is away makes each use
// fail, and comes back by itself. The server must keep what it is given
// (appendonly yes), or the limits begin anew with it.
func OpenRedis(url, prefix string, now func() time.Time) (Store, error) {
	options, err := redis.ParseURL(url)
	if err != nil {
		return nil, errors.New("redis: give a URL such as rediss://user:password@host:6379/0") // the cause would repeat the password
	}
	options.MaxRetries = 1               // every script may run twice: it does the second time what it said the first
	options.ContextTimeoutEnabled = true // so that both together take no longer than redisTimeout
	options.DialTimeout, options.ReadTimeout, options.WriteTimeout = redisTimeout, redisTimeout, redisTimeout
	m := &redisMedium{client: redis.NewClient(options), journal: prefix + "journal", pending: prefix + "pending", mutex: prefix + "lock"}
	redis.SetLogger(silentLogger{})
	return &redisStore{store: newStore(m, now), medium: m}, nil
}

// silentLogger keeps the library's own words off stderr: each failure is an error that
// somebody is told.
type silentLogger struct{}

// Printf implements the Redis client's logger: it writes nothing.
func (silentLogger) Printf(context.Context, string, ...any) {}

// redisStore is the store whose connections end with it.
type redisStore struct {
	*store
	medium *redisMedium
	end    sync.Once
}

// Close closes the connections to Redis.
func (s *redisStore) Close() (err error) {
	s.end.Do(func() { err = errors.Join(s.store.Close(), s.medium.client.Close()) })
	return err
}

// KeepsWrites asks whether the Redis keeps what it is given when it starts again (appendonly yes).
// Managed ones may refuse the question.
func (s *redisStore) KeepsWrites(ctx context.Context) (bool, error) {
	said, err := s.medium.client.ConfigGet(ctx, "appendonly").Result()
	return said["appendonly"] == "yes", err
}

const (
	// redisTimeout is how long one request to Redis may take.
	redisTimeout    = 3 * time.Second
	lockTTL         = 15 * time.Second // of a lock whose holder vanished
	pageLines       = 1000             // that one request reads
	maxPushBytes    = 256 << 10        // that one request writes, or the one line that is longer
	maxPagesPerLock = 100              // that are read while others are kept out: a second or so
)

// redisMedium is the medium in a Redis. A line and a plan are only written by whoever
// holds the lock at that very moment: a holder that was too slow writes nothing.
type redisMedium struct {
	client                  *redis.Client
	journal, pending, mutex string // keys
	token                   string // of the lock that is held, or may be
	seen                    int64  // lines that were read
	last                    string // of them
}

var (
	// lockScript takes the lock for a token, or takes it again; 0 when another token has it.
	lockScript = redis.NewScript(`local holder = redis.call("get", KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call("set", KEYS[1], ARGV[1], "PX", ARGV[2])
return 1`)
	// unlockScript gives the lock back, if the token still has it.
	unlockScript = redis.NewScript(`if redis.call("get", KEYS[1]) == ARGV[1] then return redis.call("del", KEYS[1]) end return 0`)
	// appendIfLockedScript adds a line to the journal while the lock is held; -1 when it is not, -2 when the journal is not as
	// it was read.
	appendIfLockedScript = redis.NewScript(`if redis.call("get", KEYS[1]) ~= ARGV[1] then return -1 end
local n, seen = redis.call("llen", KEYS[2]), tonumber(ARGV[3])
if n == seen + 1 and redis.call("lindex", KEYS[2], -1) == ARGV[2] then return n end -- sent again, because the answer was lost
if n ~= seen then return -2 end
return redis.call("rpush", KEYS[2], ARGV[2])`)
	// pushIfLockedScript adds lines to a list while the lock is held; -1 when it is not.
	pushIfLockedScript = redis.NewScript(`if redis.call("get", KEYS[1]) ~= ARGV[1] then return -1 end
for i = 2, #ARGV do redis.call("rpush", KEYS[2], ARGV[i]) end
return 1`)
	// replaceIfLockedScript puts the new list in place of the journal while the lock is held; -1 when it is not, -2 when a
	// list changed.
	replaceIfLockedScript = redis.NewScript(`if redis.call("get", KEYS[1]) ~= ARGV[1] then return -1 end
if redis.call("llen", KEYS[2]) ~= tonumber(ARGV[2]) or redis.call("llen", KEYS[3]) ~= tonumber(ARGV[3]) then return -2 end
redis.call("rename", KEYS[3], KEYS[2])
return 1`)
	// setFieldIfLockedScript stores a pending plan while the lock is held; -1 when it is not.
	setFieldIfLockedScript = redis.NewScript(`if redis.call("get", KEYS[1]) ~= ARGV[1] then return -1 end redis.call("hset", KEYS[2], ARGV[2], ARGV[3]) return 1`)
	// deleteKeyIfLockedScript deletes a key while the lock is held; -1 when it is not.
	deleteKeyIfLockedScript = redis.NewScript(`if redis.call("get", KEYS[1]) ~= ARGV[1] then return -1 end redis.call("del", KEYS[2]) return 1`)
	// deleteFieldIfLockedScript deletes a pending plan while the lock is held; -1 when it is not.
	deleteFieldIfLockedScript = redis.NewScript(`if redis.call("get", KEYS[1]) ~= ARGV[1] then return -1 end redis.call("hdel", KEYS[2], ARGV[2]) return 1`)
)

var (
	// errLostLock is returned when the lock ran out before the write.
	errLostLock = errors.New("redis: the lock was lost before the write; nothing was written: call again")
	// errLostList is returned when the journal in Redis is not the one that was read.
	errLostList = errors.New("redis: the journal was replaced since it was read, as after a failover that lost data; nothing was written: call again")
)

// lock implements medium, by a key that a token holds; it waits up to lockTimeout.
func (m *redisMedium) lock(ctx context.Context) (unlock func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	for wait := lockPollInterval; ; wait = min(2*wait, 50*time.Millisecond) {
		taken, err := m.take()
		switch {
		case err != nil:
			return nil, m.hideContextError(err)
		case taken:
			return m.unlock, nil
		}
		select {
		case <-waiting.Done(): // also when ctx is: its caller gave up
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			return nil, fmt.Errorf("redis: the lock was not free within %v; another replica may hang", lockTimeout)
		case <-time.After(wait):
		}
	}
}

// take takes the lock if it is free, or this store's own already. A token serves
// until its lock was given back for certain: one that was taken or given back
// with an answer that got lost is found again by it.
func (m *redisMedium) take() (bool, error) {
	if m.token == "" {
		m.token = rand.Text()
	}
	ctx, cancel := m.withTimeout()
	defer cancel()
	return lockScript.Run(ctx, m.client, []string{m.mutex}, m.token, lockTTL.Milliseconds()).Bool()
}

// unlock gives the lock back; one that cannot be given back ends by itself.
func (m *redisMedium) unlock() {
	ctx, cancel := m.withTimeout()
	defer cancel()
	if unlockScript.Run(ctx, m.client, []string{m.mutex}, m.token).Err() == nil {
		m.token = ""
	}
}

// read reads on, a page at a time, and keeps what it has read. A list that takes
// long is read in several turns, so that no replica keeps the others out with it;
// until its end was reached, nothing is decided.
func (m *redisMedium) read(l *ledger) error {
	for range maxPagesPerLock {
		end, err := m.readPage(l)
		if err != nil || end {
			return err
		}
	}
	return fmt.Errorf("redis: the journal is still being read, %d lines so far; changes are refused until all of it is read: call again", m.seen)
}

// readPage reads on from the line that was read last, which must still be where it
// was: after a failover or a restart that lost something the list is another
// one, however long it has become since.
func (m *redisMedium) readPage(l *ledger) (end bool, err error) {
	ctx, cancel := m.withTimeout()
	defer cancel()
	from := max(0, m.seen-1)
	texts, err := m.client.LRange(ctx, m.journal, from, from+pageLines-1).Result()
	if err != nil {
		return false, m.hideContextError(err)
	}
	if m.seen > 0 && (len(texts) == 0 || texts[0] != m.last) {
		l.restart()
		m.seen, m.last = 0, ""
		return false, nil
	}
	end = len(texts) < pageLines
	for _, text := range texts[m.seen-from:] {
		l.readLine([]byte(text))
		m.seen, m.last = m.seen+1, text
	}
	return end, nil
}

// append adds a line to the list that was read, and to no other.
func (m *redisMedium) append(text []byte) error {
	if err := m.runLocked(appendIfLockedScript, []string{m.mutex, m.journal}, m.token, text, m.seen); err != nil {
		return err
	}
	m.seen, m.last = m.seen+1, string(text)
	return nil
}

// replace writes the lines beside the list, a page at a time, and puts them into its
// place, if the lock is held to the end and nobody has added to the list.
func (m *redisMedium) replace(lines [][]byte) error {
	fresh := m.journal + ".new"
	if err := m.runLocked(deleteKeyIfLockedScript, []string{m.mutex, fresh}, m.token); err != nil {
		return err
	}
	page := []any{m.token}
	size := 0
	for i, text := range lines {
		page, size = append(page, text), size+len(text)
		if size < maxPushBytes && len(page) < pageLines && i < len(lines)-1 {
			continue
		}
		if err := m.runLocked(pushIfLockedScript, []string{m.mutex, fresh}, page...); err != nil {
			return err
		}
		page, size = page[:1], 0
	}
	if err := m.runLocked(replaceIfLockedScript, []string{m.mutex, m.journal, fresh}, m.token, m.seen, len(lines)); err != nil {
		return err
	}
	m.seen, m.last = int64(len(lines)), string(lines[len(lines)-1])
	return nil
}

// plans implements medium.
func (m *redisMedium) plans() (plans []Pending, unreadable []string, err error) {
	ctx, cancel := m.withTimeout()
	defer cancel()
	texts, err := m.client.HGetAll(ctx, m.pending).Result()
	if err != nil {
		return nil, nil, m.hideContextError(err)
	}
	for field, text := range texts {
		var p Pending
		if json.Unmarshal([]byte(text), &p) != nil {
			unreadable = append(unreadable, m.pending+" "+field)
			continue
		}
		plans = append(plans, p)
	}
	return plans, unreadable, nil
}

// put implements medium.
func (m *redisMedium) put(p Pending) error {
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return m.runLocked(setFieldIfLockedScript, []string{m.mutex, m.pending}, m.token, p.ID, text)
}

// remove implements medium.
func (m *redisMedium) remove(id string) error {
	return m.runLocked(deleteFieldIfLockedScript, []string{m.mutex, m.pending}, m.token, id)
}

// runLocked runs a script that writes for the lock's holder alone.
func (m *redisMedium) runLocked(script *redis.Script, keys []string, args ...any) error {
	ctx, cancel := m.withTimeout()
	defer cancel()
	n, err := script.Run(ctx, m.client, keys, args...).Int64()
	switch {
	case err != nil:
		return m.hideContextError(err)
	case n == -1:
		return errLostLock
	case n == -2:
		return errLostList
	}
	return nil
}

// ready holds the lock already, which was a write.
func (m *redisMedium) ready() error { return nil }

// withTimeout returns a context for one request to Redis.
func (m *redisMedium) withTimeout() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), redisTimeout)
}

// hideContextError hides the cause's kind: a wait that ended here is no end of the caller's.
func (m *redisMedium) hideContextError(err error) error {
	return fmt.Errorf("redis at %s does not answer as it should: %s; changes are refused until it does", m.client.Options().Addr, err.Error())
}
